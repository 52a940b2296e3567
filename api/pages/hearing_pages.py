"""Court dates: a new one, another one, none any more. Each shows who will be told, then saves."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, once, wording
from api.pages.case_view import date_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.hearing_fields import KINDS, TypedHearing, hearing, zones
from api.pages.people import circle
from api.pages.previewing import Change, preview
from api.pages.session import InHub, Visit
from domain.vocabulary import HearingKind
from records.casework import NotFound, get_case
from records.database import HubSession
from records.hearings import (
    HearingClosed,
    Setting,
    get_hearing,
    move_hearing,
    schedule_hearing,
    vacate_hearing,
)
from records.tables import Hearing

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/hearings")

MEANWHILE = "Somebody changed this court date in the meantime. Look again at who will be told."


@router.get("/new")
def show_new(visit: InHub, case_id: str) -> Response:
    """The form for a new court date."""
    with visit.reading() as session:
        return _form(visit, session, case_id, None, Form({"zone": visit.hub.zone}))


@router.post("/new")
def save_new(visit: InHub, case_id: str, form: Sent) -> Response:
    """Show who will be told; save when that was seen."""
    with visit.writing() as session:
        get_case(session, case_id)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        typed = hearing(form, visit.hub.zone, visit.now)
        if typed is None or form.kept("again"):
            return _form(visit, session, case_id, None, form)
        if not form.kept("seen"):
            return _preview(visit, session, case_id, _change(None, typed), form)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=scheduled")
        kind, setting = typed.kind, typed.setting
        schedule_hearing(session, case_id, kind, setting, visit.source, visit.now)
    return see_other(location)


@router.get("/{hearing_id}/move")
def show_move(visit: InHub, case_id: str, hearing_id: str) -> Response:
    """The form for moving a court date, with what is known."""
    with visit.reading() as session:
        found = hearing_in(session, case_id, hearing_id)
        known = {
            "kind": found.kind,
            "date": dates.machine(found.local_time.date()),
            "time": f"{found.local_time:%H:%M}",
            "zone": found.zone,
            "room": found.room,
            "place": found.place,
        }
        return _form(visit, session, case_id, found, Form(known))


@router.post("/{hearing_id}/move")
def save_move(visit: InHub, case_id: str, hearing_id: str, form: Sent) -> Response:
    """Show who will be told; save when that was seen and nobody changed it meanwhile."""
    with visit.writing() as session:
        found = hearing_in(session, case_id, hearing_id)
        _refuse_closed(found, form)
        form.put("kind", found.kind)
        typed = hearing(form, visit.hub.zone, visit.now)
        if typed is None or not form.ok or form.kept("again"):
            return _form(visit, session, case_id, found, form)
        change = _change(found, typed)
        if change.empty:
            return see_other(f"/cases/{case_id}?done=same")
        if form.kept("seen") != str(found.revision):
            return _preview(visit, session, case_id, change, form)
        move_hearing(session, found.id, typed.setting, visit.source, visit.now)
    return see_other(f"/cases/{case_id}?done=moved")


@router.get("/{hearing_id}/cancel")
def show_cancel(visit: InHub, case_id: str, hearing_id: str) -> Response:
    """Who will be told that nobody needs to come."""
    with visit.reading() as session:
        found = hearing_in(session, case_id, hearing_id)
        return _cancelling(visit, session, case_id, found, Form())


@router.post("/{hearing_id}/cancel")
def save_cancel(visit: InHub, case_id: str, hearing_id: str, form: Sent) -> Response:
    """Take the date off the calendar."""
    with visit.writing() as session:
        found = hearing_in(session, case_id, hearing_id)
        _refuse_closed(found, form)
        if not form.ok or form.kept("seen") != str(found.revision):
            return _cancelling(visit, session, case_id, found, form)
        vacate_hearing(session, found.id, visit.source, visit.now)
    return see_other(f"/cases/{case_id}?done=cancelled")


def hearing_in(session: HubSession, case_id: str, hearing_id: str) -> Hearing:
    """The hearing of this very case.

    Raises:
        NotFound: not in this hub, or of another case.
    """
    found = get_hearing(session, hearing_id)
    if found.case_id != case_id:
        raise NotFound("hearing")
    return found


def _refuse_closed(found: Hearing, form: Form) -> None:
    if found.status != "scheduled":
        form.refuse("date", str(HearingClosed(found.status)))


def _change(found: Hearing | None, typed: TypedHearing) -> Change:
    return Change(found, typed.kind, typed.setting)


def _cancelling(
    visit: Visit, session: HubSession, case_id: str, found: Hearing, form: Form
) -> Response:
    _refuse_closed(found, form)
    setting = Setting(found.local_time, found.zone, found.room, found.place)
    change = Change(found, HearingKind(found.kind), setting, cancelled=True)
    return _preview(visit, session, case_id, change, form)


def _form(
    visit: Visit, session: HubSession, case_id: str, found: Hearing | None, form: Form
) -> Response:
    get_case(session, case_id)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "moving": date_of(found, visit.hub.zone, visit.now) if found else None,
        "kinds": KINDS,
        "zones": zones(found.zone if found else visit.hub.zone),
    }
    return visit.desk.page("hearing_form.html", values, status=200 if form.ok else 422)


def _preview(
    visit: Visit, session: HubSession, case_id: str, change: Change, form: Form
) -> Response:
    if form.kept("seen"):
        form.refuse("seen", MEANWHILE)
    found = change.hearing
    setting = change.setting
    away = dates.away(setting.local_time.date(), dates.today_in(setting.zone, visit.now))
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "old": date_of(found, visit.hub.zone, visit.now) if found else None,
        "change": change,
        "kind": wording.hearing_kind(change.kind),
        "away": away,
        "weekend": setting.local_time.weekday() >= 5,
        "revision": found.revision if found else 1,
        "preview": preview(session, visit.desk.catalog, case_id, change, visit.now),
    }
    return visit.desk.page("preview.html", values, status=200 if form.ok else 409)
