"""Which court's calendar a file is, told by its header; and what its unread rows say."""

import io
from pathlib import Path

import pytest

from domain.listings import built_in_mappings, gather, load_mapping, read_rows
from domain.listings.guessing import guess_format
from domain.listings.row_texts import LONGEST, row_texts

SAMPLES = Path(__file__).parent / "samples"
ALASKA = b'"event_dt","last_name","first_name","courtroom","start_tm","case_no","event"\n'


@pytest.mark.parametrize("name", [one for one in built_in_mappings() if one != "icalendar"])
def test_each_court_is_told_by_its_own_header(name: str) -> None:
    mapping = load_mapping(name)
    headers = [header for column in mapping.columns.values() for header in column.headers]
    line = mapping.delimiter.join(dict.fromkeys(headers)) + "\n"
    assert guess_format(line.encode(mapping.encoding)) == name


@pytest.mark.parametrize(
    "head",
    [b"", b"who,when\n", b"PK\x03\x04", b"\xff\xfe\0", b"<html>", b"a" * 70_000],
)
def test_what_fits_none_is_not_guessed(head: bytes) -> None:
    assert guess_format(head) == ""


def test_a_calendar_for_calendars_says_so_itself() -> None:
    assert guess_format(b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nVERSION:2.0\r\n") == "icalendar"


def test_a_character_that_is_cut_at_the_end_spoils_no_guess() -> None:
    body = ALASKA + ("x" * 70_000).encode() + "é".encode()
    assert guess_format(body[: len(body) - 1]) in ("", "alaska-criminal")
    assert guess_format(ALASKA + "é,".encode()[:1]) == "alaska-criminal"


def texts(content: bytes, name: str = "alaska-criminal") -> dict[int, str]:
    """The unread rows of a file."""
    mapping = load_mapping(name)
    calendar = gather(read_rows(io.BytesIO(content), mapping))
    wanted = {one.row_number for one in calendar.set_aside}
    return row_texts(io.BytesIO(content), mapping, wanted)


def test_each_unread_row_is_shown_as_it_stands() -> None:
    good = b'03/01/2027,"OAK","A","Room 1",9:00 am,"C-1","Trial"\n'
    broken = b'03/01/2027,"OAK\n'
    short = b"03/01/2027,OAK\n"
    found = texts(ALASKA + good + broken + short + good)
    assert found == {3: '03/01/2027,"OAK', 4: "03/01/2027,OAK"}


def test_a_long_row_is_cut() -> None:
    (shown,) = texts(
        ALASKA + b"x" * 5_000 + b"\n" + b'03/01/2027,"O","A","R",9:00 am,"C","T"\n'
    ).values()
    assert len(shown) == LONGEST + 1


def test_an_unread_event_is_shown_by_its_lines() -> None:
    event = (
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270301T090000\r\nSUMMARY:No number\r\nEND:VEVENT\r\n"
    )
    body = f"BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n".encode()
    assert "SUMMARY:No number" in texts(body, "icalendar")[1]


def test_nothing_is_read_when_nothing_is_wanted() -> None:
    assert row_texts(io.BytesIO(b"not a calendar"), load_mapping("idaho"), set()) == {}
    assert row_texts(io.BytesIO(b"%PDF"), load_mapping("idaho"), {1}) == {}
