"""The steps of the first run after the first sign-in: one thing a page, each saved as it is sent.

Every step can be left and come back to. The first case is opened on the page on which every case
is opened (`api/pages/intake.py`).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fastapi import APIRouter
from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from api.pages import wording
from api.pages.court_pages import TWICE, read_court
from api.pages.first_progress import WHOLE, progress_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.hub_page import read_about
from api.pages.problems import NoSuchPage
from api.pages.session import SignedIn, Visit, is_set_up
from domain.listings import built_in_mappings, load_mapping
from records.courts import DEFAULT_FILING_LIMIT_MB, NewCourt, add_court, add_room
from records.first_run import ABOUT, CASE, COURT, answer_step
from records.hub_changes import change_hub

router = APIRouter(route_class=PageRoute, prefix=WHOLE)

DONE: Final = {
    "about": "Saved. Families will see this name and this number.",
    "court": "The court is saved.",
    "later": "Put off. It stands on this list whenever you want it.",
}
CAN_WAIT: Final = frozenset({COURT, CASE})
"""Steps that may be put off. How messages leave is only read, and who the hub is cannot wait."""
MOST_ROOM: Final = 60


@dataclass(frozen=True, slots=True)
class KnownCourt:
    """A court whose published calendar Homeward can read; `zone` is IANA."""

    key: str
    title: str
    zone: str


@lru_cache(maxsize=1)
def known_courts() -> tuple[KnownCourt, ...]:
    """Those with a clock of their own: a format of many courts says nothing of one."""
    read = [load_mapping(name) for name in built_in_mappings()]
    return tuple(KnownCourt(one.name, one.title, one.zone) for one in read if one.zone)


@router.get("")
def show_steps(visit: SignedIn, done: str = "") -> Response:
    """All steps, how far each is, and where to go on."""
    return _page(visit, "first_steps.html", Form(), done=DONE.get(done, ""))


@router.get("/about")
def show_about(visit: SignedIn) -> Response:
    """Who the hub is: its name, phone, clock, and the language of most families."""
    return _about(visit, _known(visit))


@router.post("/about")
def save_about(visit: SignedIn, form: Sent) -> Response:
    """Keep it, and go on."""
    changes = read_about(visit, form)
    if not form.ok:
        return _about(visit, form)
    with visit.writing() as session:
        change_hub(session, changes, visit.now)
        answer_step(session, ABOUT)
        visit.note(session, "changed the hub", "hub", visit.hub.id)
    return _go_on(visit)


@router.get("/court")
def show_court(visit: SignedIn, known: str = "") -> Response:
    """The form for the first court, begun with one that is known, if it was picked."""
    picked = next((one for one in known_courts() if one.key == known), None)
    form = Form({"name": picked.title, "zone": picked.zone} if picked else {"zone": visit.hub.zone})
    return _court(visit, form, picked)


@router.post("/court")
def save_court(visit: SignedIn, form: Sent) -> Response:
    """Keep the court and its room, and go on."""
    form.put("filing_limit_mb", str(DEFAULT_FILING_LIMIT_MB))
    said = read_court(form)
    room = form.line("room", most=MOST_ROOM)
    if not form.ok:
        return _court(visit, form)
    try:
        with visit.writing() as session:
            court = add_court(session, NewCourt(**said))
            if room:
                add_room(session, court.id, room)
            answer_step(session, COURT)
            visit.note(session, "added a court", "court", court.id)
    except IntegrityError:
        form.refuse("name", TWICE)
        return _court(visit, form)
    return _go_on(visit)


@router.post("/{left}/later")
def put_off(visit: SignedIn, left: str, form: Sent) -> Response:
    """Not now: it is not asked for again, and stays on the list.

    Raises:
        NoSuchPage: no such step, or one that everything rests on.
    """
    if left not in CAN_WAIT:
        raise NoSuchPage
    with visit.writing() as session:
        answer_step(session, left)
        visit.note(session, "put off a step of the set-up", "hub", visit.hub.id)
    return _go_on(visit)


def _go_on(visit: Visit) -> Response:
    """To the next step that is left; at the end, to the whole list."""
    progress = progress_of(visit)
    return see_other(progress.next if progress.left else WHOLE)


def _known(visit: Visit) -> Form:
    """What is known of the hub. Its clock is asked for: an hour off is a missed hearing."""
    hub, languages = visit.hub, visit.desk.catalog.languages
    if is_set_up(hub):
        known = {"name": hub.name, "zone": hub.zone, "language": hub.default_language}
        return Form({**known, "phone": wording.phone_words(hub.phone)})
    return Form({"language": visit.language if visit.language in languages else "en"})


def _about(visit: Visit, form: Form) -> Response:
    languages = [(code, wording.language(code)) for code in visit.desk.catalog.languages]
    return _page(visit, "first_about.html", form, languages=languages)


def _court(visit: Visit, form: Form, picked: KnownCourt | None = None) -> Response:
    zones = [*wording.US_ZONES.items(), *((name, name) for name in wording.other_zones())]
    return _page(
        visit, "first_court.html", form, zones=zones, known_courts=known_courts(), picked=picked
    )


def _page(visit: Visit, template: str, form: Form, **more: object) -> Response:
    values = {"visit": visit, "form": form, "progress": progress_of(visit), **more}
    return visit.desk.page(template, values, status=200 if form.ok else 422)
