"""Reads delimited calendars (CSV, pipes, tabs): one row of cells, one listing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import chain

from domain.listings.cells import Unusable, check_wall_time, tidy, tidy_whole
from domain.listings.errors import (
    HeaderOnly,
    MissingColumn,
    MissingJoinFile,
    NotThisFormat,
    RepeatedColumn,
)
from domain.listings.lines import ByteSource, text_lines
from domain.listings.listing import Listing, Reason, Row, SetAside
from domain.listings.mapping import Column, CourtMapping, full_name
from domain.listings.records import Records
from domain.listings.wall_time import WallFormat, read_date, read_datetime, read_time

Joins = Mapping[str, Mapping[str, str]]
"""For each field that a second file explains: code to words (see `joins.read_join`)."""


def read_delimited(source: ByteSource, mapping: CourtMapping, joins: Joins) -> Iterator[Row]:
    """The rows of a delimited calendar, one at a time. For errors see `reading.read_rows`."""
    for name, join in mapping.joins.items():
        if name not in joins:
            raise MissingJoinFile(name, join.file_for("calendar"))
    records = Records(text_lines(source, mapping.encoding), mapping)
    places = header_places(records.header(), wanted_headers(mapping), mapping)
    reader = _RowReader(mapping, places, records.width, joins)
    numbered = iter(records)
    first = next(numbered, None)
    if first is None:
        raise HeaderOnly
    for row_number, cells in chain((first,), numbered):
        yield reader.row(row_number, cells)


def wanted_headers(mapping: CourtMapping) -> list[str]:
    """Every header that the mapping reads."""
    return [header for column in mapping.columns.values() for header in column.headers]


def header_places(
    found: Sequence[str], wanted: Sequence[str], mapping: CourtMapping
) -> dict[str, int]:
    """The place of each wanted header.

    Raises:
        NotThisFormat: not one of them is there. The first line may then be a person's row, so
            the message does not show it.
        MissingColumn: some are not there.
        RepeatedColumn: one is there twice.
    """
    missing = [header for header in dict.fromkeys(wanted) if header not in found]
    if len(missing) == len(set(wanted)):
        shown = {"\t": "tab"}.get(mapping.delimiter, mapping.delimiter)
        raise NotThisFormat(
            f"None of the columns of {mapping.title} is in the first line, which has "
            f'{len(found)} cells when cut at "{shown}". Choose the mapping of the court that '
            "published the file, and check that the header line was not removed."
        )
    if missing:
        raise MissingColumn(missing, found)
    for header in wanted:
        if found.count(header) > 1:
            raise RepeatedColumn(header)
    return {header: found.index(header) for header in wanted}


class _RowReader:
    """Turns the cells of one row into a listing.

    Dates, times and places repeat from row to row, so the work on them is remembered, within
    bounds.
    """

    def __init__(
        self, mapping: CourtMapping, places: Mapping[str, int], width: int, joins: Joins
    ) -> None:
        self._mapping = mapping
        self._width = width
        self._joins = joins
        self._places = {
            field: tuple(places[header] for header in column.headers)
            for field, column in mapping.columns.items()
        }
        self._called = {name: _called(column) for name, column in mapping.columns.items()}
        remember = lru_cache(maxsize=4096)
        self._date = remember(lambda text: read_date(text, mapping.dates))
        self._time = remember(lambda text: read_time(text, mapping.times))
        self._court = remember(self._read_court)
        self._kind = remember(mapping.kinds.kind_of)

    def row(self, row_number: int, cells: list[str] | None) -> Row:
        """The listing of one row, or why there is none."""
        if cells is None:
            return SetAside(
                row_number,
                "A quotation mark is opened and not closed, so the row cannot be cut into cells.",
                Reason.BROKEN_QUOTING,
            )
        if len(cells) != self._width:
            return SetAside(
                row_number,
                f"The row has {len(cells)} cells, the header has {self._width}.",
                Reason.WRONG_CELL_COUNT,
            )
        case = ("", "")
        try:
            case = self._case(cells)
            return self._listing(row_number, cells, *case)
        except Unusable as problem:
            return SetAside(row_number, problem.reason, problem.code, *case)

    def _case(self, cells: list[str]) -> tuple[str, str]:
        docket = self._text("docket_number", cells)
        if not docket:
            raise Unusable(
                Reason.NO_CASE_NUMBER,
                f"The {self._called['docket_number']} is empty: the row does not say which case.",
            )
        return docket, self._text("jurisdiction", cells)

    def _listing(
        self, row_number: int, cells: list[str], docket: str, jurisdiction: str
    ) -> Listing:
        court, courtroom = self._court(*(self._raw(name, cells) for name in _COURT_FIELDS))
        zone = self._mapping.zone_for(jurisdiction, court)
        local = self._local(cells)
        check_wall_time(local, zone)
        published = self._text("kind", cells)
        person, last, first = self._person(cells)
        return Listing(
            docket_number=docket,
            jurisdiction=jurisdiction,
            local=local,
            zone=zone,
            court=court,
            courtroom=courtroom,
            kind=self._kind(published),
            kind_as_published=published,
            person_name=person,
            last_name=last,
            first_name=first,
            row_number=row_number,
        )

    def _local(self, cells: list[str]) -> datetime:
        if "datetime" in self._places:
            moment = read_datetime(self._raw("datetime", cells), self._mapping.datetimes)
            if moment is None:
                raise self._unread("datetime", Reason.BAD_DATE, self._mapping.datetimes)
            return moment
        day: date | None = self._date(self._raw("date", cells))
        if day is None:
            raise self._unread("date", Reason.BAD_DATE, self._mapping.dates)
        minute: time | None = self._time(self._raw("time", cells))
        if minute is None:
            raise self._unread("time", Reason.BAD_TIME, self._mapping.times)
        return datetime.combine(day, minute)

    def _unread(self, field: str, code: Reason, formats: Sequence[WallFormat]) -> Unusable:
        forms = " or ".join(form.in_words for form in formats)
        what = {"date": "a date", "time": "a time"}.get(field, "a date and time")
        return Unusable(code, f"The {self._called[field]} does not hold {what} written as {forms}.")

    def _read_court(self, place: str, court: str, courtroom: str) -> tuple[str, str]:
        if "place" in self._places:
            return self._mapping.split_place(self._explained("place", place))
        return self._explained("court", court), self._explained("courtroom", courtroom)

    def _person(self, cells: list[str]) -> tuple[str, str, str]:
        if "person" in self._places:
            return self._mapping.split_person(self._text("person", cells))
        last, first = self._text("last_name", cells), self._text("first_name", cells)
        return full_name(last, first), last, first

    def _text(self, field: str, cells: list[str]) -> str:
        """The tidied and, where a second file explains it, translated text of a field."""
        return self._explained(field, self._raw(field, cells))

    def _explained(self, field: str, raw: str) -> str:
        if field not in self._places:
            return self._mapping.fixed.get(field, "")
        text = tidy_whole(raw, self._called[field]) if field in _WHOLE_FIELDS else tidy(raw)
        if field not in self._mapping.joins:
            return text
        words = self._joins[field].get(text)
        if words is None:
            raise Unusable(
                Reason.UNKNOWN_LOCATION if field in _PLACE_FIELDS else Reason.UNKNOWN_CODE,
                f"The {self._called[field]} holds a code that the second file does not explain.",
            )
        return words

    def _raw(self, field: str, cells: list[str]) -> str:
        """The cell of a field; several cells put together, "" unless the number is complete."""
        places = self._places.get(field)
        if places is None:
            return ""
        if len(places) == 1:
            return cells[places[0]]
        parts = [cells[place].strip() for place in places]
        if field == "docket_number" and not all(parts):
            return ""
        return self._mapping.columns[field].joined.join(part for part in parts if part)


def _called(column: Column) -> str:
    return "column " + " and ".join(f'"{header}"' for header in column.headers)


_COURT_FIELDS = ("place", "court", "courtroom")
_PLACE_FIELDS = (*_COURT_FIELDS, "jurisdiction")
_WHOLE_FIELDS = frozenset(("docket_number", *_PLACE_FIELDS))
