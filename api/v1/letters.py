"""Letters of support over the API: asked for, written down, translated, put in order, taken out.

A writer's own pages are behind their private link; here are the hub's hands and counsel's eyes.
"""

import hashlib
from typing import Annotated, Any

from fastapi import File, Form, Path, UploadFile
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.store import DocumentStore
from activities.letter_uploads import MOST_FILES, SentFile, take_letter
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Language, Name
from api.once import AtOnce, OnceDesk
from api.problems import Refusal, documented
from api.upload_turns import UploadTurn
from api.v1.letter_shapes import (
    DeclineIn,
    LetterChanges,
    LetterOut,
    LinkOut,
    PositionIn,
    SignatureIn,
    TranslationIn,
    WordsIn,
    WriterIn,
    letter_out,
)
from api.v1.packets import PacketId
from api.v1.paging import Listed, PartAsked, listed
from domain.letters import Draft
from domain.vocabulary import LetterState
from engine.addresses import public_url
from records import letter_writing as writing
from records import letters as book
from records.casework import NotFound
from records.database import HubSession
from records.listing_queries import page_of
from records.packets import get_packet
from records.private_links import path_of
from records.tables import Letter

router = guarded_router("letters")

LetterId = Annotated[Id, Path(description="Id of a letter.")]
_TAKES = documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT)


class UploadAsked(In):
    """What an upload was asked to do; with the hashes of its files it makes two requests one."""

    letter_id: Id
    signed_as: Name
    language: Language | None
    sha256: list[str]


@router.get(
    "/packets/{packet_id}/letters",
    summary="A packet's letters",
    responses=documented(problems.NOT_FOUND),
)
def list_letters(desk: AtDesk, asked: PartAsked, packet_id: PacketId) -> Listed[LetterOut]:
    """Everybody who was asked, how far each letter is, and the words of those that are in: that
    they were read is written into the audit. `position` is the order."""
    with desk.writing() as session:
        packet = get_packet(session, packet_id)
        desk.audit(session, "read the letters of a packet", "packet", packet.id)
        statement = select(Letter).where(Letter.packet_id == packet.id)
        page = page_of(session, statement, Letter.id, asked.window)
        return listed(asked, page, lambda letter: letter_out(session, letter))


@router.post(
    "/packets/{packet_id}/letters",
    summary="Ask somebody for a letter",
    status_code=201,
    response_model=LetterOut,
    responses=_TAKES,
)
def ask_for_letter(desk: AtOnce, packet_id: PacketId, new: WriterIn) -> Response:
    """Ask somebody who knows the defendant. They get their private link by text or e-mail, join no
    circle, and are told no court date. Without a contact, hand the link over."""
    if not new.person_id and not new.first_name.strip():
        raise Refusal(problems.INVALID, "Give first_name, or person_id of somebody known.")

    def make(session: HubSession) -> LetterOut:
        letter = book.ask_for_letter(session, packet_id, new.writer(), desk.source, desk.now)
        return letter_out(session, letter)

    return desk.do(new, make)


@router.get("/letters/{letter_id}", summary="One letter", responses=documented(problems.NOT_FOUND))
def read_letter(desk: AtDesk, letter_id: LetterId) -> LetterOut:
    """A letter, and its words once it is in. That those were read is written into the audit."""
    with desk.writing() as session:
        letter = book.get_letter(session, letter_id)
        if letter.state == LetterState.SENT:
            desk.audit(session, "read a letter", "letter", letter.id)
        return letter_out(session, letter)


@router.patch("/letters/{letter_id}", summary="Correct what a letter is called", responses=_TAKES)
def correct_letter(desk: AtDesk, letter_id: LetterId, changes: LetterChanges) -> LetterOut:
    """Correct what the writer is to the defendant, or the language of the letter."""
    said = changes.said()
    with desk.writing() as session:
        letter = book.get_letter(session, letter_id)
        relationship = said.get("relationship", letter.relationship)
        language = said.get("language", letter.language)
        book.correct_letter(session, letter_id, relationship, language, desk.source, desk.now)
        return letter_out(session, letter)


