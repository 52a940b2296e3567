"""The pages of somebody who is asked for a letter of support, behind their private link.

Nothing is sent before it is signed, and nothing that was typed is lost (`letter_visits`).
"""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.letter_view import (
    FIELDS,
    LANGUAGES,
    home,
    read_page,
    write_page,
    writing,
)
from api.pages.letter_visits import acting, entered, inside, read_with
from api.pages.private import NoVisit, PrivateVisit, apart, begin, is_running
from api.pages.private_problems import PrivateRoute
from domain.letters import (
    MOST_ANSWER,
    MOST_CONTACT,
    PROMPTS,
    Draft,
    NothingWritten,
    TextTooLong,
    compose,
)
from domain.vocabulary import LetterState, LinkPurpose
from records.database import HubSession
from records.letter_writing import (
    SavedMeanwhile,
    Unsigned,
    decline_letter,
    prefer_language,
    resume_letter,
    save_letter,
    send_letter,
)
from records.private_links import PATHS

router = APIRouter(route_class=PrivateRoute, prefix="/letter/{token}")


@router.get("")
async def show(request: Request, token: str) -> Response:
    """The button; or, once it was pressed, where the letter stands. Changes nothing."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return visit.page("letter_door.html", {"filled": {}})
    return await read_with(visit, home)


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: entered(visit))


@router.get("/write")
async def show_write(request: Request, token: str, saved: str = "") -> Response:
    """The prompts."""

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        here = writing(visit, session)
        return see_other(visit.path) if here.ended else write_page(here, saved=bool(saved))

    return await inside(request, token, page)


@router.post("/write")
async def save_write(request: Request, token: str, form: Sent) -> Response:
    """Save the draft."""
    own = {name: form.kept(name) for name in FIELDS if form.kept(name).strip()}
    return await acting(request, token, lambda visit: _save(visit, form, own), own)


def _save(visit: PrivateVisit, form: Form, own: Mapping[str, str]) -> Response:
    with visit.writing() as session:
        here = writing(visit, session)
        if here.ended:
            return here.page("letter_ended.html", {"own": own}, 409 if own else 200)
        # A form that says nothing does not throw an uploaded letter away.
        document = None if compose(own) else here.draft.document
        answers = {name: form.kept(name) for name in FIELDS}
        language = form.kept("language") if form.kept("language") in here.spoken else ""
        try:
            save_letter(
                session,
                here.letter.id,
                Draft(answers, document=document),
                visit.source,
                visit.now,
                seen_revision=form.number("revision"),
                language=language,
            )
        except TextTooLong as error:
            _too_long(visit, form, error)
            return write_page(here, form, status=422)
        except SavedMeanwhile as error:
            form.put("revision", str(error.revision))
            return write_page(here, form, others=_others(form, error.newer), status=409)
    then = "/read" if form.kept("then") == "read" else "/write?saved=yes"
    return see_other(f"{visit.path}{then}")


def _too_long(visit: PrivateVisit, form: Form, error: TextTooLong) -> None:
    for name in FIELDS:
        most = MOST_ANSWER if name in PROMPTS else MOST_CONTACT
        if len(form.kept(name)) > most:
            form.refuse(name, visit.say("mistake.long", more=str(len(form.kept(name)) - most)))
    if form.ok:
        form.refuse(error.name, visit.say("mistake.long", more=""))


def _others(form: Form, newer: Draft) -> dict[str, str]:
    """What was saved from somewhere else, where it differs from what was typed."""
    said = {name: newer.answers.get(name, "") for name in FIELDS}
    if newer.whole:
        said["story"] = newer.whole
    return {
        name: text
        for name, text in said.items()
        if text and text.split() != form.kept(name).split()
    }


@router.get("/read")
async def show_read(request: Request, token: str) -> Response:
    """The letter as the judge will read it."""

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        here = writing(visit, session)
        return see_other(visit.path) if here.ended else read_page(here, session)

    return await inside(request, token, page)


@router.post("/send")
async def send(request: Request, token: str, form: Sent) -> Response:
    """Sign by the typed name, and hand it to counsel. Sent twice, it is sent once."""
    return await acting(request, token, lambda visit: _send(visit, form))


def _send(visit: PrivateVisit, form: Form) -> Response:
    with visit.writing() as session:
        letter_id = visit.link.letter_id or ""
        try:
            send_letter(
                session,
                letter_id,
                form.kept("signed_as"),
                visit.source,
                visit.now,
                seen_revision=form.number("revision"),
            )
        except (Unsigned, TextTooLong) as error:
            why = "mistake.name" if isinstance(error, Unsigned) else "mistake.name_long"
            form.refuse("signed_as", visit.say(why))
            return read_page(writing(visit, session), session, form, status=422)
        except SavedMeanwhile:
            here = writing(visit, session)
            return read_page(here, session, form, changed=True, status=409)
        except NothingWritten:
            return see_other(f"{visit.path}/read")
    return see_other(visit.path)


@router.get("/decline")
async def show_decline(request: Request, token: str) -> Response:
    """The way to say no, from the door as well; it tells nothing of what is behind it."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    running = is_running(request, visit)

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        sent = running and writing(visit, session).letter.state == LetterState.SENT
        return visit.page("letter_decline.html", {"form": Form(), "sent": sent})

    return await read_with(visit, page)


@router.post("/decline")
async def decline(request: Request, token: str, form: Sent) -> Response:
    """They would rather not; their words are kept, if they gave some."""

    def note(visit: PrivateVisit) -> Response:
        with visit.writing() as session:
            try:
                decline_letter(
                    session,
                    visit.link.letter_id or "",
                    form.kept("words"),
                    visit.source,
                    visit.now,
                )
            except TextTooLong as error:
                more = str(max(1, len(form.kept("words")) - error.most))
                form.refuse("words", visit.say("mistake.long", more=more))
                values = {"form": form, "sent": False}
                return visit.page("letter_decline.html", values, status=422)
        return see_other(visit.path)

    return await acting(request, token, note, {"words": form.kept("words")})


@router.post("/again")
async def go_on(request: Request, token: str) -> Response:
    """They write after all."""

    def note(visit: PrivateVisit) -> Response:
        with visit.writing() as session:
            resume_letter(session, visit.link.letter_id or "", visit.source, visit.now)
        return see_other(visit.path)

    return await acting(request, token, note)


@router.post("/language")
async def choose_language(request: Request, token: str, form: Sent) -> Response:
    """They read another language better."""

    def note(visit: PrivateVisit) -> Response:
        if form.kept("language") in LANGUAGES:
            with visit.writing() as session:
                prefer_language(
                    session,
                    visit.link.letter_id or "",
                    form.kept("language"),
                    visit.source,
                    visit.now,
                )
        return see_other(visit.path)

    return await acting(request, token, note)


@router.get("/{rest:path}")
def lead_back(token: str, rest: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.LETTER] + token)
