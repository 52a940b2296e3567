"""Messages: the unique claim, every attempt, and a fate that never goes backwards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import true
from sqlmodel import col, select

from domain.agenda import AgendaItem, SubjectRef
from domain.vocabulary import Channel, MessageState
from records.case_facts import AnswerCard, CaseSheet, HearingCard, HubCard
from records.circle import REMINDERS
from records.database import HubSession
from records.prepared import AlreadyThere, PreparedInsert
from records.tables import (
    Case,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    HearingRevision,
    Hub,
    Message,
    MessageAttempt,
    Person,
    PlanStep,
    SupportPlan,
)

_ORDER = {
    MessageState.CLAIMED: 0,
    MessageState.WITHDRAWN: 1,
    MessageState.QUEUED: 2,
    MessageState.SENDING: 3,
    MessageState.SENT: 4,
    MessageState.FAILED: 5,
    MessageState.UNDELIVERED: 6,
    MessageState.DELIVERED: 7,
}
"""Which word is stronger. That it was withdrawn is our own belief: a provider's word of having it
outweighs that, and a handset that confirmed has it whatever was said before."""


TRIAL = "trial"
"""The transport of what a hub in trial would have sent to somebody outside of its team."""
NOT_SENT = ("outbox", TRIAL)
"""Transports with which nothing leaves this machine."""
STARTED = "started"
"""A try that has begun and of whose end nothing is known yet."""
AMBIGUOUS = "ambiguous"
"""A try that ended without an answer: it may have been accepted."""


class ClaimRefused(Exception):
    """Another worker claimed the message in the same moment; nothing was written here."""

    def __init__(self) -> None:
        super().__init__("The claim was not taken; read the records again.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom and where a message goes, decrypted for the moment of sending only."""

    person_id: str
    first_name: str
    language: str
    contact_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message is about: the words' raw material.

    Attributes:
        hearing: at its present revision; None when there is no date.
        old: the revision that the person was told before.
        step: the plan step, for messages about one.
        words: an advocate's own, for an answer.
        choices: first names among which a shared number is asked to choose.
    """

    hub: Hub | HubCard
    participant_first_name: str
    detained: bool
    hearing: Hearing | HearingCard | None = None
    old: HearingRevision | HearingCard | None = None
    step: PlanStep | None = None
    words: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """The words, with the template and version that they came from."""

    text: str
    subject: str
    template: str
    version: str
    segments: int
    language: str
    audience: str


def recipient_of(
    session: HubSession, person_id: str, channel: str, contact_id: str = ""
) -> Recipient | None:
    """Where a person can be reached by a channel now; None when they no longer can be.

    Args:
        session: of the hub.
        person_id: who.
        channel: how.
        contact_id: by this contact and no other; "" for the first one of the channel.
    """
    row = session.exec(
        select(
            col(Person.first_name),
            col(Person.language),
            col(ContactPoint.id),
            col(ContactPoint.address),
        )
        .join(ContactPoint, col(ContactPoint.person_id) == Person.id)
        .join(Consent, col(Consent.contact_id) == ContactPoint.id)
        .where(
            Person.id == person_id,
            ContactPoint.channel == channel,
            col(ContactPoint.opted_out_at).is_(None),
            col(ContactPoint.unreachable_at).is_(None),
            Consent.purpose == REMINDERS,
            col(Consent.withdrawn_at).is_(None),
            col(ContactPoint.id) == contact_id if contact_id else true(),
        )
        .order_by(col(ContactPoint.rank))
    ).first()
    if row is None:
        return None
    first_name, language, contact_id, address = row
    return Recipient(person_id, first_name, language, contact_id, address)


def matter_of(
    session: HubSession, owner: SubjectRef, item: AgendaItem, told_revision: int | None
) -> Matter | None:
    """What an item is about; None when it is gone."""
    case_id = case_of_subject(session, owner)
    row = session.exec(
        select(Hub, col(Person.first_name), col(Case.custody))
        .join(Case, col(Case.hub_id) == Hub.id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(Case.id == case_id)
    ).first()
    if row is None:
        return None
    hub, first_name, custody = row
    step: PlanStep | None = None
    hearing: Hearing | None = None
    old: HearingRevision | None = None
    if item.step.startswith("plan_step"):
        step = session.get(PlanStep, item.subject_id)
    elif item.subject_id:
        hearing = session.get(Hearing, item.subject_id)
        if told_revision is not None and told_revision != item.revision:
            old = session.exec(
                select(HearingRevision).where(
                    HearingRevision.hearing_id == item.subject_id,
                    HearingRevision.revision == told_revision,
                )
            ).first()
    return Matter(hub, first_name, custody == "detained", hearing, old, step)


def recipient_at(session: HubSession, person_id: str, contact_id: str) -> Recipient | None:
    """Someone at one of their contacts, whatever they want there: for the answer to their own
    message alone, such as the one confirmation of a STOP.

    Where several people have this phone nobody knows who wrote, and none is greeted by name.
    """
    row = session.exec(
        select(
            col(Person.first_name),
            col(Person.language),
            col(ContactPoint.address),
            col(ContactPoint.address_index),
        )
        .join(ContactPoint, col(ContactPoint.person_id) == Person.id)
        .where(Person.id == person_id, ContactPoint.id == contact_id)
    ).first()
    if row is None:
        return None
    name, language, address, index = row
    people = session.exec(
        select(col(ContactPoint.person_id)).where(ContactPoint.address_index == index).distinct()
    ).all()
    return Recipient(person_id, name if len(people) == 1 else "", language, contact_id, address)


def recipient_on(sheet: CaseSheet, item: AgendaItem) -> Recipient | None:
    """Where a message of a case goes, from the case's own sheet."""
    person = sheet.people.get(item.person_id)
    contact = sheet.contacts.get(item.contact_id)
    if person is None or contact is None:
        return None
    return Recipient(
        item.person_id, person.first_name, person.language, contact.id, contact.address
    )


