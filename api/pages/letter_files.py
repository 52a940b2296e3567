"""A writer's letter as a file: added, looked at, and a copy to keep."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.binding import letter_pdf
from activities.documents.errors import StoreError, StoreFull, UploadRefused
from activities.letter_uploads import MOST_FILES, take_letter
from api.pages.forms import Form
from api.pages.guard import see_other
from api.pages.letter_view import paper, writing
from api.pages.letter_visits import entered, file_answer, inside
from api.pages.private import NoVisit, PrivateVisit, apart, begin, renewed, visiting
from api.pages.private_problems import PrivateRoute
from api.pages.problems import FileGone, FormTooLarge
from api.pages.uploads import FilesTooLarge, Upload, read_upload
from domain.letters import Draft, LetterWithdrawn
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import HubSession
from records.letter_writing import draft_of, save_letter
from records.letters import get_letter, open_for_change
from records.packet_reviews import PacketEnded

router = APIRouter(route_class=PrivateRoute, prefix="/letter/{token}")

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


@router.get("/file")
async def show_file(request: Request, token: str) -> Response:
    """The form for a letter that is a file."""

    def page(visit: PrivateVisit, session: HubSession) -> Response:
        here = writing(visit, session)
        if here.ended:
            return see_other(visit.path)
        return here.page("letter_file.html", {"form": Form()})

    return await inside(request, token, page)


@router.post("/file")
async def save_file(request: Request, token: str) -> Response:
    """Take the files of a letter; they stand in place of what was written, which is kept."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    try:
        async with read_upload(request) as upload:
            answer = await apart(lambda: _answer(visit, upload))
    except (FilesTooLarge, FormTooLarge):
        answer = await apart(lambda: _refuse(visit, "much", 413))
    return await apart(lambda: renewed(request, visit, answer, entered))


def _answer(visit: PrivateVisit, upload: Upload) -> Response:
    try:
        return _take(visit, upload)
    except UploadRefused as error:
        return _refuse(visit, _SAID.get(error.code, "kind"), 422)
    except StoreFull:
        return _refuse(visit, "later", 507)
    except (PacketEnded, LetterWithdrawn):
        return see_other(visit.path)


def _take(visit: PrivateVisit, upload: Upload) -> Response:
    with visit.reading() as session:
        if writing(visit, session).ended:
            return see_other(visit.path)
    taken = take_letter(visit.desk.store, upload.files)
    with visit.writing() as session:
        open_for_change(session, visit.link.letter_id or "")
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
    return await inside(request, token, _mine)


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

    return await apart(make)
