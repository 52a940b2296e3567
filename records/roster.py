"""Who comes to a hearing, and who drives whom.

What the circle says is kept as answers (`records/hearing_answers.py`), whoever wrote them down. All
of it holds for the hearing as it stands: when it moves, everybody is asked again and every ride is
settled anew, and a task says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from domain.court_time import instant_of
from domain.rides import leaves_in_time, seats_left
from domain.vocabulary import HearingStatus
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession
from records.hearing_answers import SAID, newest_answers
from records.tables import (
    Case,
    CourtRide,
    CourtRideSeat,
    CourtSupport,
    Defendant,
    Hearing,
    HearingAnswer,
    HumanTask,
    StaffMember,
    Supporter,
)

RIDE_WANTED = "ride_wanted"
SETTLE_AGAIN = "roster_again"
_ANSWERS = frozenset(SAID.values())


class RosterProblem(ValueError):
    """Something about who comes that cannot be."""


class NoSeatLeft(RosterProblem):
    """The ride is full."""


class HasSeat(RosterProblem):
    """They have a seat already."""


class LeavesTooLate(RosterProblem):
    """A ride leaves before the hearing, and less than twelve hours before it."""


class DateOver(RosterProblem):
    """The hearing was held or called off: nobody goes there any more."""


@dataclass(frozen=True, slots=True)
class NewRide:
    """A ride as it is offered; `leaves_local` is on the court's clock."""

    driver: str
    seats: int
    leaves_local: datetime
    leaves_from: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RideView:
    """A ride with who sits in it, by person id; `holds` while the hearing is what it was for."""

    ride: CourtRide
    seats: Sequence[CourtRideSeat]
    holds: bool

    @property
    def left(self) -> int:
        """How many more fit."""
        return seats_left(self.ride.seats, len(self.seats))


@dataclass(frozen=True, slots=True)
class Roster:
    """Who comes to a hearing.

    Attributes:
        said: person id → what they last said of the hearing as it stands.
        companions: of the team and others; `CourtSupport.hearing_revision` tells for which date.
        seated: person id → the id of the ride they have a seat in.
    """

    hearing: Hearing
    said: Mapping[str, HearingAnswer]
    companions: Sequence[CourtSupport]
    rides: Sequence[RideView]

    @property
    def seated(self) -> Mapping[str, str]:
        """Person id → the ride that they have a seat in."""
        return {
            seat.person_id: one.ride.id for one in self.rides if one.holds for seat in one.seats
        }

    @property
    def want_rides(self) -> set[str]:
        """Who asked for a ride and has none."""
        return {who for who, row in self.said.items() if row.said == "ride"} - set(self.seated)


def read_roster(session: HubSession, hearing: Hearing) -> Roster:
    """Everybody and every ride of a hearing."""
    companions = session.exec(
        select(CourtSupport)
        .where(CourtSupport.hearing_id == hearing.id)
        .order_by(col(CourtSupport.created_at), col(CourtSupport.id))
    ).all()
    return Roster(hearing, newest_answers(session, hearing), companions, _rides(session, [hearing]))


def rides_between(
    session: HubSession, begin: datetime, end: datetime
) -> Sequence[tuple[Hearing, RideView]]:
    """The rides that leave in a span (UTC) to hearings that stand as they did, soonest first."""
    hearings = session.exec(
        select(Hearing).where(
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) >= begin,
            col(Hearing.starts_at) < end + timedelta(days=1),
        )
    ).all()
    by_id = {one.id: one for one in hearings}
    rides = [one for one in _rides(session, hearings) if begin <= one.ride.leaves_at < end]
    return [(by_id[one.ride.hearing_id], one) for one in rides if one.holds]


def own_ride(session: HubSession, hearing: Hearing, person_id: str) -> CourtRide | None:
    """The ride in which somebody has a seat for a hearing as it stands."""
    return session.exec(
        select(CourtRide)
        .join(CourtRideSeat, col(CourtRideSeat.ride_id) == CourtRide.id)
        .where(
            CourtRideSeat.hearing_id == hearing.id,
            CourtRideSeat.hearing_revision == hearing.revision,
            CourtRideSeat.person_id == person_id,
        )
    ).first()


def note_said(
    session: HubSession, hearing: Hearing, person_id: str, said: str, source: Source, now: datetime
) -> None:
    """Write down what somebody of the circle said about coming, by phone or at the door.

    Raises:
        NotFound: nobody of this circle, or no such answer.
        DateOver: it is over.
    """
    case = _open_date(session, hearing)
    if said not in _ANSWERS or person_id not in circle_ids(session, case):
        raise NotFound("person")
    before = newest_answers(session, hearing).get(person_id)
    if before is not None and before.said == said:
        return
    session.add(
        HearingAnswer(
            hearing_id=hearing.id,
            hearing_revision=hearing.revision,
            person_id=person_id,
            said=said,
            said_at=now,
        )
    )
    record_event(session, case, "circle", f"told_{said}", source, now, subject_id=person_id)
    if said == "ride" and own_ride(session, hearing, person_id) is None:
        _want_ride(session, case, hearing, person_id, now)
    session.flush()


