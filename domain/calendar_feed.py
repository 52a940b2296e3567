"""Calendar feeds and invitations: values in, iCalendar bytes out (RFC 5545, 5546, 7986).

The bytes depend on the events alone, so that an unchanged feed keeps its ETag. `domain.ics_adapter`
writes through the `ics` library; this file decides what is said and refuses what would mislead.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.calendar_zone import timezone_lines
from domain.court_time import zone_of
from domain.ics_adapter import WrittenAlarm, WrittenCalendar, WrittenEvent
from domain.ics_text import address_line, finish

PRODUCT: Final = "-//Homeward//Court dates//EN"
METHODS: Final = frozenset({"PUBLISH", "REQUEST", "CANCEL"})
_UID = re.compile(r"[!#-+\--:<-\[\]-~]{1,255}")


class BadFeed(ValueError):
    """A calendar that would mislead; the message says what to correct."""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One court date (or other fixed date) in a calendar.

    Attributes:
        uid: stable over all changes; printable ASCII without space, comma, semicolon, quote.
        sequence: the revision; grows with every change.
        local: naive wall time in `zone`.
        zone: IANA name.
        duration_minutes: 0 or more.
        summary, location, description: any text; no charge belongs here.
        cancelled: shown as cancelled instead of vanishing.
        last_modified, created: UTC.
        alarms_minutes: how long before the start to remind.
    """

    uid: str
    sequence: int
    local: datetime
    zone: str
    duration_minutes: int
    summary: str
    location: str
    description: str
    cancelled: bool
    last_modified: datetime
    created: datetime
    alarms_minutes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise BadFeed("A UID is printable ASCII without space, comma, semicolon or quote.")
        if self.local.tzinfo is not None:
            raise BadFeed("A court time is the time on the wall: give it without a UTC offset.")
        if self.last_modified.tzinfo is None or self.created.tzinfo is None:
            raise BadFeed("Created and last modified are instants: give them in UTC.")
        if min(self.sequence, self.duration_minutes, *self.alarms_minutes) < 0:
            raise BadFeed("Sequence, duration and alarms are not negative.")
        zone_of(self.zone)

    @property
    def start(self) -> datetime:
        """The beginning, in the court's zone."""
        return self.local.replace(tzinfo=zone_of(self.zone))

    @property
    def end(self) -> datetime:
        """The end, in the court's zone; minutes count as they pass, whatever the clocks do."""
        passed = self.start.astimezone(UTC) + timedelta(minutes=self.duration_minutes)
        return passed.astimezone(zone_of(self.zone))


def calendar_bytes(
    events: Iterable[FeedEvent],
    *,
    name: str = "",
    method: str = "PUBLISH",
    refresh_hours: int = 4,
    organizer: str = "",
    attendee: str = "",
) -> bytes:
    """A calendar as a file or as the body of a feed, in UTF-8.

    An event that comes twice is told once, at its highest sequence.

    Args:
        name: how calendar apps title the feed; an invitation has none.
        method: PUBLISH for a feed; REQUEST or CANCEL for an invitation by e-mail (RFC 5546),
            which needs `organizer` and `attendee`.
        refresh_hours: how often apps are asked to look at a feed again.
        organizer, attendee: "name@example.org" or "Some Name <name@example.org>".

    Raises:
        BadFeed: an unknown method, an invitation without people, or a bad address.
        UnknownZone: from `FeedEvent`.
    """
    people = _people(method, organizer, attendee)
    if refresh_hours < 1:
        raise BadFeed("Apps refresh a feed once an hour at most: give 1 hour or more.")
    newest: dict[str, FeedEvent] = {}
    for event in sorted(events, key=lambda event: (event.sequence, event.last_modified)):
        newest[event.uid] = event
    ordered = sorted(newest.values(), key=lambda event: (event.start.astimezone(UTC), event.uid))
    calendar = WrittenCalendar(
        product=PRODUCT,
        title=name,
        method=method,
        refresh_hours=refresh_hours,
        zone_lines=[line for zone in _zones(ordered) for line in timezone_lines(*zone)],
        in_order=[_written(event, people, method) for event in ordered],
    )
    return finish(calendar.serialize())


def etag(data: bytes) -> str:
    """A strong entity tag for these bytes, quoted as HTTP wants it (RFC 9110, 8.8.3)."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def _people(method: str, organizer: str, attendee: str) -> tuple[str, ...]:
    if method not in METHODS:
        raise BadFeed(f"The method is one of {', '.join(sorted(METHODS))}.")
    if method == "PUBLISH" and attendee:
        raise BadFeed("A published feed has no attendee; use REQUEST for an invitation.")
    if method != "PUBLISH" and not (organizer and attendee):
        raise BadFeed("An invitation needs an organizer and an attendee.")
    lines = []
    try:
        if organizer:
            lines.append(address_line("ORGANIZER", organizer))
        if attendee:
            lines.append(
                address_line(
                    "ATTENDEE",
                    attendee,
                    "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE",
                )
            )
    except ValueError as error:
        raise BadFeed(str(error)) from error
    return tuple(lines)


def _zones(events: list[FeedEvent]) -> list[tuple[str, int, int]]:
    """The zones that occur, each with its first and last year.

    A calendar without events still needs a component (RFC 5545, 3.6): it tells a zone.
    """
    years: dict[str, list[int]] = {}
    for event in events:
        years.setdefault(event.zone, []).extend((event.start.year, event.end.year))
    zones = [(zone, min(seen), max(seen)) for zone, seen in sorted(years.items())]
    return zones or [("UTC", 1970, 1970)]


def _written(event: FeedEvent, people: tuple[str, ...], method: str) -> WrittenEvent:
    cancelled = event.cancelled or method == "CANCEL"
    alarms = () if cancelled else tuple(sorted(set(event.alarms_minutes), reverse=True))
    return WrittenEvent(
        uid=event.uid,
        name=event.summary,
        local=event.local,
        begin=event.start,
        minutes=event.duration_minutes,
        zone=event.zone,
        location=event.location,
        description=event.description,
        created=event.created.astimezone(UTC),
        last_modified=event.last_modified.astimezone(UTC),
        sequence=event.sequence,
        status="CANCELLED" if cancelled else "CONFIRMED",
        people=people,
        alarms=[WrittenAlarm(minutes, event.summary) for minutes in alarms],
    )
