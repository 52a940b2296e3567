"""The family's pages behind `/tell/{token}`: telling about the person, part by part.

They see their own answers alone. Each press of a button saves everything that stands on the page.
"""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.notices import the_phrases
from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.private import (
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    door,
    enter,
    is_running,
    renewed,
    visiting,
)
from api.pages.private_problems import PrivateRoute
from api.pages.telling_view import (
    Slot,
    asked_of,
    heading,
    parts_of,
    section_after,
    slots_of,
)
from domain.interview import WORDS, asked_of_family, family_sections
from domain.message_values import phone_words
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import HubSession
from records.hubs import the_hub
from records.passages import TooManyPassages, get_passage, taken_back
from records.private_links import find_link
from records.tables import PacketPassage, Person
from records.telling import (
    Teller,
    Telling,
    ToldMeanwhile,
    put_back,
    take_back,
    tell,
    teller_of,
    told_by,
    words_mark,
)

router = APIRouter(route_class=PrivateRoute, prefix="/tell/{token}")

PURPOSE = LinkPurpose.INTERVIEW
MOST_WORDS = 5000
"""Characters of one answer."""


@router.get("")
async def show(request: Request, token: str) -> Response:
    """The door; behind it the list of parts. Looking changes nothing."""
    try:
        visit = await begin(request, token, PURPOSE)
        if not is_running(request, visit):
            return door(visit)
        return await apart(lambda: _overview(visit))
    except NoVisit as none:
        return none.answer


@router.post("")
async def open_door(request: Request, token: str) -> Response:
    """The door's button."""
    try:
        visit = await begin(request, token, PURPOSE)
        return await apart(lambda: enter(visit))
    except NoVisit as none:
        return none.answer


@router.get("/done")
async def show_done(request: Request, token: str) -> Response:
    """Thanks, and what happens next."""
    return await _visited(request, token, _done)


@router.get("/{section}")
async def show_section(
    request: Request, token: str, section: str, saved: str = "", gone: str = ""
) -> Response:
    """One part: its questions with their own answers."""
    return await _visited(
        request, token, lambda visit: _section(visit, section, saved=saved == "yes", gone=gone)
    )


@router.post("/{section}")
async def save(request: Request, token: str, section: str, form: Sent) -> Response:
    """Save what stands on the page. Where the visit has ended meanwhile but the link holds, the
    button begins a new one: nobody loses what they wrote by taking their time."""
    try:
        visit = await begin(request, token, PURPOSE)
        return await apart(lambda: renewed(request, visit, _save(visit, section, form)))
    except NoVisit as none:
        return await apart(lambda: _unsaved(request, token, form)) or none.answer


async def _visited(
    request: Request, token: str, work: Callable[[PrivateVisit], Response]
) -> Response:
    try:
        visit = await visiting(request, token, PURPOSE)
        return await apart(lambda: work(visit))
    except NoVisit as none:
        return none.answer


def _teller(visit: PrivateVisit, session: HubSession) -> Teller:
    """Who tells.

    Raises:
        NoVisit: they do not stand by this person any more, or the packet is closed.
    """
    try:
        teller = teller_of(session, visit.link)
    except NotFound:
        teller = None
    if teller is None or not teller.open:
        values = {"text": "telling.closed_text", "texts": ()}
        raise NoVisit(visit.page("tell_closed.html", values, status=410))
    return teller


def _overview(visit: PrivateVisit) -> Response:
    with visit.reading() as session:
        teller = _teller(visit, session)
        parts = parts_of(visit, teller, told_by(session, teller.packet, teller.person.id))
    values = {
        **_names(teller),
        "parts": parts,
        "next": next((part.key for part in parts if not part.told), parts[0].key),
        "begun": any(part.told for part in parts),
    }
    return visit.page("tell.html", values)


def _done(visit: PrivateVisit) -> Response:
    with visit.reading() as session:
        teller = _teller(visit, session)
    return visit.page("tell_done.html", _names(teller))


def _names(teller: Teller) -> dict[str, str]:
    return {"name": teller.called, "teller": teller.person.first_name}


def _section(
    visit: PrivateVisit,
    section: str,
    *,
    saved: bool = False,
    gone: str = "",
    kept: dict[str, Slot] | None = None,
) -> Response:
    with visit.reading() as session:
        teller = _teller(visit, session)
        keys = [part.key for part in family_sections(teller.packet.kind)]
        if section not in keys:
            return see_other(visit.path)
        told = told_by(session, teller.packet, teller.person.id)
        removed = _taken_back(session, teller, gone)
    values = {
        **_names(teller),
        "section": section,
        "heading": heading(visit, teller, section),
        "number": str(keys.index(section) + 1),
        "all": str(len(keys)),
        "saved": saved,
        "questions": asked_of(visit, teller, section, told, removed, kept or {}),
    }
    return visit.page("tell_section.html", values, status=422 if kept else 200)


