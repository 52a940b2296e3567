"""Conversations: all that was said to one phone or mailbox, and all that came back.

A conversation belongs to an address, not to a case: a phone that several people share, or that
nobody here knows, has one conversation, too. Its newest reply stands for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from records.casework import NotFound
from records.correspondents import Correspondent, correspondents_at
from records.database import HubSession
from records.listing_queries import Page, Window, page_of
from records.reply_tasks import ABOUT_REPLIES
from records.tables import HumanTask, Reply


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as a list shows it.

    Attributes:
        last: its newest reply.
        people: everyone with this phone or mailbox; none for an unknown one.
        wants: kinds of the open tasks about it, e.g. `reply_waiting`, `ride_wanted`.
    """

    last: Reply
    people: tuple[Correspondent, ...]
    wants: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether anybody of the hub is known to have this address."""
        return bool(self.people)

    @property
    def waiting(self) -> bool:
        """Whether something in it waits for a person."""
        return bool(self.wants)


def get_reply(session: HubSession, reply_id: str) -> Reply:
    """The reply.

    Raises:
        NotFound: not in this hub.
    """
    reply = session.get(Reply, reply_id)
    if reply is None:
        raise NotFound("reply")
    return reply


def newest_reply(session: HubSession, reply: Reply) -> Reply:
    """The newest of the conversation to which a reply belongs."""
    return session.exec(_newest().where(Reply.contact_index == reply.contact_index)).one()


def count_waiting(session: HubSession) -> int:
    """In how many conversations something waits for a person."""
    return session.exec(
        select(func.count(func.distinct(col(Reply.contact_index))))
        .select_from(HumanTask)
        .join(Reply, col(Reply.id) == HumanTask.subject_id)
        .where(*_open())
    ).one()


def count_conversations(session: HubSession) -> int:
    """How many conversations the hub has."""
    return session.exec(select(func.count(func.distinct(col(Reply.contact_index))))).one()


def conversations_page(
    session: HubSession, window: Window, *, waiting: bool | None = None
) -> Page[Reply]:
    """The newest replies of conversations, newest first.

    Args:
        session: of the hub.
        window: `after` is the newest reply of the conversation before.
        waiting: only those in which something waits, or nothing; None for all.
    """
    statement = _newest()
    if waiting is not None:
        waits = col(Reply.contact_index).in_(_waiting_indexes())
        statement = statement.where(waits if waiting else ~waits)
    return page_of(session, statement, Reply.id, window, newest_first=True)


def waiting_first(session: HubSession, part: slice) -> list[Reply]:
    """The newest replies of a part of all conversations: those that wait first."""
    waits = case((col(Reply.contact_index).in_(_waiting_indexes()), 0), else_=1)
    statement = _newest().order_by(waits, col(Reply.id).desc())
    return list(session.exec(statement.offset(part.start).limit(part.stop - part.start)).all())


def conversations_of(session: HubSession, replies: Sequence[Reply]) -> list[Conversation]:
    """What belongs beside each newest reply, in a fixed number of queries."""
    indexes = {reply.contact_index for reply in replies}
    people = correspondents_at(session, indexes)
    wants = _wants(session, indexes)
    return [
        Conversation(
            reply, people.get(reply.contact_index, ()), tuple(wants.get(reply.contact_index, ()))
        )
        for reply in replies
    ]


def open_about(session: HubSession, contact_index: str) -> list[HumanTask]:
    """The open tasks about one conversation, oldest first."""
    return list(
        session.exec(
            select(HumanTask)
            .join(Reply, col(Reply.id) == HumanTask.subject_id)
            .where(Reply.contact_index == contact_index, *_open())
            .order_by(col(HumanTask.id))
        ).all()
    )


def _newest() -> SelectOfScalar[Reply]:
    """Replies after which nothing came from the same address. Ids grow with time."""
    later = aliased(Reply)
    after = select(later.id).where(
        col(later.contact_index) == Reply.contact_index, col(later.id) > Reply.id
    )
    return select(Reply).where(~after.exists())


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        col(HumanTask.closed_at).is_(None),
        col(HumanTask.kind).in_(sorted(ABOUT_REPLIES)),
    )


def _waiting_indexes() -> SelectOfScalar[str]:
    asked = aliased(Reply)
    return (
        select(col(asked.contact_index))
        .select_from(HumanTask)
        .join(asked, col(asked.id) == HumanTask.subject_id)
        .where(*_open())
    )


def _wants(session: HubSession, indexes: set[str]) -> Mapping[str, dict[str, None]]:
    rows = session.exec(
        select(col(Reply.contact_index), col(HumanTask.kind))
        .join(Reply, col(Reply.id) == HumanTask.subject_id)
        .where(col(Reply.contact_index).in_(indexes), *_open())
        .order_by(col(HumanTask.id))
    ).all()
    found: dict[str, dict[str, None]] = {}
    for index, kind in rows:
        found.setdefault(index, {})[kind] = None
    return found


__all__ = [
    "Conversation",
    "conversations_of",
    "conversations_page",
    "count_conversations",
    "count_waiting",
    "get_reply",
    "newest_reply",
    "open_about",
    "waiting_first",
]
