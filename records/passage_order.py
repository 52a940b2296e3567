"""The order in which a section tells its passages."""

from collections.abc import Sequence

from domain.interview import rank
from records.database import HubSession
from records.passage_rows import get_passage, rows_of
from records.tables import Packet, PacketPassage


def place_by_question(session: HubSession, packet: Packet, row: PacketPassage) -> None:
    """Put a new passage behind those that answer the same question or an earlier one, so that a
    section reads in the order of its questions whoever told what first."""
    others = [one for one in _section(session, packet, row.section) if one.id != row.id]
    place = len(others)
    while place > 0 and _rank(others[place - 1]) > _rank(row):
        place -= 1
    _number(session, [*others[:place], row, *others[place:]])


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


def _rank(row: PacketPassage) -> int:
    return rank(row.section, row.question)


def _number(session: HubSession, rows: Sequence[PacketPassage]) -> None:
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            session.add(row)
    session.flush()
