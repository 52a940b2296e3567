"""What is said back to someone who wrote: acknowledgements, and an advocate's own words.

An answer is written down here and leaves through its case's workflow, like every other message:
claimed, sent once, settled.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from domain.replies import ReplyKind
from domain.vocabulary import Channel
from records.casework import Source, get_case, record_event, touch
from records.circle import cases_of, is_told_of
from records.database import HubSession
from records.packet_news import cases_served_by
from records.tables import Answer, Case, ContactPoint, Hearing, Message, Reply

ACK_USEFUL = timedelta(hours=12)
ANSWER_USEFUL = timedelta(days=2)
A_DAY = timedelta(days=1)
MOST_ACKS_A_DAY = 6
"""Two machines that answer each other end here."""
QUESTION_OPEN = timedelta(days=2)
MOST_CHOICES = 4
MOST_WORDS = 1_500
"""Of an advocate's answer: with the hub's name before it a text holds 1,600 at most."""

_ACKS = {
    ReplyKind.STOP: "ack_stop",
    ReplyKind.START: "ack_start",
    ReplyKind.HELP: "ack_help",
    ReplyKind.WRONG_NUMBER: "ack_wrong_number",
    ReplyKind.CANNOT_COME: "ack_cannot",
    ReplyKind.RIDE: "ack_ride",
    ReplyKind.CONFIRMED: "ack_confirmed",
    ReplyKind.FOR_A_PERSON: "ack_received",
    ReplyKind.STEP_WENT: "ack_step_went",
    ReplyKind.STEP_PLANNED: "ack_step_planned",
    ReplyKind.STEP_COULD_NOT: "ack_step_why",
    ReplyKind.STEP_CALL: "ack_step_call",
    ReplyKind.STEP_WHY: "ack_step_noted",
}
_EVEN_IF_STOPPED = frozenset({ReplyKind.STOP, ReplyKind.START})


class CannotAnswer(ValueError):
    """Nothing may be sent there; the message says what to do in its place."""


def acknowledge(
    session: HubSession,
    reply: Reply,
    kind: ReplyKind,
    hearing: Hearing | None,
    cases: Sequence[Case],
    contact: ContactPoint,
    now: datetime,
    *,
    asks_which: bool,
    listened: bool,
) -> Answer | None:
    """Write down how a reply is acknowledged; None when nothing is to be said.

    Whoever has opted out hears nothing more but the one confirmation of it. "Somebody will read
    this" is said once a day at most. A call is acknowledged while it lasts.

    Args:
        session: of the hub.
        reply: to which.
        kind: what it was read as.
        hearing: the one that it is about, where that is known.
        cases: open ones that it may be about.
        contact: where it came from.
        now: UTC.
        asks_which: several cases may be meant, and they are asked which.
        listened: before this reply they wanted messages there.
    """
    if contact.channel == Channel.VOICE or not (listened or kind is ReplyKind.START):
        return None
    if kind not in _EVEN_IF_STOPPED and contact.opted_out_at is not None:
        return None
    if contact.unreachable_at is not None and kind is not ReplyKind.WRONG_NUMBER:
        return None  # "welcome back" would be no true word: nothing is sent there
    step = "ack_which" if asks_which else _ACKS.get(kind, "ack_received")
    if step == "ack_confirmed" and hearing is None:
        step = "ack_received"
    case = _carrier(session, reply, contact, cases)
    if case is None or _said_enough(session, contact, step, now):
        return None
    answer = Answer(
        case_id=case.id,
        person_id=contact.person_id,
        contact_id=contact.id,
        reply_id=reply.id,
        hearing_id=hearing.id if hearing else None,
        step=step,
        choices=[case.id for case in cases[:MOST_CHOICES]] if asks_which else [],
        written_by="homeward",
        written_at=now,
        until=now + ACK_USEFUL,
    )
    session.add(answer)
    session.flush()
    touch(session, case, now)
    return answer


def _carrier(
    session: HubSession, reply: Reply, contact: ContactPoint, cases: Sequence[Case]
) -> Case | None:
    """The case whose workflow says it: the one it is about, or any in which they stand, or for
    which they write a letter."""
    if reply.case_id:
        return get_case(session, reply.case_id)
    known = [*cases, *cases_of(session, contact.person_id)]
    return next(iter(known or cases_served_by(session, contact.person_id)), None)


def _said_enough(session: HubSession, contact: ContactPoint, step: str, now: datetime) -> bool:
    rows = session.exec(
        select(col(Answer.step)).where(
            Answer.contact_id == contact.id,
            col(Answer.step).startswith("ack_"),
            col(Answer.written_at) > now - A_DAY,
        )
    ).all()
    return len(rows) >= MOST_ACKS_A_DAY or (step == "ack_received" and step in rows)


def open_question(
    session: HubSession, contacts: Sequence[ContactPoint], now: datetime
) -> Answer | None:
    """What was last asked there and is still open: which case is meant, what got in the way, or an
    advocate's words.

    None as soon as anything else was said there since, and after two days (`now` is UTC).
    """
    ids = [contact.id for contact in contacts]
    if not ids:
        return None
    asked = session.exec(
        select(Answer)
        .where(col(Answer.contact_id).in_(ids), col(Answer.written_at) > now - QUESTION_OPEN)
        .order_by(col(Answer.written_at).desc(), col(Answer.id).desc())
    ).first()
    if asked is None or not (asked.step in ("answer", "ack_step_why") or asked.choices):
        return None
    newest = session.exec(
        select(func.max(col(Message.claimed_at))).where(
            col(Message.contact_id).in_(ids),
            col(Message.subject_id) != asked.id,
        )
    ).one()
    return asked if newest is None or newest <= asked.written_at else None


def close_questions(session: HubSession, contacts: Sequence[ContactPoint]) -> None:
    """They want no more messages: a letter that comes later chooses nothing."""
    ids = [contact.id for contact in contacts]
    for asked in session.exec(
        select(Answer).where(col(Answer.contact_id).in_(ids), Answer.step == "ack_which")
    ).all():
        asked.choices = []
        session.add(asked)


def contact_to_answer(session: HubSession, reply: Reply) -> ContactPoint:
    """Where an answer to a reply goes: back to its phone or mailbox, as a text or an e-mail.

    Raises:
        CannotAnswer: nobody here is known to have it, or they agreed to calls alone.
    """
    contacts = session.exec(
        select(ContactPoint).where(ContactPoint.address_index == reply.contact_index)
    ).all()
    if not contacts:
        raise CannotAnswer("Nobody here is known to have this number. Say first whose it is.")
    written = [contact for contact in contacts if contact.channel != Channel.VOICE]
    if not written:
        raise CannotAnswer("They agreed to calls at this number, not to texts. Call them.")
    return min(
        written,
        key=lambda contact: (
            contact.opted_out_at is not None,
            contact.unreachable_at is not None,
            contact.id != reply.contact_id,
            contact.id,
        ),
    )


def write_answer(
    session: HubSession, contact: ContactPoint, words: str, source: Source, now: datetime
) -> Answer:
    """An advocate answers someone, by the way that they wrote.

    Args:
        session: of the hub.
        contact: where to.
        words: the advocate's own.
        source: who writes.
        now: UTC.

    Raises:
        CannotAnswer: they want no messages there, it does not reach them, or they stand in no
            case whose workflow could carry it.
    """
    last = _last_words(session, contact)
    case = answer_carrier(session, contact, last)
    answer = Answer(
        case_id=case.id,
        person_id=contact.person_id,
        contact_id=contact.id,
        reply_id=last.id if last else None,
        step="answer",
        body=words,
        written_by=source.actor,
        written_at=now,
        until=now + ANSWER_USEFUL,
    )
    queue_answer(session, case, answer, now)
    record_event(session, case, "circle", "answered", source, now, subject_id=answer.id)
    return answer


def queue_answer(session: HubSession, case: Case, answer: Answer, now: datetime) -> None:
    """Let a case's workflow say something: it is claimed once, settled, and a task where it cannot
    arrive."""
    session.add(answer)
    session.flush()
    touch(session, case, now)


def answer_carrier(session: HubSession, contact: ContactPoint, last: Reply | None = None) -> Case:
    """The case whose workflow would carry an answer.

    Args:
        session: of the hub.
        contact: where to.
        last: what they wrote last; looked for where it is not given.

    Raises:
        CannotAnswer: as `write_answer` does.
    """
    if contact.opted_out_at is not None:
        raise CannotAnswer("They asked for no more messages there. Call, or ask them in person.")
    if contact.unreachable_at is not None:
        raise CannotAnswer("Nothing arrives there. Find another way to reach them first.")
    if contact.channel == Channel.VOICE:
        raise CannotAnswer("They agreed to calls at this number, not to texts. Call them.")
    last = last or _last_words(session, contact)
    case = _carrier(session, last or Reply(body="", received_at=contact.created_at), contact, ())
    if case is None:
        raise CannotAnswer("This person stands in no case here. Call them.")
    if not is_told_of(session, contact.person_id, case):
        raise CannotAnswer("They are not told of this case any more. Call them.")
    return case


def _last_words(session: HubSession, contact: ContactPoint) -> Reply | None:
    return session.exec(
        select(Reply)
        .where(Reply.contact_index == contact.address_index)
        .order_by(col(Reply.received_at).desc(), col(Reply.id).desc())
    ).first()
