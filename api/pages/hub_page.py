"""The hub itself: asked once, on the first run, and changed later by an administrator."""

from fastapi import APIRouter
from sqlmodel import select
from starlette.responses import Response

from api.pages import wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.session import Administrator, Visit, is_set_up
from domain.court_time import CourtTimeError, zone_of
from domain.vocabulary import Channel
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Case

router = APIRouter(route_class=PageRoute)


@router.get("/hub")
def show_hub(visit: Administrator) -> Response:
    """The form, with what is known."""
    hub = visit.hub
    known = Form(
        {
            "name": hub.name if is_set_up(hub) else "",
            "phone": wording.phone_words(hub.phone),
            "zone": hub.zone,
            "language": hub.default_language,
        }
    )
    with visit.reading() as session:
        return _page(visit, known, fixed=_has_cases(session))


@router.post("/hub")
def save_hub(visit: Administrator, form: Sent) -> Response:
    """Keep what was said."""
    with visit.writing() as session:
        fixed = _has_cases(session)
        name = form.line("name", "Enter the name of your hub, as families know it.", most=60)
        phone = form.address("phone", Channel.SMS)
        if not phone:
            form.refuse("phone", "Enter the phone number that people can call.")
        language = form.choice(
            "language", visit.desk.catalog.languages, "Choose the language of most families."
        )
        zone = visit.hub.zone if fixed else _zone(form)
        if not form.ok:
            return _page(visit, form, fixed=fixed, status=422)
        hub = the_hub(session)
        hub.name, hub.phone, hub.zone, hub.default_language = name, phone, zone, language
        session.add(hub)
        visit.note(session, "changed the hub", "hub", hub.id)
    return see_other("/?done=hub")


def _zone(form: Form) -> str:
    zone = form.line("zone", "Choose the time zone of your courts.")
    try:
        zone_of(zone)
    except CourtTimeError:
        form.refuse("zone", "Choose a time zone from the list.")
    return zone


def _has_cases(session: HubSession) -> bool:
    return session.exec(select(Case.id).limit(1)).first() is not None


def _page(visit: Visit, form: Form, *, fixed: bool, status: int = 200) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "first": not is_set_up(visit.hub),
        "fixed_zone": fixed,
        "languages": [(code, wording.language(code)) for code in visit.desk.catalog.languages],
    }
    return visit.desk.page("hub.html", values, status=status)
