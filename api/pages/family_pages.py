"""The page that a text message opens, on an old phone: when and where, who helps, one press.

It is read at once. Every other private page shows a button first; this one is opened by people in
a hurry, on phones on which each further page takes seconds, and what it shows is what the message
that brought the link says already: a first name, a day, an hour, a place. Beyond that it shows whom
to call, the last digits of their own phone, and to the participant, outside of custody, what is to
be done this week, health care as an appointment. So reading it writes nothing, sets no cookie and
starts no visit, and everything that it does is a form.

The address alone is the right to use it, and no cookie stands beside it: nobody who does not know
it can send one of its forms. `Referrer-Policy: no-referrer` keeps it from every page that it leads
to; browsers then say of its forms that they come from nowhere, so that is taken here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from activities.calendar_events import one_date
from activities.notices import the_phrases
from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.family_view import family_view
from api.pages.forms import Form, Sent
from api.pages.guard import Handler, check_address, check_not_foreign, see_other
from api.pages.private import LANGUAGES, NoVisit, PrivateVisit, apart, enter, find_guarded
from api.pages.private_problems import PrivateRoute, door_words, written_in
from api.pages.steps_pages import OPENED as STEPS_OPENED
from domain.replies import ReplyKind
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import HubSession, Records
from records.family_answers import (
    Said,
    TooMany,
    choose_language,
    say_of_hearing,
    stop_everything,
    subscribe,
)
from records.family_links import FamilyTie, ask_for_a_new_link, tie_of
from records.family_page import coming_date, first_name_of, read_family_page
from records.hubs import the_hub
from records.listing_queries import get_person
from records.own_steps import steps_link
from records.private_links import PATHS, find_link, is_live, open_link
from records.tables import Hub, PrivateLink

SAYS = {
    "coming": ReplyKind.CONFIRMED,
    "ride": ReplyKind.RIDE,
    "cannot": ReplyKind.CANNOT_COME,
}
"""The buttons."""
_HEADERS = {"Referrer-Policy": "no-referrer"}


class FamilyRoute(PrivateRoute):
    """A route of a page that reads no cookie."""

    def check(self, request: Request) -> None:
        """Look before anything is done: a form that says it comes from elsewhere is refused, one
        that comes from nowhere is taken.

        Raises:
            PageProblem: this request is not let in.
        """
        check_address(request)
        check_not_foreign(request)

    def get_route_handler(self) -> Handler:
        """The route's own handler, guarded; its address is told to no other page."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            response = await handle(request)
            response.headers.update(_HEADERS)
            return response

        return guarded


router = APIRouter(route_class=FamilyRoute, prefix="/f/{token}")
Deed = Callable[[PrivateVisit, HubSession, FamilyTie], str]
"""What a form does; it answers with the word that the page thanks for."""


@router.get("")
async def show(request: Request, token: str, lang: str = "", done: str = "") -> Response:
    """The page, or that its link has ended. Changes nothing."""
    try:
        visit = await _opened(request, token, lang, done)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _page(visit, done))


@router.post("")
@router.get("/answer")
@router.get("/calendar")
@router.get("/steps")
@router.get("/language")
@router.get("/stop")
@router.get("/new")
def lead_back(token: str) -> Response:
    """An address that only takes forms, opened by itself: the page."""
    return see_other(PATHS[LinkPurpose.FAMILY] + token)


@router.post("/answer")
async def answer(request: Request, token: str, form: Sent) -> Response:
    """They will be there, need help, or cannot come; the same button twice changes nothing."""

    def deed(visit: PrivateVisit, session: HubSession, tie: FamilyTie) -> str:
        how = form.kept("said")
        if how not in SAYS:
            raise NotFound("answer")
        said = Said(visit.say(f"ask.{how}"), form.text("words"))
        hearing = form.kept("hearing")
        try:
            say_of_hearing(session, tie, hearing, SAYS[how], said, visit.source, visit.now)
        except TooMany:
            return "many"
        return how

    return await _done(request, token, form, deed)


@router.post("/calendar")
async def follow(request: Request, token: str, form: Sent) -> Response:
    """They want all dates in their calendar app; a second time it is the same address."""

    def deed(visit: PrivateVisit, session: HubSession, tie: FamilyTie) -> str:
        subscribe(session, visit.link)
        return "calendar"

    return await _done(request, token, form, deed)


@router.post("/language")
async def keep_language(request: Request, token: str, form: Sent) -> Response:
    """Messages come in the language of the page from now on."""

    def deed(visit: PrivateVisit, session: HubSession, tie: FamilyTie) -> str:
        choose_language(session, tie, visit.language, visit.source, visit.now)
        return "language"

    return await _done(request, token, form, deed)


@router.post("/stop")
async def stop(request: Request, token: str, form: Sent) -> Response:
    """They want no more messages, by any way."""

    def deed(visit: PrivateVisit, session: HubSession, tie: FamilyTie) -> str:
        stop_everything(session, tie, visit.say("ways.stop"), visit.source, visit.now)
        return "stop"

    return await _done(request, token, form, deed)


@router.post("/steps")
async def go_to_steps(request: Request, token: str, form: Sent) -> Response:
    """The participant goes on to the page on which they say how their steps went."""
    try:
        visit = await _opened(request, token, form.kept("lang"))
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _to_steps(visit))


