"""Courts as the hub knows them: where they are, on whose clock, and the days they are closed.

What is kept of a court goes into reminders (the address), packets (what its e-filing takes) and
calendars (its zone, IANA). Hearings keep the zone that they were scheduled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.session import InHub, Visit
from domain.court_time import CourtTimeError, zone_of
from domain.vocabulary import Role
from records.courts import (
    NewCourt,
    add_closure,
    add_court,
    change_court,
    get_court,
    remove_closure,
)
from records.database import HubSession
from records.tables import Court, CourtClosure

router = APIRouter(route_class=PageRoute, prefix="/courts")

MOST_MB = 500
SET_CLOSURES = frozenset({Role.SUPERVISOR, Role.HUB_ADMIN})
DONE = {
    "added": "The court is saved.",
    "changed": "Saved. Packets for this court follow it.",
    "closed": "Saved. Working days are counted around it.",
    "open": "Taken off the list.",
}
TWICE = "A court of this name is there already. Give the place it is in, to tell the two apart."


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which a court, or every court of the hub, is closed."""

    id: str
    day: date
    why: str
    court: str


@router.get("")
def show_courts(visit: InHub, done: str = "") -> Response:
    """Every court, and the days to come on which courts are closed."""
    return _list(visit, Form(), DONE.get(done, ""))


@router.get("/new")
def show_new(visit: InHub) -> Response:
    """The form for a court."""
    return _form(visit, Form({"zone": visit.hub.zone, "filing_limit_mb": "25"}))


@router.post("/new")
def save_new(visit: InHub, form: Sent) -> Response:
    """Keep it, or say what is wrong."""
    said = read_court(form)
    if not form.ok:
        return _form(visit, form)
    try:
        with visit.writing() as session:
            court = add_court(session, NewCourt(**said))
            visit.note(session, "added a court", "court", court.id)
    except IntegrityError:
        form.refuse("name", TWICE)
        return _form(visit, form)
    return see_other("/courts?done=added")


@router.get("/{court_id}")
def show_court(visit: InHub, court_id: str) -> Response:
    """What is known of one court, to be corrected."""
    with visit.reading() as session:
        court = get_court(session, court_id)
    known = {name: str(getattr(court, name)) for name in _TEXTS}
    form = Form({**known, "refuses": "yes" if court.filing_refuses_links else ""})
    return _form(visit, form, court)


@router.post("/{court_id}")
def save_court(visit: InHub, court_id: str, form: Sent) -> Response:
    """Keep what was corrected."""
    with visit.reading() as session:
        court = get_court(session, court_id)
    said = read_court(form)
    if not form.ok:
        return _form(visit, form, court)
    try:
        with visit.writing() as session:
            change_court(session, court_id, said, visit.now)
            visit.note(session, "changed a court", "court", court_id)
    except IntegrityError:
        form.refuse("name", TWICE)
        return _form(visit, form, court)
    return see_other("/courts?done=changed")


@router.post("/closures/add")
def save_closure(visit: InHub, form: Sent) -> Response:
    """A day on which a court, or every court, is closed."""
    day = form.day("closed_on", "Enter the day on which it is closed.")
    why = form.line("why", "Say why, like “Thanksgiving”.", most=120)
    court_id = form.kept("court") or None
    if not form.ok or day is None:
        return _list(visit, form)
    with visit.writing() as session:
        closure = add_closure(session, day, why, court_id)
        visit.note(session, "noted a closed day", "court_closure", closure.id)
    return see_other("/courts?done=closed#closed")


@router.post("/closures/{closure_id}/remove")
def drop_closure(visit: InHub, closure_id: str, form: Sent) -> Response:
    """It is open that day after all."""
    with visit.writing() as session:
        remove_closure(session, closure_id)
        visit.note(session, "removed a closed day", "court_closure", closure_id)
    return see_other("/courts?done=open#closed")


_TEXTS = ("name", "jurisdiction", "zone", "address", "phone", "directions", "filing_limit_mb")


def read_court(form: Form) -> dict[str, Any]:
    """What a form says of a court, by the names of `NewCourt`; mistakes are noted in the form."""
    zone = form.kept("zone")
    try:
        zone_of(zone)
    except CourtTimeError:
        form.refuse("zone", "Choose on whose clock the court sits.")
    limit = form.kept("filing_limit_mb").strip()
    if not limit.isdecimal() or not 1 <= int(limit) <= MOST_MB:
        form.refuse("filing_limit_mb", f"Enter a number of megabytes, 1 to {MOST_MB}.")
    return {
        "name": form.line("name", "Enter the name of the court.", most=120),
        "jurisdiction": form.line("jurisdiction", most=120),
        "zone": zone,
        "address": form.line("address", most=200),
        "phone": form.line("phone", most=40),
        "directions": form.text("directions", most=1000),
        "filing_limit_mb": int(limit) if form.ok else 0,
        "filing_refuses_links": form.ticked("refuses"),
    }


def _form(visit: Visit, form: Form, court: Court | None = None) -> Response:
    zones = [*wording.US_ZONES.items(), *((name, name) for name in wording.other_zones())]
    values = {"visit": visit, "form": form, "court": court, "zones": zones}
    return visit.desk.page("court_form.html", values, status=200 if form.ok else 422)


def _list(visit: Visit, form: Form, done: str = "") -> Response:
    with visit.reading() as session:
        courts = session.exec(select(Court).order_by(col(Court.name), col(Court.id))).all()
        closed = _closed(session, courts, dates.today_in(visit.hub.zone, visit.now))
    values = {
        "visit": visit,
        "form": form,
        "courts": courts,
        "closed": closed,
        "options": [(court.id, court.name) for court in courts],
        "sets_closures": visit.reader.role in SET_CLOSURES,
        "done": done,
    }
    return visit.desk.page("courts.html", values, status=200 if form.ok else 422)


def _closed(session: HubSession, courts: Sequence[Court], today: date) -> list[ClosedDay]:
    names = {court.id: court.name for court in courts}
    rows = session.exec(
        select(CourtClosure)
        .where(CourtClosure.closed_on >= today)
        .order_by(col(CourtClosure.closed_on), col(CourtClosure.id))
    ).all()
    return [
        ClosedDay(row.id, row.closed_on, row.why, names.get(row.court_id or "", "")) for row in rows
    ]
