"""The page of one support plan, and how a plan begins, goes on and ends."""

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from activities.plan_reporting import reports_of
from api.pages import dates, once, wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words, marked
from api.pages.people import circle
from api.pages.plan_picture import WORDS, pictures
from api.pages.plan_view import read_plan_page
from api.pages.report_pages import status_of, titles
from api.pages.session import InHub, Visit
from api.pages.step_kind_words import said_kinds
from domain.plan_course import PlanMoveRefused
from domain.plan_reports import TITLES, ReportKind
from domain.plan_templates import PlanTemplate, TemplateProblem
from domain.recurrence import parse_rule, rule_words
from domain.vocabulary import HearingStatus, PlanState
from engine.addresses import public_url
from records.casework import NotFound, get_case
from records.database import HubSession
from records.own_steps import steps_link
from records.plan_moves import begin_plan, carry_over
from records.plan_templates import (
    HOMEWARDS,
    find_template,
    own_templates,
    preview,
    start_from_template,
)
from records.plans import discharge_plan, get_plan
from records.private_links import path_of
from records.tables import Hearing, SupportPlan

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/plans")

MOST_DAYS_SHOWN = 4
ENDINGS = marked(
    {
        PlanState.DISCHARGED_SUCCESSFUL: "Completed",
        PlanState.DISCHARGED_UNSUCCESSFUL: "Ended without completion",
        PlanState.DISCHARGED_OTHER: "Ended for another reason",
        PlanState.REFUSED: "They do not want it any more",
    }
)
PROPOSED_ENDINGS = marked(
    {
        PlanState.DENIED: "The court did not order it",
        PlanState.REFUSED: "They do not want it",
        PlanState.DISCHARGED_OTHER: "It is not needed any more",
    }
)
DONE = {
    "started": "The plan has begun. Reminders go out before each step.",
    "proposed": "The plan is kept. Nothing is asked of anybody until it begins.",
    "over": "The plan goes on by choice. Nothing in it is ordered any more.",
    "ended": "The plan has ended. Nothing more is asked.",
    "step": "Added to the plan.",
    "evidence": "Recorded.",
}


@router.get("/new")
def show_new(visit: InHub, case_id: str) -> Response:
    """Which plan to begin with, and when."""
    today = dates.today_in(visit.hub.zone, visit.now)
    form = Form({"starts_on": today.isoformat(), "mandated": "yes", "template": ""})
    with visit.reading() as session:
        return _new(visit, session, case_id, form)


