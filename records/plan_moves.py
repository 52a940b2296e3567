"""How a plan moves: it begins, its dates follow hearings, it goes on by choice, it ends."""

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import col, select

from domain.agenda import AgendaItem
from domain.court_time import wall_time
from domain.plan_course import PlanMoveRefused, check_plan_move
from domain.plan_dates import Anchors, Dated, find_day, parse_when
from domain.plan_steps import ENDED_PLANS
from domain.recurrence import days_of, parse_rule
from domain.vocabulary import HearingStatus, PlanState, StepState
from records.casework import NotFound, Source, get_case, record_event, touch
from records.database import HubSession
from records.hubs import the_hub
from records.plans import (
    HOMEWARD,
    TO_DO,
    StepClosed,
    discharge_plan,
    escalate_step,
    excuse_step,
    get_plan,
    get_step,
    occurrence,
    occurrences_of,
    plan_event,
)
from records.tables import Hearing, HumanTask, PlanStep, Supporter, SupportPlan

IN_CUSTODY = "In custody on that day."
CASE_ENDED = "The case ended, and nobody carried the plan over."


def advance_plan(session: HubSession, plan_id: str, item: AgendaItem, now: datetime) -> None:
    """Do what the plan's own agenda asks: excuse, escalate, or end."""
    match item.step:
        case "excuse":
            excuse_step(session, item.subject_id, IN_CUSTODY, HOMEWARD, now)
        case "escalate":
            escalate_step(session, item.subject_id, now)
        case "end":
            discharge_plan(
                session, plan_id, PlanState.DISCHARGED_OTHER, HOMEWARD, now, because=CASE_ENDED
            )


def begin_plan(session: HubSession, plan_id: str, source: Source, now: datetime) -> SupportPlan:
    """A proposed plan begins: its steps are asked for from now on.

    Raises:
        NotFound: no such plan.
        PlanMoveRefused: it is no proposed one.
    """
    plan = get_plan(session, plan_id)
    session.lock(plan, "state")
    check_plan_move(plan.state, PlanState.IN_PROGRESS)
    plan.state, plan.began_at = PlanState.IN_PROGRESS, now
    plan.starts_on = plan.starts_on or wall_time(now, the_hub(session).zone).date()
    for step in session.exec(
        select(PlanStep).where(PlanStep.plan_id == plan.id, PlanStep.state == StepState.PROPOSED)
    ).all():
        step.state, step.announced_at = StepState.ACTIVE, now
        session.add(step)
    plan_event(session, plan, "plan_started", plan.id, source, now)
    return plan


def carry_over(session: HubSession, plan_id: str, source: Source, now: datetime) -> SupportPlan:
    """The case is over, and the person goes on with the plan by choice: nothing of it is ordered
    any more.

    Raises:
        NotFound: no such plan.
        PlanMoveRefused: it has ended, or has not begun.
    """
    plan = get_plan(session, plan_id)
    session.lock(plan, "state")
    if plan.state != PlanState.IN_PROGRESS:
        raise PlanMoveRefused(plan.state, "carried over", ())
    plan.mandated, plan.carried_over_at = False, now
    for step in session.exec(
        select(PlanStep).where(PlanStep.plan_id == plan.id, col(PlanStep.mandated).is_(True))
    ).all():
        step.mandated = False
        session.add(step)
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.plan_id == plan.id,
            HumanTask.kind == "plan_case_over",
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)
    plan_event(session, plan, "plan_carried_over", plan.id, source, now)
    return plan


def redate_step(
    session: HubSession, step_id: str, due_on: date | None, source: Source, now: datetime
) -> PlanStep:
    """Another day for a step that is still to be done, or was missed: what was told before is
    told anew, and a missed one is open again.

    Raises:
        NotFound: no such step.
        StepClosed: it was done, excused or cancelled, or repeats: then its rule is changed.
    """
    step = get_step(session, step_id)
    session.lock(step)
    if step.state not in (*TO_DO, StepState.MISSED, StepState.ESCALATED) or step.recurrence:
        raise StepClosed("repeating" if step.recurrence else step.state)
    if step.due_on == due_on:
        return step
    if step.state not in TO_DO:
        step.state, step.missed_at, step.escalated_at = StepState.ACTIVE, None, None
        _close_tasks_of(session, step.id, source, now)
    step.answered_at = None
    _set_day(step, due_on, now)
    step.due_rule, step.hearing_id = "", None
    session.add(step)
    plan_event(session, get_plan(session, step.plan_id), "step_moved", step.id, source, now)
    return step


