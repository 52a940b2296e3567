"""Support plans: starting one, its steps, evidence, and what is answered when one is missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from domain.agenda import Subject
from domain.court_time import wall_time
from domain.plan_course import check_plan_move
from domain.recurrence import days_of, parse_rule
from domain.step_kinds import TREATMENT
from domain.vocabulary import PlanState, StepOwner, StepState
from records.casework import (
    NotFound,
    Source,
    get_case,
    record_event,
    touch_packets,
    touch_plan,
)
from records.columns import new_id
from records.conflicts import check_no_conflict_in_case
from records.database import HubSession
from records.directory import offered_provider
from records.hubs import the_hub
from records.outbox import announce
from records.step_kinds import is_own_treatment
from records.tables import Evidence, HumanTask, PlanStep, SupportPlan

TO_DO = (StepState.PROPOSED, StepState.ACTIVE)
"""States of what is still to be done."""
MISSED = (StepState.MISSED, StepState.ESCALATED)
HOMEWARD = Source("homeward", "agenda")


class StepClosed(ValueError):
    """The step has ended; it takes no such change any more."""

    def __init__(self, state: str) -> None:
        super().__init__(f"This step is {state}; it cannot be changed like this any more.")


class StepRepeats(StepClosed):
    """A series is done occurrence by occurrence."""

    def __init__(self) -> None:
        ValueError.__init__(self, "This step repeats. Choose the day on which it was to be done.")


@dataclass(frozen=True, slots=True)
class NewStep:
    """One step as it is agreed: what, until when (local date), and what shows that it was done.

    Attributes:
        due_on: of a step that repeats, the first day on which it may fall.
        recurrence: a rule of RFC 5545 or plain words; "" for a step that is done once.
        owner: who is to do it.
        to_mentors: the person lets their mentors know; never heeded for health care.
        due_rule, hearing_id: where the date counts from a hearing, and from which one.
    """

    kind: str
    title: str
    due_on: date | None = None
    mandated: bool = False
    evidence_wanted: str = ""
    provider_id: str | None = None
    recurrence: str = ""
    owner: StepOwner = StepOwner.PERSON
    to_mentors: bool = True
    consent_needed: bool = False
    due_rule: str = ""
    hearing_id: str | None = None


def start_plan(
    session: HubSession,
    case_id: str,
    steps: Iterable[NewStep],
    source: Source,
    now: datetime,
    *,
    goals: str = "",
    mandated: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
    template: str = "",
    state: PlanState = PlanState.IN_PROGRESS,
) -> SupportPlan:
    """Start a support plan for a case; its workflow follows the steps from now on.

    Args:
        session: of the hub.
        case_id: whose plan.
        steps: as they were agreed.
        source: who says so.
        now: UTC.
        goals: in the person's own words.
        mandated: a court ordered it.
        starts_on, ends_on: first and last day (local dates of the hub).
        template: the name of the template that it began with.
        state: PENDING for one that is proposed to the court; nothing is asked of anybody yet.

    Raises:
        NotFound: no such case, or no such provider of a step.
        ProviderEnded: nobody is sent to a step's provider any more.
        NotOfferedHere: the conflict wall stands between the person and a provider.
        BadRule: a step repeats by a rule that cannot be used.
    """
    case = get_case(session, case_id)
    began = now if state is PlanState.IN_PROGRESS else None
    plan = SupportPlan(
        case_id=case.id,
        state=state,
        goals=goals,
        mandated=mandated,
        starts_on=starts_on or (wall_time(now, the_hub(session).zone).date() if began else None),
        ends_on=ends_on,
        template=template,
        began_at=began,
    )
    session.add(plan)
    session.flush()
    for step in steps:
        _add(session, plan, step, now)
    kind = "plan_started" if began else "plan_proposed"
    record_event(session, case, "alternative", kind, source, now, subject_id=plan.id)
    session.flush()
    announce(session, Subject.PLAN, plan.id, plan.revision, now)
    touch_packets(session, case.id, now)
    return plan


def _add(session: HubSession, plan: SupportPlan, new: NewStep, now: datetime) -> PlanStep:
    """A step, with the occurrences of one that repeats."""
    step = _step(session, plan, new, now)
    if new.recurrence:
        rule = parse_rule(new.recurrence)
        step.recurrence = rule.text()
        step.due_on = new.due_on or first_day(session, plan, now)
        days = days_of(rule, step.due_on, plan.ends_on)
        session.add(step)
        session.add_all(occurrence(step, number, day, now) for number, day in enumerate(days, 1))
    session.add(step)
    session.flush()
    return step


def first_day(session: HubSession, plan: SupportPlan, now: datetime) -> date:
    """From when on what repeats may fall, where nobody said: the plan's start, or today."""
    today = wall_time(now, the_hub(session).zone).date()
    return max(plan.starts_on, today) if plan.starts_on else today


