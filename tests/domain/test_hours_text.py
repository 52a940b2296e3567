"""Opening hours as people write them."""

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours_text import BadHours, hours_words, read_hours
from domain.opening_hours import DAYS, Hours


@pytest.mark.parametrize(
    ("line", "byday", "opens", "closes"),
    [
        ("Mon-Fri 9:00-17:00", "MO,TU,WE,TH,FR", time(9), time(17)),
        ("Monday to Friday: 9 am - 5 pm", "MO,TU,WE,TH,FR", time(9), time(17)),
        ("Mon, Wed and Fri 10-2 pm", "MO,WE,FR", time(10), time(14)),
        ("Tue & Thu 1-5 p.m.", "TU,TH", time(13), time(17)),
        ("Fri–Mon 20:00–6:00", "MO,FR,SA,SU", time(20), time(6)),
        ("Daily 24 hours", "", time(0), time(0)),
        ("every day 8:30am-12pm", "", time(8, 30), time(12)),
        ("Sat 9-24", "SA", time(9), time(0)),
    ],
)
def test_lines(line: str, byday: str, opens: time, closes: time) -> None:
    hours = read_hours(line)
    assert (hours.byday, hours.opens_at, hours.closes_at) == (byday, opens, closes)
    assert hours.plain


@pytest.mark.parametrize(
    "line",
    [
        "",
        "open",
        "9-17",
        "Mon",
        "Mon- 9-17",
        "Mon 9",
        "Mon 25-26",
        "Mon 9:75-10",
        "Mon 13pm-2pm",
        "Frı 9-17",
    ],
)
def test_what_says_no_hours_is_refused(line: str) -> None:
    with pytest.raises(BadHours, match="Mon-Fri 9:00-17:00"):
        read_hours(line)


@given(
    days=st.sets(st.sampled_from(range(7))),
    opens=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    closes=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_what_is_shown_is_read_again(days: set[int], opens: time, closes: time) -> None:
    byday = ",".join(DAYS[day] for day in sorted(days)) if len(days) < 7 else ""
    hours = Hours(opens, closes, byday, "WEEKLY" if byday else "DAILY")
    assert read_hours(hours_words(hours)) == hours


@given(st.text(max_size=30))
def test_any_line_is_read_or_refused(line: str) -> None:
    with suppress(BadHours):
        assert read_hours(line).opens_at is not None
