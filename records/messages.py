"""Messages: the unique claim, every attempt, and a fate that never goes backwards."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.agenda import AgendaItem, SubjectRef
from domain.vocabulary import Channel, MessageState
from records.database import HubSession
from records.matters import Recipient, case_of_subject
from records.prepared import AlreadyThere, PreparedInsert
from records.tables import (
    Message,
    MessageAttempt,
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
EXAMPLE = "example"
"""The transport of whatever an example hub would have sent, to whomever."""
NOT_SENT = ("outbox", TRIAL, EXAMPLE)
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
class Composed:
    """The words, with the template and version that they came from."""

    text: str
    subject: str
    template: str
    version: str
    segments: int
    language: str
    audience: str


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
    _write(session, message, item, owner, recipient, words, transport)
    message.claimed_at = now
    message.state = MessageState.SENT if left_at_once else MessageState.CLAIMED
    message.settled_at = now if left_at_once else None
    message.provider_id = f"{transport}-{message.id}" if left_at_once else ""
    message.error_code, message.temporary = "", False
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


def _write(
    session: HubSession,
    message: Message,
    item: AgendaItem,
    owner: SubjectRef,
    recipient: Recipient,
    words: Composed,
    transport: str,
) -> None:
    """Everything about a message that is known before it leaves."""
    message.case_id = case_of_subject(session, owner)
    message.plan_id = owner.id if owner.kind == "plan" else None
    message.packet_id = owner.id if owner.kind == "packet" else None
    message.referral_id = owner.id if owner.kind == "referral" else None
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


_INSERT = PreparedInsert(Message)


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