def _step(session: HubSession, plan: SupportPlan, new: NewStep, now: datetime) -> PlanStep:
    if new.provider_id is not None:
        offered_provider(session, new.provider_id)
        check_no_conflict_in_case(session, plan.case_id, new.provider_id)
    treatment = new.kind in TREATMENT or is_own_treatment(session, new.kind)
    return PlanStep(
        id=new_id(),
        plan_id=plan.id,
        kind=new.kind,
        title=new.title,
        owner=new.owner,
        provider_id=new.provider_id,
        due_on=new.due_on,
        due_rule=new.due_rule,
        hearing_id=new.hearing_id,
        mandated=new.mandated,
        treatment=treatment,
        consent_needed=treatment or new.consent_needed,
        to_mentors=new.to_mentors and not treatment,
        evidence_wanted=new.evidence_wanted,
        state=StepState.PROPOSED if plan.state == PlanState.PENDING else StepState.ACTIVE,
        announced_at=now,
    )


def occurrence(series: PlanStep, number: int, day: date, now: datetime) -> PlanStep:
    """One occurrence of a series, on a local date of the hub."""
    return PlanStep(
        plan_id=series.plan_id,
        parent_id=series.id,
        number=number,
        kind=series.kind,
        title=series.title,
        owner=series.owner,
        provider_id=series.provider_id,
        due_on=day,
        mandated=series.mandated,
        treatment=series.treatment,
        consent_needed=series.consent_needed,
        to_mentors=series.to_mentors,
        evidence_wanted=series.evidence_wanted,
        state=series.state,
        announced_at=now,
    )


def get_plan(session: HubSession, plan_id: str) -> SupportPlan:
    """The plan.

    Raises:
        NotFound: not in this hub.
    """
    plan = session.get(SupportPlan, plan_id)
    if plan is None:
        raise NotFound("support plan")
    return plan


def get_step(session: HubSession, step_id: str) -> PlanStep:
    """The step.

    Raises:
        NotFound: not in this hub.
    """
    step = session.get(PlanStep, step_id)
    if step is None:
        raise NotFound("plan step")
    return step


def _held(session: HubSession, step_id: str) -> PlanStep:
    """The step, which nobody else changes until this transaction ends."""
    step = get_step(session, step_id)
    session.lock(step)
    return step


def _to_do_once(session: HubSession, step_id: str) -> PlanStep:
    """The same, where it is no series.

    Raises:
        StepRepeats: it is one.
    """
    step = _held(session, step_id)
    if step.recurrence:
        raise StepRepeats
    return step


def add_step(
    session: HubSession, plan_id: str, new: NewStep, source: Source, now: datetime
) -> PlanStep:
    """Add a step to a plan; one that repeats comes with its occurrences.

    Raises:
        NotFound: no such plan or provider.
        ProviderEnded: nobody is sent to its provider any more.
        BadRule: it repeats by a rule that cannot be used.
    """
    plan = get_plan(session, plan_id)
    step = _add(session, plan, new, now)
    plan_event(session, plan, "step_added", step.id, source, now)
    return step


def choose_provider(
    session: HubSession, step_id: str, provider_id: str | None, source: Source, now: datetime
) -> PlanStep:
    """Say where a step is done; None for nowhere in the directory any more. Of a series, what is
    still to come goes along.

    Raises:
        NotFound: no such step or provider.
        ProviderEnded: nobody is sent there any more.
        NotOfferedHere: the conflict wall stands between.
        StepClosed: the step has ended.
    """
    step = _held(session, step_id)
    if step.state in (StepState.CANCELLED, StepState.EXCUSED):
        raise StepClosed(step.state)
    if step.provider_id != provider_id:
        if provider_id is not None:
            offered_provider(session, provider_id)
            case_id = get_plan(session, step.plan_id).case_id
            check_no_conflict_in_case(session, case_id, provider_id)
        later = [one for one in occurrences_of(session, step.id) if one.state in TO_DO]
        for one in (step, *later):
            one.provider_id = provider_id
            session.add(one)
        plan_event(
            session, get_plan(session, step.plan_id), "provider_chosen", step.id, source, now
        )
    return step


