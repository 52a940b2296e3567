"""Court calendars published as iCalendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listings import (
    CalendarRefused,
    CutShort,
    EmptyFile,
    HeaderOnly,
    Listing,
    NotThisFormat,
    Reason,
    Row,
    SetAside,
    WrongEncoding,
    load_mapping,
    mapping_from,
)
from domain.vocabulary import HearingKind
from tests.domain.listings.factories import read

ANY_COURT = load_mapping("icalendar")
CHICAGO = load_mapping("icalendar", zone="America/Chicago")
START = "DTSTART;TZID=America/Chicago:20270310T093000"
CASE = "X-CASE-NUMBER:27-CR-004411"


def event(*lines: str) -> str:
    return "\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def calendar(*events: str, head: tuple[str, ...] = ()) -> str:
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", *head, *events, "END:VCALENDAR", "")
    return "\n".join(lines).replace("\n", "\r\n")


def only(*lines: str, mapping: str = "", head: tuple[str, ...] = ()) -> Row:
    zone = mapping or None
    (row,) = read(calendar(event(*lines), head=head), load_mapping("icalendar", zone=zone))
    return row


def listed(*lines: str, mapping: str = "", head: tuple[str, ...] = ()) -> Listing:
    row = only(*lines, mapping=mapping, head=head)
    assert isinstance(row, Listing)
    return row


def refused(*lines: str, mapping: str = "") -> SetAside:
    row = only(*lines, mapping=mapping)
    assert isinstance(row, SetAside)
    return row


@pytest.mark.parametrize(
    ("start", "zone", "local"),
    [
        (START, "America/Chicago", datetime(2027, 3, 10, 9, 30)),
        (START, "America/Denver", datetime(2027, 3, 10, 8, 30)),
        ("DTSTART:20270310T153000Z", "America/Chicago", datetime(2027, 3, 10, 9, 30)),
        ("DTSTART:20270710T143000Z", "America/Chicago", datetime(2027, 7, 10, 9, 30)),
        ("DTSTART:20270310T093000", "America/Chicago", datetime(2027, 3, 10, 9, 30)),
        ("DTSTART;TZID=Central Standard Time:20270310T093000", "America/Denver",
         datetime(2027, 3, 10, 8, 30)),
        ('DTSTART;TZID="America/Chicago":20270310T093059', "America/Chicago",
         datetime(2027, 3, 10, 9, 30)),
    ],
)  # fmt: skip
def test_the_time_is_what_the_wall_of_the_court_shows(
    start: str, zone: str, local: datetime
) -> None:
    one = listed(CASE, start, mapping=zone)
    assert (one.local, one.zone) == (local, zone)


@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2198, 1, 1)),
    zone=st.sampled_from(["America/Anchorage", "America/Boise", "America/New_York", "UTC"]),
)
def test_an_instant_survives_the_way_to_the_wall_and_back(moment: datetime, zone: str) -> None:
    minute = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    one = listed(CASE, f"DTSTART:{minute:%Y%m%dT%H%M%S}Z", mapping=zone)
    shown = one.local.replace(tzinfo=ZoneInfo(zone))
    # In autumn one wall time means two instants.
    assert minute in (shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC))


def test_without_a_zone_of_its_own_the_mapping_takes_the_files_word() -> None:
    assert listed(CASE, START).zone == "America/Chicago"
    head = ("X-WR-TIMEZONE:America/Boise",)
    one = listed(CASE, "DTSTART:20270310T163000Z", head=head)
    assert (one.local, one.zone) == (datetime(2027, 3, 10, 9, 30), "America/Boise")
    assert listed(CASE, "DTSTART:20270310T093000", head=head).zone == "America/Boise"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((CASE, "DTSTART:20270310T153000Z"), Reason.UNKNOWN_ZONE),
        ((CASE, "DTSTART;TZID=Custom Zone:20270310T093000"), Reason.UNKNOWN_ZONE),
        ((CASE, "DTSTART;TZID=../../etc/hostname:20270310T093000"), Reason.UNKNOWN_ZONE),
        ((CASE, "DTSTART;TZID=America/Chicago:20270310T153000Z"), Reason.BAD_DATE),
        ((CASE, "DTSTART;TZID=America/Chicago:20270230T093000"), Reason.BAD_DATE),
        ((CASE, "DTSTART;TZID=America/Chicago:00270210T093000"), Reason.BAD_DATE),
        ((CASE, "DTSTART;TZID=America/Chicago:20270314T023000"), Reason.NO_SUCH_TIME),
        ((CASE, "DTSTART;VALUE=DATE:20270310"), Reason.NO_TIME),
        ((CASE, "DTSTART;TZID=America/Chicago:20270310"), Reason.NO_TIME),
        ((CASE,), Reason.NO_TIME),
        ((CASE, START, START), Reason.BROKEN_EVENT),
        ((CASE, START, "RRULE:FREQ=WEEKLY"), Reason.REPEATS),
        ((START,), Reason.NO_CASE_NUMBER),
        ((START, "SUMMARY:Call 305-555-0123 on 2027-03-10"), Reason.NO_CASE_NUMBER),
        ((CASE, START, "LOCATION:" + "x" * 500), Reason.TOO_LONG),
    ],
)
def test_an_event_that_is_not_clear_is_set_aside(lines: tuple[str, ...], code: Reason) -> None:
    aside = refused(*lines)
    assert aside.code is code
    assert "004411" not in aside.reason


def test_a_feed_may_have_its_own_names_for_zones() -> None:
    data = {
        "name": "x",
        "format": "icalendar",
        "zone": "America/Denver",
        "icalendar": {"zones": {"Custom Zone": "America/Chicago"}},
    }
    text = calendar(event(CASE, "DTSTART;TZID=Custom Zone:20270310T093000"))
    (one,) = read(text, mapping_from(data, "x.toml"))
    assert isinstance(one, Listing)
    assert one.local == datetime(2027, 3, 10, 8, 30)


@pytest.mark.parametrize(
    ("summary", "docket"),
    [
        ("Arraignment CR14-27-00007", "CR14-27-00007"),
        ("1AG-27-85329CR: Calendar call", "1AG-27-85329CR"),
        ("[CRFE20270000014] Room 4", "CRFE20270000014"),
        ("Hearing 2027-03-10 F27-1234", "F27-1234"),
    ],
)
def test_the_first_word_that_looks_like_a_case_number_is_one(summary: str, docket: str) -> None:
    assert listed(START, f"SUMMARY:{summary}").docket_number == docket


def test_a_court_may_say_where_its_case_numbers_are_and_how_they_look() -> None:
    data = {
        "name": "x",
        "format": "icalendar",
        "person": {"pattern": r"State v\. (?P<name>[^(]+)\(.*"},
        "icalendar": {
            "docket_property": "",
            "docket_in": "COMMENT",
            "docket_pattern": r"No\. (?P<docket>\d+)",
            "jurisdiction_property": "X-COUNTY",
            "kind_properties": "X-PURPOSE",
        },
        "kinds": {"words": {"ARR": "arraignment"}},
    }
    text = calendar(
        event(
            START,
            "COMMENT:See No. 595096 of the list",
            "SUMMARY:State v. Larch Example (trial)",
            "X-COUNTY:Ada",
            "X-PURPOSE:ARR",
        )
    )
    (one,) = read(text, mapping_from(data, "x.toml"))
    assert isinstance(one, Listing)
    assert (one.docket_number, one.jurisdiction) == ("595096", "Ada")
    assert (one.kind, one.kind_as_published) == (HearingKind.ARRAIGNMENT, "ARR")
    assert one.person_name == "Larch Example"


def test_a_summary_leaves_no_name_behind() -> None:
    one = listed(START, CASE, "SUMMARY:State v. Larch Example - Jury Trial day 2")
    assert (one.kind, one.kind_as_published, one.person_name) == (
        HearingKind.TRIAL,
        "jury trial",
        "",
    )


def test_a_long_summary_is_cut_and_the_hearing_stays() -> None:
    one = listed(START, CASE, "SUMMARY:Arraignment " + "and more " * 3000)
    assert one.kind is HearingKind.ARRAIGNMENT


def test_a_folded_line_is_one_line() -> None:
    one = listed(START, "X-CASE-NUM", " BER:27-CR-00", "\t4411", "LOCATION:Main \n Courthouse")
    assert (one.docket_number, one.court) == ("27-CR-004411", "Main Courthouse")


def test_a_cancelled_event_is_not_listed_even_if_the_rest_of_it_is_unclear() -> None:
    live = event(START, CASE)
    text = calendar(event(CASE, START, "STATUS:CANCELLED"), event("STATUS:cancelled"), live)
    assert [one.row_number for one in read(text, ANY_COURT)] == [3]


def test_a_calendar_that_takes_its_events_back_lists_nothing() -> None:
    assert read(calendar(event(CASE, START), head=("METHOD:CANCEL",)), ANY_COURT) == []


def test_one_date_of_a_repeating_event_has_its_own_uid() -> None:
    recurrence = "RECURRENCE-ID;TZID=America/Chicago:20270309T093000"
    assert listed(CASE, START, "UID:a1").source_uid == "a1"
    assert listed(CASE, START, "UID:a1", recurrence).source_uid == "a1#20270309T093000"


def test_an_alarm_inside_an_event_does_not_speak_for_it() -> None:
    alarm = ("BEGIN:VALARM", "SUMMARY:Trial", "DTSTART:19990101T000000Z", "END:VALARM")
    one = listed(CASE, *alarm, START, "SUMMARY:Arraignment")
    assert one.kind is HearingKind.ARRAIGNMENT
    assert one.local == datetime(2027, 3, 10, 9, 30)


def test_an_event_that_is_never_closed_does_not_swallow_the_next() -> None:
    text = calendar(f"BEGIN:VEVENT\n{CASE}\n{START}", event(CASE, START))
    first, second = read(text, ANY_COURT)
    assert isinstance(first, SetAside)
    assert first.code is Reason.BROKEN_EVENT
    assert isinstance(second, Listing)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"\r\n \r\n", EmptyFile),
        (b"CaseNumber,County\n1,Ada\n", NotThisFormat),
        (calendar().encode(), HeaderOnly),
        (calendar("BEGIN:VTODO", "END:VTODO").encode(), HeaderOnly),
        (calendar(event(CASE, START)).replace("END:VCALENDAR", "").encode(), CutShort),
        (calendar(event(CASE, START))[:80].encode(), CutShort),
        (calendar(event(CASE, START, "SUMMARY:\u00e9")).encode("cp1252"), WrongEncoding),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 100, NotThisFormat),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    content: bytes, error: type[CalendarRefused]
) -> None:
    with pytest.raises(error):
        read(content, CHICAGO)


def test_a_second_library_writes_what_is_read_here() -> None:
    source = icalendar.Calendar()
    source.add("version", "2.0")
    source.add("prodid", "-//Example//EN")
    hearing = icalendar.Event()
    hearing.add("uid", "b1@court.example.org")
    hearing.add("dtstart", datetime(2027, 11, 8, 8, 45, tzinfo=UTC))
    hearing.add("summary", "Sentencing; 27-CR-000077, continued")
    hearing.add("categories", ["Criminal", "Sentencing"])
    hearing.add("location", "Dept. 9, North Courthouse")
    source.add_component(hearing)
    (one,) = read(source.to_ical(), CHICAGO)
    assert isinstance(one, Listing)
    assert one.docket_number == "27-CR-000077"
    assert one.local == datetime(2027, 11, 8, 2, 45)
    assert (one.court, one.courtroom) == ("North Courthouse", "Dept. 9")
    assert (one.kind, one.kind_as_published) == (HearingKind.SENTENCING, "Sentencing")
