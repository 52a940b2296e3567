"""What unreadable rows say, for the person who has to look them up; for nobody and nothing else.

Reasons never repeat a row, because they go into logs and answers. This is for one page alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.listings.errors import ListingsError
from domain.listings.events import EventCutter
from domain.listings.lines import ByteSource, text_lines
from domain.listings.mapping import CourtMapping
from domain.listings.records import Records

LONGEST: Final = 300
"""Characters of one row that are shown."""
_EVENT: Final = frozenset({"UID", "SUMMARY", "DTSTART", "LOCATION", "CATEGORIES", "X-CASE-NUMBER"})


def row_texts(source: ByteSource, mapping: CourtMapping, wanted: Collection[int]) -> dict[int, str]:
    """The text of rows, by row number, each cut to `LONGEST` characters.

    Args:
        source: the file, from its beginning; one that was read without a refusal before.
        mapping: how it is written.
        wanted: row numbers as in `SetAside.row_number`.
    """
    if not wanted:
        return {}
    try:
        if mapping.format == "icalendar":
            cutter = EventCutter(text_lines(source, "utf-8"), _EVENT)
            return {
                raw.number: _cut(" · ".join(raw.lines)) for raw in cutter if raw.number in wanted
            }
        records = Records(text_lines(source, mapping.encoding), mapping)
        return {row: _cut(records.text) for row, _ in records if row in wanted}
    except ListingsError:
        return {}


def _cut(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
