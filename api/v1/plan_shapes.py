"""Support plans, steps and evidence as the API takes and tells them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool
from sqlmodel import col, select

from api.fields import Day, Id, In, Instant, Line, Name, Out, Text
from domain.consents import is_health
from domain.vocabulary import PlanState
from records.database import HubSession
from records.plans import NewStep, steps_of
from records.tables import Evidence, PlanStep, SupportPlan


class StepKind(StrEnum):
    """What a step is about."""

    APPOINTMENT = "appointment"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    HOUSING = "housing"
    COMMUNITY_SERVICE = "community_service"
    MENTAL_HEALTH_CARE = "mental_health_care"
    SUBSTANCE_USE_TREATMENT = "substance_use_treatment"
    DRUG_SCREEN = "drug_screen"
    OTHER = "other"


class Discharge(StrEnum):
    """How a plan ends."""

    SUCCESSFUL = PlanState.DISCHARGED_SUCCESSFUL
    UNSUCCESSFUL = PlanState.DISCHARGED_UNSUCCESSFUL
    OTHER = PlanState.DISCHARGED_OTHER


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
    due_on: Day | None
    mandated: bool
    state: str
    missed_at: Instant | None
    what_got_in_the_way: str | None
    evidence_wanted: str | None
    evidence: list[EvidenceOut]
    revision: int


class PlanOut(Out):
    """A support plan with its steps."""

    id: Id
    case_id: Id
    state: str
    mandated: bool
    goals: str
    discharged_at: Instant | None
    revision: int
    steps: list[StepOut]


class StepIn(In):
    """A step as it is agreed: what, until which local day, and what shows that it was done."""

    kind: StepKind
    title: Name
    due_on: Day | None = None
    mandated: StrictBool = False
    evidence_wanted: Line = ""

    def step(self) -> NewStep:
        """The same for the records."""
        return NewStep(self.kind, self.title, self.due_on, self.mandated, self.evidence_wanted)


class PlanIn(In):
    """A plan to start."""

    goals: Text = ""
    mandated: StrictBool = False
    steps: Annotated[list[StepIn], Field(max_length=100)] = []


class EvidenceIn(In):
    """What came in."""

    kind: Name = Field(description="letter, certificate, attendance, call …")
    note: Text = ""
    verified: StrictBool = Field(False, description="It was checked already.")


class ExcuseIn(In):
    """What got in the way."""

    what_got_in_the_way: Text


class DischargeIn(In):
    """How the plan ends."""

    outcome: Discharge


def step_out(session: HubSession, step: PlanStep, *, sees_treatment: bool) -> StepOut:
    """A step as this role may read it."""
    withheld = is_health(step.kind) and not sees_treatment
    rows = [] if withheld else _evidence(session, step.id)
    return StepOut(
        id=step.id,
        plan_id=step.plan_id,
        withheld=withheld,
        kind=None if withheld else step.kind,
        title=None if withheld else step.title,
        due_on=step.due_on,
        mandated=step.mandated,
        state=step.state,
        missed_at=step.missed_at,
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
        discharged_at=plan.discharged_at,
        revision=plan.revision,
        steps=[
            step_out(session, step, sees_treatment=sees_treatment)
            for step in steps_of(session, plan.id)
        ],
    )


def _evidence(session: HubSession, step_id: str) -> list[Evidence]:
    return list(
        session.exec(
            select(Evidence).where(Evidence.step_id == step_id).order_by(col(Evidence.id))
        ).all()
    )
