"""Reading one support plan, whole, into the plain values that its planner needs."""

from datetime import datetime
from typing import Any

from domain.facts import (
    Held,
    PacketLeads,
    PersonFacts,
    PlanFacts,
    PlanHearing,
    ReportFacts,
    StepFacts,
)
from domain.vocabulary import Audience, Channel, HearingKind, PlanState, StepOwner, StepState
from records.case_facts import load_people, load_person, load_plan_messages, policy_from
from records.database import HubSession
from records.plan_statements import (
    COUNSEL,
    HEARINGS,
    HELD,
    MENTORS,
    PLAN,
    REPORTS,
    STAGE,
    STEPS,
    TASKS,
)


def load_plan(session: HubSession, plan_id: str) -> PlanFacts | None:
    """The facts of one plan, or None when there is no such plan in the hub."""
    # Prepared statements read what is in the database, not what waits in the session.
    session.flush()
    rows = PLAN.all(session, plan=plan_id)
    if not rows:
        return None
    revision, state, mandated, made_at, began_at, ends_on, case_id, *rest = rows[0]
    stage, custody, released_at, closed_at, person_id, letters, draft, counsel, *hub = rest
    policy = policy_from(hub[7:], frozenset())
    mentors = MENTORS.all(session, case=case_id)
    person, *beside = load_people(
        session,
        case_id,
        [
            (person_id, Audience.DEFENDANT, made_at),
            *((mentor, Audience.FAMILY, since) for mentor, since in mentors),
        ],
    )
    moved = STAGE.all(session, case=case_id, stage=stage)
    reports = REPORTS.all(session, plan=plan_id)
    return PlanFacts(
        id=plan_id,
        hub_id=session.hub_id,
        revision=revision,
        state=PlanState(state),
        policy=policy,
        paused=custody == "detained",
        person=person,
        steps=tuple(_step(row) for row in STEPS.all(session, plan=plan_id)),
        messages=load_plan_messages(session, plan_id),
        task_keys=frozenset(claim for (claim,) in TASKS.all(session, plan=plan_id)),
        released_at=released_at,
        mentors=tuple(beside),
        held=tuple(Held(since, until) for since, until in HELD.all(session, case=case_id)),
        mandated=mandated,
        began_at=began_at or made_at,
        ends_on=ends_on,
        stage=stage,
        stage_since=moved[0][0] if moved else closed_at,
        hearings=tuple(
            PlanHearing(hearing, HearingKind(kind), at, announced)
            for hearing, kind, at, announced in HEARINGS.all(session, case=case_id)
        ),
        leads=PacketLeads(letters, draft, counsel, policy.packet_lead_days),
        reports=tuple(ReportFacts(*row) for row in reports),
        counsel=_counsel(session, case_id, reports[0][1]) if reports else None,
    )


def _counsel(session: HubSession, case_id: str, since: datetime) -> PersonFacts | None:
    """Who reads the reports that wait, with the ways that carry the address of a private page."""
    rows = COUNSEL.all(session, case=case_id)
    if not rows:
        return None
    person = load_person(session, rows[0][0], Audience.FAMILY, since)
    ways = tuple(way for way in person.contacts if way.channel in (Channel.EMAIL, Channel.SMS))
    return PersonFacts(person.id, person.audience, person.enrolled_at, ways) if ways else None


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
