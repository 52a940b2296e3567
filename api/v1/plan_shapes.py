"""Support plans, steps and evidence as the API takes and tells them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool
from sqlmodel import col, select

from api.fields import Day, Id, In, Instant, Line, Name, Out, Text
from domain.vocabulary import EvidenceKind, PlanState, StepOwner
from records.database import HubSession
from records.plans import NewStep, agreed_steps
from records.step_kinds import check_kind
from records.tables import Evidence, PlanStep, SupportPlan


class Ending(StrEnum):
    """How a plan ends: discharged, not ordered by the court, or not wanted by the person."""

    SUCCESSFUL = PlanState.DISCHARGED_SUCCESSFUL
    UNSUCCESSFUL = PlanState.DISCHARGED_UNSUCCESSFUL
    OTHER = PlanState.DISCHARGED_OTHER
    DENIED = PlanState.DENIED
    REFUSED = PlanState.REFUSED


Rule = Annotated[
    Line,
    Field(
        description="RFC 5545: FREQ=DAILY, WEEKLY or MONTHLY, with INTERVAL, BYDAY, BYMONTHDAY, "
        "WKST, and COUNT or UNTIL or the plan's end. At most 400 occurrences. Plain words do "
        "too: every 2 weeks on Tue. Empty: done once."
    ),
]


class EvidenceOut(Out):
    """What shows that a step was done."""

    id: Id
    kind: str
    note: str
    received_at: Instant
    verified_at: Instant | None
    verified_by: str


class StepOut(Out):
    """One step. A treatment step is withheld from roles outside the team: null and empty."""

    id: Id
    plan_id: Id
    withheld: bool = Field(description="A treatment step, and this role may not read about it.")
    kind: str | None
    title: str | None
    provider_id: Id | None = Field(description="Where it is done, for those who may read it.")
    parent_id: Id | None = Field(description="The series of which this is an occurrence.")
    number: int = Field(description="Which occurrence, from 1; 0 for a step of its own.")
    owner: StepOwner
    due_on: Day | None = Field(description="Of a series, the first day on which it may fall.")
    due_rule: str = Field(description="Where the date counts from a hearing: hearing:status-7d.")
    recurrence: str = Field(description="RFC 5545; empty for what is done once.")
    mandated: bool
    treatment: bool = Field(description="Health care: shared with a consent only.")
    consent_needed: bool
    to_mentors: bool
    state: str
    missed_at: Instant | None
    escalated_at: Instant | None
    answered_at: Instant | None = Field(description="When somebody said what got in the way.")
    what_got_in_the_way: str | None
    evidence_wanted: str | None
    evidence: list[EvidenceOut]
    revision: int


class PlanOut(Out):
    """A support plan with its steps; a series is one of them (see its occurrences)."""

    id: Id
    case_id: Id
    state: str
    mandated: bool
    goals: str
    starts_on: Day | None
    ends_on: Day | None
    template: str
    began_at: Instant | None
    carried_over_at: Instant | None
    ended_because: str
    discharged_at: Instant | None
    revision: int
    steps: list[StepOut]


class StepIn(In):
    """A step as it is agreed: what, until which local day, and what shows that it was done."""

    kind: Name = Field(description="One of /step-kinds.")
    title: Name
    due_on: Day | None = None
    recurrence: Rule = ""
    owner: StepOwner = StepOwner.PERSON
    mandated: StrictBool = False
    to_mentors: StrictBool = Field(
        True, description="The person's mentors may know; never heeded for health care."
    )
    evidence_wanted: Line = ""
    provider_id: Id | None = Field(None, description="Where it is done; `GET /services` finds it.")

    def step(self, session: HubSession) -> NewStep:
        """The same for the records.

        Raises:
            UnknownKind: there is no such kind of step.
        """
        return NewStep(
            check_kind(session, self.kind),
            self.title,
            self.due_on,
            self.mandated,
            self.evidence_wanted,
            provider_id=self.provider_id,
            recurrence=self.recurrence,
            owner=self.owner,
            to_mentors=self.to_mentors,
        )


class PlanIn(In):
    """A plan to start, or to propose."""

    goals: Text = Field("", description="In the person's own words.")
    mandated: StrictBool = False
    starts_on: Day | None = None
    ends_on: Day | None = None
    proposed: StrictBool = Field(False, description="Nothing is asked of anybody yet.")
    steps: Annotated[list[StepIn], Field(max_length=100)] = []


class MoveStepIn(In):
    """Another day for a step; null for no date."""

    due_on: Day | None


class ChangeRuleIn(In):
    """From a day on a series repeats by another rule."""

    recurrence: Annotated[Name, Field(description="RFC 5545, or plain words.")]
    first: Day


class EvidenceIn(In):
    """What came in."""

    kind: EvidenceKind
    note: Text = ""
    verified: StrictBool = Field(False, description="It was checked already.")


class ExcuseIn(In):
    """What got in the way."""

    what_got_in_the_way: Text


class ProviderChoice(In):
    """Where a step is done."""

    provider_id: Id | None = Field(description="Null for nowhere in the directory.")


class DischargeIn(In):
    """How the plan ends."""

    outcome: Ending
    because: Line = ""


def step_out(session: HubSession, step: PlanStep, *, sees_treatment: bool) -> StepOut:
    """A step as this role may read it."""
    withheld = step.treatment and not sees_treatment
    rows = [] if withheld else _evidence(session, step.id)
    return StepOut(
        id=step.id,
        plan_id=step.plan_id,
        withheld=withheld,
        kind=None if withheld else step.kind,
        title=None if withheld else step.title,
        provider_id=None if withheld else step.provider_id,
        parent_id=step.parent_id,
        number=step.number,
        owner=StepOwner(step.owner),
        due_on=step.due_on,
        due_rule=step.due_rule,
        recurrence=step.recurrence,
        mandated=step.mandated,
        treatment=step.treatment,
        consent_needed=step.consent_needed,
        to_mentors=step.to_mentors,
        state=step.state,
        missed_at=step.missed_at,
        escalated_at=step.escalated_at,
        answered_at=step.answered_at,
        what_got_in_the_way=None if withheld else step.what_got_in_the_way,
        evidence_wanted=None if withheld else step.evidence_wanted,
        evidence=[EvidenceOut.of(row) for row in rows],
        revision=step.revision,
    )


def plan_out(session: HubSession, plan: SupportPlan, *, sees_treatment: bool) -> PlanOut:
    """A plan as this role may read it."""
    return PlanOut(
        id=plan.id,
        case_id=plan.case_id,
        state=plan.state,
        mandated=plan.mandated,
        goals=plan.goals,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        template=plan.template,
        began_at=plan.began_at,
        carried_over_at=plan.carried_over_at,
        ended_because=plan.ended_because,
        discharged_at=plan.discharged_at,
        revision=plan.revision,
        steps=[
            step_out(session, step, sees_treatment=sees_treatment)
            for step in agreed_steps(session, plan.id)
        ],
    )


def _evidence(session: HubSession, step_id: str) -> list[Evidence]:
    return list(
        session.exec(
            select(Evidence).where(Evidence.step_id == step_id).order_by(col(Evidence.id))
        ).all()
    )
