"""Made-up calendars of each published shape."""

from __future__ import annotations

import io
from datetime import datetime

import pytest

from domain.listings import MissingJoinFile, Reason, gather, load_mapping, read_rows
from domain.vocabulary import HearingKind
from tests.domain.listings.factories import SAMPLES, listings_of, read, read_named, rows_of


@pytest.mark.parametrize(
    ("name", "rows", "distinct", "set_aside", "conflicts"),
    [
        ("alaska-criminal", 6, 4, 1, 0),
        ("alaska-minor-offense", 6, 4, 1, 1),
        ("idaho", 6, 5, 0, 0),
        ("atlanta", 2, 2, 0, 0),
        ("salt-lake", 5, 3, 2, 0),
    ],
)
def test_every_row_is_accounted_for(
    name: str, rows: int, distinct: int, set_aside: int, conflicts: int
) -> None:
    calendar = read_named(SAMPLES, name)
    assert (calendar.rows, len(calendar.listings)) == (rows, distinct)
    assert (len(calendar.set_aside), len(calendar.conflicts)) == (set_aside, conflicts)
    assert calendar.rows == calendar.duplicates + len(calendar.set_aside) + len(calendar.listings)


def test_alaska_pads_its_times_and_puts_room_and_court_in_one_cell() -> None:
    first, second, *_ = read_named(SAMPLES, "alaska-criminal").listings
    assert first.local == datetime(2027, 1, 12, 10, 0)
    assert (first.court, first.courtroom) == ("Sitka Courthouse", "")
    assert second.local == datetime(2027, 1, 12, 14, 0)
    assert (second.court, second.courtroom) == ("Juneau Courthouse", "Courtroom B")
    assert second.kind is HearingKind.MOTION
    assert second.kind_as_published == "Motion Hearing"
    assert (second.person_name, second.last_name, second.first_name) == (
        "HARBOR, TOVE",
        "HARBOR",
        "TOVE",
    )


def test_a_time_that_the_clock_skips_is_set_aside() -> None:
    (row,) = read_named(SAMPLES, "alaska-criminal").set_aside
    assert row.code is Reason.NO_SUCH_TIME
    assert row.row_number == 7
    assert "clocks go forward" in row.reason


def test_two_tickets_at_one_minute_are_one_hearing_and_two_rooms_are_a_conflict() -> None:
    calendar = read_named(SAMPLES, "alaska-minor-offense")
    assert calendar.duplicates == 1
    (conflict,) = calendar.conflicts
    assert conflict.docket_number == "JUNZE000111222333"
    assert [one.courtroom for one in conflict.listings] == ["Courtroom A", "Courtroom B"]


def test_idaho_names_nobody_but_whom_the_state_has_charged() -> None:
    names = {one.docket_number: one.person_name for one in read_named(SAMPLES, "idaho").listings}
    assert names == {
        "2027-CR-90001": "",
        "CR14-27-90007": "Fen Sample",
        "CR14-27-90006": "Ash Placeholder",
        "CV01-27-90002": "",
    }


def test_idaho_keeps_two_times() -> None:
    zones = {one.jurisdiction: one.zone for one in read_named(SAMPLES, "idaho").listings}
    assert zones["Ada"] == "America/Boise"
    assert zones["Boundary"] == "America/Los_Angeles"


def test_noon_is_twelve() -> None:
    times = [one.local for one in read_named(SAMPLES, "idaho").listings]
    assert datetime(2027, 12, 6, 12, 0) in times


def test_atlanta_has_pipes_and_quotes_that_mean_nothing() -> None:
    first, second = read_named(SAMPLES, "atlanta").listings
    assert (first.local, first.courtroom) == (datetime(2027, 6, 19, 8, 15), "201")
    assert first.person_name == "Quill Madeup"
    assert second.local.hour == 13


def test_a_location_code_that_is_unknown_or_no_longer_valid_is_set_aside() -> None:
    calendar = read_named(SAMPLES, "salt-lake")
    assert [row.row_number for row in calendar.set_aside] == [5, 6]
    assert {row.code for row in calendar.set_aside} == {Reason.UNKNOWN_LOCATION}
    assert all("(expression)" in row.reason for row in calendar.set_aside)


def test_the_same_number_at_two_salt_lake_courts_is_two_cases() -> None:
    cases = {one.case for one in read_named(SAMPLES, "salt-lake").listings}
    assert {("202", "0002j"), ("202", "0003d")} <= cases


def test_a_calendar_of_codes_is_refused_without_its_second_file() -> None:
    with (SAMPLES / "salt-lake.csv").open("rb") as file, pytest.raises(MissingJoinFile) as refusal:
        gather(read_rows(file, load_mapping("salt-lake")))
    assert "calendar-locations.csv" in str(refusal.value)


def test_icalendar_is_read_through_the_same_door() -> None:
    calendar = gather(rows_of(SAMPLES / "icalendar.ics", load_mapping("icalendar")))
    first, second = calendar.listings
    assert first.docket_number == "27-CR-004411"
    assert (first.local, first.zone) == (datetime(2027, 3, 10, 9, 30), "America/Chicago")
    assert (first.court, first.courtroom) == ("Example Courthouse", "Courtroom 3")
    assert (first.kind, first.kind_as_published) == (HearingKind.ARRAIGNMENT, "Arraignment")
    assert first.source_uid == "a1@court.example.org"
    assert second.docket_number == "27-CR-004412"
    assert (second.local, second.zone) == (datetime(2027, 7, 1, 14, 0), "America/Chicago")
    assert (second.court, second.courtroom) == ("Example Courthouse", "Room 5")
    assert (second.kind, second.kind_as_published) == (HearingKind.PRETRIAL, "pretrial")
    assert [(row.row_number, row.code) for row in calendar.set_aside] == [
        (4, Reason.NO_TIME),
        (5, Reason.NO_CASE_NUMBER),
    ]


@pytest.mark.parametrize("name", ["alaska-minor-offense", "atlanta"])
def test_no_charge_is_read_in(name: str) -> None:
    calendar = read_named(SAMPLES, name)
    for one in calendar.listings:
        texts = (one.kind_as_published, one.court, one.courtroom, one.person_name)
        assert not any("offense" in text or "Violation" in text for text in texts)


def test_neither_repr_nor_reason_tells_who_it_is() -> None:
    for name in ("alaska-criminal", "alaska-minor-offense", "idaho"):
        calendar = read_named(SAMPLES, name)
        shown = repr(calendar)
        for one in calendar.listings:
            assert one.docket_number not in shown
            assert not one.person_name or one.person_name not in shown
        for row in calendar.set_aside:
            assert not row.docket_number or row.docket_number not in row.reason + repr(row)


def test_a_file_with_windows_line_ends_and_a_byte_order_mark_reads_the_same() -> None:
    mapping = load_mapping("idaho")
    plain = (SAMPLES / "idaho.csv").read_bytes()
    windows = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    assert listings_of(read_rows(io.BytesIO(windows), mapping)) == listings_of(read(plain, mapping))
