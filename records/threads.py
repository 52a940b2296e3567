"""One conversation as a thread: what was said to an address and what came back, in order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlmodel import col, select

from records.access import Caller
from records.conversations import get_reply
from records.database import HubSession
from records.listing_queries import Window
from records.referral_wall import outside_wall
from records.tables import Answer, ContactPoint, Message, Reply

Turn: TypeAlias = Reply | Message | Answer
"""Something that was said: by them, to them, or an answer that has not left yet."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Part of a conversation, oldest first.

    Attributes:
        authors: id of a message → who wrote it, for answers in somebody's own words.
        again: id of a message that could not be delivered for now → when the same was tried
            once more (UTC).
        after: what came before goes on after this id; "" when this is the beginning.
    """

    turns: tuple[Turn, ...]
    authors: dict[str, str]
    again: dict[str, datetime]
    after: str = ""


def said_at(turn: Turn) -> datetime:
    """When something was said (UTC)."""
    if isinstance(turn, Reply):
        return turn.received_at
    return turn.claimed_at if isinstance(turn, Message) else turn.written_at


def thread_of(
    session: HubSession, reply: Reply, window: Window, caller: Caller | None = None
) -> Thread:
    """The newest part of the conversation to which a reply belongs, or the part before another.

    Args:
        session: of the hub.
        reply: any of the conversation.
        window: how much, and before which turn (`after` is its id).
        caller: whoever reads it; None for whom nothing is kept back.

    Raises:
        NotFound: the reply is not in this hub.
    """
    index = get_reply(session, reply.id).contact_index
    contacts = session.exec(
        select(col(ContactPoint.id), col(ContactPoint.person_id)).where(
            ContactPoint.address_index == index
        )
    ).all()
    where = _Where({contact for contact, _ in contacts}, {person for _, person in contacts})
    turns: list[Turn] = [
        *_replies(session, index, window),
        *_messages(session, where, window, caller),
        *_still_to_leave(session, where, window),
    ]
    turns.sort(key=lambda turn: turn.id, reverse=True)
    shown = turns[: window.limit]
    more = shown[-1].id if len(turns) > window.limit else ""
    shown.sort(key=lambda turn: (said_at(turn), turn.id))
    messages = [turn for turn in shown if isinstance(turn, Message)]
    return Thread(tuple(shown), _authors(session, messages), tried_again(session, messages), more)


@dataclass(frozen=True, slots=True)
class _Where:
    """An address: the ways that lead there, and whose they are."""

    contacts: Collection[str]
    people: Collection[str]


def _replies(session: HubSession, index: str, window: Window) -> Sequence[Reply]:
    statement = select(Reply).where(Reply.contact_index == index)
    if window.after:
        statement = statement.where(col(Reply.id) < window.after)
    return session.exec(statement.order_by(col(Reply.id).desc()).limit(window.limit + 1)).all()


def _messages(
    session: HubSession, where: _Where, window: Window, caller: Caller | None
) -> Sequence[Message]:
    statement = select(Message).where(
        col(Message.person_id).in_(where.people), col(Message.contact_id).in_(where.contacts)
    )
    if caller is not None:
        statement = statement.where(outside_wall(Message, caller.role, caller.id))
    if window.after:
        statement = statement.where(col(Message.id) < window.after)
    return session.exec(statement.order_by(col(Message.id).desc()).limit(window.limit + 1)).all()


def _still_to_leave(session: HubSession, where: _Where, window: Window) -> Sequence[Answer]:
    """An advocate's answers that no message carries yet."""
    carried = select(col(Message.id)).where(
        Message.person_id == Answer.person_id, Message.subject_id == Answer.id
    )
    statement = select(Answer).where(
        col(Answer.person_id).in_(where.people),
        col(Answer.contact_id).in_(where.contacts),
        Answer.step == "answer",
        ~carried.exists(),
    )
    if window.after:
        statement = statement.where(col(Answer.id) < window.after)
    return session.exec(statement.order_by(col(Answer.id).desc()).limit(window.limit + 1)).all()


def _authors(session: HubSession, messages: Iterable[Message]) -> dict[str, str]:
    answers = {message.subject_id: message.id for message in messages if message.step == "answer"}
    rows = session.exec(
        select(col(Answer.id), col(Answer.written_by)).where(col(Answer.id).in_(answers))
    ).all()
    return {answers[answer]: author for answer, author in rows}


def tried_again(session: HubSession, messages: Iterable[Message]) -> dict[str, datetime]:
    """Id of a message that could not be delivered for now → when the same was tried once more
    by the same way (UTC)."""
    failed = [message for message in messages if message.temporary]
    if not failed:
        return {}
    rows = session.exec(
        select(col(Message.claim), col(Message.contact_id), col(Message.claimed_at))
        .where(
            col(Message.person_id).in_({message.person_id for message in failed}),
            col(Message.subject_id).in_({message.subject_id for message in failed}),
        )
        .order_by(col(Message.claimed_at))
    ).all()
    tries: dict[tuple[str, str | None], list[datetime]] = {}
    for claim, contact, at in rows:
        tries.setdefault((_first_claim(claim), contact), []).append(at)
    found: dict[str, datetime] = {}
    for message in failed:
        same = tries.get((_first_claim(message.claim), message.contact_id), ())
        later = [at for at in same if at > message.claimed_at]
        if later:
            found[message.id] = later[0]
    return found


def _first_claim(claim: str) -> str:
    """The claim of the first of several tries (domain/ledger.py numbers the others)."""
    return claim.partition("#")[0]
