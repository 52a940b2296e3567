"""The files of a packet's versions: downloaded whole, never cached, every download noted."""

from typing import Annotated, Any

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.store import DocumentStore
from api import problems
from api.desk import AtDesk, Desk
from api.door import guarded_router
from api.problems import Refusal, documented
from api.v1.packets import PacketId
from api.version_files import MEDIA_TYPES, Make, attachment, file_of
from domain.vocabulary import Role
from records.casework import NotFound
from records.packet_consents import THE_COURT, let_leave
from records.packets import get_packet, versions_of
from records.tables import Packet, PacketVersion

router = guarded_router("packets")

Number = Annotated[int, Path(ge=1, le=1_000_000, description="Number of a version.")]


def _file_of(make: Make) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string", "contentMediaType": MEDIA_TYPES[make]}
    digest = {
        "description": "SHA-256 of the file (RFC 9530).",
        "schema": {"type": "string"},
    }
    found = documented(problems.NOT_FOUND, problems.NOT_CONSENTED)
    found[200] = {
        "description": "The file.",
        "content": {MEDIA_TYPES[make]: {"schema": schema}},
        "headers": {"Repr-Digest": digest},
    }
    return found


@router.get(
    "/packets/{packet_id}/versions/{number}/docx",
    summary="A version as a Word file",
    response_class=Response,
    responses=_file_of(Make.DOCX),
)
def download_docx(request: Request, desk: AtDesk, packet_id: PacketId, number: Number) -> Response:
    """The Word file of a version. The download is written into the audit."""
    return _download(request, desk, packet_id, number, Make.DOCX)


@router.get(
    "/packets/{packet_id}/versions/{number}/pdf",
    summary="A version as a PDF",
    response_class=Response,
    responses=_file_of(Make.PDF),
)
def download_pdf(request: Request, desk: AtDesk, packet_id: PacketId, number: Number) -> Response:
    """The bound PDF of a version. The download is written into the audit."""
    return _download(request, desk, packet_id, number, Make.PDF)


@router.get(
    "/packets/{packet_id}/versions/{number}/exhibits",
    summary="A version's exhibits as a zip",
    response_class=Response,
    responses=_file_of(Make.EXHIBITS),
)
def download_exhibits(
    request: Request, desk: AtDesk, packet_id: PacketId, number: Number
) -> Response:
    """The exhibits and uploaded letters of a version, one by one in a zip. The download is written
    into the audit."""
    return _download(request, desk, packet_id, number, Make.EXHIBITS)


def _download(request: Request, desk: Desk, packet_id: str, number: int, make: Make) -> Response:
    packet, version = _version(desk, packet_id, number)
    file = file_of(version, packet.kind, make)
    if file is None:
        raise Refusal(problems.NOT_FOUND, _missing(version, make))
    store: DocumentStore = request.app.state.documents()
    content = store.get(file.key)
    with desk.writing() as session:
        if desk.caller.role is Role.COUNSEL:
            let_leave(session, version, THE_COURT, "download", desk.source, desk.now)
        desk.audit(session, f"downloaded {make}", "packet_version", version.id)
    return attachment(file, content)


def _version(desk: Desk, packet_id: str, number: int) -> tuple[Packet, PacketVersion]:
    with desk.reading() as session:
        packet = get_packet(session, packet_id)
        versions = versions_of(session, packet.id)
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise NotFound("version")
    return packet, found


def _missing(version: PacketVersion, make: Make) -> str:
    """Why a version has no such file."""
    if make is Make.PDF:
        return f"There is no PDF of this version. {version.pdf_problem or 'It was not made.'}"
    if make is Make.EXHIBITS:
        return "There are no exhibits in this version."
    return "There is no Word file of this version."
