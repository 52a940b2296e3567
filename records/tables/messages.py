"""What was to be said to whom, every attempt and its fate, answers, and tasks for people."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from records.columns import new_id
from records.tables.base import (
    HubOwned,
    instant,
    json_list,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
)


class Message(HubOwned, table=True):
    """One message to one person. `claim` is unique: whoever inserts it may send.

    Template and version are pinned, so that what was said can be shown years later.
    """

    claim: str = Field(unique=True)
    case_id: str | None = maybe_ref("case.id")
    plan_id: str | None = maybe_ref("support_plan.id")
    packet_id: str | None = maybe_ref("packet.id")
    referral_id: str | None = maybe_ref("referral.id")
    person_id: str = ref("person.id")
    contact_id: str | None = maybe_ref("contact_point.id")
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
    claimed_at: datetime = instant(index=True)
    settled_at: datetime | None = maybe_instant()
    provider_id: str = Field(default="", index=True)
    error_code: str = ""
    attempts: int = 0
    temporary: bool = False
    """It did not arrive, but the same address may be reached another time."""


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
    """What someone wrote back, or wrote first.

    `person_id` and `case_id` stay empty while it is not known who wrote, or about whom: a
    number that several share, or that nobody knows. `read_as` is the intent that was acted on,
    `also` the further ones, with commas.
    """

    contact_index: str = Field(default="", index=True)
    channel: str = "sms"
    address: str = sealed("reply.address")
    contact_id: str | None = maybe_ref("contact_point.id", index=False)
    person_id: str | None = maybe_ref("person.id")
    case_id: str | None = maybe_ref("case.id")
    hearing_id: str | None = maybe_ref("hearing.id", index=False)
    body: str = sealed("reply.body")
    received_at: datetime = instant()
    provider_id: str = Field(default_factory=new_id, index=True)
    read_as: str = ""
    also: str = ""
    seen_at: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("hub_id", "provider_id"),)


class Answer(HubOwned, table=True):
    """What is to be said to someone by itself: an acknowledgement, an advocate's own words, or a
    link.

    `step` names the words (`ack_…`), or is `answer` for `body`, `consent_request` for the link to
    the consent of `consent_id`, or `page_link` for one to their own page. `until` is
    `written_at` for what was taken back. `choices` holds the cases among which a shared number is
    asked to choose, in the order of their letters.
    """

    case_id: str | None = maybe_ref("case.id")
    person_id: str = ref("person.id")
    contact_id: str = ref("contact_point.id")
    reply_id: str | None = maybe_ref("reply.id")
    hearing_id: str | None = maybe_ref("hearing.id", index=False)
    consent_id: str | None = maybe_ref("consent_terms.id")
    step: str
    body: str = sealed("answer.body")
    choices: list[str] = json_list()
    written_by: str = ""
    written_at: datetime = instant()
    until: datetime = instant()


class HearingAnswer(HubOwned, table=True):
    """What someone said about coming to a hearing: `coming`, `cannot` or `ride`."""

    __tablename__ = "hearing_answer"
    hearing_id: str = ref("hearing.id")
    hearing_revision: int
    person_id: str = ref("person.id")
    reply_id: str | None = maybe_ref("reply.id", index=False)
    said: str
    said_at: datetime = instant()


class HumanTask(HubOwned, table=True):
    """What a person must do now, why, by when, and what closed it."""

    __tablename__ = "human_task"
    claim: str = Field(unique=True)
    kind: str
    case_id: str | None = maybe_ref("case.id")
    plan_id: str | None = maybe_ref("support_plan.id")
    packet_id: str | None = maybe_ref("packet.id")
    referral_id: str | None = maybe_ref("referral.id")
    hearing_id: str | None = maybe_ref("hearing.id")
    person_id: str | None = maybe_ref("person.id")
    subject_id: str = ""
    assigned_to_id: str | None = maybe_ref("staff_member.id")
    opened_at: datetime = instant()
    by: datetime | None = maybe_instant()
    closed_at: datetime | None = maybe_instant(index=True)
    closed_by: str = ""
    outcome: str = sealed("human_task.outcome")
