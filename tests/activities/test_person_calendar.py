"""A calendar for each person: whose hearings they see, in which words, and until when."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from activities.calendar_events import caseload_calendar, person_calendar
from activities.house import House
from domain.tracks import CourtStage, Track
from domain.vocabulary import HearingKind, Role
from records.casework import NotFound, get_case, move_track
from records.circle import NewSupporter, end_supporter, enroll_supporter
from records.hearings import Setting, move_hearing, vacate_hearing
from records.tables import Case, Counsel, Defendant, Person, StaffMember, Supporter
from tests.houses import ROSA, ZONE, FixedClock, a_case, a_hearing, hub_of, make_house, utc, wall

NOW = utc("2027-05-03 15:00")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path / "var", FixedClock(NOW))
    yield made
    made.records.close()


def feed(house: House, person_id: str) -> Any:
    """A person's calendar, as another library reads it."""
    with house.records.reading(hub_of(house.records)) as session:
        return Calendar.from_ical(person_calendar(session, person_id, house.catalog))


def events(house: House, person_id: str) -> dict[str, Any]:
    """Its events by UID."""
    return {str(event["UID"]): event for event in feed(house, person_id).walk("VEVENT")}


def a_date(house: House, case: Case, local: str = "2027-06-14 09:30") -> str:
    """A hearing of a case; the UID by which calendars know it."""
    kind = HearingKind.ARRAIGNMENT
    return f"hearing-{a_hearing(house.records, case, local, NOW, kind=kind).id}"


def stands_by(
    house: House, case: Case, *, person_id: str = "", language: str = "en", agreed: bool = True
) -> Supporter:
    """Somebody in a case's circle: new, or someone who is known already."""
    with house.records.writing(hub_of(house.records)) as session:
        if not person_id:
            new = NewSupporter("Denise", "Johnson", "mother", language, may_know_hearings=agreed)
            return enroll_supporter(session, case.id, new, ROSA, NOW)
        row = Supporter(case_id=case.id, person_id=person_id, enrolled_at=NOW)
        session.add(row)
        return row


def the_defendant(house: House, case: Case) -> str:
    """The person whose case it is."""
    with house.records.reading(hub_of(house.records)) as session:
        return session.get_one(Defendant, case.defendant_id).person_id


def test_a_mother_sees_the_dates_of_both_of_her_sons_and_of_nobody_else(house: House) -> None:
    one, two, stranger = (a_case(house.records, NOW, phone="") for _ in range(3))
    dates = {a_date(house, one), a_date(house, two)}
    a_date(house, stranger)
    denise = stands_by(house, one).person_id
    stands_by(house, two, person_id=denise)
    assert set(events(house, denise)) == dates


def test_without_the_defendants_agreement_family_sees_nothing(house: House) -> None:
    case = a_case(house.records, NOW, phone="")
    a_date(house, case)
    denise = stands_by(house, case, agreed=False).person_id
    assert events(house, denise) == {}


def test_leaving_a_circle_takes_its_dates_away_without_calling_them_off(house: House) -> None:
    left, stays = a_case(house.records, NOW, phone=""), a_case(house.records, NOW, phone="")
    a_date(house, left)
    kept = a_date(house, stays)
    supporter = stands_by(house, left)
    stands_by(house, stays, person_id=supporter.person_id)
    with house.records.writing(hub_of(house.records)) as session:
        end_supporter(session, supporter.id, ROSA, NOW)
    shown = events(house, supporter.person_id)
    assert set(shown) == {kept}
    assert shown[kept]["STATUS"] == "CONFIRMED"


def test_a_family_calendar_says_court_date_and_the_persons_own_not_even_whose(
    house: House,
) -> None:
    case = a_case(house.records, NOW, phone="", docket="27-CF-000123")
    date = a_date(house, case)
    denise, marcus = stands_by(house, case).person_id, the_defendant(house, case)
    assert events(house, denise)[date]["SUMMARY"] == "Court date: Marcus"
    assert events(house, marcus)[date]["SUMMARY"] == "Court date"
    for person in (denise, marcus):
        text = feed(house, person).to_ical().lower()
        for word in (b"arraignment", b"000123", b"johnson", b"charge"):
            assert word not in text


