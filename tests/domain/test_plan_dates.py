"""When a step is due, counted from the plan or from a hearing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan_dates import Anchors, BadWhen, Dated, Found, find_day, parse_length, parse_when

STATUS = Dated("h2", "status", date(2026, 6, 10))
ANCHORS = Anchors(
    start=date(2026, 5, 1),
    end=date(2026, 7, 30),
    hearings=(
        STATUS,
        Dated("h0", "status", date(2026, 4, 1)),
        Dated("h1", "pretrial", date(2026, 5, 20)),
    ),
)


@pytest.mark.parametrize(
    ("text", "day", "hearing"),
    [
        ("start", date(2026, 5, 1), ""),
        ("start+14d", date(2026, 5, 15), ""),
        (" Start + 2w ", date(2026, 5, 15), ""),
        ("start+1m", date(2026, 6, 1), ""),
        ("end-1w", date(2026, 7, 23), ""),
        ("2026-06-02", date(2026, 6, 2), ""),
        ("hearing:status-7d", date(2026, 6, 3), "h2"),
        ("hearing:next-2d", date(2026, 5, 18), "h1"),
    ],
)
def test_a_due_date_is_counted(text: str, day: date, hearing: str) -> None:
    assert find_day(parse_when(text), ANCHORS) == Found(day, hearing)


def test_what_is_not_known_yet_is_waited_for() -> None:
    alone = Anchors(date(2026, 5, 1))
    assert find_day(parse_when("hearing:sentencing-7d"), ANCHORS).waits_for == (
        "a sentencing hearing"
    )
    assert find_day(parse_when("hearing:next"), alone).waits_for == "the next court date"
    assert find_day(parse_when("end"), alone).waits_for == "the plan’s end"


def test_a_month_later_than_the_last_of_january_is_the_last_of_february() -> None:
    assert find_day(parse_when("start+1m"), Anchors(date(2027, 1, 31))).day == date(2027, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "start+14", "start+14y", "hearing:lunch", "2026-02-31", "hearing:", "end*2"],
)
def test_what_is_no_due_date_is_refused_with_examples(text: str) -> None:
    with pytest.raises(BadWhen, match=r"Write|There is no"):
        parse_when(text)


def test_lengths() -> None:
    assert (parse_length("90d"), parse_length(" 12 M ")) == ((90, "d"), (12, "m"))
    for text in ("", "0d", "9999d", "a year"):
        with pytest.raises(BadWhen, match="length of a plan"):
            parse_length(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        when = parse_when(text)
        find_day(when, ANCHORS)
    except BadWhen:
        return
