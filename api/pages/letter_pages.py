"""The pages of somebody who is asked for a letter of support, behind their private link.

Nothing is sent before it is signed, and nothing that was typed is lost: the token in the address is
the right to write, so a form counts although its visit has ended meanwhile, and when the link
itself was ended the answer shows the words to be copied.
"""

import asyncio
from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.binding import letter_pdf
from activities.documents.errors import StoreError, UploadRefused
from activities.letter_uploads import MOST_FILES, take_letter
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.letter_view import (
    FIELDS,
    LANGUAGES,
    home,
    lost_page,
    paper,
    read_page,
    write_page,
    writing,
)
from api.pages.private import NoVisit, PrivateVisit, begin, enter, is_running, visiting
from api.pages.problems import FileGone, FormTooLarge
from api.pages.uploads import FilesTooLarge, Upload, read_upload
from domain.letters import (
    MOST_ANSWER,
    MOST_CONTACT,
    PROMPTS,
    Draft,
    LetterWithdrawn,
    NothingWritten,
    TextTooLong,
    compose,
)
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import HubSession
from records.letter_writing import (
    SavedMeanwhile,
    Unsigned,
    decline_letter,
    draft_of,
    open_letter,
    prefer_language,
    resume_letter,
    save_letter,
    send_letter,
)
from records.letters import get_letter
from records.packet_reviews import PacketEnded

router = APIRouter(route_class=PageRoute, prefix="/letter/{token}")

Work = Callable[[PrivateVisit], Response]

_SAID: Mapping[str, str] = {
    "broken": "broken",
    "locked": "locked",
    "too_large": "large",
    "too_large_inside": "large",
    "too_many_pages": "pages",
    "too_small": "small",
    "active_content": "active",
    "outside_content": "active",
    "holds_files": "active",
    "page_size": "active",
    "unknown_kind": "kind",
    "empty": "empty",
    "mixed": "mixed",
    "many": "many",
}
"""How each reason to refuse a file is said here; one that is new is said as "kind"."""


@router.get("")
async def show(request: Request, token: str) -> Response:
    """The button; or, once it was pressed, where the letter stands. Changes nothing."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return visit.page("letter_door.html", {"filled": {}})
    return await _read(visit, home)


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    return await visit.desk.records.run(lambda: _enter(visit))


@router.get("/write")
async def show_write(request: Request, token: str, saved: str = "") -> Response:
    """The prompts."""

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        here = writing(visit, session)
        return see_other(visit.path) if here.ended else write_page(here, saved=bool(saved))

    return await _inside(request, token, page)


@router.post("/write")
async def save_write(request: Request, token: str, form: Sent) -> Response:
    """Save the draft."""
    own = {name: form.kept(name) for name in FIELDS if form.kept(name).strip()}
    return await _acting(request, token, lambda visit: _save(visit, form, own), own)


def _save(visit: PrivateVisit, form: Form, own: Mapping[str, str]) -> Response:
    with visit.writing() as session:
        here = writing(visit, session)
        if here.ended:
            return here.page("letter_ended.html", {"own": own}, 409 if own else 200)
        # A form that says nothing does not throw an uploaded letter away.
        document = None if compose(own) else here.draft.document
        answers = {name: form.kept(name) for name in FIELDS}
        language = form.kept("language") if form.kept("language") in LANGUAGES else ""
        try:
            save_letter(
                session,
                here.letter.id,
                Draft(answers, document=document),
                visit.source,
                visit.now,
                seen_revision=_number(form.kept("revision")),
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


@router.get("/file")
async def show_file(request: Request, token: str) -> Response:
    """The form for a letter that is a file."""

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        here = writing(visit, session)
        if here.ended:
            return see_other(visit.path)
        return here.page("letter_file.html", {"form": Form()})

    return await _inside(request, token, page)


@router.post("/file")
async def save_file(request: Request, token: str) -> Response:
    """Take the files of a letter; they stand in place of what was written, which is kept."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    try:
        upload = await read_upload(request)
        answer = await asyncio.to_thread(_take, visit, upload)
    except (FilesTooLarge, FormTooLarge):
        answer = await asyncio.to_thread(_refuse, visit, "large", 413)
    except UploadRefused as error:
        answer = await asyncio.to_thread(_refuse, visit, _SAID.get(error.code, "kind"), 422)
    return _renewed(request, visit, answer)


def _take(visit: PrivateVisit, upload: Upload) -> Response:
    with visit.reading() as session:
        if writing(visit, session).ended:
            return see_other(visit.path)
    taken = take_letter(visit.desk.store, upload.files)
    with visit.writing() as session:
        here = writing(visit, session)
        draft = Draft(here.draft.answers, here.draft.whole, taken.document)
        save_letter(session, here.letter.id, draft, visit.source, visit.now)
    return see_other(f"{visit.path}/read")


