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
from records.casework import NotFound
from records.packets import get_packet, versions_of
from records.tables import PacketVersion

router = guarded_router("packets")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

Number = Annotated[int, Path(ge=1, le=1_000_000, description="Number of a version.")]


def _file_of(media_type: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string", "contentMediaType": media_type}
    found = documented(problems.NOT_FOUND)
    found[200] = {"description": "The file.", "content": {media_type: {"schema": schema}}}
    return found


@router.get(
    "/packets/{packet_id}/versions/{number}/docx",
    summary="A version as a Word file",
    response_class=Response,
    responses=_file_of(DOCX),
)
def download_docx(request: Request, desk: AtDesk, packet_id: PacketId, number: Number) -> Response:
    """The Word file of a version. The download is written into the audit."""
    version = _version(desk, packet_id, number)
    return _download(request, desk, version, version.docx_key, DOCX, "docx")


@router.get(
    "/packets/{packet_id}/versions/{number}/pdf",
    summary="A version as a PDF",
    response_class=Response,
    responses=_file_of(PDF),
)
def download_pdf(request: Request, desk: AtDesk, packet_id: PacketId, number: Number) -> Response:
    """The PDF of a version. The download is written into the audit."""
    version = _version(desk, packet_id, number)
    if not version.pdf_key:
        why = version.pdf_problem or "It was not made."
        raise Refusal(problems.NOT_FOUND, f"There is no PDF of this version. {why}")
    return _download(request, desk, version, version.pdf_key, PDF, "pdf")


def _version(desk: Desk, packet_id: str, number: int) -> PacketVersion:
    with desk.reading() as session:
        versions = versions_of(session, get_packet(session, packet_id).id)
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise NotFound("version")
    return found


def _download(
    request: Request, desk: Desk, version: PacketVersion, key: str, media_type: str, suffix: str
) -> Response:
    store: DocumentStore = request.app.state.documents()
    content = store.get(key)
    with desk.writing() as session:
        desk.audit(session, f"downloaded {suffix}", "packet_version", version.id)
    name = f"packet-version-{version.number}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