def steps_of(session: HubSession, plan_id: str) -> list[PlanStep]:
    """Everything that is done once, soonest first: single steps, and a series' occurrences."""
    return _steps(session, plan_id, col(PlanStep.recurrence) == "")


def agreed_steps(session: HubSession, plan_id: str) -> list[PlanStep]:
    """What was agreed, soonest first: single steps, and each series as one."""
    return _steps(session, plan_id, col(PlanStep.parent_id).is_(None))


def occurrences_of(session: HubSession, step_id: str) -> list[PlanStep]:
    """The occurrences of a series, first to last."""
    return list(
        session.exec(
            select(PlanStep)
            .where(PlanStep.parent_id == step_id)
            .order_by(col(PlanStep.due_on), col(PlanStep.number))
        ).all()
    )


def _steps(session: HubSession, plan_id: str, which: ColumnElement[bool]) -> list[PlanStep]:
    return list(
        session.exec(
            select(PlanStep)
            .where(PlanStep.plan_id == plan_id, which)
            .order_by(col(PlanStep.due_on).nulls_last(), col(PlanStep.id))
        ).all()
    )


def add_evidence(
    session: HubSession,
    step_id: str,
    kind: str,
    note: str,
    source: Source,
    now: datetime,
    *,
    verified: bool = False,
) -> Evidence:
    """Note what shows that a step was done; a missed step is cured by it.

    Raises:
        NotFound: no such step.
        StepClosed: the step was cancelled.
        StepRepeats: it is a series.
    """
    step = _to_do_once(session, step_id)
    if step.state == StepState.CANCELLED:
        raise StepClosed(step.state)
    evidence = Evidence(
        step_id=step.id,
        kind=kind,
        note=note,
        received_at=now,
        verified_at=now if verified else None,
        verified_by=source.actor if verified else "",
    )
    session.add(evidence)
    if step.state in MISSED:
        step.state = StepState.CURED
    elif step.state in TO_DO:
        step.state = StepState.VERIFIED if verified else StepState.EVIDENCED
    _step_changed(session, step, f"step_{step.state}", source, now)
    return evidence


def take_back_evidence(
    session: HubSession, evidence: Evidence, source: Source, now: datetime
) -> PlanStep:
    """What was noted by mistake shows nothing: where nothing else shows it, the step is open again,
    or missed as it was."""
    step = _held(session, evidence.step_id)
    session.delete(evidence)
    session.flush()
    left = session.exec(select(Evidence).where(Evidence.step_id == step.id)).all()
    if not left and step.state == StepState.CURED:
        step.state = StepState.MISSED
    elif not left and step.state in (StepState.EVIDENCED, StepState.VERIFIED):
        step.state = StepState.MISSED if step.missed_at is not None else StepState.ACTIVE
    _step_changed(session, step, "step_reopened", source, now)
    return step


def verify_step(session: HubSession, step_id: str, source: Source, now: datetime) -> PlanStep:
    """Someone checked the evidence of a step.

    Raises:
        NotFound: no such step.
        StepClosed: there is no evidence to verify.
    """
    step = _held(session, step_id)
    if step.state not in (StepState.EVIDENCED, StepState.CURED):
        raise StepClosed(step.state)
    for evidence in session.exec(
        select(Evidence).where(Evidence.step_id == step.id, col(Evidence.verified_at).is_(None))
    ).all():
        evidence.verified_at, evidence.verified_by = now, source.actor
        session.add(evidence)
    step.state = StepState.VERIFIED
    _step_changed(session, step, "step_verified", source, now)
    return step


def excuse_step(
    session: HubSession, step_id: str, what_got_in_the_way: str, source: Source, now: datetime
) -> PlanStep:
    """What got in the way is written down, and the step is excused.

    Raises:
        NotFound: no such step.
        StepClosed: it was done, excused or cancelled.
        StepRepeats: it is a series.
    """
    step = _to_do_once(session, step_id)
    if step.state not in (*MISSED, *TO_DO):
        raise StepClosed(step.state)
    step.state = StepState.EXCUSED
    _answer(step, what_got_in_the_way, source, now)
    _step_changed(session, step, "step_excused", source, now)
    return step