def test_each_reads_their_own_language(house: House) -> None:
    case = a_case(house.records, NOW, phone="")
    date = a_date(house, case)
    denise = stands_by(house, case, language="es").person_id
    title = str(feed(house, denise)["NAME"]).replace("\\", "")
    assert title == "Citas en la corte, Liberty City Defense"
    event = events(house, denise)[date]
    assert event["SUMMARY"] == "Cita en la corte: Marcus"
    assert event["LOCATION"].startswith("Sala 3A")
    assert feed(house, the_defendant(house, case))["NAME"].startswith("Court dates")


def test_a_moved_date_keeps_its_uid_and_a_vacated_one_stays_as_cancelled(house: House) -> None:
    case = a_case(house.records, NOW, phone="")
    date = a_date(house, case)
    denise = stands_by(house, case).person_id
    hearing_id = date.removeprefix("hearing-")
    with house.records.writing(hub_of(house.records)) as session:
        move_hearing(session, hearing_id, Setting(wall("2027-06-21 13:30"), ZONE), ROSA, NOW)
    moved = events(house, denise)[date]
    assert (moved["SEQUENCE"], moved["DTSTART"].dt.hour) == (2, 13)
    assert len(moved.walk("VALARM")) == 2
    with house.records.writing(hub_of(house.records)) as session:
        vacate_hearing(session, hearing_id, ROSA, NOW)
    off = events(house, denise)[date]
    assert (off["SEQUENCE"], off["STATUS"], off.walk("VALARM")) == (3, "CANCELLED", [])


def test_counsel_sees_the_kind_of_each_clients_hearing(house: House) -> None:
    mine, other = a_case(house.records, NOW, phone=""), a_case(house.records, NOW, phone="")
    date = a_date(house, mine)
    a_date(house, other)
    with house.records.writing(hub_of(house.records)) as session:
        person = Person(first_name="Ana", last_name="Ruiz")
        session.add(person)
        session.flush()
        counsel = Counsel(person_id=person.id)
        session.add(counsel)
        session.flush()
        case = get_case(session, mine.id)
        case.counsel_id = counsel.id
        session.add(case)
        ana = person.id
    shown = events(house, ana)
    assert set(shown) == {date}
    assert shown[date]["SUMMARY"] == "Arraignment: Marcus"


def test_a_closed_case_is_on_nobodys_calendar(house: House) -> None:
    case = a_case(house.records, NOW, phone="")
    a_date(house, case)
    denise = stands_by(house, case).person_id
    with house.records.writing(hub_of(house.records)) as session:
        row = get_case(session, case.id)
        move_track(
            session, row, Track.COURT, CourtStage.CLOSED, ROSA, NOW, override_reason="opened twice"
        )
    assert events(house, denise) == {}
    assert events(house, the_defendant(house, case)) == {}


def test_an_advocate_reads_their_caseload_in_their_own_language(house: House) -> None:
    case = a_case(house.records, NOW, phone="")
    date = a_date(house, case)
    with house.records.writing(hub_of(house.records)) as session:
        rosa = StaffMember(name="Rosa", sign_in="rosa", role=Role.ADVOCATE, language="es")
        session.add(rosa)
        session.flush()
        row = get_case(session, case.id)
        row.advocate_id = rosa.id
        session.add(row)
        rosa_id = rosa.id
    with house.records.reading(hub_of(house.records)) as session:
        calendar: Any = Calendar.from_ical(caseload_calendar(session, rosa_id, house.catalog))
    (event,) = calendar.walk("VEVENT")
    assert (event["UID"], event["SUMMARY"]) == (date, "Lectura de cargos: Marcus")


def test_nobody_has_no_calendar(house: House) -> None:
    with (
        house.records.reading(hub_of(house.records)) as session,
        pytest.raises(NotFound),
    ):
        person_calendar(session, "0" * 32, house.catalog)
