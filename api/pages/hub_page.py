"""The hub itself: asked once, on the first run, and changed later by an administrator."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.session import Administrator, Visit, is_set_up
from domain.court_time import CourtTimeError, zone_of
from domain.vocabulary import Channel
from records.hub_changes import change_hub

router = APIRouter(route_class=PageRoute)


@router.get("/hub")
def show_hub(visit: Administrator, done: str = "") -> Response:
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
    return _page(visit, known, done)


@router.post("/hub")
def save_hub(visit: Administrator, form: Sent) -> Response:
    """Keep what was said."""
    name = form.line("name", "Enter the name of your hub, as families know it.", most=60)
    phone = form.address("phone", Channel.SMS)
    if not phone:
        form.refuse("phone", "Enter the phone number that people can call.")
    language = form.choice(
        "language", visit.desk.catalog.languages, "Choose the language of most families."
    )
    changes = {"name": name, "phone": phone, "zone": _zone(form), "default_language": language}
    if not form.ok:
        return _page(visit, form)
    with visit.writing() as session:
        change_hub(session, changes, visit.now)
        visit.note(session, "changed the hub", "hub", visit.hub.id)
    return see_other("/?done=hub" if visit.sees_cases else "/hub?done=hub")


def _zone(form: Form) -> str:
    zone = form.line("zone", "Choose the time zone of your courts.")
    try:
        zone_of(zone)
    except CourtTimeError:
        form.refuse("zone", "Choose a time zone from the list.")
    return zone


def _page(visit: Visit, form: Form, done: str = "") -> Response:
    values = {
        "visit": visit,
        "form": form,
        "first": not is_set_up(visit.hub),
        "done": done == "hub",
        "languages": [(code, wording.language(code)) for code in visit.desk.catalog.languages],
    }
    return visit.desk.page("hub.html", values, status=200 if form.ok else 422)