@router.put("/letters/{letter_id}/words", summary="Write a letter down", responses=_TAKES)
def write_letter(desk: AtDesk, letter_id: LetterId, words: WordsIn) -> LetterOut:
    """Save what a writer says on the telephone, as a draft. It stands in place of a file."""
    with desk.writing() as session:
        letter = writing.save_letter(
            session,
            letter_id,
            words.draft(),
            desk.source,
            desk.now,
            seen_revision=words.seen_revision,
            language=words.language or "",
        )
        return letter_out(session, letter)


@router.post(
    "/letters/{letter_id}/signature",
    summary="Sign a letter for somebody on the telephone",
    response_model=LetterOut,
    responses=_TAKES,
)
def sign_letter(desk: AtOnce, letter_id: LetterId, signature: SignatureIn) -> Response:
    """The draft is in, under the writer's name; the letter says who wrote it down."""
    if not signature.read_back:
        raise Refusal(problems.INVALID, "Read the letter back to its writer first.")

    def make(session: HubSession) -> LetterOut:
        letter = writing.send_letter(
            session,
            letter_id,
            signature.signed_as,
            desk.source,
            desk.now,
            seen_revision=signature.seen_revision,
            taken_down_by=signature.taken_down_by,
        )
        return letter_out(session, letter)

    return desk.do(signature, make, 200)


@router.post(
    "/letters/{letter_id}/file",
    summary="Add a paper letter",
    response_model=LetterOut,
    responses=_TAKES,
)
def upload_letter(
    request: Request,
    desk: AtOnce,
    letter_id: LetterId,
    turn: UploadTurn,
    file: Annotated[
        list[UploadFile], File(description="A PDF, a Word file, or photos of its pages, in order.")
    ],
    signed_as: Annotated[Name, Form(description="The name under it.")],
    language: Annotated[Language | None, Form(description="Of the letter.")] = None,
) -> Response:
    """The letter is in with its file, cleaned of what travels along. A file that is broken, locked
    or can do something is refused with the reason."""
    files = [SentFile(one.filename or "", one.file.read()) for one in file[: MOST_FILES + 1]]
    asked = UploadAsked(
        letter_id=letter_id,
        signed_as=signed_as,
        language=language,
        sha256=[hashlib.sha256(one.content).hexdigest() for one in files],
    )
    store: DocumentStore = request.app.state.documents()
    return desk.do_apart(asked, lambda: _uploaded(desk, store, asked, files))


def _uploaded(
    desk: OnceDesk, store: DocumentStore, asked: UploadAsked, files: list[SentFile]
) -> LetterOut:
    with desk.reading() as session:
        book.get_letter(session, asked.letter_id)
    document = take_letter(store, files).document
    with desk.writing() as session:
        letter = book.open_for_change(session, asked.letter_id)
        draft = writing.draft_of(letter)
        kept = Draft(draft.answers, draft.whole, document)
        by = (desk.source, desk.now)
        writing.save_letter(session, letter.id, kept, *by, language=asked.language or "")
        writing.send_letter(session, letter.id, asked.signed_as, *by)
        return letter_out(session, letter)


def _any_file() -> dict[int | str, dict[str, Any]]:
    found = documented(problems.NOT_FOUND)
    schema = {"type": "string", "format": "binary"}
    found[200] = {
        "description": "The file.",
        "content": {"application/octet-stream": {"schema": schema}},
    }
    return found


