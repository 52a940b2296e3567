"""What a packet's sections say: answers of the interview and free paragraphs, in their order.

Writing them, taking them out and putting them back; `passage_rows` reads them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.interview import takes_many
from domain.packet_sections import OF_KIND
from domain.vocabulary import PacketKind
from records.casework import NotFound, Source
from records.database import HubSession
from records.passage_rows import (
    MOST_PASSAGES,
    NoSuchSection,
    Said,
    TooManyPassages,
    adopt_legacy,
    all_passages,
    by_section,
    check_room,
    check_section,
    get_passage,
    mark_written,
    new_row,
    passages_of,
    rows_of,
    said_in,
    stands,
    take_out,
    taken_back,
    teller_actor,
)
from records.tables import Packet, PacketPassage

UNDO: Final = timedelta(days=1)
"""How long a passage that was taken out is kept for putting it back."""

Sections = Mapping[str, Sequence[Said]]


class SavedMeanwhile(ValueError):
    """Somebody else changed the same passage since it was read; both texts are kept apart."""

    def __init__(self, newer: PacketPassage) -> None:
        self.newer = newer
        super().__init__("Somebody else changed this answer meanwhile. Read both, and save again.")


def replace_sections(
    session: HubSession, packet: Packet, sections: Sections, source: Source, now: datetime
) -> None:
    """Make the sections say this and nothing else. Blank passages are left out.

    A passage whose text stays keeps its question and the words it came from. What somebody told
    through a link is never deleted here: it is taken out of the packet and can be put back.

    Raises:
        NoSuchSection: the kind has no such section.
        TooManyPassages: a section would have too many.
    """
    for section in sections:
        check_section(packet, section)
    adopt_legacy(session, packet)
    before = by_section(row for row in rows_of(session, packet.id) if stands(row))
    for section in OF_KIND[PacketKind(packet.kind)]:
        wanted = [said for said in sections.get(section, ()) if said.text.strip()]
        if len(wanted) > MOST_PASSAGES:
            raise TooManyPassages
        left = before.get(section, [])
        for position, said in enumerate(wanted):
            _put(session, packet, section, position, said, left, source, now)
        for row in left:
            _drop(session, row, source, now)
    session.flush()


def _put(
    session: HubSession,
    packet: Packet,
    section: str,
    position: int,
    said: Said,
    left: list[PacketPassage],
    source: Source,
    now: datetime,
) -> None:
    """Have a section say this at this place, by the passage of `left` that says it, if one does."""
    row = next((old for old in left if old.text.strip() == said.text.strip()), None)
    if row is None:
        session.add(new_row(packet, section, position, said, source, now))
        return
    left.remove(row)
    row.position = position
    marks = (said.title, said.said_by, said.quote, said.confirmed_by)
    if (row.title, row.said_by, row.quote, row.confirmed_by) != marks:
        row.title, row.said_by, row.quote, row.confirmed_by = marks
        mark_written(row, source, now)
    session.add(row)


def _drop(session: HubSession, row: PacketPassage, source: Source, now: datetime) -> None:
    if row.teller_id or row.original:
        take_out(session, row, source, now)
    else:
        session.delete(row)


def take_over(session: HubSession, packet: Packet, source: Source, now: datetime) -> None:
    """Begin a packet with what the one that it replaces says, or else the newest earlier one of its
    case, in the sections that both have, and with who said it; what waits for a translation there
    waits here too."""
    which = Packet.id == packet.replaces_id if packet.replaces_id else Packet.id != packet.id
    earlier = session.exec(
        select(Packet)
        .where(Packet.case_id == packet.case_id, which)
        .order_by(col(Packet.requested_at).desc(), col(Packet.id))
    ).first()
    if earlier is None:
        return
    kept = by_section(row for row in all_passages(session, earlier) if row.removed_at is None)
    for section, rows in kept.items():
        if section in OF_KIND[PacketKind(packet.kind)]:
            _add_all(session, packet, section, [said_in(row) for row in rows], source, now)
    session.flush()


def save_passage(
    session: HubSession,
    packet: Packet,
    section: str,
    said: Said,
    source: Source,
    now: datetime,
    *,
    passage_id: str = "",
    seen_revision: int = 0,
) -> PacketPassage | None:
    """Save one passage, as an interview goes: changes the one named, or the answer of the same
    teller to the same question where there is one, or adds it; a blank text takes it out.

    Args:
        passage_id: of the passage; "" for the answer to `said.question`, or a new one. A question
            that takes several answers gets one more, unless it has this very one already.
        seen_revision: what the writer had read; 0 when they had read nothing.

    Returns:
        The passage; None when it is gone.

    Raises:
        NotFound: no such passage in this packet.
        NoSuchSection: the kind has no such section.
        TooManyPassages: the section is full.
        SavedMeanwhile: it changed since; nothing was saved.
    """
    check_section(packet, section)
    adopt_legacy(session, packet)
    row = _one(session, packet, section, said, passage_id)
    if row is None:
        if said.blank:
            return None
        return _add_all(session, packet, section, [said], source, now)[0]
    if said_in(row) == said and not row.earlier_text:
        return row
    if row.revision != seen_revision and row.written_by != source.actor:
        raise SavedMeanwhile(row)
    if said.blank:
        take_out(session, row, source, now)
        return None
    row.title, row.text, row.said_by = said.title, said.text, said.said_by
    row.quote, row.confirmed_by = said.quote, said.confirmed_by
    row.original, row.language, row.earlier_text = said.original, said.language, ""
    mark_written(row, source, now)
    session.add(row)
    session.flush()
    return row


def _one(
    session: HubSession, packet: Packet, section: str, said: Said, passage_id: str
) -> PacketPassage | None:
    """The passage that is being saved, where it is there already."""
    if passage_id:
        row = get_passage(session, packet, passage_id)
        if row.section != section:
            raise NotFound("passage")
        session.lock(row)
        return row
    same = (section, said.question, said.teller_id)
    rows = [
        row
        for row in rows_of(session, packet.id)
        if (row.section, row.question, row.teller_id) == same and row.removed_at is None
    ]
    if takes_many(section, said.question):
        rows = [row for row in rows if said_in(row) == said]
    return rows[0] if rows else None


def remove_passage(
    session: HubSession, packet: Packet, passage_id: str, source: Source, now: datetime
) -> PacketPassage:
    """Take a passage out of the packet; doing so twice changes nothing.

    What was taken out longer than `UNDO` ago is deleted on the way, but for what a teller said
    and somebody else left out: those words are the teller's.

    Raises:
        NotFound: no such passage in this packet.
    """
    adopt_legacy(session, packet)
    row = get_passage(session, packet, passage_id)
    if row.removed_at is None:
        take_out(session, row, source, now)
    for old in rows_of(session, packet.id):
        theirs = old.teller_id and not taken_back(old)
        if old.removed_at is not None and not theirs and old.removed_at <= now - UNDO:
            session.delete(old)
    session.flush()
    return row


def restore_passage(
    session: HubSession, packet: Packet, passage_id: str, source: Source, now: datetime
) -> PacketPassage:
    """Put a passage back that was taken out. What its teller took back they alone put back.

    Raises:
        NotFound: no such passage in this packet, or its teller took it back.
        TooManyPassages: the section is full.
    """
    row = get_passage(session, packet, passage_id)
    if row.removed_at is None:
        return row
    if taken_back(row) and row.removed_by != source.actor:
        raise NotFound("passage")
    check_room(session, packet, row.section)
    row.removed_at, row.removed_by = None, ""
    mark_written(row, source, now)
    session.add(row)
    session.flush()
    return row


def _add_all(
    session: HubSession,
    packet: Packet,
    section: str,
    passages: Iterable[Said],
    source: Source,
    now: datetime,
) -> list[PacketPassage]:
    """Put passages at the end of a section."""
    wanted = [said for said in passages if not said.blank]
    check_room(session, packet, section, len(wanted))
    taken = [row.position for row in rows_of(session, packet.id) if row.section == section]
    first = max(taken, default=-1) + 1
    rows = [
        new_row(packet, section, first + index, said, source, now)
        for index, said in enumerate(wanted)
    ]
    session.add_all(rows)
    session.flush()
    return rows


__all__ = [
    "MOST_PASSAGES",
    "UNDO",
    "NoSuchSection",
    "Said",
    "SavedMeanwhile",
    "Sections",
    "TooManyPassages",
    "adopt_legacy",
    "all_passages",
    "get_passage",
    "passages_of",
    "remove_passage",
    "replace_sections",
    "restore_passage",
    "said_in",
    "save_passage",
    "take_over",
    "taken_back",
    "teller_actor",
]
