"""The order in which a section tells its passages."""

import re
from collections.abc import Sequence

from domain.interview import rank
from domain.packet_sections import SECTIONS
from records.database import HubSession
from records.passage_rows import get_passage, rows_of
from records.tables import Packet, PacketPassage


def place(session: HubSession, packet: Packet, row: PacketPassage) -> None:
    """Put a new passage where it belongs: behind those that answer the same question or an
    earlier one, whoever told what first; in a titled section, by the year or page of its title."""
    others = [one for one in _section(session, packet, row.section) if one.id != row.id]
    at = len(others)
    while at > 0 and _rank(others[at - 1]) > _rank(row):
        at -= 1
    _number(session, [*others[:at], row, *others[at:]])


def move_passage(session: HubSession, packet: Packet, passage_id: str, by: int) -> bool:
    """Move a passage of its section towards the beginning (-1) or the end (1).

    Returns:
        Whether it moved: the first goes no further up, the last no further down.

    Raises:
        NotFound: no such passage in this packet.
    """
    row = get_passage(session, packet, passage_id)
    rows = _section(session, packet, row.section)
    shown = [one for one in rows if one.removed_at is None]
    if row not in shown or not 0 <= shown.index(row) + by < len(shown):
        return False
    neighbour = shown[shown.index(row) + by]
    here, there = rows.index(row), rows.index(neighbour)
    rows[here], rows[there] = neighbour, row
    _number(session, rows)
    return True


def _section(session: HubSession, packet: Packet, section: str) -> list[PacketPassage]:
    return [row for row in rows_of(session, packet.id) if row.section == section]


def _rank(row: PacketPassage) -> float:
    if not SECTIONS[row.section].titled:
        return rank(row.section, row.question)
    number = re.search(r"\d+", row.title)
    return int(number[0][:9]) if number else float("inf")


def _number(session: HubSession, rows: Sequence[PacketPassage]) -> None:
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            session.add(row)
    session.flush()