@router.get(
    "/letters/{letter_id}/file",
    summary="The file that a letter is",
    response_class=Response,
    responses=_any_file(),
)
def download_letter(request: Request, desk: AtDesk, letter_id: LetterId) -> Response:
    """The uploaded letter, once it is in. The download is written into the audit."""
    store: DocumentStore = request.app.state.documents()
    with desk.reading() as session:
        letter = book.get_letter(session, letter_id)
    if not letter.document_key or letter.state != LetterState.SENT:
        raise NotFound("file")
    content = store.get(letter.document_key)
    with desk.writing() as session:
        desk.audit(session, "downloaded letter", "letter", letter.id)
    headers = {"Content-Disposition": 'attachment; filename="letter"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.put("/letters/{letter_id}/translation", summary="Translate a letter", responses=_TAKES)
def translate_letter(desk: AtDesk, letter_id: LetterId, said: TranslationIn) -> LetterOut:
    """Keep a translation beside the original. It holds until the letter is signed anew with other
    words; the packet leaves out one that does not hold."""
    if said.translation.strip() and not said.translated_by.strip():
        raise Refusal(problems.INVALID, "Say in translated_by who translated it.")
    with desk.writing() as session:
        letter = writing.add_translation(
            session, letter_id, said.translation, said.translated_by, desk.source, desk.now
        )
        return letter_out(session, letter)


@router.put("/letters/{letter_id}/position", summary="Put letters in order", responses=_TAKES)
def move_letter(desk: AtDesk, letter_id: LetterId, to: PositionIn) -> LetterOut:
    """Put a letter at a place among those of its packet; too far is the end."""
    with desk.writing() as session:
        letter = book.move_letter(session, letter_id, to.position, desk.source, desk.now)
        return letter_out(session, letter)


@router.post(
    "/letters/{letter_id}/decline",
    summary="A writer would rather not",
    response_model=LetterOut,
    responses=_TAKES,
)
def decline_letter(desk: AtOnce, letter_id: LetterId, said: DeclineIn) -> Response:
    """Nothing more is asked of them. What they wrote is kept and goes into no version."""

    def make(session: HubSession) -> LetterOut:
        letter = writing.decline_letter(session, letter_id, said.words, desk.source, desk.now)
        return letter_out(session, letter)

    return desk.do(said, make, 200)


@router.post(
    "/letters/{letter_id}/resume",
    summary="A writer writes after all",
    response_model=LetterOut,
    responses=_TAKES,
)
def resume_letter(desk: AtOnce, letter_id: LetterId) -> Response:
    """They changed their mind, and are waited for again."""

    def make(session: HubSession) -> LetterOut:
        return letter_out(session, writing.resume_letter(session, letter_id, desk.source, desk.now))

    return desk.do(None, make, 200)


@router.post(
    "/letters/{letter_id}/withdraw",
    summary="Take a letter out",
    response_model=LetterOut,
    responses=_TAKES,
)
def withdraw_letter(desk: AtOnce, letter_id: LetterId) -> Response:
    """It goes into no version any more, and its link ends. It is kept."""

    def make(session: HubSession) -> LetterOut:
        return letter_out(
            session, writing.withdraw_letter(session, letter_id, desk.source, desk.now)
        )

    return desk.do(None, make, 200)


@router.post(
    "/letters/{letter_id}/link",
    summary="A writer's private link",
    response_model=LinkOut,
    responses=_TAKES,
)
def show_letter_link(desk: AtOnce, letter_id: LetterId) -> Response:
    """The link, to hand over in person. That it was shown is written into the audit."""

    def make(session: HubSession) -> LinkOut:
        letter = book.open_for_change(session, letter_id)
        if letter.state in (LetterState.DECLINED, LetterState.WITHDRAWN):
            raise book.LetterDeclined
        desk.audit(session, "showed a private link", "letter", letter.id)
        return LinkOut(url=_url(desk, path_of(book.letter_link(session, letter, desk.now))))

    return desk.do(None, make, 200)


@router.post(
    "/letters/{letter_id}/link/renew",
    summary="End a writer's link and send another",
    response_model=LetterOut,
    responses=_TAKES,
)
def renew_letter_link(desk: AtOnce, letter_id: LetterId) -> Response:
    """The old link ends at once; the new one goes to the writer by itself."""

    def make(session: HubSession) -> LetterOut:
        book.renew_link(session, letter_id, desk.source, desk.now)
        return letter_out(session, book.get_letter(session, letter_id))

    return desk.do(None, make, 200)


def _url(desk: OnceDesk, path: str) -> str:
    return public_url(desk.settings) + path
