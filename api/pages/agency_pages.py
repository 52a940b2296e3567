"""Shelters and agencies: who gets a weekly digest, when, and what it would say now."""

from datetime import time

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, once, wording
from api.pages.agency_view import WEEKDAYS, agency_lines, agency_view, still_running
from api.pages.contact_fields import AGREEMENT, contacts
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.session import InHub, Visit
from records.agencies import (
    NewAgency,
    add_agency,
    change_agency,
    end_agency,
    get_agency,
)
from records.circle import add_contact
from records.database import HubSession
from records.tables import Agency, Person

router = APIRouter(route_class=PageRoute, prefix="/agencies")

DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
DONE = {
    "added": "Added. Now share the people who want that.",
    "changed": "Saved.",
    "contact": "Saved. The digest may go there from now on.",
    "shared": "Shared. The next digest tells their dates.",
    "unshared": "Not shared any more. The agency is told nothing of them from now on.",
    "ended": "This agency gets no digest any more, and nothing is shared with it.",
}


@router.get("")
def show_agencies(visit: InHub, done: str = "") -> Response:
    """Every agency that gets a digest."""
    with visit.reading() as session:
        lines = agency_lines(session, visit)
    values = {"visit": visit, "lines": lines, "done": DONE.get(done, "")}
    return visit.desk.page("agencies.html", values)


@router.get("/new")
def show_new(visit: InHub) -> Response:
    """The form for one more agency."""
    known = Form({"language": visit.hub.default_language, "weekday": "0", "at": "9:00"})
    return _form(visit, known)


@router.post("/new")
def save_new(visit: InHub, form: Sent) -> Response:
    """Take it in; it is told nothing until somebody is shared with it."""
    new = NewAgency(
        name=_name(form),
        kind=form.line("kind", most=60),
        first_name=_first_name(form),
        last_name=form.line("last_name", most=80),
        language=_language(visit, form),
        contacts=contacts(form, "", who="The reader", needed=True),
        weekday=_weekday(form),
        at=_at(form),
    )
    if not form.ok:
        return _form(visit, form)
    with visit.writing() as session:
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        agency = add_agency(session, new, visit.source, visit.now)
        location = once.keep(session, visit, form, f"/agencies/{agency.id}?done=added")
    return see_other(location)


@router.get("/{agency_id}")
def show_agency(visit: InHub, agency_id: str, done: str = "") -> Response:
    """One agency, and what its digest would say now. That it was read is written down."""
    with visit.writing() as session:
        view = agency_view(session, visit, get_agency(session, agency_id))
        visit.note(session, "read an agency", "agency", agency_id)
    values = {"visit": visit, "view": view, "done": DONE.get(done, "")}
    return visit.desk.page("agency.html", values)


@router.get("/{agency_id}/edit")
def show_edit(visit: InHub, agency_id: str) -> Response:
    """The form with what is known."""
    with visit.reading() as session:
        agency = still_running(session, agency_id)
        reader = session.get_one(Person, agency.person_id)
        known = Form(
            {
                "name": agency.name,
                "kind": agency.kind,
                "first_name": reader.first_name,
                "last_name": reader.last_name,
                "language": reader.language,
                "weekday": str(agency.weekday),
                "at": dates.clock_words(agency.at),
            }
        )
    return _form(visit, known, agency)


@router.post("/{agency_id}/edit")
def save_edit(visit: InHub, agency_id: str, form: Sent) -> Response:
    """Keep what was said; the next digest is planned by it."""
    changes = {
        "name": _name(form),
        "kind": form.line("kind", most=60),
        "first_name": _first_name(form),
        "last_name": form.line("last_name", most=80),
        "language": _language(visit, form),
        "weekday": _weekday(form),
        "at": _at(form),
    }
    with visit.writing() as session:
        agency = still_running(session, agency_id)
        if not form.ok:
            return _form(visit, form, agency)
        change_agency(session, agency_id, changes, visit.now)
    return see_other(f"/agencies/{agency_id}?done=changed")


@router.get("/{agency_id}/contact")
def show_contact(visit: InHub, agency_id: str) -> Response:
    """The form for one more way to reach the reader."""
    with visit.reading() as session:
        return _contact(visit, session, agency_id, Form())


@router.post("/{agency_id}/contact")
def save_contact(visit: InHub, agency_id: str, form: Sent) -> Response:
    """Note it, with the agreement."""
    new = contacts(form, "", who="The reader", needed=True)
    with visit.writing() as session:
        if not form.ok:
            return _contact(visit, session, agency_id, form)
        agency = still_running(session, agency_id)
        for contact in new:
            add_contact(session, agency.person_id, contact, visit.source, visit.now)
    return see_other(f"/agencies/{agency_id}?done=contact")


@router.post("/{agency_id}/end")
def end(visit: InHub, agency_id: str, form: Sent) -> Response:
    """It gets no digest any more."""
    with visit.writing() as session:
        end_agency(session, agency_id, visit.source, visit.now)
    return see_other("/agencies?done=ended")


def _name(form: Form) -> str:
    return form.line("name", "Enter the name of the agency.", most=80)


def _first_name(form: Form) -> str:
    return form.line("first_name", "Enter the first name of the person who reads it.", most=80)


def _language(visit: Visit, form: Form) -> str:
    return form.choice("language", visit.desk.catalog.languages, "Choose their language.")


def _weekday(form: Form) -> int:
    known = [value for value, _ in DAYS]
    return int(form.choice("weekday", known, "Choose a day of the week.") or 0)


def _at(form: Form) -> time:
    return form.clock("at", "Enter when it is to leave.") or time(9)


def _form(visit: Visit, form: Form, agency: Agency | None = None) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "agency": agency,
        "agreement": AGREEMENT,
        "days": DAYS,
        "languages": [(code, wording.language(code)) for code in visit.desk.catalog.languages],
    }
    return visit.desk.page("agency_form.html", values, status=200 if form.ok else 422)


def _contact(visit: Visit, session: HubSession, agency_id: str, form: Form) -> Response:
    agency = still_running(session, agency_id)
    values = {
        "visit": visit,
        "form": form,
        "agency": agency,
        "reader": session.get_one(Person, agency.person_id).first_name,
        "agreement": AGREEMENT,
    }
    return visit.desk.page("agency_contact.html", values, status=200 if form.ok else 422)
