"""Reading one support plan, whole, into the plain values that its planner needs."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from domain.facts import Held, PersonFacts, PlanFacts, PlanHearing, StepFacts
from domain.tracks import Track
from domain.vocabulary import (
    Audience,
    HearingKind,
    HearingStatus,
    PlanState,
    StepOwner,
    StepState,
)
from records.case_facts import load_person, load_plan_messages, load_task_keys
from records.database import HubSession
from records.hubs import closed_days, leads_of, policy_of, the_hub
from records.tables import (
    Case,
    CaseEvent,
    CustodyPeriod,
    Defendant,
    Hearing,
    HumanTask,
    PlanStep,
    Supporter,
    SupportPlan,
)


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
    hub = the_hub(session)
    return PlanFacts(
        id=plan.id,
        hub_id=session.hub_id,
        revision=plan.revision,
        state=PlanState(plan.state),
        policy=policy_of(hub, closed_days(session)),
        paused=case.custody == "detained",
        person=load_person(session, person_id, Audience.DEFENDANT, plan.created_at),
        steps=_steps(session, plan_id),
        messages=load_plan_messages(session, plan_id),
        task_keys=load_task_keys(session, HumanTask.plan_id, plan_id),
        released_at=case.released_at,
        mentors=_mentors(session, case.id),
        held=_held(session, case.id),
        mandated=plan.mandated,
        began_at=plan.began_at or plan.created_at,
        ends_on=plan.ends_on,
        stage=case.stage,
        stage_since=_stage_since(session, case),
        hearings=_hearings(session, case.id),
        leads=leads_of(hub),
    )


def _steps(session: HubSession, plan_id: str) -> tuple[StepFacts, ...]:
    """What is done once. Titles and answers stay sealed: nobody reads them to plan."""
    rows = session.exec(
        select(  # type: ignore[call-overload]
            col(PlanStep.id),
            col(PlanStep.revision),
            col(PlanStep.state),
            col(PlanStep.due_on),
            col(PlanStep.announced_at),
            col(PlanStep.owner),
            col(PlanStep.mandated),
            col(PlanStep.parent_id),
            col(PlanStep.to_mentors),
            col(PlanStep.missed_at),
            col(PlanStep.answered_at),
            col(PlanStep.escalated_at),
        )
        .where(PlanStep.plan_id == plan_id, col(PlanStep.recurrence) == "")
        .order_by(col(PlanStep.due_on).nulls_last(), col(PlanStep.id))
    ).all()
    return tuple(_step(row) for row in rows)


def _step(row: tuple[Any, ...]) -> StepFacts:
    step, revision, state, due, announced, owner, mandated, parent, *rest = row
    to_mentors, missed, answered, escalated = rest
    return StepFacts(
        id=step,
        revision=revision,
        state=StepState(state),
        due=due,
        announced_at=announced,
        owner=StepOwner(owner),
        mandated=mandated,
        occurrence=parent is not None,
        to_mentors=to_mentors,
        missed_at=missed,
        answered_at=answered,
        escalated_at=escalated,
    )


def _mentors(session: HubSession, case_id: str) -> tuple[PersonFacts, ...]:
    """Supporters whom the person chose as mentors, and who are still there."""
    rows = session.exec(
        select(col(Supporter.person_id), col(Supporter.enrolled_at))
        .where(
            Supporter.case_id == case_id,
            col(Supporter.mentor).is_(True),
            col(Supporter.ended_at).is_(None),
        )
        .order_by(col(Supporter.enrolled_at), col(Supporter.id))
    ).all()
    return tuple(load_person(session, person, Audience.FAMILY, since) for person, since in rows)


def _held(session: HubSession, case_id: str) -> tuple[Held, ...]:
    rows = session.exec(
        select(col(CustodyPeriod.started_at), col(CustodyPeriod.ended_at))
        .where(CustodyPeriod.case_id == case_id)
        .order_by(col(CustodyPeriod.started_at), col(CustodyPeriod.id))
    ).all()
    return tuple(Held(since, until) for since, until in rows)


def _stage_since(session: HubSession, case: Case) -> datetime | None:
    """When the case came to where it stands in court (UTC)."""
    moved = session.exec(
        select(col(CaseEvent.happened_at))
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.track == Track.COURT,
            CaseEvent.result == case.stage,
        )
        .order_by(col(CaseEvent.happened_at).desc())
    ).first()
    return moved or case.closed_at


def _hearings(session: HubSession, case_id: str) -> tuple[PlanHearing, ...]:
    rows = session.exec(
        select(
            col(Hearing.id), col(Hearing.kind), col(Hearing.starts_at), col(Hearing.announced_at)
        )
        .where(Hearing.case_id == case_id, Hearing.status == HearingStatus.SCHEDULED)
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).all()
    return tuple(
        PlanHearing(hearing, HearingKind(kind), at, announced)
        for hearing, kind, at, announced in rows
    )
