"""Who comes and who drives, on both databases: seats, moves, and who asked for a ride."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import col, select

from domain.vocabulary import HearingKind, Role
from records.casework import NewCase, NotFound, open_case
from records.circle import NewSupporter, enroll_supporter
from records.database import HubSession, Records
from records.hearings import (
    Setting,
    get_hearing,
    move_hearing,
    schedule_hearing,
    vacate_hearing,
)
from records.roster import (
    DateOver,
    HasSeat,
    LeavesTooLate,
    NewRide,
    NoSeatLeft,
    RosterProblem,
    add_companion,
    circle_ids,
    end_ride,
    leave_seat,
    note_said,
    offer_ride,
    own_ride,
    read_roster,
    remove_companion,
    rides_between,
    take_seat,
)
from records.tables import Case, CourtRide, CourtRideSeat, Hearing, HumanTask, StaffMember
from tests.houses import ROSA, utc, wall

NOW = utc("2026-12-02 15:00")
ZONE = "America/New_York"


@dataclass
class Day:
    """A hearing on 8 December 2026 at 9:00, the participant, and two of the family."""

    case_id: str
    hearing_id: str
    own: str
    mother: str
    aunt: str

    def hearing(self, session: HubSession) -> Hearing:
        return get_hearing(session, self.hearing_id)


@pytest.fixture
def day(records: Records, hub: str) -> Day:
    with records.writing(hub) as session:
        return a_day(session)


def a_day(session: HubSession) -> Day:
    case = open_case(session, NewCase("Marcus", "Johnson"), ROSA, NOW)
    setting = Setting(wall("2026-12-08 09:00"), ZONE, "3A", "1351 NW 12th St")
    hearing = schedule_hearing(session, case.id, HearingKind.ARRAIGNMENT, setting, ROSA, NOW)
    mother, aunt = (
        enroll_supporter(session, case.id, NewSupporter(name, "Johnson", "family"), ROSA, NOW)
        for name in ("Denise", "May")
    )
    [own] = circle_ids(session, case) - {mother.person_id, aunt.person_id}
    return Day(case.id, hearing.id, own, mother.person_id, aunt.person_id)


def ride(
    session: HubSession, day: Day, *, seats: int = 3, leaves: str = "2026-12-08 08:15"
) -> CourtRide:
    new = NewRide("Lee", seats, wall(leaves), "at the door", "+13055550188")
    return offer_ride(session, day.hearing(session), new, ROSA, NOW)


def wishes(session: HubSession) -> list[str | None]:
    """Who is looked for a ride, by open tasks."""
    rows = session.exec(
        select(HumanTask).where(HumanTask.kind == "ride_wanted", col(HumanTask.closed_at).is_(None))
    ).all()
    return [row.person_id for row in rows]


def test_who_asks_for_a_ride_is_looked_for_until_they_have_one(
    records: Records, hub: str, day: Day
) -> None:
    with records.writing(hub) as session:
        hearing = day.hearing(session)
        note_said(session, hearing, day.mother, "ride", ROSA, NOW)
        note_said(session, hearing, day.mother, "ride", ROSA, NOW)
        assert wishes(session) == [day.mother]
        assert read_roster(session, hearing).want_rides == {day.mother}
        found = ride(session, day)
        take_seat(session, hearing, found.id, day.mother, ROSA, NOW)
    with records.writing(hub) as session:
        hearing = day.hearing(session)
        assert wishes(session) == []
        assert read_roster(session, hearing).want_rides == set()
        mine = own_ride(session, hearing, day.mother)
        assert mine is not None
        assert (mine.driver, mine.leaves_at) == ("Lee", hearing.starts_at - timedelta(minutes=45))
        assert own_ride(session, hearing, day.aunt) is None
        end_ride(session, hearing, found.id, ROSA, NOW + timedelta(hours=1))
    with records.reading(hub) as session:
        assert wishes(session) == [day.mother]
        assert session.exec(select(CourtRideSeat)).all() == []


def test_a_ride_takes_no_more_than_fit_and_nobody_twice(
    records: Records, hub: str, day: Day
) -> None:
    with records.writing(hub) as session:
        hearing = day.hearing(session)
        small, other = ride(session, day, seats=1), ride(session, day)
        take_seat(session, hearing, small.id, day.mother, ROSA, NOW)
        with pytest.raises(NoSeatLeft):
            take_seat(session, hearing, small.id, day.aunt, ROSA, NOW)
        with pytest.raises(HasSeat):
            take_seat(session, hearing, other.id, day.mother, ROSA, NOW)
        [seat] = read_roster(session, hearing).rides[0].seats
        leave_seat(session, hearing, seat.id, ROSA, NOW)
        take_seat(session, hearing, small.id, day.aunt, ROSA, NOW)


def test_the_last_seat_is_one_persons_even_at_one_moment(
    records: Records, hub: str, day: Day
) -> None:
    with records.writing(hub) as session:
        small = ride(session, day, seats=1)
    barrier = Barrier(2)

    def sit(person_id: str) -> str:
        barrier.wait()
        try:
            with records.writing(hub) as session:
                take_seat(session, day.hearing(session), small.id, person_id, ROSA, NOW)
        except RosterProblem as problem:
            return type(problem).__name__
        return "sits"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sit, [day.mother, day.aunt])) == ["NoSeatLeft", "sits"]


@pytest.mark.parametrize("leaves", ["2026-12-08 09:00", "2026-12-08 10:00", "2026-12-07 20:00"])
def test_a_ride_that_would_not_bring_them_in_time_is_refused(
    records: Records, hub: str, day: Day, leaves: str
) -> None:
    with records.writing(hub) as session, pytest.raises(LeavesTooLate):
        ride(session, day, leaves=leaves)


def test_a_date_that_moves_asks_everybody_again(records: Records, hub: str, day: Day) -> None:
    with records.writing(hub) as session:
        staff = StaffMember(name="Rosa", sign_in="rosa", role=Role.ADVOCATE)
        session.add(staff)
        session.flush()
        hearing = day.hearing(session)
        add_companion(session, hearing, staff_id=staff.id)
        note_said(session, hearing, day.mother, "coming", ROSA, NOW)
        found = ride(session, day)
        take_seat(session, hearing, found.id, day.mother, ROSA, NOW)
    with records.writing(hub) as session:
        move_hearing(session, day.hearing_id, Setting(wall("2026-12-09 13:30"), ZONE), ROSA, NOW)
    with records.writing(hub) as session:
        hearing = day.hearing(session)
        roster = read_roster(session, hearing)
        assert roster.said == {}
        assert [one.holds for one in roster.rides] == [False]
        assert roster.companions[0].hearing_revision < hearing.revision
        assert own_ride(session, hearing, day.mother) is None
        assert rides_between(session, NOW, NOW + timedelta(days=14)) == []
        kinds = [one.kind for one in session.exec(select(HumanTask)).all()]
        assert kinds.count("roster_again") == 1
        with pytest.raises(DateOver):
            take_seat(session, hearing, found.id, day.aunt, ROSA, NOW)
        add_companion(session, hearing, staff_id=staff.id)
        assert [one.hearing_revision for one in read_roster(session, hearing).companions] == [
            hearing.revision
        ]


def test_a_date_that_is_called_off_takes_nobody_anywhere(
    records: Records, hub: str, day: Day
) -> None:
    with records.writing(hub) as session:
        found = ride(session, day)
        take_seat(session, day.hearing(session), found.id, day.mother, ROSA, NOW)
        vacate_hearing(session, day.hearing_id, ROSA, NOW)
    with records.writing(hub) as session:
        hearing = day.hearing(session)
        assert own_ride(session, hearing, day.mother) is None
        kinds = [one.kind for one in session.exec(select(HumanTask)).all()]
        assert kinds.count("roster_again") == 1
        for deed in (
            lambda: note_said(session, hearing, day.mother, "coming", ROSA, NOW),
            lambda: add_companion(session, hearing, name="Pastor Lee"),
            lambda: ride(session, day),
        ):
            with pytest.raises(DateOver):
                deed()


def test_a_date_for_which_nobody_had_said_yes_moves_without_a_task(
    records: Records, hub: str, day: Day
) -> None:
    with records.writing(hub) as session:
        move_hearing(session, day.hearing_id, Setting(wall("2026-12-09 13:30"), ZONE), ROSA, NOW)
        assert session.exec(select(HumanTask)).all() == []


def test_only_this_circle_and_this_hearing(records: Records, hub: str, day: Day) -> None:
    with records.writing(hub) as session:
        other, hearing = a_day(session), day.hearing(session)
        theirs = ride(session, other)
        mine = ride(session, day)
        pastor = add_companion(session, other.hearing(session), name="Pastor Lee")
        take_seat(session, other.hearing(session), theirs.id, other.mother, ROSA, NOW)
        [seat] = session.exec(select(CourtRideSeat)).all()
        for deed in (
            lambda: note_said(session, hearing, other.mother, "coming", ROSA, NOW),
            lambda: note_said(session, hearing, day.mother, "perhaps", ROSA, NOW),
            lambda: take_seat(session, hearing, theirs.id, day.mother, ROSA, NOW),
            lambda: take_seat(session, hearing, mine.id, other.mother, ROSA, NOW),
            lambda: leave_seat(session, hearing, seat.id, ROSA, NOW),
            lambda: end_ride(session, hearing, theirs.id, ROSA, NOW),
            lambda: remove_companion(session, hearing, pastor.id),
            lambda: add_companion(session, hearing, staff_id="0" * 32),
        ):
            with pytest.raises(NotFound):
                deed()


def test_the_rides_of_two_weeks_are_those_that_hold(records: Records, hub: str, day: Day) -> None:
    with records.writing(hub) as session:
        early, late = ride(session, day, leaves="2026-12-08 07:30"), ride(session, day)

    def shown(begin: datetime, end: datetime) -> list[str]:
        with records.reading(hub) as session:
            return [one.ride.id for _, one in rides_between(session, begin, end)]

    assert shown(NOW, NOW + timedelta(days=14)) == [early.id, late.id]
    assert shown(early.leaves_at + timedelta(minutes=1), NOW + timedelta(days=14)) == [late.id]
    assert shown(NOW, early.leaves_at) == []


def test_a_case_of_another_hub_is_out_of_reach(
    records: Records, hub: str, other: str, day: Day
) -> None:
    with records.writing(other) as session:
        assert session.get(Case, day.case_id) is None
        assert session.exec(select(CourtRide)).all() == []
        assert rides_between(session, NOW, NOW + timedelta(days=14)) == []
