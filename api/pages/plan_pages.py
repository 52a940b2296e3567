"""The support plan: its steps, what shows that one was done, what got in the way."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates, once, wording
from api.pages.case_view import newest_plan
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.people import circle
from api.pages.plan_view import shown_state
from api.pages.session import InHub, Visit
from api.pages.step_kind_words import said_kinds
from api.pages.step_provider import chosen
from domain.plan_steps import ENDED_PLANS
from domain.recurrence import BadRule, parse_rule, rule_words
from domain.vocabulary import StepOwner, StepState
from records.casework import NotFound, get_case
from records.conflicts import NotOfferedHere
from records.database import HubSession
from records.plan_moves import change_rule, redate_step
from records.plans import (
    MISSED,
    TO_DO,
    NewStep,
    StepClosed,
    add_evidence,
    add_step,
    cancel_step,
    excuse_step,
    get_plan,
    get_step,
    note_answer,
    occurrences_of,
    start_plan,
    verify_step,
)
from records.tables import Evidence, PlanStep, SupportPlan

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/steps")


@router.get("/new")
def show_new(visit: InHub, case_id: str, plan: str = "", provider: str = "") -> Response:
    """The form for a step; `plan` is the one that it joins, by default the newest. Perhaps with a
    provider that was chosen for it."""
    with visit.reading() as session:
        sent = {"plan": plan, "provider": provider, "to_mentors": "yes"}
        return _new(visit, session, case_id, Form(sent))


@router.post("/new")
def save_new(visit: InHub, case_id: str, form: Sent) -> Response:
    """Add the step; the first one starts the plan."""
    with visit.writing() as session:
        step = _asked(form, said_kinds(session))
        plan = _joins(session, case_id, form)
        known = chosen(session, form.kept("provider"))
        if known is not None and known.ended:
            form.refuse("title", "This provider is offered no more; choose another one.")
        step = replace(step, provider_id=known.id if known else None)
        if form.ok:
            earlier = once.earlier(session, visit, form)
            if earlier:
                return see_other(earlier)
            try:
                with session.begin_nested():
                    if plan is None:
                        plan = start_plan(session, case_id, (step,), visit.source, visit.now)
                    else:
                        add_step(session, plan.id, step, visit.source, visit.now)
            except BadRule as error:
                form.refuse("repeat", str(error))
            except NotOfferedHere as error:
                form.refuse("title", str(error))
        if not form.ok or plan is None:
            return _new(visit, session, case_id, form)
        location = once.keep(session, visit, form, f"/cases/{case_id}/plans/{plan.id}?done=step")
    return see_other(location)


def _asked(form: Form, kinds: Mapping[str, str]) -> NewStep:
    """The step that the form asks for."""
    ends = form.day("until")
    repeat = form.line("repeat", most=200)
    if repeat and ends is not None:
        try:
            repeat = replace(parse_rule(repeat), until=ends, count=None).text()
        except BadRule as error:
            form.refuse("repeat", str(error))
    return NewStep(
        kind=form.choice("kind", kinds, "Choose what kind of step this is."),
        title=form.line("title", "Say in a few words what is to be done.", most=100),
        due_on=form.day("due_on"),
        mandated=form.ticked("mandated"),
        evidence_wanted=form.line("evidence_wanted", most=120),
        recurrence=repeat,
        owner=StepOwner(form.choice("owner", wording.STEP_OWNERS, "Say who does it.") or "person")
        if form.holds("owner")
        else StepOwner.PERSON,
        to_mentors=form.ticked("to_mentors"),
    )


def _joins(session: HubSession, case_id: str, form: Form) -> SupportPlan | None:
    """The plan that a new step joins; None where it starts one."""
    chosen = form.line("plan")
    if not chosen:
        newest = newest_plan(session, case_id)
        return None if newest is None or newest.state in ENDED_PLANS else newest
    plan = get_plan(session, chosen)
    if plan.case_id != case_id:
        raise NotFound("support plan")
    if plan.state in ENDED_PLANS:
        form.refuse("title", "This plan has ended; start a new one instead.")
    return plan


@router.get("/{step_id}")
def show_step(visit: InHub, case_id: str, step_id: str) -> Response:
    """One step: what is to be done, what was shown, what can be recorded."""
    with visit.reading() as session:
        step = _step(session, case_id, step_id)
        return _step_page(visit, session, case_id, step, Form())


@router.post("/{step_id}/evidence")
def save_evidence(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """Note what shows that it was done."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        kind = form.choice("kind", wording.EVIDENCE_KINDS, "Choose what you saw or heard.")
        note, checked = form.text("note", most=2000), form.ticked("verified")
        if form.ok:
            try:
                add_evidence(
                    session, step.id, kind, note, visit.source, visit.now, verified=checked
                )
            except StepClosed as error:
                form.refuse("kind", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
        where = f"/cases/{case_id}/plans/{step.plan_id}?done=evidence"
        location = once.keep(session, visit, form, where)
    return see_other(location)


@router.post("/{step_id}/verify")
def verify(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """Somebody checked what was shown."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        if step.state != StepState.VERIFIED:
            try:
                verify_step(session, step.id, visit.source, visit.now)
            except StepClosed as error:
                form.refuse("kind", str(error))
                return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}/plans/{step.plan_id}?done=evidence")


@router.post("/{step_id}/excuse")
def excuse(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """What got in the way is written down; the step is excused."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        why = form.text("why", "Say what got in the way.", most=2000)
        if form.ok and step.state != StepState.EXCUSED:
            try:
                excuse_step(session, step.id, why, visit.source, visit.now)
            except StepClosed as error:
                form.refuse("why", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}/plans/{step.plan_id}?done=evidence")


@router.post("/{step_id}/answer")
def answer(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """What got in the way, as they said it; the step stays as it is."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        why = form.text("why", "Say what got in the way.", most=2000)
        if form.ok:
            try:
                note_answer(session, step.id, why, visit.source, visit.now)
            except StepClosed as error:
                form.refuse("why", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}/plans/{step.plan_id}?done=evidence")


@router.post("/{step_id}/move")
def move(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """Another day; a missed step is open again."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        day = form.day("day", "Enter the new day.")
        if form.ok:
            try:
                redate_step(session, step.id, day, visit.source, visit.now)
            except StepClosed as error:
                form.refuse("day", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}/plans/{step.plan_id}?done=evidence")


@router.post("/{step_id}/rule")
def change_days(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """From a day on it repeats on other days."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        rule = form.line("rule", "Say how it repeats.", most=200)
        first = form.day("first", "Say from which day on.")
        if form.ok and first is not None:
            try:
                with session.begin_nested():
                    change_rule(session, step.id, rule, first, visit.source, visit.now)
            except (BadRule, StepClosed) as error:
                form.refuse("rule", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}/plans/{step.plan_id}?done=evidence")


@router.post("/{step_id}/cancel")
def cancel(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """It is not wanted any more."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        if step.state in (*TO_DO, *MISSED):
            cancel_step(session, step.id, visit.source, visit.now)
    return see_other(f"/cases/{case_id}/plans/{step.plan_id}?done=evidence")


def _step(session: HubSession, case_id: str, step_id: str) -> PlanStep:
    step = get_step(session, step_id)
    if get_plan(session, step.plan_id).case_id != case_id:
        raise NotFound("plan step")
    return step


def _new(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    get_case(session, case_id)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "kinds": list(said_kinds(session).items()),
        "provider": chosen(session, form.kept("provider")),
        "owners": list(wording.STEP_OWNERS.items()),
    }
    return visit.desk.page("step_form.html", values, status=200 if form.ok else 422)


def _step_page(
    visit: Visit, session: HubSession, case_id: str, step: PlanStep, form: Form
) -> Response:
    evidence = session.exec(
        select(Evidence).where(Evidence.step_id == step.id).order_by(col(Evidence.received_at))
    ).all()
    today = dates.today_in(visit.hub.zone, visit.now)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "step": step,
        "provider": chosen(session, step.provider_id),
        "status": wording.step_state(shown_state(step, today, visit.hub.step_notice_days)),
        "repeats": Words(rule_words(parse_rule(step.recurrence))) if step.recurrence else "",
        "times": [
            (one, wording.step_state(shown_state(one, today, visit.hub.step_notice_days)))
            for one in occurrences_of(session, step.id)
        ],
        "owner": wording.STEP_OWNERS.get(step.owner, "") if step.owner != "person" else "",
        "evidence": evidence,
        "evidence_kinds": wording.EVIDENCE_KINDS,
        "zone": visit.hub.zone,
        "takes_evidence": step.state != StepState.CANCELLED and not step.recurrence,
        "movable": step.state in (*TO_DO, *MISSED) and not step.recurrence,
        "cancellable": step.state in (*TO_DO, *MISSED),
        "choosable": step.state in (*TO_DO, *MISSED),
        "to_check": step.state in (StepState.EVIDENCED, StepState.CURED),
        "excusable": step.state in (*TO_DO, *MISSED) and not step.recurrence,
    }
    return visit.desk.page("step.html", values, status=200 if form.ok else 422)
