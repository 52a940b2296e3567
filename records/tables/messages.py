"""What was to be said to whom, every attempt and its fate, answers, and tasks for people."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class Message(HubOwned, table=True):
    """One message to one person. `claim` is unique: whoever inserts it may send.

    Template and version are pinned, so that what was said can be shown years later.
    """

    claim: str = Field(unique=True)
    case_id: str | None = maybe_ref("case.id")
    plan_id: str | None = maybe_ref("support_plan.id")
    person_id: str = ref("person.id")
    contact_id: str | None = maybe_ref("contact_point.id", index=False)
    subject_id: str = ""
    subject_revision: int = 0
    step: str
    audience: str
    language: str
    channel: str
    transport: str
    template: str
    template_version: str
    subject_line: str = sealed("message.subject_line")
    body: str = sealed("message.body")
    segments: int = 1
    state: str = Field(default="claimed", index=True)
    claimed_at: datetime = instant()
    settled_at: datetime | None = maybe_instant()
    provider_id: str = Field(default="", index=True)
    error_code: str = ""
    attempts: int = 0


class MessageAttempt(HubOwned, table=True):
    """One try to hand a message to a provider, and what came of it."""

    __tablename__ = "message_attempt"
    message_id: str = ref("message.id")
    number: int
    tried_at: datetime = instant()
    outcome: str
    error_code: str = ""

    __table_args__ = (UniqueConstraint("message_id", "number"),)


class Reply(HubOwned, table=True):
    """What someone wrote back."""

    contact_index: str = Field(default="", index=True)
    person_id: str | None = maybe_ref("person.id")
    body: str = sealed("reply.body")
    received_at: datetime = instant()
    provider_id: str = Field(default="", index=True)
    read_as: str = ""


class HumanTask(HubOwned, table=True):
    """What a person must do now, why, by when, and what closed it."""

    __tablename__ = "human_task"
    claim: str = Field(unique=True)
    kind: str
    case_id: str | None = maybe_ref("case.id")
    plan_id: str | None = maybe_ref("support_plan.id")
    packet_id: str | None = maybe_ref("packet.id")
    hearing_id: str | None = maybe_ref("hearing.id")
    person_id: str | None = maybe_ref("person.id")
    subject_id: str = ""
    assigned_to_id: str | None = maybe_ref("staff_member.id")
    opened_at: datetime = instant()
    by: datetime | None = maybe_instant()
    closed_at: datetime | None = maybe_instant(index=True)
    closed_by: str = ""
    outcome: str = sealed("human_task.outcome")