def _taken_back(session: HubSession, teller: Teller, passage_id: str) -> PacketPassage | None:
    """Their answer of this id, if they took it back and can put it back."""
    if not passage_id:
        return None
    try:
        row = get_passage(session, teller.packet, passage_id)
    except NotFound:
        return None
    return row if row.teller_id == teller.person.id and taken_back(row) else None


def _save(visit: PrivateVisit, section: str, form: Form) -> Response:
    do, _, about = form.kept("do").partition(":")
    here = f"{visit.path}/{section}"
    with visit.writing() as session:
        teller = _teller(visit, session)
        if section not in [part.key for part in family_sections(teller.packet.kind)]:
            return see_other(visit.path)
        kept = _save_all(visit, session, teller, section, form, leave=about if do == "back" else "")
        key = _turn(visit, session, teller, do, about)
    if kept:
        return _section(visit, section, kept=kept)
    if do == "back":
        return see_other(f"{here}?gone={about}#{key}" if key else here)
    if do == "put":
        return see_other(f"{here}?saved=yes#{key}")
    following = section_after(teller, section) if do == "next" else ""
    if do == "stay":
        return see_other(f"{here}?saved=yes")
    return see_other(f"{visit.path}/{following or 'done'}{'?saved=yes' if following else ''}")


def _turn(visit: PrivateVisit, session: HubSession, teller: Teller, do: str, about: str) -> str:
    """Take an answer back or put it back, if that is what the button said; its question."""
    if do not in ("back", "put"):
        return ""
    turn = take_back if do == "back" else put_back
    try:
        return turn(session, teller, about, visit.source, visit.now).question
    except (NotFound, TooManyPassages):
        # It is gone for longer than it is kept, or was changed on another page: that is shown.
        return ""


def _save_all(
    visit: PrivateVisit,
    session: HubSession,
    teller: Teller,
    section: str,
    form: Form,
    leave: str,
) -> dict[str, Slot]:
    """Save every box of the form but that of the answer `leave`; those that could not be saved."""
    told = told_by(session, teller.packet, teller.person.id)
    left = [
        slot.name
        for question in asked_of_family(section)
        for slot in slots_of(question, told)
        if slot.id and slot.id == leave
    ]
    known = {question.key for question in asked_of_family(section)}
    problems: dict[str, Slot] = {}
    for field in form.names("w."):
        name = field.removeprefix("w.")
        key, _, passage_id = name.partition(".")
        if key not in known or name in left:
            continue
        telling = Telling(
            section=section,
            question=key,
            words=form.text(field, most=10 * MOST_WORDS),
            title=form.line(f"t.{name}"),
            passage_id=passage_id,
            seen=form.kept(f"m.{name}"),
        )
        problem = _tell(visit, session, teller, telling, name)
        if problem is not None:
            problems[name] = problem
    return problems


def _tell(
    visit: PrivateVisit, session: HubSession, teller: Teller, telling: Telling, name: str
) -> Slot | None:
    """Save one answer; the box with the reason if it could not be saved."""
    slot = Slot(name, telling.words, telling.title, telling.seen)
    if len(telling.words) > MOST_WORDS:
        return _with(slot, visit.say("telling.too_long"))
    try:
        tell(session, teller, telling, visit.source, visit.now)
    except TooManyPassages:
        return _with(slot, visit.say("telling.full"))
    except ToldMeanwhile as error:
        newer = error.newer
        mark = words_mark(newer.title, newer.original)
        return Slot(
            name,
            telling.words,
            telling.title,
            mark,
            newer.id,
            visit.say("telling.conflict"),
            newer.original,
            newer.title,
        )
    return None


def _with(slot: Slot, problem: str) -> Slot:
    return Slot(slot.name, slot.words, slot.title, slot.mark, slot.id, problem)


def _unsaved(request: Request, token: str, form: Form) -> Response | None:
    """The page of a form that could not be saved because its link ended: what was written, for
    copying. None for a link that never was."""
    desk = desk_of(request)
    link = find_link(desk.records, token, PURPOSE)
    if link is None:
        return None
    with desk.records.reading(link.hub_id) as session:
        hub = the_hub(session)
        person = session.get(Person, link.person_id) if link.person_id else None
    phrases = the_phrases(WORDS)
    language = (
        phrases.language(person.language, hub.default_language)
        if person
        else wished_language(request, phrases.everything)
    )
    known = {"hub": hub.name, "phone": phone_words(hub.phone)}
    texts = [form.text(field, most=10 * MOST_WORDS) for field in form.names("w.")]
    values = {
        **known,
        "language": language,
        "say": lambda name, **more: phrases.say(language, name, **{**known, **more}),
        "text": "telling.unsaved_text",
        "texts": [text for text in texts if text],
    }
    return desk.page("tell_closed.html", values, status=410)
