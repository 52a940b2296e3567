"""Court time: the wall clock is the truth, the instant follows from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import court_time
from domain.court_time import (
    CourtTime,
    CourtTimeError,
    NoSuchTime,
    QuietHours,
    UnknownZone,
    instant_at,
    instant_of,
    next_court_morning,
    wall_time,
    zone_of,
)
from tests.zones import made_up_zone

ZONES = (
    "America/New_York",
    "America/Anchorage",
    "America/Boise",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
)
WALL_TIMES = st.datetimes(datetime(1999, 1, 1), datetime(2037, 12, 31)).map(
    lambda local: local.replace(second=0, microsecond=0)
)
INSTANTS = WALL_TIMES.map(lambda local: local.replace(tzinfo=UTC))
DAYTIME = st.times(time(8), time(17)).map(lambda at: at.replace(second=0, microsecond=0))


@given(WALL_TIMES, st.sampled_from(ZONES))
@example(datetime(2028, 2, 29, 9), "America/New_York")
def test_the_wall_clock_shows_what_the_notice_says(local: datetime, zone: str) -> None:
    try:
        instant = instant_of(local, zone)
    except NoSuchTime:
        gap = instant_at(local.date(), local.time(), zone)
        assert wall_time(gap, zone) > local
        return
    assert instant.tzinfo is UTC
    assert wall_time(instant, zone) == local


@given(WALL_TIMES, st.sampled_from(ZONES))
def test_a_time_that_occurs_twice_means_the_first(local: datetime, zone: str) -> None:
    try:
        instant = instant_of(local, zone)
    except NoSuchTime:
        return
    for minutes in (30, 60):
        assert wall_time(instant - timedelta(minutes=minutes), zone) != local


@given(st.dates(date(2000, 1, 1), date(2037, 12, 31)), DAYTIME, st.sampled_from(ZONES))
def test_courts_never_sit_in_a_skipped_hour(day: date, at: time, zone: str) -> None:
    assert instant_of(datetime.combine(day, at), zone) == instant_at(day, at, zone)


@pytest.mark.parametrize(
    ("zone", "before", "after", "hours"),
    [
        ("America/New_York", "2026-03-07 09:00", "2026-03-08 09:00", 23),
        ("America/New_York", "2026-10-31 09:00", "2026-11-01 09:00", 25),
        ("America/Anchorage", "2026-03-07 09:00", "2026-03-08 09:00", 23),
        ("America/Boise", "2026-10-31 09:00", "2026-11-01 09:00", 25),
        ("Australia/Lord_Howe", "2026-04-04 09:00", "2026-04-05 09:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-03 09:00", "2026-10-04 09:00", 23.5),
        ("Pacific/Kiritimati", "2026-03-07 09:00", "2026-03-08 09:00", 24),
        ("Africa/Casablanca", "2025-02-22 09:00", "2025-02-23 09:00", 25),
        ("Africa/Casablanca", "2025-04-05 09:00", "2025-04-06 09:00", 23),
        ("America/New_York", "2028-02-28 09:00", "2028-03-01 09:00", 48),
        ("America/New_York", "2027-02-28 09:00", "2027-03-01 09:00", 24),
    ],
)
def test_nine_o_clock_stays_nine_o_clock_across_a_change(
    zone: str, before: str, after: str, hours: float
) -> None:
    first = instant_of(datetime.fromisoformat(before), zone)
    second = instant_of(datetime.fromisoformat(after), zone)
    assert second - first == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("America/New_York", "2026-03-08 02:30"),
        ("America/Anchorage", "2026-03-08 02:00"),
        ("America/Boise", "2026-03-08 02:59"),
        ("Australia/Lord_Howe", "2026-10-04 02:15"),
        ("Africa/Casablanca", "2025-04-06 02:30"),
        ("Pacific/Apia", "2011-12-30 09:00"),
    ],
)
def test_a_skipped_time_is_refused_with_what_to_ask(zone: str, skipped: str) -> None:
    with pytest.raises(NoSuchTime, match="Ask the court"):
        instant_of(datetime.fromisoformat(skipped), zone)


def test_the_first_of_two_half_past_ones_is_meant() -> None:
    assert instant_of(datetime(2026, 11, 1, 1, 30), ZONES[0]) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )
    assert instant_of(datetime(2026, 4, 5, 1, 45), "Australia/Lord_Howe") == datetime(
        2026, 4, 4, 14, 45, tzinfo=UTC
    )


def test_a_court_time_with_an_offset_of_its_own_is_refused() -> None:
    with pytest.raises(CourtTimeError):
        instant_of(datetime(2026, 5, 1, 9, tzinfo=timezone(timedelta(hours=-4))), ZONES[0])


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(CourtTimeError):
        wall_time(datetime(2026, 5, 1, 9), ZONES[0])


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "America", "../etc/passwd", "New York", "x\0"]
)
def test_a_zone_that_is_none_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownZone, match="America/New_York"):
        zone_of(name)


def test_a_court_time_is_checked_when_it_is_made() -> None:
    assert CourtTime(datetime(2026, 5, 1, 9), ZONES[0]).instant == datetime(
        2026, 5, 1, 13, tzinfo=UTC
    )
    with pytest.raises(NoSuchTime):
        CourtTime(datetime(2026, 3, 8, 2, 30), ZONES[0])


CLOCK_TIMES = st.times().map(lambda at: at.replace(minute=at.minute - at.minute % 5, second=0))
QUIET = st.builds(
    QuietHours,
    CLOCK_TIMES.map(lambda at: at.replace(microsecond=0)),
    CLOCK_TIMES.map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(ZONES),
)
USUAL = st.builds(
    QuietHours,
    st.times(time(18), time(23)),
    st.times(time(5), time(10)),
    st.sampled_from(ZONES),
)


@given(QUIET, INSTANTS)
@example(QuietHours(time(21), time(1, 30), ZONES[0]), datetime(2026, 11, 1, 6, 15, tzinfo=UTC))
@example(QuietHours(time(21), time(2, 30), ZONES[0]), datetime(2026, 3, 8, 6, 15, tzinfo=UTC))
@example(QuietHours(time(3, 15), time(2, 30), ZONES[0]), datetime(2026, 3, 8, 6, 15, tzinfo=UTC))
def test_next_open_is_never_quiet_never_earlier_and_idempotent(
    quiet: QuietHours, instant: datetime
) -> None:
    opens = quiet.next_open(instant)
    assert opens >= instant
    assert not quiet.contains(opens)
    assert quiet.next_open(opens) == opens
    if not quiet.contains(instant):
        assert opens == instant


@given(USUAL, INSTANTS)
def test_next_open_is_the_first_open_moment(quiet: QuietHours, instant: datetime) -> None:
    opens = quiet.next_open(instant)
    moment = opens - timedelta(seconds=1)
    while moment >= instant:
        assert quiet.contains(moment)
        moment -= timedelta(minutes=20)


@pytest.mark.parametrize(
    ("start", "end", "at", "is_quiet"),
    [
        (21, 8, "20:59", False),
        (21, 8, "21:00", True),
        (21, 8, "07:59", True),
        (21, 8, "08:00", False),
        (12, 14, "13:59", True),
        (12, 14, "14:00", False),
        (9, 9, "09:00", False),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(
    start: int, end: int, at: str, is_quiet: bool
) -> None:
    quiet = QuietHours(time(start), time(end), ZONES[0])
    assert (
        quiet.contains(instant_of(datetime.fromisoformat(f"2026-05-05 {at}"), ZONES[0])) is is_quiet
    )


@given(INSTANTS, st.sampled_from(ZONES), st.sets(st.integers(0, 9), max_size=6))
def test_the_next_court_morning_is_a_later_open_weekday(
    after: datetime, zone: str, shut: set[int]
) -> None:
    today = wall_time(after, zone).date()
    closed = frozenset(today + timedelta(days=days) for days in shut)
    morning = next_court_morning(after, time(10), zone, closed)
    day = wall_time(morning, zone).date()
    assert morning > after
    assert wall_time(morning, zone).time() == time(10)
    between = [today + timedelta(days=days) for days in range(1, (day - today).days + 1)]
    assert [open_ for open_ in between if open_.weekday() < 5 and open_ not in closed] == [day]


def test_when_a_zone_changes_its_rules_the_paper_still_says_nine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_summer = made_up_zone("EST5EDT,M3.2.0,M11.1.0", -5, "Here")
    without = made_up_zone("EST5", -5, "Here")
    july = CourtTime(datetime(2026, 7, 1, 9), ZONES[0])
    monkeypatch.setattr(court_time, "zone_of", lambda name: with_summer)
    assert july.instant == datetime(2026, 7, 1, 13, tzinfo=UTC)
    monkeypatch.setattr(court_time, "zone_of", lambda name: without)
    assert july.instant == datetime(2026, 7, 1, 14, tzinfo=UTC)
    assert july.local == datetime(2026, 7, 1, 9)
    assert wall_time(july.instant, ZONES[0]) == july.local
