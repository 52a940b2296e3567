"""Dates as the pages say them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.pages.dates import (
    away,
    day_words,
    long_day,
    machine,
    moment_words,
    today_in,
    wait_words,
    when_words,
)
from tests.houses import utc, wall


def test_a_court_date_is_said_with_weekday_year_and_the_time_on_the_wall() -> None:
    assert when_words(wall("2026-12-08 09:00")) == "Tue 8 Dec 2026, 9:00"
    assert when_words(wall("2026-12-08 13:30")) == "Tue 8 Dec 2026, 13:30"
    assert long_day(date(2026, 12, 8)) == "Tuesday 8 December 2026"


def test_an_instant_is_said_on_the_clock_of_its_zone() -> None:
    late = utc("2026-12-08 03:30")
    assert moment_words(late, "America/New_York") == "Mon 7 Dec 2026, 22:30"
    assert today_in("America/New_York", late) == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (6, "in 6 days"),
        (-6, "6 days ago"),
    ],
)
def test_how_far_away_a_day_is(days: int, words: str) -> None:
    today = date(2026, 12, 2)
    assert away(today + timedelta(days=days), today) == words


@given(some.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_every_day_names_its_weekday_as_the_calendar_does(day: date) -> None:
    assert day_words(day).startswith(f"{day:%a} ")
    assert long_day(day).split()[0] == f"{day:%A}"


@given(some.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))
def test_what_machines_read_is_the_same_minute(local: datetime) -> None:
    again = datetime.fromisoformat(machine(local))
    assert again == local.replace(second=0, microsecond=0)


def test_a_wait_is_rounded_up_to_minutes() -> None:
    assert wait_words(timedelta(seconds=1)) == "1 minute"
    assert wait_words(timedelta(minutes=6, seconds=1)) == "7 minutes"
