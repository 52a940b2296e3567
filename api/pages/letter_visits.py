"""Behind a writer's private link: who may read, what a form may do, and that no word is lost.

The token in the address is the right to write, so a form counts although its visit has ended
meanwhile, and when the link itself was ended the answer shows the words to be copied.
"""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from api.pages.guard import see_other
from api.pages.letter_view import lost_page
from api.pages.private import NoVisit, PrivateVisit, apart, begin, enter, renewed, visiting
from domain.letters import LetterWithdrawn
from domain.vocabulary import LinkPurpose
from records.database import HubSession
from records.letter_writing import open_letter
from records.packet_reviews import PacketEnded

Work = Callable[[PrivateVisit], Response]
Page = Callable[[PrivateVisit, HubSession], Response]


async def read_with(visit: PrivateVisit, page: Page) -> Response:
    def read() -> Response:
        with visit.reading() as session:
            return page(visit, session)

    return await apart(read)


async def inside(request: Request, token: str, page: Page) -> Response:
    """A page of a running visit."""
    try:
        visit = await visiting(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        return none.answer
    return await read_with(visit, page)


async def acting(
    request: Request, token: str, work: Work, own: Mapping[str, str] | None = None
) -> Response:
    """A form of this letter; `own` are the words in it, shown again when the link was ended."""
    try:
        visit = await begin(request, token, LinkPurpose.LETTER)
    except NoVisit as none:
        kept = {name: text for name, text in (own or {}).items() if text.strip()}
        if not kept:
            return none.answer
        return await apart(lambda: lost_page(request, token, kept))

    def act() -> Response:
        try:
            answer = work(visit)
        except (PacketEnded, LetterWithdrawn):
            answer = see_other(visit.path)
        return renewed(request, visit, answer, entered)

    return await apart(act)


def entered(visit: PrivateVisit) -> Response:
    def note(session: HubSession) -> None:
        try:
            open_letter(session, visit.link.letter_id or "", visit.source, visit.now)
        except (PacketEnded, LetterWithdrawn):
            return

    return enter(visit, note)


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
