"""The tables of a mapping file, one small reader for each (see `mapping.py` for their meaning)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from domain.court_time import UnknownZone, zone_of
from domain.listings.checked_table import CheckedTable
from domain.listings.kinds import KindWords, kind_words
from domain.listings.mapping import FIELDS, Column, EventRules, Join, Zones
from domain.listings.wall_time import (
    FormatError,
    WallFormat,
    date_format,
    datetime_format,
    time_format,
)
from domain.vocabulary import HearingKind

_KINDS: Final = tuple(kind.value for kind in HearingKind)
_DOCKET_LIKE: Final = r"\b(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*[0-9]){4})[A-Z0-9]+(?:-[A-Z0-9]+)*\b"
"""A word of capitals, digits and hyphens with a letter and four digits: no phone, no date."""
_FORMATS: Final = {"date": date_format, "time": time_format, "datetime": datetime_format}
_JOINABLE: Final = ("court", "courtroom", "place", "jurisdiction", "kind")
_FIXABLE: Final = ("court", "courtroom", "jurisdiction")
_EXCLUSIVE: Final = (
    ("datetime", ("date", "time")),
    ("person", ("last_name", "first_name")),
    ("place", ("court", "courtroom")),
)


def columns(table: CheckedTable) -> dict[str, Column]:
    """`[columns]`: which header holds which field; refuses what cannot go together."""
    columns = {name: _column(table, name) for name in FIELDS if name in table}
    table.only(FIELDS)
    for one, others in _EXCLUSIVE:
        for other in others:
            if one in columns and other in columns:
                raise table.refusal(other, f"give either {one} or {' and '.join(others)}")
    if "docket_number" not in columns:
        raise table.refusal("docket_number", "name the column that holds the case number")
    if "datetime" not in columns and not {"date", "time"} <= columns.keys():
        raise table.refusal("date", "name the columns date and time, or one column datetime")
    return columns


def _column(table: CheckedTable, name: str) -> Column:
    if not table.holds_table(name):
        return Column((_header(table, name, table.text(name)),))
    inner = table.table(name)
    headers = tuple(_header(inner, "columns", text) for text in inner.texts("columns"))
    column = Column(headers, inner.text("joined", " "))
    inner.finish()
    return column


def _header(table: CheckedTable, key: str, text: str) -> str:
    if not text.strip():
        raise table.refusal(key, "a header cannot be empty")
    return text.strip()


def formats(
    table: CheckedTable, columns: Mapping[str, Column]
) -> dict[str, tuple[WallFormat, ...]]:
    """`[formats]`: how the declared date and time columns are written."""
    found = {}
    for name, compiled in _FORMATS.items():
        if name not in columns:
            continue
        try:
            found[name] = tuple(compiled(text) for text in table.texts(name))
        except FormatError as error:
            raise table.refusal(name, str(error)) from None
    table.finish()
    return found


def fixed(table: CheckedTable, columns: Mapping[str, Column]) -> dict[str, str]:
    """`[fixed]`: what the file does not print because it is always the same."""
    found = {name: table.text(name) for name in _FIXABLE if name in table}
    for name in found:
        if name in columns or (name != "jurisdiction" and "place" in columns):
            raise table.refusal(name, "the file has a column for it already; remove one of them")
    table.only(_FIXABLE)
    return found


def place(table: CheckedTable) -> tuple[re.Pattern[str], ...]:
    """`[place]`: how one text is split into court and courtroom."""
    found = table.patterns("patterns", ("court", "courtroom"))
    table.finish()
    return found


def person(table: CheckedTable) -> re.Pattern[str] | None:
    """`[person]`: where the person's name stands in a longer text."""
    found = table.pattern("pattern", ("name", "last", "first"))
    table.finish()
    return found


def kinds(table: CheckedTable) -> KindWords:
    """`[kinds]`: the court's words for its hearings."""
    default = HearingKind(table.text("default", HearingKind.OTHER.value, _KINDS))
    words = table.table("words")
    table.finish()
    for word in words.names():
        if not word.strip("*").strip() or "*" in word.strip("*"):
            raise words.refusal(word, 'write words; "*" may stand at their beginning or end only')
    return kind_words(words.each(lambda word: HearingKind(words.text(word, None, _KINDS))), default)


def zones(table: CheckedTable) -> Zones:
    """`[zones]`: counties or courts that keep another time."""
    by = table.text("by", "jurisdiction", ("jurisdiction", "court"))
    names = table.table("names")
    table.finish()
    zones = names.each(lambda place: checked_zone(names, place, names.text(place)))
    return Zones(
        "court" if by == "court" else "jurisdiction",
        {place.strip().casefold(): zone for place, zone in zones.items()},
    )


def joins(table: CheckedTable, columns: Mapping[str, Column]) -> dict[str, Join]:
    """`[join.<field>]`: second files that explain codes."""
    table.only([name for name in _JOINABLE if name in columns])
    return table.each(lambda name: _join(table.table(name)))


def _join(table: CheckedTable) -> Join:
    valid = table.table("valid")
    join = Join(
        file=table.text("file"),
        key=_header(table, "key", table.text("key")),
        value=_header(table, "value", table.text("value")),
        valid_header=_header(valid, "column", valid.text("column")) if "valid" in table else "",
        valid_values=valid.texts("values") if "valid" in table else (),
    )
    valid.finish()
    table.finish()
    return join


def events(table: CheckedTable) -> EventRules:
    """`[icalendar]`: how an event names its case."""
    zones = table.table("zones")
    rules = EventRules(
        docket_property=table.text("docket_property", "X-CASE-NUMBER").upper(),
        docket_in=table.text("docket_in", "SUMMARY").upper(),
        docket_pattern=table.pattern("docket_pattern", ("docket",), unnamed=True)
        or re.compile(_DOCKET_LIKE),
        jurisdiction_property=table.text("jurisdiction_property", "").upper(),
        kind_properties=tuple(
            name.upper() for name in table.texts("kind_properties", ("CATEGORIES", "SUMMARY"))
        ),
        zones=zones.each(lambda name: checked_zone(zones, name, zones.text(name))),
    )
    table.finish()
    return rules


def checked_zone(table: CheckedTable, key: str, zone: str) -> str:
    """An IANA zone name that this machine knows."""
    try:
        zone_of(zone)
    except UnknownZone as error:
        raise table.refusal(key, str(error)) from None
    return zone


def delimiter(table: CheckedTable) -> str:
    """`delimiter`: the character between cells."""
    text = table.text("delimiter", ",")
    if len(text) != 1 or text in " \r\n" or text == table.text("quote", '"'):
        raise table.refusal("delimiter", "must be one character, no space, and not the quote")
    return text


def quote(table: CheckedTable) -> str:
    """`quote`: the character around cells, "" when there is none."""
    text = table.text("quote", '"')
    if len(text) > 1 or text in tuple(" \r\n"):
        raise table.refusal("quote", 'must be one character, or "" for none')
    return text
