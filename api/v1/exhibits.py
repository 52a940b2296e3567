"""Exhibits of a packet over the API: added as files, described, put in order, taken out."""

import hashlib
from dataclasses import replace
from typing import Annotated, Any

from fastapi import File, Form, Path, UploadFile
from pydantic import AfterValidator, Field, StrictBool, StrictInt, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.exhibits import DOCX, EXTENSIONS, JPEG, MOST_BYTES, PDF
from activities.documents.store import DocumentStore
from activities.exhibit_uploads import take_exhibit
from activities.packet_inputs import exhibit_label
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Changes, Id, In, Instant, Line, Name, Out, one_line
from api.once import AtOnce
from api.problems import documented
from api.upload_turns import UploadTurn
from api.v1.packets import PacketId
from api.v1.paging import Asked, Listed, PartAsked
from domain.vocabulary import ExhibitKind
from records import exhibits as book
from records.database import HubSession
from records.exhibits import MOST_CAPTION, MOST_EXHIBITS
from records.packets import get_packet
from records.tables import Exhibit

router = guarded_router("exhibits")

ExhibitId = Annotated[Id, Path(description="Id of an exhibit.")]
Title = Name
Caption = Annotated[
    str,
    StringConstraints(max_length=MOST_CAPTION, pattern=r"^[^\x00-\x1f\x7f]*$"),
    AfterValidator(one_line),
]
Place = Annotated[StrictInt, Field(ge=0, le=MOST_EXHIBITS, description="From 0.")]
_TAKES = documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT)


class ExhibitOut(Out):
    """An exhibit."""

    id: Id
    packet_id: Id
    label: str = Field(description="A, B …; empty for one that was taken out.")
    position: int = Field(description="From 0.")
    kind: ExhibitKind
    title: str
    caption: str
    file_name: str = Field(description="As it was called on the sender's device.")
    media_type: str
    size: int = Field(description="Bytes, cleaned.")
    sha256: str = Field(description="Of the file as it is kept, cleaned.")
    pages: int = Field(description="0 for a Word file until its pages are made.")
    in_body: bool = Field(description="Shown in the packet's own pages too.")
    notes: list[str] = Field(description="What was changed in it.")
    removed_at: Instant | None


class ExhibitAsked(In):
    """What an upload was asked to do; with the hash of its file it makes two requests one."""

    packet_id: Id
    title: Line
    caption: Caption
    kind: ExhibitKind | None
    in_body: bool
    sha256: str


class ExhibitChanges(Changes):
    """What to change of an exhibit."""

    title: Title = ""
    caption: Caption = ""
    kind: ExhibitKind = ExhibitKind.OTHER
    in_body: StrictBool = False


class PlaceIn(In):
    """Where an exhibit stands among the others."""

    position: Place


def exhibits_out(session: HubSession, packet_id: str) -> list[ExhibitOut]:
    """The exhibits of a packet in their order."""
    rows = book.list_exhibits(session, packet_id)
    return [_told(row, index) for index, row in enumerate(rows)]


def exhibit_out(session: HubSession, exhibit: Exhibit) -> ExhibitOut:
    """One exhibit, with the letter that it has now."""
    told = exhibits_out(session, exhibit.packet_id)
    return next((one for one in told if one.id == exhibit.id), None) or _told(exhibit, None)


def _told(row: Exhibit, index: int | None) -> ExhibitOut:
    said = {name: getattr(row, name) for name in ExhibitOut.model_fields if name != "label"}
    said["notes"] = row.notes.split("\n") if row.notes else []
    if index is not None:
        said["position"] = index
    return ExhibitOut(label="" if index is None else exhibit_label(index), **said)


@router.get(
    "/packets/{packet_id}/exhibits",
    summary="A packet's exhibits",
    responses=documented(problems.NOT_FOUND),
)
def list_exhibits(desk: AtDesk, asked: PartAsked, packet_id: PacketId) -> Listed[ExhibitOut]:
    """The exhibits in the order in which they are bound, without those that were taken out."""
    with desk.reading() as session:
        packet = get_packet(session, packet_id)
        return _part(asked, exhibits_out(session, packet.id))


def _part(asked: Asked, told: list[ExhibitOut]) -> Listed[ExhibitOut]:
    """The part that was asked for of a list whose order is its own."""
    ids = [one.id for one in told]
    after, limit = asked.window.after, asked.window.limit
    start = ids.index(after) + 1 if after in ids else 0
    shown = told[start : start + limit]
    more = start + limit < len(told)
    return asked.answer(shown, shown[-1].id if more else "")