def add_companion(
    session: HubSession, hearing: Hearing, *, staff_id: str | None = None, name: str = ""
) -> CourtSupport:
    """Somebody of the team, or somebody else by name, comes along. Twice is once.

    Raises:
        NotFound: nobody who works here.
        DateOver: it is over.
    """
    _open_date(session, hearing)
    if staff_id is not None:
        member = session.get(StaffMember, staff_id)
        if member is None or not member.active:
            raise NotFound("member of staff")
    known = session.exec(
        select(CourtSupport).where(
            CourtSupport.hearing_id == hearing.id, CourtSupport.staff_id == staff_id
        )
    ).all()
    row = next((one for one in known if one.name == name), None)
    row = row or CourtSupport(
        hearing_id=hearing.id, hearing_revision=0, staff_id=staff_id, name=name
    )
    row.hearing_revision = hearing.revision
    session.add(row)
    session.flush()
    return row


def remove_companion(session: HubSession, hearing: Hearing, companion_id: str) -> None:
    """They do not come after all.

    Raises:
        NotFound: not on this roster.
    """
    row = session.get(CourtSupport, companion_id)
    if row is None or row.hearing_id != hearing.id:
        raise NotFound("companion")
    session.delete(row)


def offer_ride(
    session: HubSession, hearing: Hearing, new: NewRide, source: Source, now: datetime
) -> CourtRide:
    """Note a ride.

    Raises:
        LeavesTooLate: it would not arrive before the hearing, or leaves long before it.
        CourtTimeError: no clock shows that time.
        DateOver: it is over.
    """
    case = _open_date(session, hearing)
    leaves_at = instant_of(new.leaves_local, hearing.zone)
    if not leaves_in_time(leaves_at, hearing.starts_at):
        raise LeavesTooLate
    ride = CourtRide(
        hearing_id=hearing.id,
        hearing_revision=hearing.revision,
        driver=new.driver,
        phone=new.phone,
        seats=new.seats,
        leaves_local=new.leaves_local,
        zone=hearing.zone,
        leaves_at=leaves_at,
        leaves_from=new.leaves_from,
    )
    session.add(ride)
    session.flush()
    record_event(session, case, "circle", "ride_offered", source, now, subject_id=ride.id)
    return ride


def take_seat(
    session: HubSession,
    hearing: Hearing,
    ride_id: str,
    person_id: str,
    source: Source,
    now: datetime,
) -> None:
    """Somebody of the circle rides along; who had asked for a ride has one now.

    Raises:
        NotFound: no such ride to this hearing, or nobody of this circle.
        NoSeatLeft: it is full.
        HasSeat: they ride with somebody already.
        DateOver: it is over, or the ride was for another time.
    """
    case = _open_date(session, hearing)
    session.lock(hearing, "revision")
    ride = _ride(session, hearing, ride_id)
    if person_id not in circle_ids(session, case):
        raise NotFound("person")
    if ride.hearing_revision != hearing.revision:
        raise DateOver
    if own_ride(session, hearing, person_id) is not None:
        raise HasSeat
    if not seats_left(ride.seats, len(_seats(session, [ride.id]))):
        raise NoSeatLeft
    seat = CourtRideSeat(
        ride_id=ride.id,
        hearing_id=hearing.id,
        hearing_revision=hearing.revision,
        person_id=person_id,
    )
    session.add(seat)
    session.flush()
    record_event(session, case, "circle", "ride_found", source, now, subject_id=person_id)
    for task in _wishes(session, hearing, person_id):
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)


def leave_seat(
    session: HubSession, hearing: Hearing, seat_id: str, source: Source, now: datetime
) -> None:
    """They do not ride along after all. Who had asked for a ride is looked for again.

    Raises:
        NotFound: no such seat in a ride to this hearing.
    """
    seat = session.get(CourtRideSeat, seat_id)
    if seat is None or seat.hearing_id != hearing.id:
        raise NotFound("seat")
    _give_up(session, hearing, seat, source, now)


