"""Handing in a court's calendar: which court, which file. Nothing of it counts before a review."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from activities.letter_uploads import SentFile
from api.pages import once, wording
from api.pages.forms import Form
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.session import InHub, Visit
from api.pages.uploads import Upload, Uploaded
from domain.court_time import CourtTimeError, zone_of
from domain.listings import ListingsError, MissingJoinFile, built_in_mappings, load_mapping
from domain.listings.guessing import guess_format
from records.calendar_carrying import ImportRunning
from records.calendar_reviews import MOST_FILE_BYTES, HandedIn, hand_in, open_files
from records.columns import new_id

router = APIRouter(route_class=PageRoute, prefix="/imports/new")

CHOOSE = "Choose the calendar’s file first."
WHOSE = "Say whose calendar it is: its columns do not tell."
TOO_LARGE = f"The file is larger than {MOST_FILE_BYTES // 1_000_000} MB. Ask the court for a part."
SECOND: Final = (
    "This court’s calendar names places by codes. Choose its second file too, the one that "
    "explains them."
)
ZONE = "Choose a time zone from the list."
FIRST_TIME = "Somebody is importing this calendar right now. Try again in a minute."


@dataclass(frozen=True, slots=True)
class Format:
    """A court's calendar as the list offers it."""

    name: str
    title: str


@lru_cache(maxsize=1)
def formats() -> tuple[Format, ...]:
    """Whose calendars can be read."""
    return tuple(Format(name, load_mapping(name).title) for name in built_in_mappings())


@router.get("")
def show_new(visit: InHub) -> Response:
    """The form."""
    return _form(visit, Form())


@router.post("")
def save_new(visit: InHub, sent: Uploaded) -> Response:
    """Read and compare it, and lead to the review; or say why it cannot be."""
    form = sent.form
    with visit.reading() as session:
        if earlier := once.earlier(session, visit, form):
            return see_other(earlier)
    asked = _asked(sent)
    if asked is None:
        return _form(visit, form)
    try:
        location = _keep(visit, form, asked)
    except MissingJoinFile:
        form.refuse("second", SECOND)
    except ImportRunning:
        form.refuse("file", FIRST_TIME)
    except ListingsError as problem:
        form.refuse("file", str(problem))
    return see_other(location) if form.ok else _form(visit, form)


def _keep(visit: Visit, form: Form, asked: HandedIn) -> str:
    review_id, opened = new_id(), open_files(asked)
    with visit.writing() as session:
        if earlier := once.earlier(session, visit, form):
            return earlier
        location = once.keep(session, visit, form, f"/imports/{review_id}")
        hand_in(session, asked, visit.name, visit.now, review_id, opened)
        visit.note(session, "handed in a court calendar", "import", review_id)
    return location


def _asked(sent: Upload) -> HandedIn | None:
    """What was handed in; None when something is missing or wrong."""
    form, files = sent.form, sent.files
    if not files:
        form.refuse("file", CHOOSE)
        return None
    if any(len(one.content) > MOST_FILE_BYTES for one in files):
        form.refuse("file", TOO_LARGE)
        return None
    name = form.kept("format") or guess_format(files[0].content[:65_536])
    if name not in built_in_mappings():
        form.refuse("format", WHOSE)
        return None
    feed = form.line("feed", most=80) or name
    zone = _zone(form)
    second = _second(files)
    return HandedIn(feed, name, zone, files[0].content, second) if form.ok else None


def _second(files: tuple[SentFile, ...]) -> bytes:
    return files[1].content if len(files) > 1 else b""


def _zone(form: Form) -> str:
    zone = form.kept("zone")
    if zone:
        try:
            zone_of(zone)
        except CourtTimeError:
            form.refuse("zone", ZONE)
    return zone


def _form(visit: Visit, form: Form) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "formats": [(one.name, Words(one.title)) for one in formats()],
        "zones": [*wording.US_ZONES.items(), *((one, one) for one in wording.other_zones())],
        "most": MOST_FILE_BYTES // 1_000_000,
    }
    return visit.desk.page("import_new.html", values, status=200 if form.ok else 422)
