"""What a person faced and what they received: written and confirmed by counsel, read by the team.

The matrix of who may see what gives charges and exposure to counsel to write and to the hub's team
to read (`api/pages/access.py`). Nothing is rewritten here; what is newer counts.
"""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates
from api.pages.exposure_view import STATES, read_exposure
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.once import earlier, keep
from api.pages.own_words import Words
from api.pages.people import participants
from api.pages.session import InHub, Visit
from domain.exposure import BadTerm, SentenceState, Term, term_of
from records.casework import Source, get_case
from records.clients import client_case
from records.database import HubSession
from records.exposure import (
    NewExposure,
    NewReceived,
    Replaced,
    confirm_exposure,
    write_exposure,
    write_received,
)

router = APIRouter(route_class=PageRoute)

MOST_WORDS: Final = 2000
KINDS: Final = {"time": Words("Years, months, days"), "life": Words("Life")}
DONE: Final = {
    "faced": "Kept. What was written before stays below.",
    "confirmed": "Confirmed.",
    "received": "Kept. What was written before stays below.",
}


@router.get("/cases/{case_id}/exposure")
def show_exposure(visit: InHub, case_id: str) -> Response:
    """What counsel wrote down, for the team to read. That it was read is written down."""
    with visit.writing() as session:
        get_case(session, case_id)
        visit.note(session, "read what was faced", "case", case_id)
    return _page(visit, case_id, Form(), f"/cases/{case_id}")


@router.get("/clients/{case_id}/exposure")
def show_to_counsel(visit: InHub, case_id: str, done: str = "") -> Response:
    """The same for counsel, with the forms that write it down."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        visit.note(session, "read what was faced", "case", case_id)
    return _page(visit, case_id, _fresh(visit), f"/clients/{case_id}", DONE.get(done, ""))


@router.post("/clients/{case_id}/exposure")
def save_exposure(visit: InHub, case_id: str, form: Sent) -> Response:
    """What the person faced when the family first came."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        new = _exposure(form)
        if new is None:
            return _page(visit, case_id, form, f"/clients/{case_id}")
        before = earlier(session, visit, form)
        if before is None:
            row = write_exposure(session, case_id, new, _source(visit), visit.now)
            visit.note(session, "wrote what was faced", "exposure_snapshot", row.id)
            before = keep(session, visit, form, _back(case_id, "faced"))
    return see_other(before)


@router.post("/clients/{case_id}/exposure/{snapshot_id}/confirm")
def confirm(visit: InHub, case_id: str, snapshot_id: str, form: Sent) -> Response:
    """Counsel's word that it is right."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        try:
            confirm_exposure(session, case_id, snapshot_id, _source(visit), visit.now)
        except Replaced as error:
            form.refuse("confirm", str(error))
            return _page(visit, case_id, form, f"/clients/{case_id}")
        visit.note(session, "confirmed what was faced", "exposure_snapshot", snapshot_id)
    return see_other(_back(case_id, "confirmed"))


@router.post("/clients/{case_id}/received")
def save_received(visit: InHub, case_id: str, form: Sent) -> Response:
    """What the person received."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        new = _received(visit, form)
        if new is None:
            return _page(visit, case_id, form, f"/clients/{case_id}")
        before = earlier(session, visit, form)
        if before is None:
            row = write_received(session, case_id, new, _source(visit), visit.now)
            visit.note(session, "wrote what was received", "sentence", row.id)
            before = keep(session, visit, form, _back(case_id, "received"))
    return see_other(before)


def _fresh(visit: Visit) -> Form:
    form = Form({"computed_by": visit.name})
    form.put("faced_kind", "time")
    form.put("got_kind", "time")
    return form


def _back(case_id: str, done: str) -> str:
    return f"/clients/{case_id}/exposure?done={done}"


def _source(visit: Visit) -> Source:
    return Source(visit.caller.name, "counsel")


def _page(visit: Visit, case_id: str, form: Form, home: str, done: str = "") -> Response:
    with visit.reading() as session:
        values = {
            "visit": visit,
            "form": form,
            "home": home,
            "writes": home.startswith("/clients/"),
            "who": _who(session, case_id),
            "view": read_exposure(session, visit, case_id),
            "kinds": KINDS,
            "states": STATES,
            "done": done,
        }
    return visit.desk.page("exposure.html", values, status=200 if form.ok else 422)


def _who(session: HubSession, case_id: str) -> str:
    return participants(session, [case_id])[case_id].full


def _exposure(form: Form) -> NewExposure | None:
    term = _term(form, "faced")
    computed_by = form.line("computed_by", "Write who computed it.")
    method = form.text(
        "method", "Write how: from which charges, and by which rules.", most=MOST_WORDS
    )
    if term is None or not form.ok:
        return None
    return NewExposure(term, computed_by, method, form.ticked("confirmed"))


def _received(visit: Visit, form: Form) -> NewReceived | None:
    term = _term(form, "got")
    known = [str(state) for state in SentenceState]
    state = form.choice("state", known, "Choose where the sentence stands.")
    day = form.day("decided_on", "Enter the day on which it was decided.")
    words = form.text("words", most=MOST_WORDS)
    if day is not None and day > dates.today_in(visit.hub.zone, visit.now):
        form.refuse("decided_on", "This day is still to come. Enter the day of the decision.")
    if state == SentenceState.NONE and term is not None and term.life:
        form.refuse("got_kind", "Without a sentence nobody receives life. Choose one of the two.")
    if term is None or day is None or not form.ok:
        return None
    return NewReceived(term, SentenceState(state), day, words)


def _term(form: Form, prefix: str) -> Term | None:
    """Life, or years, months and days of which at least one was filled in."""
    kind = form.choice(f"{prefix}_kind", KINDS, "Choose whether it is life.")
    if not kind:
        return None
    if kind == "life":
        return Term(life=True)
    names = [f"{prefix}_{part}" for part in ("years", "months", "days")]
    if not any(form.line(name) for name in names):
        form.refuse(names[0], "Enter years, months or days. Where there is none, enter 0 days.")
        return None
    numbers = [_whole(form, name) for name in names]
    try:
        return term_of(*numbers) if form.ok else None
    except BadTerm as error:
        form.refuse(names[0], str(error))
        return None


def _whole(form: Form, name: str) -> int:
    typed = form.line(name).replace(",", "") or "0"
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 6:
        form.refuse(name, "Use a whole number, like 5.")
        return 0
    return int(typed)
