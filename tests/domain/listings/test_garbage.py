"""Whatever bytes arrive: listings, rows set aside, or a refusal with a name. Nothing else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listings import (
    CalendarRefused,
    Listing,
    SetAside,
    built_in_mappings,
    gather,
    load_mapping,
    read_rows,
)
from tests.domain.listings.factories import SAMPLES

MAPPINGS = {name: load_mapping(name) for name in built_in_mappings()}
CODES = {"court": {"0001D": "MADEUP TOWN"}}


def sample(name: str) -> bytes:
    return next(SAMPLES.glob(f"{name}.*")).read_bytes()


def survives(name: str, content: bytes) -> None:
    try:
        calendar = gather(read_rows(io.BytesIO(content), MAPPINGS[name], CODES))
    except CalendarRefused:
        return
    assert all(isinstance(one, Listing) for one in calendar.listings)
    assert all(isinstance(row, SetAside) and row.reason for row in calendar.set_aside)


@pytest.mark.parametrize("name", MAPPINGS)
@given(content=st.binary(max_size=400))
def test_any_bytes(name: str, content: bytes) -> None:
    survives(name, content)


@pytest.mark.parametrize("name", MAPPINGS)
@given(body=st.text(alphabet='ab1,|"\n\r\t :/\u00e9\x0b\u2028\x85;', max_size=200))
def test_any_text_after_the_right_beginning(name: str, body: str) -> None:
    first_line = sample(name).splitlines(keepends=True)[0]
    survives(name, first_line + body.encode())


@pytest.mark.parametrize("name", MAPPINGS)
@given(data=st.data())
def test_a_calendar_with_a_piece_replaced(name: str, data: st.DataObject) -> None:
    content = sample(name)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    piece = data.draw(st.one_of(st.binary(max_size=20), st.text(max_size=10).map(str.encode)))
    survives(name, content[:start] + piece + content[end:])


PROPERTIES = st.sampled_from(
    ["UID", "SUMMARY", "DTSTART", "DTSTART;TZID=America/Chicago", "LOCATION", "CATEGORIES",
     "STATUS", "RRULE", "RDATE", "RECURRENCE-ID", "X-CASE-NUMBER", "BEGIN", "END", "DTSTART;"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["VEVENT", "VCALENDAR", "VALARM", "20270310T093000", "20270310T093000Z", "20270310",
         "00010101T000000", "99991231T235959Z", "27-CR-004411", "CANCELLED", "FREQ=DAILY"]
    ),
)  # fmt: skip


@given(lines=st.lists(st.tuples(PROPERTIES, VALUES), max_size=25))
def test_any_properties_in_an_event(lines: list[tuple[str, str]]) -> None:
    body = "\r\n".join(f"{name}:{value}" for name, value in lines)
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    survives("icalendar", text.encode())
