"""What is coming for a case: the same plan that its workflow follows, in words."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from activities.agendas import load_facts
from activities.agendas import read_agenda as plan_of
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.problems import documented
from api.v1.cases import CaseId
from domain.agenda import AgendaItem, Subject, SubjectRef
from domain.facts import CaseFacts
from domain.plan_steps import ENDED_PLANS
from domain.reminders import case_items
from domain.tracks import ENDED_STAGES
from records.casework import get_case
from records.database import HubSession
from records.tables import Hearing, Person, PlanStep, SupportPlan

router = guarded_router("cases")

_MESSAGES = {
    "enrolled": "tell about the date",
    "morning": "remind on the morning of the day",
    "changed": "tell the new date or place",
    "cancelled": "tell that the date is off",
    "post_miss": "show the way back after a missed date",
    "plan_step": "remind of a plan step",
    "plan_step_missed": "ask what got in the way",
}
_TASKS = {
    "ask_outcome": "ask what happened",
    "nobody_reached": "nobody has been reached",
    "not_told": "someone was not told in time",
    "call_now": "call: a message would come too late",
    "not_reached": "someone could not be reached",
    "no_contact": "find a way to reach someone",
    "step_missed": "help with a missed step",
    "step_escalated": "supervising advocate: help with a missed step",
    "step_for_counsel": "tell counsel of a missed step",
    "step_due": "do a step of the plan",
    "progress_report_due": "make a progress report",
    "plan_case_over": "the case is over: end the plan or carry it over",
    "plan_after_disposition": "compare the plan with the court's decision",
    "plan_paused": "the plan rests in custody",
    "plan_goes_on": "the plan goes on after custody",
    "plan_at_its_end": "the plan's last day is over",
}


class ComingOut(Out):
    """One thing that is coming."""

    words: str
    act: str
    step: str
    due: Instant
    until: Instant
    channel: str
    person_id: Id | None
    first_name: str
    hearing_id: Id | None
    plan_step_id: Id | None


class AgendaOut(Out):
    """What is coming for a case, soonest first, as the records stand now."""

    case_id: Id
    revision: int
    ended: bool
    items: list[ComingOut]


@router.get(
    "/agenda/{case_id}",
    summary="What is coming for a case",
    responses=documented(problems.NOT_FOUND),
)
def read_agenda(desk: AtDesk, case_id: CaseId) -> AgendaOut:
    """Reminders, notices and tasks that are planned. Nothing here is stored: when a hearing
    moves, the plan is another one."""
    with desk.reading() as session:
        case = get_case(session, case_id)
        facts = load_facts(session, SubjectRef(Subject.CASE, case_id, session.hub_id), desk.now)
        assert isinstance(facts, CaseFacts)
        ended = case.stage in ENDED_STAGES
        items = [] if ended else [*case_items(facts, desk.now)]
        items += _plan_items(session, case_id, desk.now)
        return AgendaOut(
            case_id=case_id,
            revision=case.revision,
            ended=ended,
            items=_told(session, [item for item in items if item.until > desk.now]),
        )


def _plan_items(session: HubSession, case_id: str, now: datetime) -> list[AgendaItem]:
    plans = session.exec(
        select(col(SupportPlan.id)).where(
            SupportPlan.case_id == case_id, col(SupportPlan.state).not_in(ENDED_PLANS)
        )
    ).all()
    refs = [SubjectRef(Subject.PLAN, plan_id, session.hub_id) for plan_id in plans]
    return [item for ref in refs for item in plan_of(session, ref, now).items]


def _told(session: HubSession, items: Iterable[AgendaItem]) -> list[ComingOut]:
    ordered = sorted(items, key=lambda item: (item.due, item.key))
    people = _names(session, {item.person_id for item in ordered})
    subjects = {item.subject_id for item in ordered}
    hearings = _known(session, Hearing, subjects)
    steps = _known(session, PlanStep, subjects)
    return [
        ComingOut(
            words=_words(item, people.get(item.person_id, "")),
            act=item.act,
            step=item.step,
            due=item.due,
            until=item.until,
            channel=item.channel,
            person_id=item.person_id or None,
            first_name=people.get(item.person_id, ""),
            hearing_id=item.subject_id if item.subject_id in hearings else None,
            plan_step_id=item.subject_id if item.subject_id in steps else None,
        )
        for item in ordered
    ]


def _names(session: HubSession, ids: set[str]) -> dict[str, str]:
    rows = session.exec(
        select(col(Person.id), col(Person.first_name)).where(col(Person.id).in_(ids))
    ).all()
    return dict(rows)


def _known(session: HubSession, table: type[Hearing | PlanStep], ids: set[str]) -> set[str]:
    return set(session.exec(select(col(table.id)).where(col(table.id).in_(ids))).all())


def _words(item: AgendaItem, first_name: str) -> str:
    """One line for people: "sms to Denise: remind 3 days before"."""
    if item.step.startswith("before_"):
        days = item.step.removeprefix("before_")
        said = "remind 1 day before" if days == "1" else f"remind {days} days before"
    else:
        known = _MESSAGES if item.channel else _TASKS
        said = known.get(item.step, item.step.replace("_", " ") or item.act.replace("_", " "))
    if item.channel:
        return f"{item.channel} to {first_name}: {said}"
    return f"task: {said}" + (f" ({first_name})" if first_name else "")
