"""The biography interview in the records: answers that an advocate writes down, and who is asked to
tell by a link of their own. What they tell is in `telling`.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.interview import question_of
from domain.languages import is_english, language_name
from domain.packets import ENDED_PACKETS
from domain.tracks import ENDED_STAGES
from domain.vocabulary import LinkPurpose
from records.casework import NotFound, Source, get_case, record_event, touch_packet
from records.database import HubSession
from records.packets import get_packet, take_matters_along
from records.passage_order import move_passage, place
from records.passages import (
    Said,
    get_passage,
    remove_passage,
    restore_passage,
    save_passage,
    taken_back,
)
from records.private_links import LinkFor, is_live, live_link, make_link, revoke_links
from records.tables import CaseEvent, Hearing, Packet, PacketPassage, PrivateLink, Supporter

INVITED_FOR: Final = timedelta(days=60)
"""How long an invitation holds, or until the day after the packet's hearing if that is later."""
ONE_SITTING: Final = timedelta(hours=1)
"""Answers that one person saves within this time are one line of the case's history."""


class PacketClosed(ValueError):
    """The packet was filed or replaced, or the case is over: nothing is told or changed in it."""

    def __init__(self) -> None:
        super().__init__("This packet is closed. Ask for a new one; it begins with what this says.")


class TheirOwnWords(ValueError):
    """Somebody else's words, told through their link, were about to be changed."""

    def __init__(self) -> None:
        super().__init__(
            "These are the words of the person who told them; only they change them. Write what "
            "the packet says of it in the text."
        )


def credited(said_by: str, language: str) -> str:
    """Whose words they are; whoever reads a translation is told so."""
    if not said_by or is_english(language) or "translated" in said_by:
        return said_by
    return f"{said_by} (translated from {language_name(language)})"


def is_open(session: HubSession, packet: Packet) -> bool:
    """Whether the interview of a packet goes on."""
    return packet.state not in ENDED_PACKETS and (
        get_case(session, packet.case_id).stage not in ENDED_STAGES
    )


def invite(
    session: HubSession, packet_id: str, person_id: str, source: Source, now: datetime
) -> PrivateLink:
    """Ask someone of the circle to tell: their link, which the packet's workflow sends them. Asking
    again while it holds gives the same link; one that has expired is replaced by a new one.

    Raises:
        NotFound: no such packet, or nobody of that id stands by this person.
        PacketClosed: nothing is told for it any more.
    """
    packet = open_packet(session, packet_id)
    if supporter_of(session, packet.case_id, person_id) is None:
        raise NotFound("person in this circle")
    wanted = LinkFor(LinkPurpose.INTERVIEW, packet_id=packet.id, person_id=person_id)
    before = live_link(session, wanted)
    if before is not None and not is_live(before, now):
        revoke_links(session, wanted, now)
        before = None
    link = make_link(session, wanted, _until(session, packet, now))
    if before is None:
        link.created_at = now
        session.add(link)
        note(session, packet, "invited", person_id, source, now)
    return link


def revoke(
    session: HubSession, packet_id: str, person_id: str, source: Source, now: datetime
) -> None:
    """End somebody's link. What they told stays, as words that they gave.

    Raises:
        NotFound: no such packet.
    """
    packet = get_packet(session, packet_id)
    wanted = LinkFor(LinkPurpose.INTERVIEW, packet_id=packet.id, person_id=person_id)
    if live_link(session, wanted) is None:
        return
    revoke_links(session, wanted, now)
    note(session, packet, "invite_ended", person_id, source, now)


def take_invites_along(session: HubSession, old_packet_id: str, new: Packet) -> None:
    """Whoever was asked to tell for a packet tells for the one that replaces it, with the same
    link: nobody is asked twice."""
    along = list(invites_of(session, old_packet_id).values())
    for link in along:
        link.packet_id = new.id
        session.add(link)
    session.flush()
    take_matters_along(session, [link.id for link in along], new)


def invites_of(session: HubSession, packet_id: str) -> dict[str, PrivateLink]:
    """Person id → the newest link that was not revoked, expired ones too."""
    rows = session.exec(
        select(PrivateLink)
        .where(
            PrivateLink.purpose == LinkPurpose.INTERVIEW,
            PrivateLink.packet_id == packet_id,
            col(PrivateLink.revoked_at).is_(None),
        )
        .order_by(col(PrivateLink.created_at), col(PrivateLink.id))
    ).all()
    return {row.person_id: row for row in rows if row.person_id}