@router.post(
    "/packets/{packet_id}/exhibits",
    summary="Add an exhibit",
    status_code=201,
    response_model=ExhibitOut,
    responses=documented(
        problems.NOT_FOUND, problems.ENDED, problems.CONFLICT, problems.STORE_FULL
    ),
)
def add_exhibit(
    request: Request,
    desk: AtOnce,
    packet_id: PacketId,
    turn: UploadTurn,
    file: Annotated[UploadFile, File(description="A PDF, a JPEG, PNG or HEIC, or a Word file.")],
    title: Annotated[Line, Form(description="What it is; the file's name unless given.")] = "",
    caption: Annotated[Caption, Form(description="More about it.")] = "",
    kind: Annotated[ExhibitKind | None, Form(description="What it shows.")] = None,
    in_body: Annotated[
        bool, Form(description="Show this photograph in the packet's own pages too.")
    ] = False,
) -> Response:
    """Put a document behind the others. It is judged by its content, whatever its name says, and
    cleaned of what travels along, such as the place where a photograph was taken. A file that is
    broken, locked or can do something is refused with the reason."""
    content = file.file.read(MOST_BYTES + 1)
    asked = ExhibitAsked(
        packet_id=packet_id,
        title=title,
        caption=caption,
        kind=kind,
        in_body=in_body,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    with desk.reading() as session:
        get_packet(session, packet_id)
    store: DocumentStore = request.app.state.documents()
    taken = take_exhibit(store, file.filename or "", content)
    new = replace(
        taken,
        title=title.strip() or taken.title,
        caption=caption,
        kind=kind or taken.kind,
        in_body=in_body,
    )

    def make(session: HubSession) -> ExhibitOut:
        exhibit = book.add_exhibit(session, packet_id, new, desk.source, desk.now)
        return exhibit_out(session, exhibit)

    return desk.do(asked, make)


@router.patch("/exhibits/{exhibit_id}", summary="Describe an exhibit", responses=_TAKES)
def change_exhibit(desk: AtDesk, exhibit_id: ExhibitId, changes: ExhibitChanges) -> ExhibitOut:
    """Call it something else, or show it elsewhere. The next version of the packet follows."""
    with desk.writing() as session:
        exhibit = book.change_exhibit(session, exhibit_id, changes.said(), desk.source, desk.now)
        return exhibit_out(session, exhibit)


@router.put("/exhibits/{exhibit_id}/position", summary="Move an exhibit", responses=_TAKES)
def move_exhibit(desk: AtDesk, exhibit_id: ExhibitId, to: PlaceIn) -> ExhibitOut:
    """Give it another place in the order; the others close up. Past the end is the end."""
    with desk.writing() as session:
        book.move_exhibit(session, exhibit_id, to.position, desk.source, desk.now)
        return exhibit_out(session, book.get_exhibit(session, exhibit_id))


@router.delete(
    "/exhibits/{exhibit_id}",
    summary="Take an exhibit out",
    status_code=204,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def remove_exhibit(desk: AtDesk, exhibit_id: ExhibitId) -> None:
    """The next version of the packet is without it. It is kept, and can be put back."""
    with desk.writing() as session:
        book.remove_exhibit(session, exhibit_id, desk.source, desk.now)


@router.post(
    "/exhibits/{exhibit_id}/restore",
    summary="Put an exhibit back",
    response_model=ExhibitOut,
    responses=_TAKES,
)
def restore_exhibit(desk: AtOnce, exhibit_id: ExhibitId) -> Response:
    """Put one that was taken out back where it stood."""

    def make(session: HubSession) -> ExhibitOut:
        exhibit = book.restore_exhibit(session, exhibit_id, desk.source, desk.now)
        return exhibit_out(session, exhibit)

    return desk.do(None, make, 200)


def _files() -> dict[int | str, dict[str, Any]]:
    found = documented(problems.NOT_FOUND)
    schema = {"type": "string", "format": "binary"}
    content = {media_type: {"schema": schema} for media_type in (PDF, JPEG, DOCX)}
    found[200] = {"description": "The file as it is kept, cleaned.", "content": content}
    return found


@router.get(
    "/exhibits/{exhibit_id}/file",
    summary="The file of an exhibit",
    response_class=Response,
    responses=_files(),
)
def download_exhibit(request: Request, desk: AtDesk, exhibit_id: ExhibitId) -> Response:
    """The file as it is kept, cleaned. The download is written into the audit."""
    store: DocumentStore = request.app.state.documents()
    with desk.reading() as session:
        exhibit = book.get_exhibit(session, exhibit_id)
    content = store.get(exhibit.document_key)
    with desk.writing() as session:
        desk.audit(session, "downloaded exhibit", "exhibit", exhibit.id)
    name = f"exhibit.{EXTENSIONS[exhibit.media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=exhibit.media_type, headers=headers)
