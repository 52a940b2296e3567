"""Reads court calendars that are published as iCalendar (RFC 5545): one event, one listing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import icalendar

from domain.listings.cells import Unusable, tidy, tidy_whole
from domain.listings.errors import HeaderOnly
from domain.listings.event_time import read_start, wall_time_of
from domain.listings.events import EventCutter, RawEvent
from domain.listings.lines import ByteSource, text_lines
from domain.listings.listing import Listing, Reason, Row, SetAside
from domain.listings.mapping import CourtMapping, EventRules
from domain.vocabulary import HearingKind

_ALWAYS: Final = (
    "UID",
    "SUMMARY",
    "DTSTART",
    "LOCATION",
    "STATUS",
    "RECURRENCE-ID",
    "RRULE",
    "RDATE",
)
_SINGLE: Final = frozenset({"UID", "DTSTART", "STATUS", "RECURRENCE-ID"})
_BROKEN: Final = "The event is not written as the iCalendar standard asks."


def read_icalendar(source: ByteSource, mapping: CourtMapping) -> Iterator[Row]:
    """The events of a calendar, one at a time. For errors see `reading.read_rows`.

    Cancelled events yield nothing: for the comparison they are no longer listed.
    """
    rules = mapping.events
    if rules is None:
        raise TypeError("This mapping does not describe iCalendar.")
    cutter = EventCutter(text_lines(source, "utf-8"), _wanted(rules))
    found = False
    for raw in cutter:
        found = True
        row = _EventReader(mapping, rules, raw, cutter.zone).row()
        if row is not None and not cutter.cancelled:
            yield row
    if not found:
        raise HeaderOnly


def _wanted(rules: EventRules) -> frozenset[str]:
    named = (rules.docket_property, rules.docket_in, rules.jurisdiction_property)
    return frozenset((*_ALWAYS, *named, *rules.kind_properties)) - {""}


class _EventReader:
    """Turns one event into a listing."""

    def __init__(
        self, mapping: CourtMapping, rules: EventRules, raw: RawEvent, calendar_zone: str
    ) -> None:
        self._mapping = mapping
        self._rules = rules
        self._raw = raw
        self._calendar_zone = calendar_zone
        self._event = icalendar.Event()

    def row(self) -> Row | None:
        """The listing, why there is none, or None for a cancelled event."""
        case = ("", "")
        try:
            self._event = _parsed(self._raw)
            case = self._case()
            if self._text("STATUS").upper() == "CANCELLED":
                return None
            if not case[0]:
                raise Unusable(Reason.NO_CASE_NUMBER, self._no_case_number())
            return self._listing(*case)
        except Unusable as problem:
            return SetAside(self._raw.number, problem.reason, problem.code, *case)

    def _listing(self, docket: str, jurisdiction: str) -> Listing:
        if "RRULE" in self._event or "RDATE" in self._event:
            raise Unusable(
                Reason.REPEATS, "The event repeats by a rule; a court date needs its own event."
            )
        court, courtroom = self._place()
        court_zone = self._mapping.zone_for(jurisdiction, court)
        local, zone = wall_time_of(
            read_start(self._event, self._raw, self._rules.zones), court_zone, self._calendar_zone
        )
        kind, published = self._kind()
        person, last, first = self._person()
        return Listing(
            docket_number=docket,
            jurisdiction=jurisdiction,
            local=local,
            zone=zone,
            court=court,
            courtroom=courtroom,
            kind=kind,
            kind_as_published=published,
            person_name=person,
            last_name=last,
            first_name=first,
            source_uid=self._uid(),
            row_number=self._raw.number,
        )

    def _case(self) -> tuple[str, str]:
        named = self._rules.jurisdiction_property
        fixed = self._mapping.fixed.get("jurisdiction", "")
        jurisdiction = self._text(named) if named else fixed
        own = self._text(self._rules.docket_property) if self._rules.docket_property else ""
        if own:
            return own, jurisdiction
        found = self._rules.docket_pattern.search(self._text(self._rules.docket_in))
        if not found:
            return "", jurisdiction
        named_group = found.groupdict().get("docket")
        return (named_group if named_group is not None else found[0]).strip(), jurisdiction

    def _no_case_number(self) -> str:
        places = (self._rules.docket_property, self._rules.docket_in)
        return f"There is no case number in {' or '.join(place for place in places if place)}."

    def _place(self) -> tuple[str, str]:
        court, courtroom = self._mapping.split_place(self._text("LOCATION"))
        fixed = self._mapping.fixed
        return court or fixed.get("court", ""), courtroom or fixed.get("courtroom", "")

    def _person(self) -> tuple[str, str, str]:
        if self._mapping.person is None:
            return "", "", ""
        return self._mapping.split_person(self._text("SUMMARY"))

    def _uid(self) -> str:
        """The UID; one date of a repeating event is told apart by its RECURRENCE-ID."""
        parts = (self._text("UID"), self._raw.value("RECURRENCE-ID"))
        return "#".join(part for part in parts if part) if parts[0] else ""

    def _kind(self) -> tuple[HearingKind, str]:
        """The kind, and the court's word for it.

        A summary often holds a name as well, so of a summary only the known word is kept.
        """
        for name in self._rules.kind_properties:
            for text in self._texts(name):
                kind, word = self._mapping.kinds.find(text)
                if kind is not None:
                    return kind, word if name == "SUMMARY" else text
        first = next(iter(self._texts("CATEGORIES")), "")
        return self._mapping.kinds.default, first

    def _text(self, name: str) -> str:
        return next(iter(self._texts(name)), "")

    def _texts(self, name: str) -> list[str]:
        """The tidied, not empty texts of a property, of each time that it stands in the event."""
        value = self._event.get(name)
        texts: list[str] = []
        for one in value if isinstance(value, list) else [value]:
            parts = one.cats if isinstance(one, icalendar.vCategory) else [one]
            texts += [self._tidied(name, str(part)) for part in parts if part is not None]
        return [text for text in texts if text]

    def _tidied(self, name: str, text: str) -> str:
        rules = self._rules
        whole = ("LOCATION", rules.docket_property, rules.jurisdiction_property)
        return tidy_whole(text, f"property {name}") if name in whole else tidy(text)


def _parsed(raw: RawEvent) -> icalendar.Event:
    """The event as the library reads it.

    Bytes, never `str`: the library takes a text of one line for a path.
    """
    lines = ("BEGIN:VEVENT", *raw.lines, "END:VEVENT", "")
    try:
        event = icalendar.Event.from_ical("\r\n".join(lines).encode())
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        raise Unusable(Reason.BROKEN_EVENT, _BROKEN) from None
    twice = any(isinstance(event.get(name), list) for name in _SINGLE)
    if not raw.whole or twice or not isinstance(event, icalendar.Event):
        raise Unusable(Reason.BROKEN_EVENT, _BROKEN)
    return event
