"""The contact log on a phone: a caseload with who waits longest first, and a form that may be sent
again on a bad connection."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words, marked
from api.pages.paging import Pages
from api.pages.people import OPTED_OUT, Named, participants, phones_of, ways_of
from api.pages.session import InHub, Visit
from api.pages.step_kind_words import said_kinds
from api.pages.wording import Status
from domain.contact_log import (
    ABOUTS,
    METHODS,
    PLACES,
    ContactAbout,
    ContactMethod,
    ContactPlace,
    ContactProblem,
    figures,
    figures_csv,
)
from domain.court_time import wall_time
from domain.vocabulary import Role
from records.casework import NotFound, get_case
from records.contact_log import (
    CaseloadLine,
    NewContactEntry,
    caseload,
    counted,
    get_contact_entry,
    log_of,
    note_contact,
    steps_to_show,
    strike_contact,
)
from records.database import HubSession
from records.plans import StepClosed, StepRepeats
from records.tables import ContactEntry

router = APIRouter(route_class=PageRoute)

A_PAGE = 40
CSV_NAME = "contacts.csv"
WHOLE_HUB = frozenset({Role.SUPERVISOR, Role.HUB_ADMIN})
"""Roles that take the figures of the whole hub."""
DONE = {
    "held": "Written down.",
    "tried": "Written down: you tried. It does not count as a contact.",
    "before": "This form was saved before, as it was then. What you changed since is not saved: "
    "add another contact for it.",
    "struck": "Struck. It stays to be read, and counts nowhere.",
}


@router.get("/caseload")
def show_caseload(visit: InHub, whose: str = "", page: str = "1") -> Response:
    """Whom to be in touch with, overdue first; `whose=all` shows every open case of the hub."""
    today = dates.today_in(visit.hub.zone, visit.now)
    with visit.reading() as session:
        every = caseload(session, visit.now, advocate_id="" if whose == "all" else visit.caller.id)
        pages = Pages.of(page, len(every), A_PAGE)
        shown = every[pages.cut]
        people = participants(session, {line.case_id for line in shown})
        phones = _phones(session, people)
        values = {
            "visit": visit,
            "everybody": whose == "all",
            "late": sum(line.is_overdue(today) for line in every),
            "pages": pages,
            "address": "/caseload?whose=all" if whose == "all" else "/caseload",
            "takes_figures": visit.caller.role in WHOLE_HUB,
            "lines": [
                {
                    "line": line,
                    "who": people[line.case_id].full,
                    "phone": phones.get(people[line.case_id].id, ""),
                    "status": _status(line, today),
                    "last": dates.away(line.last_on, today) if line.last_on else "",
                    "due": dates.away(line.due_on, today) if line.due_on else "",
                }
                for line in shown
            ],
        }
        return visit.desk.page("caseload.html", values)


@router.get(f"/caseload/{CSV_NAME}")
def take_figures(visit: InHub) -> Response:
    """The hub's contacts by month and way, without names. That they were taken is written down."""
    with visit.writing() as session:
        table = figures_csv(figures(counted(session, visit.now)))
        visit.note(session, "took the figures of contacts", "hub", visit.hub.id)
    return Response(
        table.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{CSV_NAME}"'},
    )


@router.get("/cases/{case_id}/log")
def show_log(visit: InHub, case_id: str, done: str = "") -> Response:
    """The contacts with one person, newest first."""
    with visit.writing() as session:
        visit.note(session, "read a contact log", "case", get_case(session, case_id).id)
        return _log(visit, session, case_id, Form(), DONE.get(done, ""))


@router.get("/cases/{case_id}/log/new")
def show_form(visit: InHub, case_id: str) -> Response:
    """The form, with this moment filled in."""
    local = wall_time(visit.now, visit.hub.zone)
    known = {"held": "yes", "day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"}
    with visit.reading() as session:
        return _form(visit, session, case_id, Form(known))


@router.post("/cases/{case_id}/log/new")
def save_contact(visit: InHub, case_id: str, form: Sent) -> Response:
    """Write it down; the same form again leads to what it made the first time."""
    with visit.writing() as session:
        get_case(session, case_id)
        new = _asked(visit, session, case_id, form)
        if new is None or not form.ok:
            return _form(visit, session, case_id, form)
        try:
            with session.begin_nested():
                entry = note_contact(
                    session, case_id, new, visit.caller.id, visit.source, visit.now
                )
        except ContactProblem as why:
            form.refuse(why.field, str(why))
        except (StepClosed, StepRepeats):
            form.refuse("step", "This step takes nothing any more. Save the contact without it.")
        if not form.ok:
            return _form(visit, session, case_id, form)
        done = "before" if _differs(entry, new) else ("held" if entry.held else "tried")
    return see_other(f"/cases/{case_id}/log?done={done}")


