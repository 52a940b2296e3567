"""Who comes to a hearing, who drives whom: one page for each hearing, and the rides of two weeks.

What is written down here changes no message: the circle's own answers count as if they had written
them. A ride stands on the rider's own page (`api/pages/family_view.py`).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeAlias

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import wording
from api.pages.case_view import date_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.hearing_pages import hearing_in
from api.pages.people import circle, named, participants
from api.pages.session import InHub, Visit
from domain.court_time import CourtTimeError
from domain.rides import MOST_SEATS
from domain.vocabulary import Channel
from records.database import HubSession
from records.roster import (
    DateOver,
    HasSeat,
    LeavesTooLate,
    NewRide,
    NoSeatLeft,
    RosterProblem,
    add_companion,
    end_ride,
    leave_seat,
    note_said,
    offer_ride,
    read_roster,
    remove_companion,
    rides_between,
    take_seat,
)
from records.staff import members
from records.tables import Hearing

router = APIRouter(route_class=PageRoute)

AHEAD: Final = timedelta(days=14)
URL: Final = "/cases/{case_id}/hearings/{hearing_id}/roster"
SAID: Final = {
    "coming": "Will be there",
    "ride": "Will be there, and needs a ride",
    "cannot": "Cannot come",
}
DONE: Final = {
    "said": "Written down.",
    "companion": "Added to the roster.",
    "gone": "Taken off the roster.",
    "ride": "The ride is noted. Now say who rides along.",
    "seat": "They have a seat. It stands on their own page; tell them, too.",
    "left": "They do not ride along any more.",
    "ended": "The ride is taken off. Tell whoever counted on it.",
}
WHY_NOT: Final[dict[type[RosterProblem], str]] = {
    NoSeatLeft: "This ride is full.",
    HasSeat: "They have a seat in a ride to this hearing already.",
    LeavesTooLate: "A ride leaves before the hearing, and at most twelve hours before it.",
    DateOver: "This date is over, or was changed meanwhile. Look at it again.",
}


@router.get(URL)
def show_roster(visit: InHub, case_id: str, hearing_id: str, done: str = "") -> Response:
    """Who comes, and who drives whom."""
    with visit.reading() as session:
        hearing = hearing_in(session, case_id, hearing_id)
        return _page(visit, session, hearing, Form({"seats": "3"}), DONE.get(done, ""))


@router.post(f"{URL}/said")
def save_said(visit: InHub, case_id: str, hearing_id: str, form: Sent) -> Response:
    """What somebody of the circle said, by phone or at the door."""
    said = form.choice("said", SAID, "Choose what they said.")
    if not form.ok:
        return _again(visit, case_id, hearing_id, form)
    return _saved(
        visit,
        (case_id, hearing_id),
        form,
        "said",
        lambda session, hearing: note_said(
            session, hearing, form.kept("person"), said, visit.source, visit.now
        ),
    )


@router.post(f"{URL}/companions")
def save_companion(visit: InHub, case_id: str, hearing_id: str, form: Sent) -> Response:
    """Somebody of the team, or somebody else, comes along."""
    name, staff_id = form.line("name", most=80), form.kept("staff")
    if not name and not staff_id:
        form.refuse("staff", "Choose somebody of the team, or write a name.")
    if not form.ok:
        return _again(visit, case_id, hearing_id, form)

    def add(session: HubSession, hearing: Hearing) -> None:
        if staff_id:
            add_companion(session, hearing, staff_id=staff_id)
        if name:
            add_companion(session, hearing, name=name)

    return _saved(visit, (case_id, hearing_id), form, "companion", add)


@router.post(f"{URL}/companions/{{companion_id}}/remove")
def take_companion_off(
    visit: InHub, case_id: str, hearing_id: str, companion_id: str, form: Sent
) -> Response:
    """They do not come after all."""
    return _saved(
        visit,
        (case_id, hearing_id),
        form,
        "gone",
        lambda session, hearing: remove_companion(session, hearing, companion_id),
    )


@router.post(f"{URL}/rides")
def save_ride(visit: InHub, case_id: str, hearing_id: str, form: Sent) -> Response:
    """A ride that somebody offers."""
    driver = form.line("driver", "Say who drives.", most=80)
    phone = form.address("phone", Channel.VOICE)
    leaves_from = form.line("leaves_from", most=160)
    at = form.clock("leaves", "Enter when it leaves.")
    seats = form.number("seats")
    if not 1 <= seats <= MOST_SEATS:
        form.refuse("seats", f"Between 1 and {MOST_SEATS}, beside the driver.")
    if not form.ok or at is None:
        return _again(visit, case_id, hearing_id, form)

    def offer(session: HubSession, hearing: Hearing) -> None:
        leaves = hearing.local_time.replace(hour=at.hour, minute=at.minute)
        new = NewRide(driver, seats, leaves, leaves_from, phone)
        offer_ride(session, hearing, new, visit.source, visit.now)

    return _saved(visit, (case_id, hearing_id), form, "ride", offer, field="leaves")


@router.post(f"{URL}/rides/{{ride_id}}/seats")
def save_seat(visit: InHub, case_id: str, hearing_id: str, ride_id: str, form: Sent) -> Response:
    """Somebody rides along."""
    return _saved(
        visit,
        (case_id, hearing_id),
        form,
        "seat",
        lambda session, hearing: take_seat(
            session, hearing, ride_id, form.kept("person"), visit.source, visit.now
        ),
        field=f"ride-{ride_id}",
    )


@router.post(f"{URL}/seats/{{seat_id}}/remove")
def free_seat(visit: InHub, case_id: str, hearing_id: str, seat_id: str, form: Sent) -> Response:
    """They do not ride along after all."""
    return _saved(
        visit,
        (case_id, hearing_id),
        form,
        "left",
        lambda session, hearing: leave_seat(session, hearing, seat_id, visit.source, visit.now),
    )


@router.post(f"{URL}/rides/{{ride_id}}/remove")
def take_ride_off(
    visit: InHub, case_id: str, hearing_id: str, ride_id: str, form: Sent
) -> Response:
    """The ride does not take place."""
    return _saved(
        visit,
        (case_id, hearing_id),
        form,
        "ended",
        lambda session, hearing: end_ride(session, hearing, ride_id, visit.source, visit.now),
    )


@router.get("/rides")
def show_rides(visit: InHub) -> Response:
    """Every ride of the next two weeks, to be printed. That it was read is written down."""
    with visit.writing() as session:
        visit.note(session, "read the rides", "hub", visit.hub.id)
        found = rides_between(session, visit.now, visit.now + AHEAD)
        people = named(session, {seat.person_id for _, one in found for seat in one.seats})
        whose = participants(session, {hearing.case_id for hearing, _ in found})
        lines = [
            {
                "case_id": hearing.case_id,
                "hearing": hearing,
                "ride": one.ride,
                "left": one.left,
                "riders": [people[seat.person_id].full for seat in one.seats],
                "who": whose[hearing.case_id].full,
            }
            for hearing, one in found
        ]
        values = {"visit": visit, "lines": lines, "days": AHEAD.days}
        return visit.desk.page("rides.html", values)


Deed: TypeAlias = Callable[[HubSession, Hearing], object]


def _saved(
    visit: Visit,
    ids: tuple[str, str],
    form: Form,
    done: str,
    deed: Deed,
    *,
    field: str = "problem",
) -> Response:
    """Do it in one transaction, or show why not, with what was typed."""
    try:
        with visit.writing() as session:
            deed(session, hearing_in(session, *ids))
            visit.note(session, "changed who comes to court", "hearing", ids[1])
    except (RosterProblem, CourtTimeError) as problem:
        known = WHY_NOT.get(type(problem)) if isinstance(problem, RosterProblem) else None
        form.refuse(field, known or str(problem))
        return _again(visit, *ids, form)
    return see_other(f"/cases/{ids[0]}/hearings/{ids[1]}/roster?done={done}")


def _again(visit: Visit, case_id: str, hearing_id: str, form: Form) -> Response:
    with visit.reading() as session:
        return _page(visit, session, hearing_in(session, case_id, hearing_id), form)


def _page(
    visit: Visit, session: HubSession, hearing: Hearing, form: Form, done: str = ""
) -> Response:
    roster, people = read_roster(session, hearing), circle(session, hearing.case_id)
    team = {one.id: one.name for one in members(session) if one.active}
    seated = roster.seated
    known = named(session, {seat.person_id for one in roster.rides for seat in one.seats})
    here = {one.staff_id for one in roster.companions}
    values = {
        "visit": visit,
        "form": form,
        "done": done,
        "case_id": hearing.case_id,
        "who": people[0].person,
        "date": date_of(hearing, visit.hub.zone, visit.now),
        "revision": hearing.revision,
        "members": [
            (
                member,
                wording.said(roster.said[member.person.id].said)
                if member.person.id in roster.said
                else None,
                member.person.id in roster.want_rides,
            )
            for member in people
        ],
        "companions": [
            (one, team.get(one.staff_id or "", "") or one.name or "Somebody who left the team")
            for one in roster.companions
        ],
        "rides": roster.rides,
        "riders": known,
        "free": [(one.person.id, one.person.full) for one in people if one.person.id not in seated],
        "said": SAID.items(),
        "team": [(id_, name) for id_, name in team.items() if id_ not in here],
    }
    return visit.desk.page("roster.html", values, status=200 if form.ok else 422)
