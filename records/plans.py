"""Support plans: starting one, its steps, evidence, and what is answered when one is missed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from domain.agenda import Subject
from domain.facts import PlanFacts, StepFacts
from domain.vocabulary import Audience, PlanState, StepState
from records.case_facts import load_person, load_plan_messages, load_task_keys
from records.casework import (
    NotFound,
    Source,
    get_case,
    record_event,
    touch_packets,
    touch_plan,
)
from records.database import HubSession
from records.hubs import closed_days, policy_of, the_hub
from records.outbox import announce
from records.tables import (
    Case,
    Defendant,
    Evidence,
    HumanTask,
    PlanStep,
    SupportPlan,
)


class StepClosed(ValueError):
    """The step has ended; it takes no such change any more."""

    def __init__(self, state: str) -> None:
        super().__init__(f"This step is {state}; it cannot be changed like this any more.")


@dataclass(frozen=True, slots=True)
class NewStep:
    """One step as it is agreed: what, until when (local date), and what shows that it was done."""

    kind: str
    title: str
    due_on: date | None = None
    mandated: bool = False
    evidence_wanted: str = ""
    provider_id: str | None = None


def start_plan(
    session: HubSession,
    case_id: str,
    steps: tuple[NewStep, ...],
    source: Source,
    now: datetime,
    *,
    goals: str = "",
    mandated: bool = False,
) -> SupportPlan:
    """Start a support plan for a case; its workflow follows the steps from now on.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    plan = SupportPlan(case_id=case.id, state=PlanState.IN_PROGRESS, goals=goals, mandated=mandated)
    session.add(plan)
    session.flush()
    for step in steps:
        session.add(_step(plan, step, now))
    record_event(session, case, "alternative", "plan_started", source, now, subject_id=plan.id)
    session.flush()
    announce(session, Subject.PLAN, plan.id, plan.revision, now)
    touch_packets(session, case.id, now)
    return plan


def _step(plan: SupportPlan, new: NewStep, now: datetime) -> PlanStep:
    return PlanStep(
        plan_id=plan.id,
        kind=new.kind,
        title=new.title,
        provider_id=new.provider_id,
        due_on=new.due_on,
        mandated=new.mandated,
        evidence_wanted=new.evidence_wanted,
        state=StepState.ACTIVE,
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


def add_step(
    session: HubSession, plan_id: str, new: NewStep, source: Source, now: datetime
) -> PlanStep:
    """Add a step to a running plan."""
    plan = get_plan(session, plan_id)
    step = _step(plan, new, now)
    session.add(step)
    session.flush()
    _plan_event(session, plan, "step_added", step.id, source, now)
    return step


def steps_of(session: HubSession, plan_id: str) -> list[PlanStep]:
    """A plan's steps, soonest first."""
    return list(
        session.exec(
            select(PlanStep)
            .where(PlanStep.plan_id == plan_id)
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
    """
    step = _held(session, step_id)
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
    if step.state == StepState.MISSED:
        step.state = StepState.CURED
    elif step.state == StepState.ACTIVE:
        step.state = StepState.VERIFIED if verified else StepState.EVIDENCED
    _step_changed(session, step, f"step_{step.state}", source, now)
    return evidence


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
    """What got in the way is written down, and the step is excused."""
    step = _held(session, step_id)
    if step.state not in (StepState.MISSED, StepState.ACTIVE):
        raise StepClosed(step.state)
    step.state = StepState.EXCUSED
    step.what_got_in_the_way = what_got_in_the_way
    _step_changed(session, step, "step_excused", source, now)
    return step


def miss_step(session: HubSession, step_id: str, now: datetime) -> PlanStep:
    """The grace has passed without evidence: an advocate is asked to help, nobody else."""
    step = _held(session, step_id)
    if step.state == StepState.ACTIVE:
        step.state = StepState.MISSED
        step.missed_at = now
        _step_changed(session, step, "step_missed", Source("homeward", "agenda"), now)
    return step


def discharge_plan(
    session: HubSession, plan_id: str, state: PlanState, source: Source, now: datetime
) -> SupportPlan:
    """End a plan."""
    plan = get_plan(session, plan_id)
    plan.state = state
    plan.discharged_at = now
    _plan_event(session, plan, f"plan_{state}", plan.id, source, now)
    return plan


def _step_changed(
    session: HubSession, step: PlanStep, kind: str, source: Source, now: datetime
) -> None:
    session.add(step)
    if step.state != StepState.MISSED:
        _close_step_tasks(session, step, source, now)
    _plan_event(session, get_plan(session, step.plan_id), kind, step.id, source, now)


def _close_step_tasks(session: HubSession, step: PlanStep, source: Source, now: datetime) -> None:
    for task in session.exec(
        select(HumanTask).where(HumanTask.subject_id == step.id, col(HumanTask.closed_at).is_(None))
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)


def _plan_event(
    session: HubSession,
    plan: SupportPlan,
    kind: str,
    subject_id: str,
    source: Source,
    now: datetime,
) -> None:
    case = get_case(session, plan.case_id)
    record_event(session, case, "alternative", kind, source, now, subject_id=subject_id)
    touch_plan(session, plan, now)
    touch_packets(session, case.id, now)


def load_plan(session: HubSession, plan_id: str) -> PlanFacts | None:
    """The facts of one plan, or None when there is no such plan in the hub."""
    row = session.exec(
        select(SupportPlan, Case, col(Defendant.person_id))
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(SupportPlan.id == plan_id)
    ).first()
    if row is None:
        return None
    plan, case, person_id = row
    steps = tuple(
        StepFacts(step.id, step.revision, StepState(step.state), step.due_on, step.announced_at)
        for step in steps_of(session, plan_id)
    )
    return PlanFacts(
        id=plan.id,
        hub_id=session.hub_id,
        revision=plan.revision,
        state=PlanState(plan.state),
        policy=policy_of(the_hub(session), closed_days(session)),
        paused=case.custody == "detained",
        person=load_person(session, person_id, Audience.DEFENDANT, plan.created_at),
        steps=steps,
        messages=load_plan_messages(session, plan_id),
        task_keys=load_task_keys(session, HumanTask.plan_id, plan_id),
        released_at=case.released_at,
    )
