"""A hub's own Word templates: uploaded, checked, previewed, used, and Homeward's own again."""

import asyncio
import hashlib
from typing import Annotated, Any, Literal

from fastapi import File, Form, Path, Query, UploadFile
from pydantic import Field
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.errors import ConversionError
from activities.documents.exhibits import DOCX, PDF
from activities.documents.store import DocumentStore
from activities.hub_templates import (
    check_again,
    own_template,
    preview_docx,
    preview_pdf,
    take_template,
    template_bytes,
)
from activities.packet_inputs import template_in_use
from api import problems
from api.desk import AtDesk, Desk
from api.door import guarded_router
from api.fields import Id, Instant, Line, Out
from api.once import AtOnce, OnceDesk
from api.problems import Refusal, documented
from api.upload_turns import UploadTurn
from api.v1.paging import Listed, PartAsked, listed
from domain.packet_sections import TITLES
from domain.vocabulary import PacketKind
from records import packet_templates as book
from records.database import HubSession
from records.listing_queries import page_of
from records.tables import PacketTemplate

router = guarded_router("packet templates")

TemplateId = Annotated[Id, Path(description="Id of one of the hub's own templates.")]
Kind = Annotated[PacketKind, Path(description="Of packets.")]


class TemplateOut(Out):
    """One of the hub's own templates."""

    id: Id
    kind: PacketKind
    language: str
    number: int = Field(description="Of this kind's versions, from 1.")
    in_use: bool
    note: str
    size: int
    sha256: str
    uploaded_at: Instant


class CheckedOut(TemplateOut):
    """One that was just uploaded."""

    notes: list[str] = Field(description="What a person should know before it is used.")


class KindOut(Out):
    """A kind of packet, and the template that it is rendered with."""

    kind: PacketKind
    title: str
    own: Id | None = Field(description="The hub's own template in use; null for Homeward's.")
    version: str
    open_packets: int = Field(description="How many another template would change.")


class UploadAsked(Out):
    """What an upload was asked to do; with its file's hash it makes two requests one."""

    kind: PacketKind
    note: str
    sha256: str


@router.get("/packet-kinds", summary="Kinds of packets and their templates")
def list_packet_kinds(desk: AtDesk) -> list[KindOut]:
    """Every kind of packet, and which template it is rendered with."""
    with desk.reading() as session:
        return [_kind(session, kind) for kind in PacketKind]


def _kind(session: HubSession, kind: PacketKind) -> KindOut:
    used = book.template_in_use_of(session, kind)
    return KindOut(
        kind=kind,
        title=TITLES[kind],
        own=used.id if used else None,
        version=template_in_use(session, kind).version,
        open_packets=len(book.open_packets(session, kind)),
    )


def _file_of(*media_types: str) -> dict[int | str, dict[str, Any]]:
    found = documented(problems.NOT_FOUND)
    content = {
        media_type: {"schema": {"type": "string", "contentMediaType": media_type}}
        for media_type in media_types
    }
    found[200] = {"description": "The file.", "content": content}
    return found


@router.get(
    "/packet-kinds/{kind}/template",
    summary="The template in use",
    response_class=Response,
    responses=_file_of(DOCX),
)
def download_template_in_use(request: Request, desk: AtDesk, kind: Kind) -> Response:
    """The Word file that packets of this kind are rendered with: where an own one begins."""
    with desk.reading() as session:
        used = template_in_use(session, kind)
    return _file(template_bytes(_store(request), used), DOCX, f"{kind}-template.docx")


@router.delete(
    "/packet-kinds/{kind}/template",
    summary="Homeward's template again",
    status_code=204,
    responses=documented(problems.NOT_FOUND),
)
def use_homewards_template(desk: AtDesk, kind: Kind) -> None:
    """Go back to Homeward's own template. The hub's versions are kept, and every open packet of the
    kind is built anew."""
    with desk.writing() as session:
        book.use_homewards(session, kind, desk.now)
        desk.audit(session, "went back to Homeward's template", "packet_kind", kind)