def _refuse(visit: PrivateVisit, why: str, status: int) -> Response:
    form = Form()
    form.refuse("files", visit.say(f"refused.{why}", most=str(MOST_FILES)))
    with visit.reading() as session:
        here = writing(visit, session)
        return here.page("letter_file.html", {"form": form}, status)


@router.get("/mine")
async def show_mine(request: Request, token: str) -> Response:
    """The writer's own file, as it would be handed in."""
    return await _inside(request, token, _mine)


def _mine(visit: PrivateVisit, session: HubSession) -> Response:
    document = draft_of(get_letter(session, visit.link.letter_id or "")).document
    if document is None:
        raise NotFound("file")
    try:
        content = visit.desk.store.get(document.pdf_key or document.key)
    except StoreError:
        raise FileGone from None
    pdf = bool(document.pdf_key) or document.media_type == "application/pdf"
    return file_answer(content, "application/pdf" if pdf else document.media_type)


def file_answer(content: bytes, media_type: str) -> Response:
    """A letter's file, which the browser saves and never shows within this site."""
    suffix = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(media_type, "docx")
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="letter.{suffix}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@router.get("/read")
async def show_read(request: Request, token: str) -> Response:
    """The letter as the judge will read it."""

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        here = writing(visit, session)
        return see_other(visit.path) if here.ended else read_page(here, session)

    return await _inside(request, token, page)


@router.get("/copy")
async def show_copy(request: Request, token: str) -> Response:
    """The same as a PDF, to keep."""
    try:
        visit = await visiting(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer

    def make() -> Response:
        with visit.reading() as session:
            here = writing(visit, session)
            if here.draft.empty or here.draft.document:
                return see_other(f"{visit.path}/read")
            page = paper(here, session)
        return file_answer(letter_pdf(page), "application/pdf")

    return await asyncio.to_thread(make)


@router.post("/send")
async def send(request: Request, token: str, form: Sent) -> Response:
    """Sign by the typed name, and hand it to counsel. Sent twice, it is sent once."""
    return await _acting(request, token, lambda visit: _send(visit, form))


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
                seen_revision=_number(form.kept("revision")),
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
    with visit.reading() as session:
        sent = is_running(request, visit) and writing(visit, session).letter.state == "sent"
    return visit.page("letter_decline.html", {"form": Form(), "sent": sent})


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

    return await _acting(request, token, note, {"words": form.kept("words")})


@router.post("/again")
async def go_on(request: Request, token: str) -> Response:
    """They write after all."""

    def note(visit: PrivateVisit) -> Response:
        with visit.writing() as session:
            resume_letter(session, visit.link.letter_id or "", visit.source, visit.now)
        return see_other(visit.path)

    return await _acting(request, token, note)


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

    return await _acting(request, token, note)


def _number(typed: str) -> int:
    """A revision as a form carries it; 0, which is none, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


async def _read(
    visit: PrivateVisit, page: Callable[[PrivateVisit, HubSession], Response]
) -> Response:
    def read() -> Response:
        with visit.reading() as session:
            return page(visit, session)

    return await visit.desk.records.run(read)


async def _inside(
    request: Request, token: str, page: Callable[[PrivateVisit, HubSession], Response]
) -> Response:
    """A page of a running visit."""
    try:
        visit = await visiting(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    return await _read(visit, page)


async def _acting(
    request: Request, token: str, work: Work, own: Mapping[str, str] | None = None
) -> Response:
    """A form of this letter; `own` are the words in it, shown again when the link was ended."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        kept = {name: text for name, text in (own or {}).items() if text.strip()}
        return lost_page(request, token, kept) if kept else none.answer
    try:
        answer = await visit.desk.records.run(lambda: work(visit))
    except (PacketEnded, LetterWithdrawn):
        answer = see_other(visit.path)
    return _renewed(request, visit, answer)


def _renewed(request: Request, visit: PrivateVisit, answer: Response) -> Response:
    """A form is as good as the button: the visit goes on where it had ended."""
    if not is_running(request, visit):
        answer.headers["set-cookie"] = _enter(visit).headers["set-cookie"]
    return answer


def _enter(visit: PrivateVisit) -> Response:
    def note(session: HubSession) -> None:
        try:
            open_letter(session, visit.link.letter_id or "", visit.source, visit.now)
        except (PacketEnded, LetterWithdrawn):
            return

    return enter(visit, note)
