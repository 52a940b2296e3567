"""Rules of RFC 5545 as a plan takes them: read strictly, told plainly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from domain.recurrence import (
    LONGEST,
    MOST_OCCURRENCES,
    WEEKDAYS,
    BadRule,
    Rule,
    days_of,
    parse_rule,
    rule_words,
)

START = date(2026, 5, 1)
"""A Friday."""


def days(text: str, start: date = START, end: date | None = None) -> list[str]:
    """The days of a rule, as text."""
    return [str(day) for day in days_of(parse_rule(text), start, end)]


def test_every_tuesday_twelve_times() -> None:
    found = days("FREQ=WEEKLY;BYDAY=TU;COUNT=12")
    assert (found[0], found[-1], len(found)) == ("2026-05-05", "2026-07-21", 12)


def test_a_rule_without_an_end_ends_with_the_plan() -> None:
    assert days("FREQ=WEEKLY", end=date(2026, 5, 20)) == ["2026-05-01", "2026-05-08", "2026-05-15"]


def test_nothing_falls_after_the_plan_whatever_the_rule_says() -> None:
    assert days("FREQ=DAILY;COUNT=300", end=date(2026, 5, 2)) == ["2026-05-01", "2026-05-02"]
    assert days("FREQ=DAILY;UNTIL=20270101", end=date(2026, 5, 2))[-1] == "2026-05-02"


def test_the_last_day_of_the_month_and_its_first_monday() -> None:
    assert days("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2") == ["2026-05-31", "2026-06-30"]
    assert days("FREQ=MONTHLY;BYDAY=1MO;COUNT=2") == ["2026-05-04", "2026-06-01"]
    assert days("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2") == ["2026-05-29", "2026-06-26"]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("weekly", "FREQ=WEEKLY"),
        ("Daily", "FREQ=DAILY"),
        ("every 2 weeks on Tue, Thu", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        ("weekly on Monday and Wednesday", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("every 3 months", "FREQ=MONTHLY;INTERVAL=3"),
        ("rrule:freq=weekly;byday=tu", "FREQ=WEEKLY;BYDAY=TU"),
    ],
)
def test_plain_words_are_rules_too(words: str, rule: str) -> None:
    assert parse_rule(words).text() == rule


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "This is no rule"),
        ("whenever", "This is no rule"),
        ("FREQ=HOURLY", "FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY"),
        ("FREQ=YEARLY;COUNT=2", "FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY"),
        ("COUNT=3", "Say how often"),
        ("FREQ=DAILY;FREQ=DAILY", "twice"),
        ("FREQ=DAILY;BYHOUR=9", "does not take BYHOUR"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260601", "not both"),
        ("FREQ=DAILY;COUNT=0", "from 1 to 400"),
        ("FREQ=DAILY;COUNT=401", "from 1 to 400"),
        ("FREQ=DAILY;COUNT=-1", "from 1 to 400"),
        ("FREQ=DAILY;INTERVAL=0", "from 1 to 366"),
        ("FREQ=DAILY;UNTIL=20260601T120000Z", "without a time"),
        ("FREQ=DAILY;UNTIL=20260231", "There is no day"),
        ("FREQ=WEEKLY;BYDAY=1MO", "Only FREQ=MONTHLY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY names weekdays"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=MONTHLY alone"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"),
        ("FREQ=WEEKLY;WKST=XX", "WKST is a weekday"),
        ("weekly on someday", "no weekday"),
        ("monthly on Tue", "Weekdays go with weeks"),
        ("FREQ=DAILY;" + "X" * 300, "too long"),
    ],
)
def test_what_a_plan_does_not_take_is_refused_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(BadRule, match=why):
        parse_rule(text)


@pytest.mark.parametrize(
    ("text", "end", "why"),
    [
        ("FREQ=WEEKLY", None, "Say until when"),
        ("FREQ=DAILY", date(2028, 1, 1), "more than 400 days"),
        ("FREQ=DAILY;UNTIL=20260401", None, "no day"),
        ("FREQ=MONTHLY;COUNT=300", None, "more than ten years"),
        ("FREQ=MONTHLY;UNTIL=20990101", None, "more than ten years"),
    ],
)
def test_a_rule_that_never_ends_or_never_falls_is_refused(
    text: str, end: date | None, why: str
) -> None:
    with pytest.raises(BadRule, match=why):
        days(text, end=end)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=12", "every week on Tue, 12 times"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "every 2 weeks on Tue and Thu"),
        ("FREQ=DAILY;UNTIL=20260603", "every day, until 3 Jun 2026"),
        ("FREQ=MONTHLY;BYDAY=1MO", "every month on the first Mon"),
        ("FREQ=MONTHLY;BYDAY=-2FR", "every month on the second from the last Fri"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,15", "every month on the last day and the 15th"),
    ],
)
def test_a_rule_is_told_in_plain_words(text: str, said: str) -> None:
    assert rule_words(parse_rule(text)) == said


RULES = st.builds(
    Rule,
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    interval=st.integers(1, 12),
    count=st.integers(1, MOST_OCCURRENCES),
    week_start=st.sampled_from(WEEKDAYS),
)


@given(RULES, st.lists(st.sampled_from(WEEKDAYS), unique=True), st.integers(0, 3000))
def test_the_days_are_those_of_dateutils_own_reading(
    rule: Rule, weekdays: list[str], later: int
) -> None:
    rule = Rule(
        rule.frequency,
        rule.interval,
        tuple((0, day) for day in weekdays),
        (),
        rule.count,
        None,
        rule.week_start,
    )
    assert parse_rule(rule.text()) == rule
    start = START + timedelta(days=later)
    known = rrule.rrulestr(f"DTSTART:{start:%Y%m%d}T000000\nRRULE:{rule.text()}", cache=False)
    expected = [moment.date() for moment in known]
    try:
        found = days_of(rule, start)
    except BadRule:
        assert not expected or expected[-1] - start > LONGEST
        return
    assert list(found) == expected
    assert start <= found[0] <= found[-1] <= start + LONGEST


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse_rule(text)
    except BadRule:
        return
    assert parse_rule(rule.text()) == rule
