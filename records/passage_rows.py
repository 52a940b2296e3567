"""The passages of a packet as rows: reading them in their order, and what each of them says."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from domain.packet_sections import OF_KIND
from domain.vocabulary import LinkPurpose, PacketKind
from records.casework import NotFound, Source
from records.database import HubSession
from records.tables import Packet, PacketPassage

MOST_PASSAGES: Final = 50
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


@dataclass(frozen=True, slots=True)
class Said:
    """One passage as it is written: `said_by` and `quote` keep whose words they are.

    Attributes:
        text: what the packet says, in English; "" while it waits for a translation.
        original: the words as they were said, in `language`, where `text` is not simply them.
        teller_id: who told it through a link of their own.
    """

    text: str
    title: str = ""
    said_by: str = ""
    quote: bool = False
    confirmed_by: str = ""
    question: str = ""
    original: str = ""
    language: str = "en"
    teller_id: str | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing is said at all."""
        return not (self.text.strip() or self.original.strip())


def said_in(row: PacketPassage) -> Said:
    """A passage as it was written."""
    return Said(
        row.text,
        row.title,
        row.said_by,
        row.quote,
        row.confirmed_by,
        row.question,
        row.original,
        row.language,
        row.teller_id,
    )


def teller_actor(person_id: str) -> str:
    """Who writes, takes back and puts back what somebody tells through their own link."""
    return f"{LinkPurpose.INTERVIEW}:{person_id}"


def stands(row: PacketPassage) -> bool:
    """Whether a packet says this passage."""
    return row.removed_at is None and bool(row.text.strip())


def taken_back(row: PacketPassage) -> bool:
    """Whether the one who told it took it back: nobody else reads it any more."""
    if row.removed_at is None or not row.teller_id:
        return False
    return row.removed_by == teller_actor(row.teller_id)


def rows_of(session: HubSession, packet_id: str) -> Sequence[PacketPassage]:
    """Every row of a packet, in order."""
    return session.exec(
        select(PacketPassage)
        .where(PacketPassage.packet_id == packet_id)
        .order_by(col(PacketPassage.position), col(PacketPassage.id))
    ).all()


def all_passages(session: HubSession, packet: Packet) -> list[PacketPassage]:
    """Every passage of a packet in order, those that stand in no packet too."""
    return list(rows_of(session, packet.id) or _legacy(packet))


def passages_of(session: HubSession, packet: Packet) -> dict[str, list[PacketPassage]]:
    """What a packet says, by section, in order: nothing that was taken out, nothing that waits for
    a translation. Older packets keep four sections in their content."""
    return by_section(row for row in all_passages(session, packet) if stands(row))


def sections_told(session: HubSession, packets: Collection[Packet]) -> dict[str, set[str]]:
    """Packet id → its sections in which something stands, of many packets in one query; the words
    themselves are not opened."""
    found: dict[str, set[str]] = {}
    written: set[str] = set()
    text, gone = col(PacketPassage.text) != "", col(PacketPassage.removed_at).is_not(None)
    rows = session.exec(
        select(col(PacketPassage.packet_id), col(PacketPassage.section), text, gone)
        .where(col(PacketPassage.packet_id).in_([packet.id for packet in packets]))
        .distinct()
    ).all()
    for packet_id, section, says, removed in rows:
        written.add(packet_id)
        if says and not removed:
            found.setdefault(packet_id, set()).add(section)
    for packet in packets:
        if packet.id not in written:
            found[packet.id] = {row.section for row in _legacy(packet) if stands(row)}
    return found


def by_section(rows: Iterable[PacketPassage]) -> dict[str, list[PacketPassage]]:
    """The same rows, section by section."""
    found: dict[str, list[PacketPassage]] = {}
    for row in rows:
        found.setdefault(row.section, []).append(row)
    return found


def get_passage(session: HubSession, packet: Packet, passage_id: str) -> PacketPassage:
    """A passage of a packet, also one that was taken out.

    Raises:
        NotFound: no such passage in this packet.
    """
    row = session.get(PacketPassage, passage_id)
    if row is None or row.packet_id != packet.id:
        raise NotFound("passage")
    return row


def check_section(packet: Packet, section: str) -> None:
    """Refuse a section that this kind of packet does not have.

    Raises:
        NoSuchSection: it has none of this name.
    """
    if section not in OF_KIND[PacketKind(packet.kind)]:
        raise NoSuchSection(packet.kind, section)


def check_room(session: HubSession, packet: Packet, section: str, more: int = 1) -> None:
    """Refuse more passages than a section holds.

    Raises:
        TooManyPassages: it is full.
    """
    rows = rows_of(session, packet.id)
    there = [row for row in rows if row.section == section and row.removed_at is None]
    if len(there) + more > MOST_PASSAGES:
        raise TooManyPassages


def new_row(
    packet: Packet, section: str, position: int, said: Said, source: Source, now: datetime
) -> PacketPassage:
    """A passage that is not in the records yet."""
    return PacketPassage(
        packet_id=packet.id,
        section=section,
        question=said.question,
        position=position,
        title=said.title,
        text=said.text,
        said_by=said.said_by,
        quote=said.quote,
        confirmed_by=said.confirmed_by,
        teller_id=said.teller_id,
        original=said.original,
        language=said.language,
        written_by=source.actor,
        written_at=now,
    )


def mark_written(row: PacketPassage, source: Source, now: datetime) -> None:
    """Note who changed a passage: its next revision."""
    row.written_by, row.written_at = source.actor, now
    row.revision += 1


def take_out(session: HubSession, row: PacketPassage, source: Source, now: datetime) -> None:
    """Take a passage out of its packet; it can be put back."""
    row.removed_at, row.removed_by = now, source.actor
    row.revision += 1
    session.add(row)
    session.flush()


def adopt_legacy(session: HubSession, packet: Packet) -> None:
    """Make rows of what an older program kept in the packet's content, so that single passages
    can be changed."""
    legacy = [] if rows_of(session, packet.id) else _legacy(packet)
    session.add_all(legacy)
    content = json.loads(packet.content or "{}")
    if any(name in content for name in _LEGACY):
        kept = {name: value for name, value in content.items() if name not in _LEGACY}
        packet.content = json.dumps(kept, ensure_ascii=False)
        session.add(packet)
    session.flush()


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
        if text.strip()
    ]