@router.post("/new")
async def ask_anew(request: Request, token: str, form: Sent) -> Response:
    """The link has ended, and they want another: where it was somebody's, it goes to the phone
    and mailbox that they have already. Every answer looks the same."""
    now = await desk_of(request).clock.now()
    lang = form.kept("lang")
    try:
        await apart(lambda: _send_anew(request, token, now))
    except NoVisit as none:
        return none.answer
    told = f"?lang={lang}&done=asked" if lang in LANGUAGES else "?done=asked"
    return see_other(f"{PATHS[LinkPurpose.FAMILY]}{quote(token)}{told}")


@router.get("/{hearing_id}.ics")
async def one_hearing(request: Request, token: str, hearing_id: str, lang: str = "") -> Response:
    """One hearing for a calendar app."""
    try:
        visit = await _opened(request, token, lang)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _one_hearing(visit, hearing_id))


def _one_hearing(visit: PrivateVisit, hearing_id: str) -> Response:
    with visit.reading() as session:
        tie = _tie(session, visit)
        hearing = coming_date(session, tie.case, hearing_id, visit.now).hearing
        name = "" if tie.own else first_name_of(session, tie.case)
        data = one_date(session, hearing, name, visit.language, visit.desk.catalog)
    disposition = {"Content-Disposition": 'inline; filename="court-date.ics"'}
    return Response(data, media_type="text/calendar; charset=utf-8", headers=disposition)


def _page(visit: PrivateVisit, done: str) -> Response:
    with visit.reading() as session:
        page = read_family_page(session, _tie(session, visit), visit.link, visit.now)
    return visit.page("family.html", family_view(visit, page, done))


async def _done(request: Request, token: str, form: Form, deed: Deed) -> Response:
    """Do what a form says, and show the page; where the link has ended, give the words back."""
    try:
        visit = await _opened(request, token, form.kept("lang"), written=written_in(form))
    except NoVisit as none:
        return none.answer

    def work() -> Response:
        with visit.writing() as session:
            word = deed(visit, session, _tie(session, visit))
            open_link(session, visit.link.id, visit.now)
        return see_other(f"{visit.path}?lang={visit.language}&done={word}")

    return await apart(work)


def _to_steps(visit: PrivateVisit) -> Response:
    with visit.writing() as session:
        tie = _tie(session, visit)
        if not tie.own or tie.held:
            raise NotFound("plan")
        link = steps_link(session, tie.person.id, visit.now)
    inside = replace(visit, link=link)
    return enter(inside, lambda s: inside.note(s, STEPS_OPENED, "person", tie.person.id))


def _tie(session: HubSession, visit: PrivateVisit) -> FamilyTie:
    tie = tie_of(session, visit.link)
    if tie is None:
        raise NotFound("page")
    return tie


async def _opened(
    request: Request, token: str, lang: str = "", done: str = "", written: Sequence[str] = ()
) -> PrivateVisit:
    """The page that is asked for, in the language that was chosen on it or is the person's.

    Raises:
        NoVisit: the link does not open it (any more): its page is the same whether it never was,
            has expired or was ended.
    """
    now = await desk_of(request).clock.now()
    return await apart(lambda: _open(request, token, lang, done, written, now))


def _open(
    request: Request, token: str, lang: str, done: str, written: Sequence[str], now: datetime
) -> PrivateVisit:
    desk = desk_of(request)
    link = _live_link(request, token, now)
    if link is None:
        raise NoVisit(_ended(request, token, lang, asked=done == "asked", written=written))
    with desk.records.reading(link.hub_id) as session:
        hub = the_hub(session)
        spoken = get_person(session, link.person_id or "").language
    wanted = lang if lang in LANGUAGES else spoken
    language = the_phrases(LinkPurpose.FAMILY).language(wanted, hub.default_language)
    return PrivateVisit(desk, link, hub, language, now)


def _live_link(request: Request, token: str, now: datetime) -> PrivateLink | None:
    """The link, where it opens now; one that does not counts as a guess, as if it never was."""
    records = desk_of(request).records

    def opens(link: PrivateLink) -> bool:
        with records.reading(link.hub_id) as session:
            return is_live(link, now) and tie_of(session, link) is not None

    return find_guarded(request, token, LinkPurpose.FAMILY, opens)


def _send_anew(request: Request, token: str, now: datetime) -> None:
    if _live_link(request, token, now) is not None:
        return
    records = desk_of(request).records
    link = find_link(records, token, LinkPurpose.FAMILY)
    if link is not None:
        with records.writing(link.hub_id) as session:
            ask_for_a_new_link(session, link, now)


def _ended(
    request: Request, token: str, lang: str, *, asked: bool, written: Sequence[str]
) -> Response:
    """The page of a link that does not open. It knows nothing of whose it was: its language is
    the browser's, and a hub is named where there is one alone."""
    phrases, hub = the_phrases(LinkPurpose.FAMILY), _the_only_hub(desk_of(request).records)
    chosen = lang if lang in LANGUAGES else wished_language(request, phrases.everything)
    language = phrases.language(chosen)
    words = door_words(request, language, hub.name if hub else "", hub.phone if hub else "")

    def say(name: str, /, **values: str) -> str:
        return phrases.say(language, name, **values)

    values = {
        **words,
        "say": say,
        "languages": LANGUAGES,
        "path": PATHS[LinkPurpose.FAMILY] + quote(token),
        "asked": asked,
        "written": [text for text in written if text.strip()],
    }
    return desk_of(request).page("family_ended.html", values, status=410)


def _the_only_hub(records: Records) -> Hub | None:
    with records.reading("") as session:
        hubs = session.exec(select(Hub).where(col(Hub.example).is_(False)).limit(2)).all()
    return hubs[0] if len(hubs) == 1 else None
