"""Support plans: the alternative to incarceration, step by step, with its evidence."""

from datetime import date, datetime

from sqlmodel import Field

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class SupportPlan(HubOwned, table=True):
    """A plan that a judge can order and a person can keep."""

    __tablename__ = "support_plan"
    case_id: str = ref("case.id")
    state: str = "pending"
    mandated: bool = False
    goals: str = sealed("support_plan.goals")
    starts_on: date | None = None
    ends_on: date | None = None
    discharged_at: datetime | None = maybe_instant()
    revision: int = 1


class PlanStep(HubOwned, table=True):
    """One step: what, by whom, until when, and what counts as evidence."""

    __tablename__ = "plan_step"
    plan_id: str = ref("support_plan.id")
    kind: str
    title: str = sealed("plan_step.title")
    provider_id: str | None = maybe_ref("provider.id")
    due_on: date | None = None
    recurrence: str = ""
    mandated: bool = False
    evidence_wanted: str = ""
    state: str = "active"
    announced_at: datetime = instant()
    missed_at: datetime | None = maybe_instant()
    what_got_in_the_way: str = sealed("plan_step.what_got_in_the_way")
    revision: int = 1


class Evidence(HubOwned, table=True):
    """What shows that a step was done, and who verified it when."""

    step_id: str = ref("plan_step.id")
    kind: str
    note: str = sealed("evidence.note")
    document_key: str = ""
    sha256: str = ""
    received_at: datetime = instant()
    verified_at: datetime | None = maybe_instant()
    verified_by: str = ""


class Referral(HubOwned, table=True):
    """A referral to a provider, with the states of the FHIR Task."""

    plan_id: str | None = maybe_ref("support_plan.id")
    step_id: str | None = maybe_ref("plan_step.id")
    provider_id: str = ref("provider.id")
    state: str = "draft"
    introduced_by: str = sealed("referral.introduced_by")
    requested_at: datetime | None = maybe_instant()
    first_meeting_at: datetime | None = maybe_instant()
    reason: str = sealed("referral.reason")


class ProgressReport(HubOwned, table=True):
    """A report from verified evidence; counsel approves before anyone else sees it."""

    __tablename__ = "progress_report"
    plan_id: str = ref("support_plan.id")
    kind: str
    document_key: str = ""
    sha256: str = ""
    made_at: datetime = instant()
    approved_at: datetime | None = maybe_instant()
    approved_by: str = Field(default="")
