"""Opening hours: weekdays, nights, and rules of other sorts, beside `dateutil` itself."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from domain.opening_hours import DAYS, Hours, is_open, on_day, rule_of
from tests.houses import wall

OFFICE = Hours(time(9), time(17), "MO,TU,WE,TH,FR", "WEEKLY")
NIGHT = Hours(time(20), time(6), "FR,SA", "WEEKLY")


@pytest.mark.parametrize(
    ("hours", "at", "open_then"),
    [
        (OFFICE, "2026-12-02 09:00", True),
        (OFFICE, "2026-12-02 16:59", True),
        (OFFICE, "2026-12-02 17:00", False),
        (OFFICE, "2026-12-05 12:00", False),
        (NIGHT, "2026-12-04 23:00", True),
        (NIGHT, "2026-12-05 05:59", True),
        (NIGHT, "2026-12-06 05:59", True),
        (NIGHT, "2026-12-04 05:59", False),
        (Hours(), "2026-12-06 03:00", True),
        (Hours(time(0), time(0)), "2026-12-06 23:59", True),
        (replace(OFFICE, valid_to=date(2026, 12, 1)), "2026-12-02 12:00", False),
        (replace(OFFICE, valid_from=date(2026, 12, 3)), "2026-12-02 12:00", False),
        (Hours(time(9), time(12), "1WE", "MONTHLY"), "2026-12-02 10:00", True),
        (Hours(time(9), time(12), "2WE", "MONTHLY"), "2026-12-02 10:00", False),
        (Hours(bymonthday="2,16", freq="MONTHLY"), "2026-12-02 10:00", True),
        (Hours(bymonthday="2,16"), "2026-12-03 10:00", False),
    ],
)
def test_open_or_not(hours: Hours, at: str, open_then: bool) -> None:
    assert is_open(hours, wall(at)) is open_then


def test_every_other_week_counts_from_its_start() -> None:
    hours = Hours(byday="WE", freq="WEEKLY", interval=2, dtstart=date(2026, 12, 2))
    assert [on_day(hours, date(2026, 12, day)) for day in (2, 9, 16, 23)] == [
        True, False, True, False,
    ]  # fmt: skip


def test_a_rule_that_is_none_is_never_open() -> None:
    assert not is_open(Hours(bymonthday="99"), wall("2026-12-02 10:00"))


DAY = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(
    start=DAY,
    day=DAY,
    byday=st.lists(st.sampled_from(DAYS), unique=True),
    freq=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    interval=st.integers(1, 4),
)
def test_days_are_those_of_the_rule(
    start: date, day: date, byday: list[str], freq: str, interval: int
) -> None:
    hours = Hours(byday=",".join(byday), freq=freq, interval=interval, dtstart=start)
    midnight = datetime.combine(start, time(0))
    rule = rrulestr(rule_of(hours), dtstart=midnight)
    wanted = datetime.combine(day, time(0))
    after = rule.after(wanted - timedelta(days=1), inc=False)
    assert on_day(hours, day) is (after == wanted)
