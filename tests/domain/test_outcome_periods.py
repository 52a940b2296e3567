"""Over which days outcomes are counted."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outcome_periods import (
    FIRST_DAY,
    MOST_MONTHS,
    BadPeriod,
    Period,
    Span,
    chosen,
    this_span,
)

ZONES = st.sampled_from(["America/New_York", "America/Los_Angeles", "Pacific/Auckland", "UTC"])
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SPANS = st.sampled_from([Span.MONTH, Span.QUARTER, Span.YEAR])
PERIODS = st.builds(
    lambda first, more: Period(first, first + timedelta(days=more)), DAYS, st.integers(0, 900)
)
TODAY = date(2026, 11, 27)


def test_this_month_quarter_and_year_end_today() -> None:
    assert this_span(Span.MONTH, TODAY) == Period(date(2026, 11, 1), TODAY)
    assert this_span(Span.QUARTER, TODAY) == Period(date(2026, 10, 1), TODAY)
    assert this_span(Span.YEAR, TODAY) == Period(date(2026, 1, 1), TODAY)


@given(SPANS, DAYS)
def test_a_span_holds_today_and_begins_with_a_month(span: Span, today: date) -> None:
    period = this_span(span, today)
    assert period.last == today
    assert period.first.day == 1
    assert len(period.months) <= {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]


@given(PERIODS)
def test_the_months_follow_each_other_and_hold_both_ends(period: Period) -> None:
    months = period.months
    assert months[0] == period.first.replace(day=1)
    assert months[-1] == period.last.replace(day=1)
    for one, following in pairwise(months):
        assert (one + timedelta(days=31)).replace(day=1) == following


@given(PERIODS, ZONES)
def test_every_month_is_over_when_the_next_one_begins(period: Period, zone: str) -> None:
    begins, ends = period.begins(zone), period.month_ends(zone)
    assert ends[-1] == period.ends(zone)
    assert [begins, *ends] == sorted([begins, *ends])
    assert len(ends) == len(period.months)


def test_a_day_begins_at_the_hubs_midnight() -> None:
    day = Period(date(2026, 11, 1), date(2026, 11, 1))
    assert day.begins("America/New_York") == datetime(2026, 11, 1, 4, tzinfo=UTC)
    # The clocks went back that night: the day had 25 hours.
    assert day.ends("America/New_York") == datetime(2026, 11, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "field", "why"),
    [
        (None, TODAY, "first", "Choose the first day"),
        (TODAY, None, "last", "Choose the last day"),
        (TODAY, date(2026, 11, 26), "last", "before the first"),
        (TODAY, date(2026, 11, 28), "last", "still to come"),
        (FIRST_DAY - timedelta(days=1), TODAY, "first", "2000"),
        (date(2023, 11, 30), TODAY, "last", f"at most {MOST_MONTHS} months"),
    ],
)
def test_days_that_are_no_period_are_refused_where_they_are_wrong(
    first: date | None, last: date | None, field: str, why: str
) -> None:
    with pytest.raises(BadPeriod, match=why) as refused:
        chosen(first, last, TODAY)
    assert refused.value.field == field


def test_three_years_can_be_chosen() -> None:
    assert len(chosen(date(2023, 12, 1), TODAY, TODAY).months) == MOST_MONTHS
