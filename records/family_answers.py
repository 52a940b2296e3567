"""What people do on a family page: it counts as if they had written it back to a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from domain.replies import ReplyKind
from records.access import hash_token
from records.casework import Source, record_event
from records.circle import opt_out, talked_about
from records.database import HubSession
from records.family_ending import feed_secret
from records.family_links import FamilyTie
from records.family_page import coming_date, ways_of
from records.hearing_answers import SAID, newest_answers, note_answer
from records.reply_tasks import ask_a_person
from records.tables import ContactPoint, FeedToken, PrivateLink, Reply

ON_THE_PAGE: Final = "page"
"""The channel of what was said on a page of their own."""
MOST_WORDS: Final = 500
MOST_A_DAY: Final = 20
"""Answers of one person on their page in a day: every one of them is somebody's to read."""
A_DAY: Final = timedelta(days=1)


class TooMany(ValueError):
    """They answered so often today that they had better be called."""

    def __init__(self) -> None:
        super().__init__("That were many answers for one day.")


@dataclass(frozen=True, slots=True)
class Said:
    """What they pressed, in their language, and what they wrote beside it ("" for nothing)."""

    button: str
    words: str = ""

    @property
    def whole(self) -> str:
        """Both, as one would write it."""
        words = self.words[:MOST_WORDS]
        return f"{self.button}: {words}" if words else self.button


def say_of_hearing(
    session: HubSession,
    tie: FamilyTie,
    hearing_id: str,
    kind: ReplyKind,
    said: Said,
    source: Source,
    now: datetime,
) -> bool:
    """They will be there, need help, or cannot come: kept, and a task for a person where a text
    would open one. The same button a second time changes nothing, whatever was said before it.

    Args:
        session: of the hub.
        tie: who says it, of which case.
        hearing_id: of which hearing.
        kind: CONFIRMED, RIDE or CANNOT_COME.
        said: in which words.
        source: the link.
        now: UTC.

    Returns:
        Whether anything changed.

    Raises:
        NotFound: their page shows no such hearing, or does not ask them.
        TooMany: nothing was kept.
    """
    assert kind in SAID
    hearing = coming_date(session, tie.case, "" if tie.held else hearing_id, now).hearing
    session.lock(hearing)
    before = newest_answers(session, hearing).get(tie.person.id)
    if before is not None and before.said == SAID[kind]:
        known = session.get(Reply, before.reply_id) if before.reply_id else None
        if not said.words or (known is not None and known.body == said.whole):
            return False
    if _answers_today(session, tie.person.id, now) >= MOST_A_DAY:
        raise TooMany
    reply = _kept(session, tie, said.whole, kind, now)
    reply.hearing_id = hearing.id
    note_answer(session, reply, hearing, [tie.person.id], SAID[kind], now)
    record_event(session, tie.case, "circle", f"reply_{kind}", source, now, subject_id=reply.id)
    ask_a_person(session, reply, [kind], hearing, [tie.case], now, known=True)
    return True


def stop_everything(
    session: HubSession, tie: FamilyTie, words: str, source: Source, now: datetime
) -> int:
    """They want no more messages: every way to them ends at once. A second time changes nothing.

    Args:
        session: of the hub.
        tie: who.
        words: of the button that they pressed.
        source: the link.
        now: UTC.

    Returns:
        How many ways ended.
    """
    running = [way for way in ways_of(session, tie.person.id) if way.opted_out_at is None]
    for contact in running:
        opt_out(session, contact, source, now, words=words)
    return len(running)


def choose_language(
    session: HubSession, tie: FamilyTie, language: str, source: Source, now: datetime
) -> None:
    """From now on messages come in this language. A second time changes nothing."""
    if tie.person.language == language:
        return
    tie.person.language = language
    session.add(tie.person)
    for case in talked_about(session, tie.person.id):
        record_event(
            session, case, "circle", "language_changed", source, now, subject_id=tie.person.id
        )


def subscribe(session: HubSession, link: PrivateLink) -> str:
    """A calendar of all dates that this person may know of, for calendar apps. Asked for twice it
    is the same one; one that was ended for a wrong number stays so.

    Returns:
        The secret part of its address.
    """
    secret = feed_secret(link)
    known = session.exec(
        select(FeedToken).where(FeedToken.token_hash == hash_token(secret))
    ).first()
    if known is None:
        session.add(FeedToken(person_id=link.person_id, token_hash=hash_token(secret)))
        session.flush()
    return secret


def _kept(session: HubSession, tie: FamilyTie, words: str, kind: ReplyKind, now: datetime) -> Reply:
    """Their words, in the conversation that their phone or mailbox already has."""
    contact = _known_by(session, tie.person.id)
    reply = Reply(
        contact_index=contact.address_index if contact else tie.person.id,
        channel=ON_THE_PAGE,
        address=contact.address if contact else "",
        contact_id=contact.id if contact else None,
        person_id=tie.person.id,
        case_id=tie.case.id,
        body=words,
        received_at=now,
        read_as=kind,
    )
    session.add(reply)
    session.flush()
    return reply


def _answers_today(session: HubSession, person_id: str, now: datetime) -> int:
    return session.exec(
        select(func.count(col(Reply.id))).where(
            Reply.person_id == person_id,
            Reply.channel == ON_THE_PAGE,
            col(Reply.received_at) > now - A_DAY,
        )
    ).one()


def _known_by(session: HubSession, person_id: str) -> ContactPoint | None:
    """The phone or mailbox whose conversation this joins: one that works, or any that they had."""
    contacts = session.exec(
        select(ContactPoint)
        .where(ContactPoint.person_id == person_id)
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    ).all()
    return min(contacts, key=lambda one: one.unreachable_at is not None, default=None)
