"""Cuts an iCalendar file (RFC 5545) into its events and keeps only the lines that are needed.

The descriptions, attendees and attachments of an event are dropped here, unread: a calendar may
print charges there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.listings.errors import CutShort, EmptyFile, NotThisFormat

LONGEST_VALUE: Final = 10_000
"""Characters of one property; the rest of a longer one is dropped."""

DEEPEST: Final = 20
"""Components inside components; real calendars have three."""

_NAME: Final = re.compile("[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class RawEvent:
    """The needed lines of one event.

    Attributes:
        number: which event of the file it is, from 1.
        lines: unfolded content lines.
        whole: False when the event was not closed properly.
    """

    number: int
    lines: tuple[str, ...]
    whole: bool = True

    def value(self, name: str) -> str:
        """What stands after the colon of the first line of a property whose value has none."""
        for line in self.lines:
            if _name_of(line) == name:
                return line.rpartition(":")[2].strip()
        return ""


class EventCutter:
    """The events of a calendar, one at a time.

    Attributes:
        zone: X-WR-TIMEZONE of the calendar around the current event, "" when it has none.
        cancelled: whether that calendar as a whole takes its events back (METHOD:CANCEL).
    """

    def __init__(self, lines: Iterator[str], wanted: frozenset[str]) -> None:
        self.zone = ""
        self.cancelled = False
        self._lines = lines
        self._wanted = wanted
        self._open: list[str] = []
        self._event: list[str] | None = None
        self._whole = True
        self._number = 0

    def __iter__(self) -> Iterator[RawEvent]:
        """The events.

        Raises:
            EmptyFile, NotThisFormat, CutShort: as their names say.
        """
        started = False
        for line in unfolded(self._lines):
            if not started and line.strip().upper() != "BEGIN:VCALENDAR":
                raise NotThisFormat(
                    "The file does not begin with BEGIN:VCALENDAR, so it is not an iCalendar file. "
                    "Choose the mapping of the court that published it."
                )
            started = True
            yield from self._take(line)
        if not started:
            raise EmptyFile
        if self._open:
            raise CutShort

    def _take(self, line: str) -> Iterator[RawEvent]:
        name = _name_of(line)
        if name == "BEGIN":
            yield from self._begin(line[6:].strip().upper())
        elif name == "END":
            yield from self._end(line[4:].strip().upper())
        elif self._event is not None:
            if self._open[-1] == "VEVENT" and name in self._wanted:
                self._event.append(line)
        elif self._open == ["VCALENDAR"]:
            self._note(name, line)

    def _note(self, name: str, line: str) -> None:
        value = line.partition(":")[2].strip()
        if name == "X-WR-TIMEZONE":
            self.zone = value
        elif name == "METHOD":
            self.cancelled = value.upper() == "CANCEL"

    def _begin(self, component: str) -> Iterator[RawEvent]:
        if self._event is not None and component == "VEVENT":
            self._whole = False
            yield from self._close("VEVENT")
        if len(self._open) >= DEEPEST:
            raise NotThisFormat("The parts of the file never end: it is no calendar.")
        self._open.append(component)
        if component == "VCALENDAR":
            self.zone, self.cancelled = "", False
        if component == "VEVENT" and self._event is None:
            self._event, self._whole = [], True
            self._number += 1

    def _end(self, component: str) -> Iterator[RawEvent]:
        if component not in self._open:
            self._whole = False
            return
        if self._event is not None and self._open[-1] != component:
            self._whole = False
        yield from self._close(component)

    def _close(self, component: str) -> Iterator[RawEvent]:
        """Close the innermost `component` and all that is still open inside it."""
        while True:
            closed = self._open.pop()
            if closed == "VEVENT" and self._event is not None:
                yield RawEvent(self._number, tuple(self._event), self._whole)
                self._event = None
            if closed == component:
                return


def unfolded(lines: Iterator[str]) -> Iterator[str]:
    """Content lines with their continuations (RFC 5545, 3.1) put together, blank lines left out."""
    pieces: list[str] = []
    size = 0
    for line in lines:
        bare = line.rstrip("\n")
        if line[0] in " \t" and pieces:
            if size < LONGEST_VALUE:
                pieces.append(bare[1 : LONGEST_VALUE - size])
                size += len(bare)
            continue
        if pieces:
            yield "".join(pieces)
        pieces, size = ([bare[:LONGEST_VALUE]], len(bare)) if bare.strip() else ([], 0)
    if pieces:
        yield "".join(pieces)


def _name_of(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found else ""
