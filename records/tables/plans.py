"""Support plans: the alternative to incarceration, step by step, with its evidence."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, UniqueConstraint

from records.tables.base import (
    HubOwned,
    instant,
    json_dict,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
)


class SupportPlan(HubOwned, table=True):
    """A plan that a judge can order and a person can keep.

    `began_at` is when it began to run; `ended_because` is what was said when it ended;
    `carried_over_at` is when an ordered plan went on by choice, after its case.
    """

    __tablename__ = "support_plan"
    case_id: str = ref("case.id")
    state: str = "pending"
    mandated: bool = False
    goals: str = sealed("support_plan.goals")
    starts_on: date | None = None
    ends_on: date | None = None
    template: str = ""
    began_at: datetime | None = maybe_instant()
    discharged_at: datetime | None = maybe_instant()
    ended_because: str = sealed("support_plan.ended_because")
    carried_over_at: datetime | None = maybe_instant()
    revision: int = 1


class PlanStep(HubOwned, table=True):
    """One step: what, by whom, until when, and what counts as evidence.

    A step with a `recurrence` (RFC 5545) is a series: it is never due itself. Its occurrences are
    steps too, each with its own date, state and evidence; `parent_id` names the series, and
    `number` counts them.

    `due_rule` is kept where the date counts from a hearing (`hearing:status-7d`), so that it moves
    along. `treatment` steps are health care; nobody outside the team reads of them without a
    consent. `to_mentors`: the person lets their mentors know of it.
    """

    __tablename__ = "plan_step"
    plan_id: str = ref("support_plan.id")
    parent_id: str | None = maybe_ref("plan_step.id")
    number: int = 0
    kind: str
    title: str = sealed("plan_step.title")
    owner: str = "person"
    provider_id: str | None = maybe_ref("provider.id")
    due_on: date | None = None
    due_rule: str = ""
    hearing_id: str | None = maybe_ref("hearing.id")
    recurrence: str = ""
    mandated: bool = False
    treatment: bool = False
    consent_needed: bool = False
    to_mentors: bool = True
    evidence_wanted: str = ""
    state: str = "active"
    announced_at: datetime = instant()
    missed_at: datetime | None = maybe_instant()
    what_got_in_the_way: str = sealed("plan_step.what_got_in_the_way")
    answered_at: datetime | None = maybe_instant()
    answered_by: str = ""
    escalated_at: datetime | None = maybe_instant()
    revision: int = 1


class HubStepKind(HubOwned, table=True):
    """A kind of step that a hub has of its own, beside Homeward's. `key` is kept with the steps."""

    __tablename__ = "hub_step_kind"
    key: str
    label: str
    treatment: bool = False
    ended_at: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("hub_id", "key"),)


class PlanTemplate(HubOwned, table=True):
    """A plan for a common mandate as a hub wants it; nobody's plan, so nothing in it is personal.

    `content` is what domain/plan_templates.py writes; `based_on` is the key of Homeward's template
    that it began with.
    """

    __tablename__ = "plan_template"
    name: str
    based_on: str = ""
    content: dict[str, Any] = json_dict()
    changed_by: str = ""
    changed_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()
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


class ProgressReport(HubOwned, table=True):
    """A report from verified evidence, as it was made once; counsel approves it before anyone else
    sees it (records/plan_reports.py).

    Attributes:
        number: which version of this kind for this plan, from 1.
        content: what it says, as JSON of `domain.plan_reports.PlanReport`.
        content_hash: over all that it says and stands on; `approved_hash` is that of the approval.
        document_key: the Word file that counsel reads; `docx_key` the one that was approved.
        opened_at: when counsel opened it.
        comment: counsel's words.
        ended_at: when it was taken back, or another one took its place.
    """

    __tablename__ = "progress_report"
    plan_id: str = ref("support_plan.id")
    kind: str
    number: int = 1
    hearing_id: str | None = maybe_ref("hearing.id", index=False)
    state: str = "draft"
    content: str = sealed("progress_report.content")
    content_hash: str = ""
    approved_hash: str = ""
    document_key: str = ""
    docx_key: str = ""
    sha256: str = ""
    made_by: str = ""
    made_at: datetime = instant()
    asked_at: datetime | None = maybe_instant()
    opened_at: datetime | None = maybe_instant()
    approved_at: datetime | None = maybe_instant()
    approved_by: str = Field(default="")
    comment: str = sealed("progress_report.comment")
    ended_at: datetime | None = maybe_instant()