def note_answer(
    session: HubSession, step_id: str, words: str, source: Source, now: datetime
) -> PlanStep:
    """What got in the way, in the person's own words; how the step stands is for people to say.

    Raises:
        NotFound: no such step.
        StepClosed: it was done, excused or cancelled.
        StepRepeats: it is a series.
    """
    step = _to_do_once(session, step_id)
    if step.state not in (*MISSED, *TO_DO):
        raise StepClosed(step.state)
    _answer(step, words, source, now)
    session.add(step)
    plan_event(session, get_plan(session, step.plan_id), "step_answered", step.id, source, now)
    return step


def _answer(step: PlanStep, words: str, source: Source, now: datetime) -> None:
    step.what_got_in_the_way = words
    step.answered_at, step.answered_by = now, source.actor


def cancel_step(session: HubSession, step_id: str, source: Source, now: datetime) -> PlanStep:
    """It is not wanted any more; of a series, everything that is still to come.

    Raises:
        NotFound: no such step.
        StepClosed: it was done, excused or cancelled already.
    """
    step = _held(session, step_id)
    if step.state not in (*TO_DO, *MISSED):
        raise StepClosed(step.state)
    for one in occurrences_of(session, step.id) if step.recurrence else ():
        if one.state in TO_DO:
            one.state = StepState.CANCELLED
            session.add(one)
    step.state = StepState.CANCELLED
    _step_changed(session, step, "step_cancelled", source, now)
    return step


def escalate_step(session: HubSession, step_id: str, now: datetime) -> PlanStep:
    """The advocate's time to help has passed: the supervising advocate is asked, nobody else."""
    step = _held(session, step_id)
    if step.state == StepState.MISSED:
        step.state = StepState.ESCALATED
        step.escalated_at = now
        _step_changed(session, step, "step_escalated", HOMEWARD, now)
    return step


def miss_step(session: HubSession, step_id: str, now: datetime) -> PlanStep:
    """The grace has passed without evidence: an advocate is asked to help, nobody else."""
    step = _held(session, step_id)
    if step.state == StepState.ACTIVE:
        step.state = StepState.MISSED
        step.missed_at = now
        _step_changed(session, step, "step_missed", HOMEWARD, now)
    return step


def discharge_plan(
    session: HubSession,
    plan_id: str,
    state: PlanState,
    source: Source,
    now: datetime,
    *,
    because: str = "",
) -> SupportPlan:
    """End a plan: discharged, denied by the court, or refused by the person.

    What is still to come is cancelled; what was done or missed stays as it is.

    Raises:
        NotFound: no such plan.
        PlanMoveRefused: it cannot end like this from where it stands.
    """
    plan = get_plan(session, plan_id)
    session.lock(plan, "state")
    check_plan_move(plan.state, state)
    plan.state = state
    plan.discharged_at = now
    plan.ended_because = because
    for step in session.exec(
        select(PlanStep).where(PlanStep.plan_id == plan.id, col(PlanStep.state).in_(TO_DO))
    ).all():
        step.state = StepState.CANCELLED
        session.add(step)
    _close_tasks(session, col(HumanTask.plan_id) == plan.id, source, now)
    plan_event(session, plan, f"plan_{state}", plan.id, source, now)
    return plan


def _step_changed(
    session: HubSession, step: PlanStep, kind: str, source: Source, now: datetime
) -> None:
    session.add(step)
    if step.state not in MISSED:
        _close_tasks(session, col(HumanTask.subject_id) == step.id, source, now)
    plan_event(session, get_plan(session, step.plan_id), kind, step.id, source, now)


def _close_tasks(
    session: HubSession, which: ColumnElement[bool], source: Source, now: datetime
) -> None:
    for task in session.exec(
        select(HumanTask).where(which, col(HumanTask.closed_at).is_(None))
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)


def plan_event(
    session: HubSession,
    plan: SupportPlan,
    kind: str,
    subject_id: str,
    source: Source,
    now: datetime,
) -> None:
    """Note that a plan changed, and tell its workflow and those of the packets that quote it."""
    session.add(plan)
    case = get_case(session, plan.case_id)
    record_event(session, case, "alternative", kind, source, now, subject_id=subject_id)
    touch_plan(session, plan, now)
    touch_packets(session, case.id, now)