@router.post("/new")
def save_new(visit: InHub, case_id: str, form: Sent) -> Response:
    """Show what the template comes to; with `go`, start or propose exactly that."""
    start = form.day("starts_on", "Say on which day the plan starts.")
    end = form.day("ends_on")
    goals, mandated = form.text("goals", most=2000), form.ticked("mandated")
    with visit.writing() as session:
        known = {key for key, _ in _templates(session)}
        key = form.choice("template", known, "Choose a plan to begin with.")
        if not form.ok or start is None:
            return _new(visit, session, case_id, form)
        template = find_template(session, key)
        go = form.line("go")
        if go not in ("start", "propose"):
            return _preview(visit, session, case_id, template, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        state = PlanState.PENDING if go == "propose" else PlanState.IN_PROGRESS
        try:
            with session.begin_nested():
                plan = start_from_template(
                    session,
                    case_id,
                    template,
                    start,
                    visit.source,
                    visit.now,
                    end=end,
                    goals=goals,
                    mandated=mandated,
                    state=state,
                )
        except TemplateProblem:
            return _preview(visit, session, case_id, template, form)
        done = "proposed" if go == "propose" else "started"
        location = once.keep(session, visit, form, f"/cases/{case_id}/plans/{plan.id}?done={done}")
    return see_other(location)


@router.get("/{plan_id}")
def show_plan(visit: InHub, case_id: str, plan_id: str, done: str = "") -> Response:
    """The plan: what is next, what was missed and why, every step over time."""
    with visit.writing() as session:
        plan = _plan(session, case_id, plan_id)
        visit.note(session, "read a plan", "support_plan", plan.id)
        return _page(visit, session, plan, Form(), done)


@router.post("/{plan_id}/link")
def show_link(visit: InHub, case_id: str, plan_id: str) -> Response:
    """The private page on which the person says how their steps went; its address is shown once,
    and that is written down."""
    with visit.writing() as session:
        plan = _plan(session, case_id, plan_id)
        who = circle(session, case_id)[0].person
        link = steps_link(session, who.id, visit.now)
        visit.note(session, "showed a private link", "support plan", plan.id)
        values = {
            "visit": visit,
            "case_id": case_id,
            "plan_id": plan.id,
            "who": who,
            "address": public_url(visit.desk.settings) + path_of(link),
        }
        return visit.desk.page("steps_link.html", values)


@router.post("/{plan_id}/begin")
def begin(visit: InHub, case_id: str, plan_id: str, form: Sent) -> Response:
    """A proposed plan begins."""
    with visit.writing() as session:
        plan = _plan(session, case_id, plan_id)
        if plan.state == PlanState.PENDING:
            begin_plan(session, plan.id, visit.source, visit.now)
    return see_other(f"/cases/{case_id}/plans/{plan_id}?done=started")


@router.post("/{plan_id}/carry-over")
def go_on(visit: InHub, case_id: str, plan_id: str, form: Sent) -> Response:
    """The case is over; the person goes on by choice."""
    with visit.writing() as session:
        plan = _plan(session, case_id, plan_id)
        if plan.state == PlanState.IN_PROGRESS:
            carry_over(session, plan.id, visit.source, visit.now)
    return see_other(f"/cases/{case_id}/plans/{plan_id}?done=over")


@router.post("/{plan_id}/end")
def end(visit: InHub, case_id: str, plan_id: str, form: Sent) -> Response:
    """How it ended, in a person's words."""
    with visit.writing() as session:
        plan = _plan(session, case_id, plan_id)
        endings = PROPOSED_ENDINGS if plan.state == PlanState.PENDING else ENDINGS
        state = form.choice("outcome", endings, "Say how it ended.")
        because = form.text("because", most=2000)
        if form.ok:
            try:
                discharge_plan(
                    session, plan.id, PlanState(state), visit.source, visit.now, because=because
                )
            except PlanMoveRefused as error:
                form.refuse("outcome", str(error))
        if not form.ok:
            return _page(visit, session, plan, form)
    return see_other(f"/cases/{case_id}/plans/{plan_id}?done=ended")


def _plan(session: HubSession, case_id: str, plan_id: str) -> SupportPlan:
    plan = get_plan(session, plan_id)
    if plan.case_id != case_id:
        raise NotFound("support plan")
    return plan


def _page(
    visit: Visit, session: HubSession, plan: SupportPlan, form: Form, done: str = ""
) -> Response:
    endings = PROPOSED_ENDINGS if plan.state == PlanState.PENDING else ENDINGS
    view = read_plan_page(session, visit, plan)
    values = {
        "visit": visit,
        "form": form,
        "case_id": plan.case_id,
        "who": circle(session, plan.case_id)[0].person,
        "view": view,
        "picture": pictures(view.progress) if view.progress else "",
        "mark_words": WORDS,
        "endings": list(endings.items()),
        "reports": [
            (row, Words(TITLES[ReportKind(row.kind)]), status_of(session, row, visit))
            for row in reports_of(session, plan.id)
            if row.ended_at is None
        ],
        "report_kinds": titles(),
        "hearings": _hearings(session, plan),
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("plan.html", values, status=200 if form.ok else 422)


def _hearings(session: HubSession, plan: SupportPlan) -> list[tuple[str, str]]:
    """Hearings that are set, for which a report can be made."""
    rows = session.exec(
        select(Hearing)
        .where(Hearing.case_id == plan.case_id, Hearing.status == HearingStatus.SCHEDULED)
        .order_by(col(Hearing.starts_at))
    ).all()
    return [(row.id, dates.when_words(row.local_time)) for row in rows]


def _templates(session: HubSession) -> list[tuple[str, str]]:
    """What a plan can begin with: the hub's own first."""
    own = [(row.id, row.name) for row in own_templates(session)]
    return own + [(key, Words(template.name)) for key, template in HOMEWARDS.items()]


def _new(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    get_case(session, case_id)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "templates": _templates(session),
    }
    return visit.desk.page("plan_new.html", values, status=200 if form.ok else 422)


def _preview(
    visit: Visit, session: HubSession, case_id: str, template: PlanTemplate, form: Form
) -> Response:
    """The dates of every step; nothing has started."""
    start = form.day("starts_on")
    assert start is not None
    end, planned = preview(session, case_id, template, start, form.day("ends_on"))
    problems = sum(bool(one.problem) for one in planned)
    if end is not None and end < start:
        form.refuse("ends_on", "The plan ends before it starts.")
        return _new(visit, session, case_id, form)
    kinds = said_kinds(session, ended_too=True)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "template": template,
        "start": start,
        "end": end,
        "planned": planned,
        "most": MOST_DAYS_SHOWN,
        "problems": problems,
        "kinds": kinds,
        "owners": wording.STEP_OWNERS,
        "repeats": {one.rule: Words(_repeats(one.rule)) for one in planned if one.rule},
    }
    return visit.desk.page("plan_preview.html", values, status=422 if problems else 200)


def _repeats(rule: str) -> str:
    return rule_words(parse_rule(rule))