def matter_on(
    session: HubSession, sheet: CaseSheet, item: AgendaItem, told_revision: int | None
) -> Matter:
    """What an item of a case is about, from the case's own sheet."""
    answer = sheet.answers.get(item.subject_id)
    if answer is not None:
        return _answering(session, sheet, answer)
    old = None
    if told_revision is not None and told_revision != item.revision:
        old = sheet.hearings.get((item.subject_id, told_revision))
    return Matter(
        sheet.hub,
        sheet.participant.first_name,
        sheet.facts.detained,
        sheet.hearings.get((item.subject_id, item.revision)),
        old,
    )


def _answering(session: HubSession, sheet: CaseSheet, answer: AnswerCard) -> Matter:
    """What is said back: an advocate's words, or what an acknowledgement repeats."""
    hearing = None
    if answer.hearing_id:
        hearing = next(
            (
                card
                for facts in sheet.facts.hearings
                if facts.id == answer.hearing_id
                and (card := sheet.hearings.get((facts.id, facts.revision)))
            ),
            None,
        )
    return Matter(
        sheet.hub,
        sheet.participant.first_name,
        detained=False,
        hearing=hearing,
        words=answer.words,
        choices=tuple(participant_of(session, case_id) for case_id in answer.choices),
    )


def participant_of(session: HubSession, case_id: str) -> str:
    """The first name of a case's defendant; "" when the case is gone."""
    name = session.exec(
        select(col(Person.first_name))
        .join(Defendant, col(Defendant.person_id) == Person.id)
        .join(Case, col(Case.defendant_id) == Defendant.id)
        .where(Case.id == case_id)
    ).first()
    return name or ""


def find_message(session: HubSession, claim: str, *, hold: bool = False) -> Message | None:
    """The message that was claimed with this key.

    Args:
        session: of the hub.
        claim: the key.
        hold: keep others from changing it until this transaction ends. SQLite has one writer at
            a time, who holds everything already.
    """
    statement = select(Message).where(Message.claim == claim)
    return session.exec(statement.with_for_update() if hold else statement).first()


