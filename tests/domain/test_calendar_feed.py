"""Calendar feeds: judged by a second library, by the RFC's own rules, and by made-up malice."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from domain.calendar_feed import BadFeed, FeedEvent, calendar_bytes, etag
from domain.calendar_zone import timezone_lines
from domain.court_time import UnknownZone
from domain.ics_text import clean

EVENT = FeedEvent(
    uid="hearing-1@hub.example.org",
    sequence=2,
    local=datetime(2026, 12, 8, 9),
    zone="America/New_York",
    duration_minutes=90,
    summary="Court: Ben",
    location="Room 3A, 12 Oak St; Miami",
    description="Bring an ID.\nCall 305-555-0123.",
    cancelled=False,
    last_modified=datetime(2026, 11, 2, 15, tzinfo=UTC),
    created=datetime(2026, 10, 1, tzinfo=UTC),
    alarms_minutes=(60, 1440),
)
ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


def feed(*events: FeedEvent, **options: str) -> bytes:
    return calendar_bytes(events, name="Court dates", **options)  # type: ignore[arg-type]


def invitation(**options: str) -> bytes:
    people = {"organizer": "Hope Hub <hub@example.org>", "attendee": "ana@example.org"}
    return feed(EVENT, **{"method": "REQUEST", **people, **options})


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def read(data: bytes) -> Any:
    """The one event, as `icalendar` reads it."""
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert not event.errors
    return event


def test_an_event_says_everything_that_a_calendar_app_needs() -> None:
    event = read(feed(EVENT))
    assert event["UID"] == "hearing-1@hub.example.org"
    assert event["SEQUENCE"] == 2
    assert event["STATUS"] == "CONFIRMED"
    assert event["CLASS"] == "PRIVATE"
    assert event["SUMMARY"] == "Court: Ben"
    assert event["LOCATION"] == "Room 3A, 12 Oak St; Miami"
    assert event["DESCRIPTION"] == "Bring an ID.\nCall 305-555-0123."
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert event["DTSTART"].dt == datetime(2026, 12, 8, 9, tzinfo=ZoneInfo("America/New_York"))
    assert event["DURATION"].dt == timedelta(minutes=90)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == EVENT.last_modified
    assert event["CREATED"].dt == EVENT.created
    alarms = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(days=-1), timedelta(hours=-1)]


def test_the_head_comes_first_and_tells_how_often_to_look_again() -> None:
    lines = unfolded(calendar_bytes([EVENT], name="Ben, Miami", refresh_hours=6))
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Homeward//Court dates//EN"]
    assert lines[3] == "METHOD:PUBLISH"
    head = lines[: lines.index("BEGIN:VTIMEZONE")]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in head
    assert "X-PUBLISHED-TTL:PT6H" in head
    assert "X-WR-CALNAME:Ben\\, Miami" in head


def test_properties_come_before_alarms() -> None:
    lines = unfolded(feed(EVENT))
    first_alarm = lines.index("BEGIN:VALARM")
    assert all(lines.index(line) < first_alarm for line in lines if line.startswith("DTSTART;"))
    assert not [line for line in lines[first_alarm:] if line.startswith("UID")]


@pytest.mark.parametrize(
    ("day", "instant_hour"),
    [
        (datetime(2027, 3, 12, 9), 14),
        (datetime(2027, 3, 15, 9), 13),
        (datetime(2026, 10, 30, 9), 13),
        (datetime(2026, 11, 2, 9), 14),
    ],
)
def test_nine_in_the_morning_is_nine_on_both_sides_of_a_change_of_clocks(
    day: datetime, instant_hour: int
) -> None:
    data = feed(replace(EVENT, local=day))
    start = read(data)["DTSTART"].dt
    assert start.replace(tzinfo=None) == day
    assert start.astimezone(UTC).hour == instant_hour
    unknown = f"Court/Own-Rules-{day:%m%d}"
    renamed = data.replace(b"America/New_York", unknown.encode())
    assert read(renamed)["DTSTART"].dt.astimezone(UTC).hour == instant_hour


def onsets_by_rfc(lines: tuple[str, ...]) -> list[tuple[datetime, timedelta]]:
    """RFC 5545, 3.6.5: when each offset begins (UTC), onsets told on the clock that they end."""
    onsets = []
    for block in "\n".join(lines).split("BEGIN:")[2:]:
        told = dict(line.split(":", 1) for line in block.splitlines() if ":" in line)
        before, after = (offset(told[key]) for key in ("TZOFFSETFROM", "TZOFFSETTO"))
        for moment in [told["DTSTART"], *filter(None, told.get("RDATE", "").split(","))]:
            onsets.append((datetime.strptime(moment, "%Y%m%dT%H%M%S") - before, after))
    return sorted(onsets)


def offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "America/Los_Angeles",
        "America/Phoenix",
        "America/Anchorage",
        "America/Puerto_Rico",
        "Pacific/Honolulu",
        "Europe/London",
        "Australia/Sydney",
        "UTC",
    ],
)
def test_the_zone_in_the_file_agrees_with_the_real_one_at_every_hour(zone: str) -> None:
    onsets = onsets_by_rfc(timezone_lines(zone, 2026, 2027))
    instant = onsets[0][0]
    while instant.year < 2028:
        told = [after for begun, after in onsets if begun <= instant][-1]
        real = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
        assert told == real, instant
        instant += timedelta(minutes=30 if instant.month in {3, 4, 10, 11} else 720)


def test_each_zone_of_a_caseload_is_described_once() -> None:
    events = [
        replace(EVENT, uid=f"h{index}", zone=zone)
        for index, zone in enumerate(["America/Chicago", "America/New_York", "America/Chicago"])
    ]
    lines = unfolded(feed(*events))
    assert lines.count("BEGIN:VTIMEZONE") == 2
    assert lines.count("TZID:America/Chicago") == 1


def test_a_cancelled_event_stays_and_no_longer_rings() -> None:
    event = read(feed(replace(EVENT, cancelled=True, sequence=3)))
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] == 3
    assert event.walk("VALARM") == []


def test_the_same_events_in_any_order_are_the_same_bytes() -> None:
    events = [
        replace(EVENT, uid=f"h{index}", local=EVENT.local + timedelta(days=index % 3))
        for index in range(9)
    ]
    assert feed(*events) == feed(*reversed(events))
    assert etag(feed(*events)) == etag(feed(*events[4:], *events[:4]))
    told: list[Any] = Calendar.from_ical(feed(*events)).walk("VEVENT")
    starts = [event["DTSTART"].dt for event in told]
    assert starts == sorted(starts)


def test_a_change_changes_the_tag() -> None:
    assert etag(feed(EVENT)) != etag(feed(replace(EVENT, sequence=3)))
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag(b""))


def test_an_event_that_comes_twice_is_told_once_at_its_newest() -> None:
    newer = replace(EVENT, sequence=5, summary="Moved")
    assert read(feed(newer, EVENT)) == read(feed(EVENT, newer))
    assert read(feed(EVENT, newer))["SUMMARY"] == "Moved"


def test_a_feed_without_dates_is_still_a_calendar() -> None:
    calendar: Any = Calendar.from_ical(feed())
    assert calendar.walk("VEVENT") == []
    assert len(calendar.subcomponents) == 1


def test_an_invitation_names_who_asks_and_who_is_asked() -> None:
    data = invitation(organizer='Hope "Hub"; Miami, FL <hub@example.org>')
    event = read(data)
    assert Calendar.from_ical(data)["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == "mailto:hub@example.org"
    assert event["ORGANIZER"].params["CN"] == 'Hope "Hub"; Miami, FL'
    assert event["ATTENDEE"] == "mailto:ana@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_calling_an_invitation_off_cancels_its_event() -> None:
    data = invitation(method="CANCEL")
    assert Calendar.from_ical(data)["METHOD"] == "CANCEL"
    assert read(data)["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "options",
    [
        {"method": "REPLY"},
        {"attendee": ""},
        {"organizer": ""},
        {"organizer": "nobody"},
        {"attendee": "ana@example.org\r\nX-EVIL:1"},
        {"attendee": "ana@example.org, ben@example.org"},
        {"method": "PUBLISH"},
    ],
)
def test_an_invitation_that_cannot_work_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(BadFeed):
        invitation(**options)


@pytest.mark.parametrize(
    "change",
    [
        {"uid": ""},
        {"uid": "a b"},
        {"uid": "a\r\nX-EVIL:1"},
        {"uid": "a,b"},
        {"local": datetime(2026, 12, 8, 9, tzinfo=UTC)},
        {"created": datetime(2026, 12, 8)},
        {"last_modified": datetime(2026, 12, 8)},
        {"sequence": -1},
        {"duration_minutes": -5},
        {"alarms_minutes": (60, -1)},
    ],
)
def test_an_event_that_would_mislead_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadFeed):
        replace(EVENT, **change)  # type: ignore[arg-type]


def test_an_unknown_zone_and_a_refresh_of_zero_hours_are_refused() -> None:
    with pytest.raises(UnknownZone):
        replace(EVENT, zone="America/Nowhere")
    with pytest.raises(BadFeed):
        calendar_bytes([EVENT], name="x", refresh_hours=0)


def test_an_event_that_ends_after_the_clocks_went_back_keeps_its_length() -> None:
    night = replace(EVENT, local=datetime(2026, 11, 1, 0, 30), duration_minutes=120)
    event = read(feed(night))
    assert event["DURATION"].dt == timedelta(hours=2)
    assert night.end == datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=1)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_as_it_went_and_cannot_add_a_line(
    summary: str, location: str, description: str, name: str
) -> None:
    event = replace(EVENT, summary=summary, location=location, description=description)
    data = calendar_bytes([event], name=name)
    told = read(data)
    assert told["SUMMARY"] == clean(summary)
    assert told.get("LOCATION", "") == clean(location)
    assert told.get("DESCRIPTION", "") == clean(description)
    plain = unfolded(feed(replace(EVENT, location="x", description="x")))
    names = {re.split("[:;]", line, maxsplit=1)[0] for line in unfolded(data)}
    assert names <= {re.split("[:;]", line, maxsplit=1)[0] for line in plain}


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_organizer_name_stays_inside_its_quotes(name: str) -> None:
    shown = name.replace("<", "").replace(">", "")
    event = read(invitation(organizer=f"{shown} <hub@example.org>"))
    assert event["ORGANIZER"] == "mailto:hub@example.org"
    assert event["ATTENDEE"] == "mailto:ana@example.org"
    assert set(event["ORGANIZER"].params) <= {"CN"}


@given(ANY_TEXT)
@settings(deadline=None)
def test_lines_are_folded_at_75_octets_never_inside_a_character(text: str) -> None:
    data = feed(replace(EVENT, description=text * 3))
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(line) <= 75
        line.decode("utf-8")
        assert b"\n" not in line
        assert b"\r" not in line


@given(ANY_TEXT)
def test_cleaning_takes_no_letter_number_sign_or_mark(text: str) -> None:
    def seen(text: str) -> list[str]:
        return [c for c in text if unicodedata.category(c)[0] in "LNPSM" and c != "\ufffd"]

    assert seen(clean(text)) == seen(text)
    assert clean(clean(text)) == clean(text)
