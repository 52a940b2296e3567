"""Whose number it is: a person says so, and what came from it counts as theirs."""

from datetime import datetime

from sqlmodel import col, select

from domain.replies import ReplyKind
from domain.vocabulary import Channel
from records.casework import NotFound, Source
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.hearing_answers import SAID, about_hearing, note_answer
from records.replies import Circumstances, circumstances
from records.reply_tasks import ask_a_person, now_known
from records.tables import ContactPoint, Hearing, Reply


class NumberTaken(ValueError):
    """The number belongs to somebody else already; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has this number already. If two people share it, add it on the second "
            "person's own page, too."
        )


def belongs_to(
    session: HubSession,
    reply: Reply,
    person_id: str,
    words: str,
    how: str,
    source: Source,
    now: datetime,
) -> ContactPoint:
    """The unknown number of a reply is this person's, who agreed to be reached there.

    Whatever came from it before is theirs from now on; what still waits is asked of the people
    of their case. Saying the same again changes nothing.

    Args:
        session: of the hub.
        reply: any that came from the number.
        person_id: whose it is.
        words: with which they agreed.
        how: they agreed: "in person", "by phone" …
        source: who says so.
        now: UTC.

    Raises:
        NotFound: no such person, or what was said came from no phone at all.
        NumberTaken: somebody else has it.
    """
    known = session.exec(
        select(ContactPoint).where(ContactPoint.address_index == reply.contact_index)
    ).all()
    theirs = next((contact for contact in known if contact.person_id == person_id), None)
    if theirs is not None:
        return theirs
    if known:
        raise NumberTaken
    if not reply.address:
        raise NotFound("number")  # it was said on a page, and came from no phone
    new = NewContact(Channel(reply.channel), reply.address, words, how=how)
    contact = add_contact(session, person_id, new, source, now)
    adopt_replies(session, contact, source, now)
    return contact


def adopt_replies(
    session: HubSession, contact: ContactPoint, source: Source, now: datetime
) -> None:
    """What came from a number before anybody knew whose it is, is attributed to its owner."""
    replies = session.exec(
        select(Reply)
        .where(Reply.contact_index == contact.address_index, col(Reply.contact_id).is_(None))
        .order_by(col(Reply.received_at), col(Reply.id))
    ).all()
    if not replies:
        return
    now_known(session, contact.address_index, source.actor, now)
    where = circumstances(session, Channel(contact.channel), contact.address)
    hearing = about_hearing(session, where.contacts, where.cases, now)
    for reply in replies:
        reply.contact_id, reply.person_id = contact.id, where.person_id
        if len(where.cases) == 1:
            reply.case_id = where.cases[0].id
        session.add(reply)
        if reply.seen_at is None:
            _ask_again(session, reply, where, hearing, now)
    session.flush()


def adopt_all(session: HubSession, person_id: str, source: Source, now: datetime) -> None:
    """The same for every phone and mailbox of a person who was just taken in."""
    for contact in session.exec(
        select(ContactPoint).where(ContactPoint.person_id == person_id)
    ).all():
        adopt_replies(session, contact, source, now)


def _ask_again(
    session: HubSession,
    reply: Reply,
    where: Circumstances,
    hearing: Hearing | None,
    now: datetime,
) -> None:
    """What nobody has looked at yet is kept and asked as if it came from a known number."""
    kinds = [ReplyKind(kind) for kind in (reply.read_as, *reply.also.split(",")) if kind]
    meant = hearing if hearing and hearing.announced_at <= reply.received_at else None
    for kind in kinds:
        if kind in SAID and meant is not None:
            reply.hearing_id, reply.case_id = meant.id, meant.case_id
            note_answer(session, reply, meant, where.people, SAID[kind], reply.received_at)
    ask_a_person(session, reply, kinds, meant, where.cases, now, known=True)
