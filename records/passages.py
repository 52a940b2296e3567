"""What a packet's sections say: answers of the interview and free paragraphs, in their order."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.packet_sections import OF_KIND
from domain.vocabulary import PacketKind
from records.casework import NotFound, Source
from records.database import HubSession
from records.tables import Packet, PacketPassage

MOST_PASSAGES = 50
"""Passages that one section may have."""
_LEGACY = ("ties", "residence", "occupation", "caregiving")
"""Sections that older packets keep in their content."""


class NoSuchSection(ValueError):
    """A kind of packet has no section of this name."""

    def __init__(self, kind: str, section: str) -> None:
        known = ", ".join(OF_KIND[PacketKind(kind)])
        super().__init__(f"A {kind} packet has no section {section!r}; it has {known}.")


class TooManyPassages(ValueError):
    """A section would have more passages than anybody reads."""

    def __init__(self) -> None:
        super().__init__(f"A section holds {MOST_PASSAGES} paragraphs; join some of them.")


class SavedMeanwhile(ValueError):
    """Somebody else changed the same passage since it was read; both texts are kept apart."""

    def __init__(self, newer: PacketPassage) -> None:
        self.newer = newer
        super().__init__("Somebody else changed this answer meanwhile. Read both, and save again.")


@dataclass(frozen=True, slots=True)
class Said:
    """One passage as it is written: `said_by` and `quote` keep whose words they are."""

    text: str
    title: str = ""
    said_by: str = ""
    quote: bool = False
    confirmed_by: str = ""
    question: str = ""


Sections = Mapping[str, Sequence[Said]]


def passages_of(session: HubSession, packet: Packet) -> dict[str, list[PacketPassage]]:
    """All passages of a packet by section, in order. Older packets keep four in their content."""
    rows = session.exec(
        select(PacketPassage)
        .where(PacketPassage.packet_id == packet.id)
        .order_by(col(PacketPassage.position), col(PacketPassage.id))
    ).all()
    found: dict[str, list[PacketPassage]] = {}
    for row in rows or _legacy(packet):
        found.setdefault(row.section, []).append(row)
    return found


def replace_sections(
    session: HubSession, packet: Packet, sections: Sections, source: Source, now: datetime
) -> None:
    """Make the sections say this and nothing else. Blank passages are left out.

    Raises:
        NoSuchSection: the kind has no such section.
        TooManyPassages: a section would have too many.
    """
    for section in sections:
        _check(packet, section)
    for row in _rows(session, packet.id):
        session.delete(row)
    session.flush()
    for section, passages in sections.items():
        _add_all(session, packet, section, passages, source, now)
    _forget_legacy(session, packet)


def adopt_legacy(session: HubSession, packet: Packet) -> None:
    """Bring what an older program kept in the content into rows; nothing where there is none."""
    if not _rows(session, packet.id):
        session.add_all(_legacy(packet))
    _forget_legacy(session, packet)


def take_over(session: HubSession, packet: Packet, source: Source, now: datetime) -> None:
    """Begin a packet with what the newest earlier one of its case says in the sections that both
    have, and with who said it."""
    earlier = session.exec(
        select(Packet)
        .where(Packet.case_id == packet.case_id, Packet.id != packet.id)
        .order_by(col(Packet.requested_at).desc(), col(Packet.id))
    ).first()
    if earlier is None:
        return
    for section, rows in passages_of(session, earlier).items():
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
    """Save one passage, as an interview goes: changes the one named, or the answer to the same
    question where there is one, or adds it; a blank text removes it.

    Args:
        passage_id: of the passage; "" for the answer to `said.question`, or a new one.
        seen_revision: what the writer had read; 0 when they had read nothing.

    Returns:
        The passage; None when it is gone.

    Raises:
        NotFound: no such passage in this packet.
        NoSuchSection: the kind has no such section.
        TooManyPassages: the section is full.
        SavedMeanwhile: it changed since; nothing was saved.
    """
    _check(packet, section)
    adopt_legacy(session, packet)
    row = _one(session, packet, section, said.question, passage_id)
    if row is None:
        if not said.text.strip():
            return None
        return _add_all(session, packet, section, [said], source, now)[0]
    if said_in(row) == said:
        return row
    if row.revision != seen_revision and row.written_by != source.actor:
        raise SavedMeanwhile(row)
    if not said.text.strip():
        session.delete(row)
        session.flush()
        return None
    row.title, row.text, row.said_by = said.title, said.text, said.said_by
    row.quote, row.confirmed_by = said.quote, said.confirmed_by
    row.written_by, row.written_at = source.actor, now
    row.revision += 1
    session.add(row)
    session.flush()
    return row


def said_in(row: PacketPassage) -> Said:
    """A passage as it was written."""
    return Said(row.text, row.title, row.said_by, row.quote, row.confirmed_by, row.question)


def _check(packet: Packet, section: str) -> None:
    if section not in OF_KIND[PacketKind(packet.kind)]:
        raise NoSuchSection(packet.kind, section)


def _one(
    session: HubSession, packet: Packet, section: str, question: str, passage_id: str
) -> PacketPassage | None:
    if passage_id:
        row = session.get(PacketPassage, passage_id)
        if row is None or row.packet_id != packet.id or row.section != section:
            raise NotFound("passage")
        session.lock(row)
        return row
    if not question:
        return None
    rows = _rows(session, packet.id)
    return next((r for r in rows if r.section == section and r.question == question), None)


def _rows(session: HubSession, packet_id: str) -> Sequence[PacketPassage]:
    return session.exec(
        select(PacketPassage)
        .where(PacketPassage.packet_id == packet_id)
        .order_by(col(PacketPassage.position))
    ).all()


def _add_all(
    session: HubSession,
    packet: Packet,
    section: str,
    passages: Iterable[Said],
    source: Source,
    now: datetime,
) -> list[PacketPassage]:
    """Put passages at the end of a section."""
    before = [row for row in _rows(session, packet.id) if row.section == section]
    position = max((row.position for row in before), default=-1) + 1
    rows = [
        PacketPassage(
            packet_id=packet.id,
            section=section,
            question=said.question,
            position=position + index,
            title=said.title,
            text=said.text,
            said_by=said.said_by,
            quote=said.quote,
            confirmed_by=said.confirmed_by,
            written_by=source.actor,
            written_at=now,
        )
        for index, said in enumerate(said for said in passages if said.text.strip())
    ]
    if len(before) + len(rows) > MOST_PASSAGES:
        raise TooManyPassages
    session.add_all(rows)
    session.flush()
    return rows


def _legacy(packet: Packet) -> list[PacketPassage]:
    content = json.loads(packet.content or "{}")
    return [
        PacketPassage(
            packet_id=packet.id,
            section=section,
            position=index,
            text=text,
            written_at=packet.requested_at,
        )
        for section in _LEGACY
        for index, text in enumerate(content.get(section, ()))
    ]


def _forget_legacy(session: HubSession, packet: Packet) -> None:
    content = json.loads(packet.content or "{}")
    packet.content = json.dumps(
        {name: value for name, value in content.items() if name not in _LEGACY},
        ensure_ascii=False,
    )
    session.add(packet)
    session.flush()