@router.post("/cases/{case_id}/log/{entry_id}/strike")
def strike(visit: InHub, case_id: str, entry_id: str, form: Sent) -> Response:
    """It was wrong: it stays to be read, and counts nowhere."""
    with visit.writing() as session:
        if get_contact_entry(session, entry_id).case_id != case_id:
            raise NotFound("contact entry")
        why = form.line("why", "Say in a few words what was wrong.", most=200)
        if not form.ok:
            return _log(visit, session, case_id, form, "", striking=entry_id)
        strike_contact(session, entry_id, why, visit.source, visit.now)
    return see_other(f"/cases/{case_id}/log?done=struck")


def _asked(visit: Visit, session: HubSession, case_id: str, form: Form) -> NewContactEntry | None:
    """The contact that the form tells; None where it lacks something."""
    held = form.choice("held", ("yes", "no"), "Say whether you were in touch.") == "yes"
    method = form.choice("method", METHODS, "Choose how you were in touch, or tried to be.")
    day = form.day("day", "Say on which day it was.")
    clock = form.clock("clock", "Say about when it was.")
    place = form.choice("place", PLACES, "Choose a place.") if form.kept("place") else ""
    about = form.choice("about", ABOUTS, "Choose what it was about.") if form.kept("about") else ""
    step = ""
    if form.kept("step"):
        known = {one.id for one in steps_to_show(session, case_id)}
        step = form.choice("step", known | {form.kept("step")}, "")
    minutes = form.number("minutes") if form.kept("minutes") else 0
    next_on = form.day("next_on")
    note = form.text("note", most=4000)
    if not form.ok or day is None:
        return None
    at = form.instant("clock", datetime.combine(day, clock or time(12)), visit.hub.zone)
    if at is None:
        return None
    return NewContactEntry(
        happened_at=at,
        method=ContactMethod(method),
        held=held,
        place=ContactPlace(place) if place else None,
        about=ContactAbout(about) if about else None,
        minutes=minutes,
        note=note,
        next_on=next_on,
        step_id=step,
        once=form.once,
    )


def _differs(entry: ContactEntry, new: NewContactEntry) -> bool:
    """Whether the form was sent before with something else in it."""
    kept = NewContactEntry(
        happened_at=entry.happened_at,
        method=ContactMethod(entry.method),
        held=entry.held,
        place=ContactPlace(entry.place) if entry.place else None,
        about=ContactAbout(entry.about) if entry.about else None,
        minutes=entry.minutes,
        note=entry.note,
        next_on=entry.next_on,
        step_id=entry.step_id or "",
        once=entry.once or "",
    )
    return kept != (new if new.held else replace(new, minutes=0))


def _form(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    kinds = said_kinds(session, ended_too=True)
    steps = [
        (one.id, f"{one.title or kinds[one.kind]}{_by(one.due_on)}")
        for one in steps_to_show(session, case_id)
    ]
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": participants(session, {get_case(session, case_id).id})[case_id],
        "methods": list(marked(METHODS).items()),
        "places": [(key, Words(words[:1].upper() + words[1:])) for key, words in PLACES.items()],
        "abouts": list(marked(ABOUTS).items()),
        "steps": steps,
    }
    return visit.desk.page("log_form.html", values, status=200 if form.ok else 422)


def _by(day: date | None) -> str:
    return f", by {day:%d %b}" if day else ""


def _log(
    visit: Visit, session: HubSession, case_id: str, form: Form, done: str, striking: str = ""
) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "done": done,
        "striking": striking,
        "case_id": case_id,
        "who": participants(session, {case_id})[case_id],
        "methods": marked(METHODS),
        "places": marked(PLACES),
        "abouts": marked(ABOUTS),
        "entries": log_of(session, case_id),
    }
    return visit.desk.page("contact_log.html", values, status=200 if form.ok else 422)


def _status(line: CaseloadLine, today: date) -> Status:
    if line.custody == "detained":
        return Status("in custody", "square")
    if line.is_overdue(today):
        return Status("waits for you", "triangle", "amber")
    return Status("in touch" if line.last_on else "new", "disc" if line.last_on else "ring")


def _phones(session: HubSession, people: Mapping[str, Named]) -> dict[str, str]:
    """Person → the first phone at which a person may call them."""
    ways = ways_of(session, {one.id for one in people.values()})
    called = {
        person: phones_of(way for way in found if way.why_not != OPTED_OUT)
        for person, found in ways.items()
    }
    return {person: phones[0].address for person, phones in called.items() if phones}