def change_rule(
    session: HubSession,
    step_id: str,
    recurrence: str,
    first: date,
    source: Source,
    now: datetime,
) -> PlanStep:
    """A series repeats by another rule from a day on.

    Occurrences that lie before that day, or were done, missed or excused, stay as they are;
    the others make room for those of the new rule. Where neither the rule nor the plan says an
    end, that of the old rule holds.

    Args:
        session: of the hub.
        step_id: of the series.
        recurrence: the new rule.
        first: from this day on (local date of the hub).
        source: who says so.
        now: UTC.

    Raises:
        NotFound: no such step.
        StepClosed: it does not repeat, or was cancelled.
        BadRule: the rule cannot be used.
    """
    series = get_step(session, step_id)
    session.lock(series)
    if not series.recurrence or series.state not in TO_DO:
        raise StepClosed(series.state if series.recurrence else "done once")
    plan = get_plan(session, series.plan_id)
    rule, before = parse_rule(recurrence), parse_rule(series.recurrence)
    if rule.count is None and rule.until is None and plan.ends_on is None:
        rule = replace(rule, until=before.until)
    days = days_of(rule, first, plan.ends_on)
    earlier = occurrences_of(session, series.id)
    kept = {one.due_on for one in earlier if one.state != StepState.CANCELLED}
    for one in earlier:
        to_come = one.state in TO_DO and one.due_on is not None and one.due_on >= first
        if to_come and one.due_on not in days:
            one.state = StepState.CANCELLED
            session.add(one)
    number = max((one.number for one in earlier), default=0)
    for day in days:
        if day not in kept:
            number += 1
            session.add(occurrence(series, number, day, now))
    series.recurrence, series.revision = rule.text(), series.revision + 1
    session.add(series)
    session.flush()
    plan_event(session, plan, "step_rule_changed", series.id, source, now)
    return series


def name_mentor(
    session: HubSession, supporter_id: str, mentor: bool, source: Source, now: datetime
) -> Supporter:
    """A supporter is the person's mentor from now on, or is not any more.

    Raises:
        NotFound: no such supporter.
    """
    supporter = session.get(Supporter, supporter_id)
    if supporter is None:
        raise NotFound("supporter")
    if supporter.mentor != mentor:
        supporter.mentor = mentor
        session.add(supporter)
        case = get_case(session, supporter.case_id)
        kind = "mentor_named" if mentor else "mentor_ended"
        record_event(session, case, "circle", kind, source, now, subject_id=supporter.person_id)
        touch(session, case, now)
    return supporter


def anchors_of(session: HubSession, case_id: str, start: date, end: date | None) -> Anchors:
    """What due dates of a plan count from: its days, and the case's scheduled hearings."""
    rows = session.exec(
        select(Hearing).where(Hearing.case_id == case_id, Hearing.status == HearingStatus.SCHEDULED)
    ).all()
    return Anchors(start, end, tuple(Dated(h.id, h.kind, h.local_time.date()) for h in rows))


def follow_hearings(session: HubSession, case_id: str, now: datetime) -> None:
    """Dates that count from a hearing move along with it; what waited for one gets its date.

    A hearing that is taken off the calendar leaves the date as it was until there is another.
    """
    rows = session.exec(
        select(PlanStep, SupportPlan)
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .where(
            SupportPlan.case_id == case_id,
            col(SupportPlan.state).not_in(ENDED_PLANS),
            PlanStep.due_rule != "",
            col(PlanStep.state).in_(TO_DO),
        )
    ).all()
    if not rows:
        return
    known = anchors_of(session, case_id, date.min, None).hearings
    for step, plan in rows:
        same = tuple(hearing for hearing in known if hearing.id == step.hearing_id)
        start = plan.starts_on or date.min
        found = find_day(parse_when(step.due_rule), Anchors(start, plan.ends_on, same or known))
        if found.day is not None and (found.day, found.hearing_id) != (
            step.due_on,
            step.hearing_id,
        ):
            _set_day(step, found.day, now)
            step.hearing_id = found.hearing_id
            session.add(step)


def _set_day(step: PlanStep, day: date | None, now: datetime) -> None:
    step.due_on, step.announced_at = day, now
    step.revision += 1


def _close_tasks_of(session: HubSession, step_id: str, source: Source, now: datetime) -> None:
    for task in session.exec(
        select(HumanTask).where(HumanTask.subject_id == step_id, col(HumanTask.closed_at).is_(None))
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)
