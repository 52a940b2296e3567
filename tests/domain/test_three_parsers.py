"""Feeds and invitations, opened by three calendar libraries that know nothing of each other.

`icalendar` asks Python for a zone by its name, `vobject` builds it from the VTIMEZONE in the
file, `ical` checks everything against the standard's types: what all three read, apps read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from activities.invitations import invitation
from domain.calendar_feed import FeedEvent, calendar_bytes
from domain.court_time import instant_of

vobject = pytest.importorskip("vobject")
streams = pytest.importorskip("ical.calendar_stream")

HUB = "Liberty City Defense <hub@example.org>"
ANA = "ana@example.org"
EVENT = FeedEvent(
    uid="hearing-0192f0c4",
    sequence=3,
    local=datetime(2027, 3, 15, 9),
    zone="America/New_York",
    duration_minutes=60,
    summary="Cita en la corte: José Ñúñez; 😀, 100 % \\o/",
    location="Sala 3A, 1351 NW 12th St; Miami, FL 33125 — entrada por la calle 13, segundo piso",
    description="Liberty City Defense, 305-555-0100\nTraiga una identificación; llegue temprano.",
    cancelled=False,
    last_modified=datetime(2026, 12, 2, 15, 4, 5, tzinfo=UTC),
    created=datetime(2026, 11, 1, 8, tzinfo=UTC),
    alarms_minutes=(1440, 120),
)
SETTINGS = [
    (zone, local)
    for zone in (
        "America/New_York",
        "America/Anchorage",
        "America/Puerto_Rico",
        "America/Phoenix",
        "Pacific/Honolulu",
    )
    for local in (
        datetime(2027, 3, 12, 9),  # the clocks go forward on the 14th
        datetime(2027, 3, 14, 13, 30),
        datetime(2027, 3, 15, 9),
        datetime(2027, 11, 5, 8, 15),  # and back on the 7th
        datetime(2027, 11, 8, 8, 15),
        datetime(2028, 2, 29, 16),
    )
]


@dataclass(frozen=True)
class Seen:
    """One event, as a calendar app would show it."""

    method: str
    uid: str
    wall: datetime
    instant: datetime
    length: timedelta
    status: str
    sequence: int
    stamp: datetime
    summary: str
    location: str
    description: str
    alarms: tuple[timedelta, ...]
    asks: str
    asked: str


def by_icalendar(data: bytes) -> Seen:
    calendar: Any = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    assert not event.errors
    start = event["DTSTART"].dt
    return Seen(
        str(calendar["METHOD"]),
        str(event["UID"]),
        start.replace(tzinfo=None),
        start.astimezone(UTC),
        event["DURATION"].dt,
        str(event["STATUS"]),
        int(event["SEQUENCE"]),
        event["DTSTAMP"].dt,
        str(event["SUMMARY"]),
        str(event["LOCATION"]),
        str(event["DESCRIPTION"]),
        tuple(alarm["TRIGGER"].dt for alarm in event.walk("VALARM")),
        str(event.get("ORGANIZER", "")),
        str(event.get("ATTENDEE", "")),
    )


def by_vobject(data: bytes) -> Seen:
    calendar = vobject.readOne(data.decode())
    event = calendar.vevent
    start = event.dtstart.value
    return Seen(
        calendar.method.value,
        event.uid.value,
        start.replace(tzinfo=None),
        start.astimezone(UTC),
        event.duration.value,
        event.status.value,
        int(event.sequence.value),
        event.dtstamp.value.astimezone(UTC),
        event.summary.value,
        event.location.value,
        event.description.value,
        tuple(alarm.trigger.value for alarm in event.contents.get("valarm", [])),
        event.organizer.value if "organizer" in event.contents else "",
        event.attendee.value if "attendee" in event.contents else "",
    )


def by_ical(data: bytes) -> Seen:
    calendar = streams.IcsCalendarStream.calendar_from_ics(data.decode())
    (event,) = calendar.events
    return Seen(
        calendar.method,
        event.uid,
        event.dtstart.replace(tzinfo=None),
        event.dtstart.astimezone(UTC),
        event.duration,
        event.status.value,
        event.sequence,
        event.dtstamp.astimezone(UTC),
        event.summary,
        event.location,
        event.description,
        tuple(alarm.trigger for alarm in event.alarm),
        event.organizer.uri if event.organizer else "",
        event.attendees[0].uri if event.attendees else "",
    )


READERS: list[Callable[[bytes], Seen]] = [by_icalendar, by_vobject, by_ical]


def expected(event: FeedEvent, method: str) -> Seen:
    """What went in."""
    invited, off = method != "PUBLISH", event.cancelled
    return Seen(
        method,
        event.uid,
        event.local,
        instant_of(event.local, event.zone),
        timedelta(minutes=event.duration_minutes),
        "CANCELLED" if off else "CONFIRMED",
        event.sequence,
        event.last_modified,
        event.summary,
        event.location,
        event.description,
        () if off else (timedelta(minutes=-1440), timedelta(minutes=-120)),
        "mailto:hub@example.org" if invited else "",
        "mailto:ana@example.org" if invited else "",
    )


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("zone", "local"), SETTINGS)
def test_a_feed_says_the_same_hour_to_every_reader(
    read: Callable[[bytes], Seen], zone: str, local: datetime
) -> None:
    event = replace(EVENT, zone=zone, local=local)
    assert read(calendar_bytes([event], name="Citas")) == expected(event, "PUBLISH")


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("zone", "local"), SETTINGS)
def test_an_invitation_says_what_the_feed_says(
    read: Callable[[bytes], Seen], zone: str, local: datetime
) -> None:
    event = replace(EVENT, zone=zone, local=local)
    data = invitation(event, organizer=HUB, attendee=ANA)
    assert read(data) == expected(event, "REQUEST")


@pytest.mark.parametrize("read", READERS)
def test_a_cancelled_hearing_is_called_off_in_both(read: Callable[[bytes], Seen]) -> None:
    off = replace(EVENT, cancelled=True, sequence=4)
    assert read(calendar_bytes([off], name="Citas")) == expected(off, "PUBLISH")
    assert read(invitation(off, organizer=HUB, attendee=ANA)) == expected(off, "CANCEL")


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "text",
    [
        "comma, semicolon; colon: backslash \\ and \\n that is no line end",
        "two\nlines, and\n\na third after a gap",
        'quotes "here" and ’there’',
        "Lè 9:00 maten — òdyans pou Étienne",
        "👩🏾‍⚖️ " * 30,
        "á" * 200,
    ],
)
def test_text_comes_back_to_every_reader_as_it_went(
    read: Callable[[bytes], Seen], text: str
) -> None:
    event = replace(EVENT, summary=text, location=text, description=text)
    seen = read(calendar_bytes([event], name=text))
    assert (seen.summary, seen.location, seen.description) == (text, text, text)


def test_the_zone_is_named_and_the_file_brings_its_rules() -> None:
    data = calendar_bytes([EVENT], name="Citas")
    start: Any = Calendar.from_ical(data).walk("VEVENT")[0]["DTSTART"]
    assert start.params["TZID"] == "America/New_York"
    assert start.dt.tzinfo == ZoneInfo("America/New_York")
    own = data.replace(b"America/New_York", b"Court/Of-Nowhere")
    assert by_vobject(own).instant == by_icalendar(own).instant == expected(EVENT, "").instant
