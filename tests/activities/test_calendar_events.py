"""Private calendar feeds from the records, read back by a second library."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from activities.calendar_events import case_calendar, caseload_calendar
from activities.house import House
from domain.tracks import CourtStage, Track
from domain.vocabulary import HearingKind, Role
from records.casework import NotFound, get_case, move_track
from records.hearings import Setting, move_hearing, vacate_hearing
from records.tables import Case, StaffMember
from tests.houses import ROSA, ZONE, FixedClock, a_case, a_hearing, hub_of, make_house, utc, wall

NOW = utc("2027-05-03 15:00")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path / "var", FixedClock(NOW))
    yield made
    made.records.close()


def family_feed(house: House, case: Case) -> bytes:
    with house.records.reading(hub_of(house.records)) as session:
        return case_calendar(session, case.id, house.catalog)


def events(data: bytes) -> list[Component]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_a_family_reads_when_where_whose_and_whom_to_call(house: House) -> None:
    case = a_case(house.records, NOW, docket="27-CF-000123")
    a_hearing(house.records, case, "2027-06-14 09:30", NOW)
    data = family_feed(house, case)
    (event,) = events(data)
    assert event["SUMMARY"] == "Arraignment: Marcus"
    assert event["LOCATION"] == "Room 3A, 1351 NW 12th St, Miami"
    assert event["DESCRIPTION"] == "Liberty City Defense, (305) 555-0100"
    assert event.decoded("DTSTART") == datetime(2027, 6, 14, 9, 30, tzinfo=ZoneInfo(ZONE))
    assert b"000123" not in data
    assert b"Johnson" not in data


def test_a_kind_of_hearing_that_could_shame_someone_is_a_court_date(house: House) -> None:
    case = a_case(house.records, NOW)
    kind = HearingKind.PROBATION_VIOLATION
    a_hearing(house.records, case, "2027-06-14 09:30", NOW, kind=kind)
    data = family_feed(house, case)
    (event,) = events(data)
    assert event["SUMMARY"] == "Court date: Marcus"
    assert b"probation" not in data.lower()


def test_a_moved_hearing_keeps_its_uid_and_a_vacated_one_stays_as_cancelled(house: House) -> None:
    case = a_case(house.records, NOW)
    hearing = a_hearing(house.records, case, "2027-06-14 09:30", NOW)
    (before,) = events(family_feed(house, case))
    later = utc("2027-05-20 15:00")
    with house.records.writing(hub_of(house.records)) as session:
        setting = Setting(wall("2027-06-21 13:30"), ZONE, "3A", "1351 NW 12th St, Miami")
        move_hearing(session, hearing.id, setting, ROSA, later)
    (moved,) = events(family_feed(house, case))
    assert moved["UID"] == before["UID"]
    assert moved.decoded("SEQUENCE") > before.decoded("SEQUENCE")
    assert moved.decoded("LAST-MODIFIED") == later
    with house.records.writing(hub_of(house.records)) as session:
        vacate_hearing(session, hearing.id, ROSA, later)
    (off,) = events(family_feed(house, case))
    assert (off["STATUS"], off["UID"]) == ("CANCELLED", before["UID"])


def test_an_unchanged_feed_keeps_its_bytes(house: House) -> None:
    case = a_case(house.records, NOW)
    for day in ("2027-06-14", "2027-07-01", "2027-12-01"):
        a_hearing(house.records, case, f"{day} 09:30", NOW)
    assert family_feed(house, case) == family_feed(house, case)


def test_an_unknown_case_has_no_feed(house: House) -> None:
    with (
        house.records.reading(hub_of(house.records)) as session,
        pytest.raises(NotFound),
    ):
        case_calendar(session, "0" * 32, house.catalog)


def test_an_advocate_sees_the_open_cases_that_are_theirs(house: House) -> None:
    mine, other, closed = (a_case(house.records, NOW, phone="") for _ in range(3))
    for case in (mine, other, closed):
        a_hearing(house.records, case, "2027-06-14 09:30", NOW)
    with house.records.writing(hub_of(house.records)) as session:
        rosa = StaffMember(name="Rosa", sign_in="rosa", role=Role.ADVOCATE)
        session.add(rosa)
        session.flush()
        for case_id in (mine.id, closed.id):
            row = get_case(session, case_id)
            row.advocate_id = rosa.id
            session.add(row)
        row = get_case(session, closed.id)
        move_track(
            session, row, Track.COURT, CourtStage.CLOSED, ROSA, NOW, override_reason="opened twice"
        )
        rosa_id = rosa.id
    with house.records.reading(hub_of(house.records)) as session:
        data = caseload_calendar(session, rosa_id, house.catalog)
        nobody = caseload_calendar(session, "0" * 32, house.catalog)
    assert len(events(data)) == 1
    assert events(nobody) == []