def end_ride(
    session: HubSession, hearing: Hearing, ride_id: str, source: Source, now: datetime
) -> None:
    """The ride does not take place. Whoever had a seat is looked for again.

    Raises:
        NotFound: no such ride to this hearing.
    """
    ride = _ride(session, hearing, ride_id)
    for seat in _seats(session, [ride.id]):
        _give_up(session, hearing, seat, source, now)
    session.flush()
    session.delete(ride)
    case = get_case(session, hearing.case_id)
    record_event(session, case, "circle", "ride_ended", source, now, subject_id=ride_id)


def settle_again(session: HubSession, hearing: Hearing, now: datetime) -> None:
    """The hearing has just been moved or called off: somebody tells whoever comes along.

    One task for each change, where anybody had said yes or a ride was settled.
    """
    before = hearing.revision - 1
    comes = session.exec(
        select(CourtSupport.id).where(
            CourtSupport.hearing_id == hearing.id, CourtSupport.hearing_revision == before
        )
    ).first()
    rides = session.exec(
        select(CourtRide.id).where(
            CourtRide.hearing_id == hearing.id, CourtRide.hearing_revision == before
        )
    ).first()
    if comes is None and rides is None:
        return
    case = get_case(session, hearing.case_id)
    session.add(
        HumanTask(
            claim=f"task|{SETTLE_AGAIN}|{hearing.id}|{hearing.revision}",
            kind=SETTLE_AGAIN,
            case_id=case.id,
            hearing_id=hearing.id,
            subject_id=hearing.id,
            assigned_to_id=case.advocate_id,
            opened_at=now,
            by=None,
        )
    )


def circle_ids(session: HubSession, case: Case) -> set[str]:
    """Who may be on a roster: the participant, and who stands by them now."""
    own = session.get_one(Defendant, case.defendant_id).person_id
    theirs = session.exec(
        select(col(Supporter.person_id)).where(
            Supporter.case_id == case.id, col(Supporter.ended_at).is_(None)
        )
    ).all()
    return {own, *theirs}


def _open_date(session: HubSession, hearing: Hearing) -> Case:
    if hearing.status != HearingStatus.SCHEDULED:
        raise DateOver
    return get_case(session, hearing.case_id)


def _ride(session: HubSession, hearing: Hearing, ride_id: str) -> CourtRide:
    ride = session.get(CourtRide, ride_id)
    if ride is None or ride.hearing_id != hearing.id:
        raise NotFound("ride")
    return ride


def _rides(session: HubSession, hearings: Sequence[Hearing]) -> list[RideView]:
    by_id = {one.id: one for one in hearings}
    rides = session.exec(
        select(CourtRide)
        .where(col(CourtRide.hearing_id).in_(by_id))
        .order_by(col(CourtRide.leaves_at), col(CourtRide.id))
    ).all()
    seats = _seats(session, [one.id for one in rides])
    return [
        RideView(
            ride,
            [seat for seat in seats if seat.ride_id == ride.id],
            ride.hearing_revision == by_id[ride.hearing_id].revision,
        )
        for ride in rides
    ]


def _seats(session: HubSession, ride_ids: Sequence[str]) -> Sequence[CourtRideSeat]:
    return session.exec(
        select(CourtRideSeat)
        .where(col(CourtRideSeat.ride_id).in_(ride_ids))
        .order_by(col(CourtRideSeat.created_at), col(CourtRideSeat.id))
    ).all()


def _give_up(
    session: HubSession, hearing: Hearing, seat: CourtRideSeat, source: Source, now: datetime
) -> None:
    case = get_case(session, hearing.case_id)
    session.delete(seat)
    record_event(session, case, "circle", "ride_lost", source, now, subject_id=seat.person_id)
    said = newest_answers(session, hearing).get(seat.person_id)
    if said is not None and said.said == "ride" and hearing.status == HearingStatus.SCHEDULED:
        _want_ride(session, case, hearing, seat.person_id, now)


def _want_ride(
    session: HubSession, case: Case, hearing: Hearing, person_id: str, now: datetime
) -> None:
    if _wishes(session, hearing, person_id):
        return
    session.add(
        HumanTask(
            claim=f"task|{RIDE_WANTED}|{hearing.id}|{person_id}|{now.isoformat()}",
            kind=RIDE_WANTED,
            case_id=case.id,
            person_id=person_id,
            hearing_id=hearing.id,
            assigned_to_id=case.advocate_id,
            opened_at=now,
            by=hearing.starts_at,
        )
    )


def _wishes(session: HubSession, hearing: Hearing, person_id: str) -> Sequence[HumanTask]:
    """The open tasks to find somebody a ride to a hearing."""
    return session.exec(
        select(HumanTask).where(
            HumanTask.kind == RIDE_WANTED,
            HumanTask.hearing_id == hearing.id,
            HumanTask.person_id == person_id,
            col(HumanTask.closed_at).is_(None),
        )
    ).all()
