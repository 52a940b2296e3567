"""The page of who comes, and the rides of two weeks."""

import re
from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from domain.vocabulary import Role
from records.hearings import Setting, move_hearing, vacate_hearing
from records.tables import CourtRide, CourtRideSeat, HumanTask, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, ZONE, a_case, a_hearing, a_mother, wall

RIDE = {"driver": "Lee", "phone": "305-555-0188", "leaves": "8:15", "seats": "1"}


@dataclass
class Day:
    """Marcus's hearing on Tuesday, and his mother."""

    office: Office
    rosa: Browser
    case_id: str
    hearing_id: str
    mother: str

    @property
    def url(self) -> str:
        return f"/cases/{self.case_id}/hearings/{self.hearing_id}/roster"

    def send(self, path: str, fields: dict[str, str] | None = None) -> str:
        """What the page says after a form that was taken."""
        answer = self.rosa.post(f"{self.url}{path}", fields)
        assert answer.status_code == 303, said(answer)
        return self.rosa.words(answer.headers["location"])

    def refused(self, path: str, fields: dict[str, str]) -> str:
        answer = self.rosa.post(f"{self.url}{path}", fields)
        assert answer.status_code == 422, answer.status_code
        return said(answer)

    def ride(self) -> str:
        """A ride with one seat; its id."""
        self.send("/rides", RIDE)
        with self.office.house.records.reading(self.office.hub_id) as session:
            return (
                session.exec(
                    select(CourtRide.id).order_by(col(CourtRide.created_at).desc())
                ).first()
                or ""
            )


@pytest.fixture
def day(office: Office, rosa: Browser) -> Day:
    records = office.house.records
    case = a_case(records, NOW, docket="F26-012345")
    mother = a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    return Day(office, rosa, case.id, hearing.id, mother)


def test_the_case_leads_to_who_comes(day: Day) -> None:
    page = day.rosa.get(f"/cases/{day.case_id}").text
    assert f'href="{day.url}"' in page
    words = day.rosa.words(day.url)
    assert "Who comes with Marcus?" in words
    assert words.count("has not said yet") == 2
    assert "012345" not in words


def test_what_the_family_told_by_phone_counts_as_if_they_had_written(day: Day) -> None:
    assert "needs a ride" in day.send("/said", {"person": day.mother, "said": "ride"})
    assert "no ride yet" in day.rosa.words(day.url)
    assert "Denise asks for a ride" in day.rosa.words("/")
    assert day.url in day.rosa.get("/").text
    ride = day.ride()
    page = day.send(f"/rides/{ride}/seats", {"person": day.mother})
    assert "Full." in page
    assert "no ride yet" not in page
    assert "asks for a ride" not in day.rosa.words("/")
    assert "Denise has a ride to court" in day.rosa.words(f"/cases/{day.case_id}?show=hearings")


def test_a_full_ride_says_so_beside_it_and_nothing_is_lost(day: Day) -> None:
    ride = day.ride()
    day.send(f"/rides/{ride}/seats", {"person": day.mother})
    page = day.rosa.get(day.url).text
    own = re.findall(r'name="person" value="([0-9a-f]{32})"', page)
    other = next(one for one in own if one != day.mother)
    assert "This ride is full" in day.refused(f"/rides/{ride}/seats", {"person": other})
    with day.office.house.records.reading(day.office.hub_id) as session:
        assert len(session.exec(select(CourtRideSeat)).all()) == 1


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("driver", "", "Say who drives"),
        ("phone", "12", "phone"),
        ("leaves", "", "Enter when it leaves"),
        ("leaves", "9:00", "before the hearing"),
        ("leaves", "25:00", "not a time of day"),
        ("seats", "0", "Between 1 and 14"),
        ("seats", "99", "Between 1 and 14"),
    ],
)
def test_a_ride_with_a_mistake_comes_back_with_what_was_typed(
    day: Day, field: str, value: str, why: str
) -> None:
    words = day.rosa.post(f"{day.url}/rides", {**RIDE, field: value})
    assert words.status_code == 422
    assert why in said(words)
    assert field == "driver" or 'value="Lee"' in words.text


def test_the_team_and_others_come_along_and_are_asked_again_when_it_moves(day: Day) -> None:
    with day.office.house.records.reading(day.office.hub_id) as session:
        rosa = session.exec(select(StaffMember)).one()
    assert "Rosa comes" in day.send("/companions", {"staff": rosa.id, "name": ""})
    assert "Pastor Lee comes" in day.send("/companions", {"staff": "", "name": "Pastor Lee"})
    assert "Choose somebody" in day.refused("/companions", {"staff": "", "name": " "})
    with day.office.house.records.writing(day.office.hub_id) as session:
        setting = Setting(wall("2026-12-09 13:30"), ZONE, "3A")
        move_hearing(session, day.hearing_id, setting, ROSA, NOW)
    words = day.rosa.words(day.url)
    assert words.count("ask again") == 2
    assert "tell who comes along" in day.rosa.words("/")
    again = day.send("/companions", {"staff": rosa.id})
    assert again.count("ask again") == 1


def test_the_rides_of_two_weeks_name_whom_to_take_and_nothing_of_the_case(day: Day) -> None:
    assert "No ride is noted" in day.rosa.words("/rides")
    ride = day.ride()
    day.send(f"/rides/{ride}/seats", {"person": day.mother})
    words = day.rosa.words("/rides")
    for known in ("Tue 8 Dec 2026, 8:15", "Lee", "Denise Johnson", "1351 NW 12th St"):
        assert known in words
    assert "012345" not in words
    assert "arraignment" not in words.lower()
    day.send(f"/rides/{ride}/remove")
    assert "No ride is noted" in day.rosa.words("/rides")


def test_a_date_that_was_called_off_takes_no_more(day: Day) -> None:
    ride = day.ride()
    with day.office.house.records.writing(day.office.hub_id) as session:
        vacate_hearing(session, day.hearing_id, ROSA, NOW)
        tasks = [one.kind for one in session.exec(select(HumanTask)).all()]
    assert "roster_again" in tasks
    assert "was called off" in day.rosa.words(day.url)
    assert "is over" in day.refused(f"/rides/{ride}/seats", {"person": day.mother})
    assert "is over" in day.refused("/said", {"person": day.mother, "said": "coming"})


def test_an_administrator_reads_no_roster(day: Day) -> None:
    ada = day.office.staff(Role.HUB_ADMIN, name="ada")
    assert ada.get(day.url).status_code == 403
    assert ada.get("/rides").status_code == 403