def save_answer(
    session: HubSession,
    packet_id: str,
    section: str,
    said: Said,
    source: Source,
    now: datetime,
    *,
    passage_id: str = "",
    seen_revision: int = 0,
) -> PacketPassage | None:
    """Save what an advocate writes down, or what the packet says of somebody's own words.

    Raises:
        NotFound: no such packet, question or passage.
        NoSuchSection: the kind has no such section.
        PacketClosed: the packet was filed or replaced.
        SavedMeanwhile: it changed since; nothing was saved.
        TheirOwnWords: it would change what a teller said.
        TooManyPassages: the section is full.
    """
    packet = open_packet(session, packet_id)
    if said.question and question_of(section, said.question) is None:
        raise NotFound("question")
    if said.blank and not passage_id:
        return None
    before = get_passage(session, packet, passage_id) if passage_id else None
    if before is not None:
        if taken_back(before):
            raise NotFound("passage")
        if before.teller_id and said.original != before.original:
            raise TheirOwnWords
        said = replace(said, question=before.question, teller_id=before.teller_id)
    if said.original:
        said = replace(said, said_by=credited(said.said_by, said.language))
    known = (before.revision, before.title) if before else (0, "")
    row = save_passage(
        session,
        packet,
        section,
        said,
        source,
        now,
        passage_id=passage_id,
        seen_revision=seen_revision,
    )
    if row is not None and (before is None or row.title != known[1]):
        place(session, packet, row)
    if row is None or row.revision != known[0]:
        note(session, packet, "changed", packet.id, source, now)
    return row


def remove_answer(
    session: HubSession, packet_id: str, passage_id: str, source: Source, now: datetime
) -> PacketPassage:
    """Take a passage out of the packet. What a teller said is left out, and stays theirs.

    Raises:
        NotFound: no such packet or passage, or its teller took it back.
        PacketClosed: the packet was filed or replaced.
    """
    packet = open_packet(session, packet_id)
    _not_taken_back(session, packet, passage_id)
    row = remove_passage(session, packet, passage_id, source, now)
    note(session, packet, "changed", packet.id, source, now)
    return row


def restore_answer(
    session: HubSession, packet_id: str, passage_id: str, source: Source, now: datetime
) -> PacketPassage:
    """Put a passage back into the packet.

    Raises:
        NotFound: no such packet or passage, or its teller took it back.
        PacketClosed: the packet was filed or replaced.
        TooManyPassages: the section is full.
    """
    packet = open_packet(session, packet_id)
    _not_taken_back(session, packet, passage_id)
    row = restore_passage(session, packet, passage_id, source, now)
    note(session, packet, "changed", packet.id, source, now)
    return row


def move_answer(
    session: HubSession, packet_id: str, passage_id: str, by: int, source: Source, now: datetime
) -> None:
    """Move a passage of its section up (-1) or down (1).

    Raises:
        NotFound: no such packet or passage.
        PacketClosed: the packet was filed or replaced.
    """
    packet = open_packet(session, packet_id)
    if move_passage(session, packet, passage_id, by):
        note(session, packet, "changed", packet.id, source, now)


def open_packet(session: HubSession, packet_id: str) -> Packet:
    """The packet, held until the transaction ends: two answers that are saved at the same moment
    are saved one after the other.

    Raises:
        NotFound: no such packet.
        PacketClosed: it was filed or replaced, or the case is over.
    """
    packet = get_packet(session, packet_id)
    session.lock(packet, "revision")
    if not is_open(session, packet):
        raise PacketClosed
    return packet


def supporter_of(session: HubSession, case_id: str, person_id: str) -> Supporter | None:
    """Somebody's place in the circle of a case; None when they are not in it (any more)."""
    return session.exec(
        select(Supporter).where(
            Supporter.case_id == case_id,
            Supporter.person_id == person_id,
            col(Supporter.ended_at).is_(None),
        )
    ).first()


def _until(session: HubSession, packet: Packet, now: datetime) -> datetime:
    hearing = session.get(Hearing, packet.hearing_id) if packet.hearing_id else None
    after = hearing.starts_at + timedelta(days=1) if hearing else now
    return max(now + INVITED_FOR, after)


def _not_taken_back(session: HubSession, packet: Packet, passage_id: str) -> None:
    if taken_back(get_passage(session, packet, passage_id)):
        raise NotFound("passage")


def note(
    session: HubSession, packet: Packet, what: str, subject_id: str, source: Source, now: datetime
) -> None:
    """Something was told or changed: the packet's workflow hears of it, and the case's history
    unless this stands there already."""
    lately = session.exec(
        select(CaseEvent).where(
            CaseEvent.case_id == packet.case_id,
            CaseEvent.kind == what,
            CaseEvent.subject_id == subject_id,
            CaseEvent.recorded_by == source.actor,
            col(CaseEvent.happened_at) > now - ONE_SITTING,
        )
    ).first()
    if lately is None:
        case = get_case(session, packet.case_id)
        record_event(session, case, "packet", what, source, now, subject_id=subject_id)
    touch_packet(session, packet, now)