def claim_message(
    session: HubSession,
    item: AgendaItem,
    owner: SubjectRef,
    recipient: Recipient,
    words: Composed,
    transport: str,
    now: datetime,
    *,
    again: bool = False,
    left_at_once: bool = False,
) -> Message:
    """Claim the right to send: a unique row first.

    Args:
        session: of the hub.
        item: what is due.
        owner: whose agenda it is on.
        recipient: to whom.
        words: what is said.
        transport: what will carry it.
        now: UTC.
        again: the claim exists and was withdrawn; it is taken up again.
        left_at_once: the outbox carries it: claimed and sent are one moment.

    Raises:
        ClaimRefused: another worker claimed it in the same moment.
    """
    message = find_message(session, item.key) if again else None
    fresh = message is None
    if message is not None:
        session.lock(message)
        if message.state != MessageState.WITHDRAWN:
            raise ClaimRefused
    else:
        message = Message(claim=item.key, person_id=item.person_id, step=item.step)  # type: ignore[call-arg]
    message.case_id = case_of_subject(session, owner)
    message.plan_id = owner.id if owner.kind == "plan" else None
    message.contact_id = recipient.contact_id
    message.subject_id = item.subject_id
    message.subject_revision = item.revision
    message.audience = words.audience
    message.language = words.language
    message.channel = Channel(item.channel)
    message.transport = transport
    message.template, message.template_version = words.template, words.version
    message.subject_line, message.body = words.subject, words.text
    message.segments = words.segments
    message.claimed_at = now
    message.state = MessageState.SENT if left_at_once else MessageState.CLAIMED
    message.settled_at = now if left_at_once else None
    message.provider_id = f"{transport}-{message.id}" if left_at_once else ""
    message.error_code = ""
    message.temporary = False
    if fresh:
        try:
            _INSERT.run(session, message)
        except AlreadyThere:
            raise ClaimRefused from None
        if not left_at_once:
            # From here on the row is worked with as an object.
            return session.exec(select(Message).where(Message.id == message.id)).one()
        return message
    session.add(message)
    session.flush()
    return message


_INSERT = PreparedInsert(Message)


def case_of_subject(session: HubSession, owner: SubjectRef) -> str | None:
    """The case that a subject belongs to; None for an agency, which is told of several."""
    if owner.kind == "case":
        return owner.id
    if owner.kind == "agency":
        return None
    return session.exec(select(col(SupportPlan.case_id)).where(SupportPlan.id == owner.id)).first()


def start_attempt(session: HubSession, message: Message, now: datetime) -> MessageAttempt:
    """Write down that a try begins, before anything leaves: a crash leaves it "started"."""
    message.attempts += 1
    session.add(message)
    attempt = MessageAttempt(
        message_id=message.id, number=message.attempts, tried_at=now, outcome=STARTED
    )
    session.add(attempt)
    session.flush()
    return attempt


def attempts_of(session: HubSession, message_id: str) -> list[MessageAttempt]:
    """All tries of a message, first to last."""
    return list(
        session.exec(
            select(MessageAttempt)
            .where(MessageAttempt.message_id == message_id)
            .order_by(col(MessageAttempt.number))
        ).all()
    )


def finish_attempt(
    session: HubSession, message: Message, outcome: str, code: str = "", *, number: int = 0
) -> None:
    """Write down what came of a try; `number` 0 is the last one."""
    wanted = number or message.attempts
    attempt = session.exec(
        select(MessageAttempt).where(
            MessageAttempt.message_id == message.id, MessageAttempt.number == wanted
        )
    ).first()
    if attempt is not None:
        attempt.outcome, attempt.error_code = outcome, code
        session.add(attempt)


def settle(
    session: HubSession,
    message: Message,
    state: MessageState,
    now: datetime,
    *,
    provider_id: str = "",
    code: str = "",
    temporary: bool = False,
) -> bool:
    """Record a fate; a later status never goes backwards.

    Only a claim can be withdrawn: what the provider has is beyond calling back.

    Args:
        session: of the hub.
        message: whose fate it is.
        state: as reported.
        now: UTC.
        provider_id: the provider's own id, where it gave one.
        code: the provider's word for what went wrong.
        temporary: it did not arrive, but the same way may work another time.

    Returns:
        Whether anything changed.
    """
    session.lock(message, "state")
    before = MessageState(message.state)
    called_back = state is MessageState.WITHDRAWN and before is not MessageState.CLAIMED
    if called_back or _ORDER[state] <= _ORDER[before]:
        return False
    message.state = state
    message.settled_at = now
    message.provider_id = provider_id or message.provider_id
    message.error_code = code
    message.temporary = temporary
    session.add(message)
    return True


def message_by_provider_id(session: HubSession, provider_id: str) -> Message | None:
    """The message that a provider knows by this id."""
    return session.exec(select(Message).where(Message.provider_id == provider_id)).first()