@router.get("/packet-templates", summary="The hub's own templates")
def list_packet_templates(
    desk: AtDesk,
    asked: PartAsked,
    kind: Annotated[PacketKind | None, Query(description="Of this kind alone.")] = None,
) -> Listed[TemplateOut]:
    """Every version that was uploaded, newest first."""
    statement = select(PacketTemplate)
    if kind is not None:
        statement = statement.where(PacketTemplate.kind == kind)
    with desk.reading() as session:
        page = page_of(session, statement, PacketTemplate.id, asked.window, newest_first=True)
        return listed(asked, page, TemplateOut.of)


@router.post(
    "/packet-templates",
    summary="Upload a template",
    status_code=201,
    response_model=CheckedOut,
)
def add_packet_template(
    request: Request,
    desk: AtOnce,
    turn: UploadTurn,
    file: Annotated[UploadFile, File(description="A Word file (.docx) with placeholders.")],
    kind: Annotated[PacketKind, Form(description="Of packets.")],
    note: Annotated[Line, Form(description="What is special about it.")] = "",
) -> Response:
    """Check a template and keep it as the newest version of its kind; it is not in use yet. One
    that cannot be filled safely is refused with the reason. The same file once more is the version
    that it already is."""
    content = file.file.read()
    asked = UploadAsked(kind=kind, note=note, sha256=hashlib.sha256(content).hexdigest())
    store = _store(request)
    return desk.do_apart(asked, lambda: _added(desk, store, asked, content), 201)


def _added(desk: OnceDesk, store: DocumentStore, asked: UploadAsked, content: bytes) -> CheckedOut:
    new, judged = take_template(store, asked.kind, content, asked.note)
    with desk.writing() as session:
        row = book.add_template(session, new, desk.source, desk.now)
        desk.audit(session, "uploaded a template", "packet_template", row.id)
        return CheckedOut(**TemplateOut.of(row).model_dump(), notes=list(judged.notes))


@router.get(
    "/packet-templates/{template_id}/file",
    summary="A template's file",
    response_class=Response,
    responses=_file_of(DOCX),
)
def download_packet_template(request: Request, desk: AtDesk, template_id: TemplateId) -> Response:
    """The Word file as it was uploaded."""
    row = _row(desk, template_id)
    return _file(_store(request).get(row.document_key), DOCX, f"{_name(row)}.docx")


@router.get(
    "/packet-templates/{template_id}/preview",
    summary="A template filled",
    response_class=Response,
    responses=_file_of(DOCX, PDF),
)
async def preview_packet_template(
    request: Request,
    desk: AtDesk,
    template_id: TemplateId,
    form: Annotated[Literal["docx", "pdf"], Query(description="Of the file.")] = "docx",
) -> Response:
    """The template filled with a made-up packet of its kind. A PDF needs LibreOffice on the web
    server; without it the refusal says what to install."""
    row = await asyncio.to_thread(_row, desk, template_id)
    template = await asyncio.to_thread(_store(request).get, row.document_key)
    docx = await asyncio.to_thread(preview_docx, row.kind, template)
    if form == "docx":
        return _file(docx, DOCX, f"{_name(row)}-preview.docx")
    settings = desk.settings
    try:
        pdf = await preview_pdf(docx, settings.data / "soffice-web", settings.soffice)
    except ConversionError as error:
        raise Refusal(problems.NOT_FOUND, str(error)) from None
    return _file(pdf, PDF, f"{_name(row)}-preview.pdf")


@router.post(
    "/packet-templates/{template_id}/use",
    summary="Use a template",
    response_model=TemplateOut,
    responses=documented(problems.NOT_FOUND),
)
def use_packet_template(request: Request, desk: AtOnce, template_id: TemplateId) -> Response:
    """Render packets of its kind with this version from now on, an earlier one included. Every open
    packet of the kind is built anew; an approval of one does not hold for what it becomes. A
    version that does not pass the check any more is refused."""

    check_again(_store(request), own_template(_row(desk, template_id)))

    def make(session: HubSession) -> TemplateOut:
        row = book.use_template(session, template_id, desk.now)
        desk.audit(session, "uses a template", "packet_template", row.id)
        return TemplateOut.of(row)

    return desk.do(None, make, 200)


def _row(desk: Desk, template_id: str) -> PacketTemplate:
    with desk.reading() as session:
        return book.get_template(session, template_id)


def _store(request: Request) -> DocumentStore:
    store: DocumentStore = request.app.state.documents()
    return store


def _name(row: PacketTemplate) -> str:
    return f"{row.kind}-template-v{row.number}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
