"""Dates and times as courts write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listings import CourtMapping, built_in_mappings, load_mapping
from domain.listings.wall_time import (
    FormatError,
    date_format,
    datetime_format,
    read_date,
    read_datetime,
    read_time,
    time_format,
)

MAPPINGS = [load_mapping(name) for name in built_in_mappings() if name != "icalendar"]
DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))
MINUTES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda mapping: mapping.name)
@given(day=DAYS, minute=MINUTES)
def test_what_a_court_writes_in_its_own_format_is_read_back(
    mapping: CourtMapping, day: date, minute: time
) -> None:
    assert mapping.dates
    for form in mapping.dates:
        assert read_date(day.strftime(form.text), [form]) == day
    for form in mapping.times:
        assert read_time(minute.strftime(form.text), [form]) == minute


@given(moment=st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)))
@pytest.mark.parametrize(
    "text",
    [
        "%Y-%m-%dT%H:%M",
        "%m/%d/%Y %I:%M %p",
        "%Y%m%d%H%M",
        "%A, %B %d, %Y %I:%M:%S%p",
        "%d-%b-%Y %H:%M:%S.%f",
    ],
)
def test_a_date_and_time_in_one_cell_is_read_back(text: str, moment: datetime) -> None:
    expected = moment.replace(second=0, microsecond=0)
    assert read_datetime(moment.strftime(text), [datetime_format(text)]) == expected


@given(day=st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_two_digits_of_a_year_mean_the_hundred_years_from_1969(day: date) -> None:
    expected = day if day.year > 1969 else None
    assert read_date(day.strftime("%m/%d/%y"), [date_format("%m/%d/%y")]) == expected


@given(text=st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    for mapping in MAPPINGS:
        read_date(text, mapping.dates)
        read_time(text, mapping.times)
    read_datetime(text, [datetime_format("%b %d %Y %I:%M %p")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 9:30 am", time(9, 30)),
        ("9:30 AM", time(9, 30)),
        ("09:30am", time(9, 30)),
        ("9:30 a.m.", time(9, 30)),
        ("9:30\u202fPM", time(21, 30)),
        ("9:30\u00a0p", time(21, 30)),
        ("12:00 AM", time(0, 0)),
        ("12:05 pm", time(12, 5)),
        ("0:30 am", None),
        ("13:00 pm", None),
        ("9:60 am", None),
        ("9:30", None),
        ("9.30 am", None),
        ("nine am", None),
        ("٩:30 am", None),
        ("", None),
    ],
)
def test_a_twelve_hour_clock(text: str, expected: time | None) -> None:
    assert read_time(text, [time_format("%I:%M %p")]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8:15:00", time(8, 15)), ("08:15:59", time(8, 15)), ("24:00:00", None), ("8:15:60", None)],
)
def test_a_clock_with_seconds(text: str, expected: time | None) -> None:
    assert read_time(text, [time_format("%H:%M:%S")]) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("4/5/2027", "%m/%d/%Y", date(2027, 4, 5)),
        ("04/05/2027", "%m/%d/%Y", date(2027, 4, 5)),
        ("2/30/2027", "%m/%d/%Y", None),
        ("13/1/2027", "%m/%d/%Y", None),
        ("4/5/27", "%m/%d/%Y", None),
        ("4/5/0027", "%m/%d/%Y", None),
        ("4/5/2027 x", "%m/%d/%Y", None),
        ("20270405", "%Y%m%d", date(2027, 4, 5)),
        ("2027045", "%Y%m%d", None),
        ("MON, APR. 5 2027", "%a, %b %d %Y", date(2027, 4, 5)),
        ("april 5, 2027", "%B %d, %Y", date(2027, 4, 5)),
        ("ſep 5 2027", "%b %d %Y", None),
    ],
)
def test_dates(text: str, form: str, expected: date | None) -> None:
    assert read_date(text, [date_format(form)]) == expected


def test_formats_are_tried_in_their_order() -> None:
    forms = [date_format("%m/%d/%Y"), date_format("%Y-%m-%d")]
    assert read_date("2027-04-05", forms) == date(2027, 4, 5)
    assert read_date("4/5/2027", forms) == date(2027, 4, 5)


def test_a_format_is_shown_in_words() -> None:
    assert datetime_format("%m/%d/%Y %I:%M %p").in_words == "MM/DD/YYYY hh:MM am/pm"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("%m/%d", "year"),
        ("%m/%m/%Y", "twice"),
        ("%Q", "not known"),
        ("%m/%d/%Y %H", "does not belong"),
        ("%m %b/%d/%Y", "exactly one month"),
        ("100%", "not known"),
    ],
)
def test_a_date_format_that_is_no_date_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        date_format(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("%H", "minute"), ("%I:%M", "go together"), ("%H:%M %p", "go together"), ("%d", "belong")],
)
def test_a_time_format_that_is_no_time_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        time_format(text)
