"""Packets: asked for, written, and the versions that were built."""

from typing import Annotated

from fastapi import Path
from pydantic import Field
from sqlmodel import select
from starlette.responses import Response

from activities.packet_inputs import template_of
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Instant, Line, Name, Out, Text
from api.once import AtOnce
from api.problems import Refusal, documented
from api.v1.cases import CaseId
from api.v1.paging import Listed, PartAsked, listed
from domain.packets import ENDED_PACKETS
from records import packets as book
from records.casework import NotFound, get_case
from records.database import HubSession
from records.listing_queries import page_of
from records.packets import PacketContent, content_of
from records.tables import Hearing, Packet, PacketVersion

router = guarded_router("packets")

PacketId = Annotated[Id, Path(description="Id of a packet.")]
Paragraphs = Annotated[list[Text], Field(max_length=50)]


class HelpIn(In):
    """What one supporter will do."""

    person_id: Id
    words: Line


class ContentIn(In):
    """What the packet says, in plain paragraphs. Empty sections are left out."""

    ask: Text = Field("", description="What the court is asked to consider.")
    ties: Paragraphs = []
    residence: Paragraphs = []
    occupation: Paragraphs = []
    caregiving: Paragraphs = []
    conditions: Paragraphs = []
    transport: Text = ""
    judge: Line = ""
    prepared_by: Line = ""
    letters: Annotated[list[Name], Field(max_length=50)] = []
    helpers: Annotated[list[HelpIn], Field(max_length=50)] = []

    def content(self) -> PacketContent:
        """The same for the records."""
        return PacketContent(
            ask=self.ask,
            ties=tuple(self.ties),
            residence=tuple(self.residence),
            occupation=tuple(self.occupation),
            caregiving=tuple(self.caregiving),
            conditions=tuple(self.conditions),
            transport=self.transport,
            judge=self.judge,
            prepared_by=self.prepared_by,
            letters=tuple(self.letters),
            helpers={one.person_id: one.words for one in self.helpers},
        )


class PacketIn(In):
    """A packet to ask for."""

    kind: Line = "release"
    hearing_id: Id | None = Field(None, description="The next one, unless named.")
    content: ContentIn = Field(default_factory=lambda: ContentIn.model_validate({}))


class ContentOut(Out):
    """What a packet says."""

    ask: str
    ties: list[str]
    residence: list[str]
    occupation: list[str]
    caregiving: list[str]
    conditions: list[str]
    transport: str
    judge: str
    prepared_by: str
    letters: list[str]
    helpers: list[HelpIn]


class PacketOut(Out):
    """A packet for one case."""

    id: Id
    case_id: Id
    hearing_id: Id | None
    kind: str
    state: str
    requested_at: Instant
    revision: int
    content: ContentOut


class VersionOut(Out):
    """One version that was built, and what its files are."""

    id: Id
    packet_id: Id
    number: int
    template: str
    template_version: str
    built_at: Instant
    pages: int
    docx_size: int
    docx_sha256: str
    pdf_size: int
    pdf_sha256: str
    pdf_problem: str = Field(description="Why there is no PDF; empty when there is one.")


def packet_out(packet: Packet) -> PacketOut:
    """A packet as the API tells it."""
    content = content_of(packet)
    said = {name: getattr(content, name) for name in ContentOut.model_fields}
    said["helpers"] = [
        HelpIn(person_id=person, words=words) for person, words in content.helpers.items()
    ]
    told = {name: getattr(packet, name) for name in PacketOut.model_fields if name != "content"}
    return PacketOut(**told, content=ContentOut.model_validate(said))


def _hearing_of(session: HubSession, case_id: str, hearing_id: str | None) -> None:
    """Refuse a hearing that is not this case's."""
    if hearing_id is None:
        return
    hearing = session.get(Hearing, hearing_id)
    if hearing is None or hearing.case_id != case_id:
        raise NotFound("hearing")


@router.get(
    "/cases/{case_id}/packets",
    summary="A case's packets",
    responses=documented(problems.NOT_FOUND),
)
def list_packets(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[PacketOut]:
    """Packets of a case."""
    with desk.reading() as session:
        case = get_case(session, case_id)
        statement = select(Packet).where(Packet.case_id == case.id)
        return listed(asked, page_of(session, statement, Packet.id, asked.window), packet_out)


@router.post(
    "/cases/{case_id}/packets",
    summary="Ask for a packet",
    status_code=201,
    response_model=PacketOut,
    responses=documented(problems.NOT_FOUND),
)
def request_packet(desk: AtOnce, case_id: CaseId, new: PacketIn) -> Response:
    """Ask for a packet. A version is built at once, and again after every change of what it is
    made from."""

    def make(session: HubSession) -> PacketOut:
        template_of(new.kind)
        _hearing_of(session, case_id, new.hearing_id)
        packet = book.request_packet(
            session,
            case_id,
            new.kind,
            new.content.content(),
            desk.source,
            desk.now,
            hearing_id=new.hearing_id,
        )
        return packet_out(packet)

    return desk.do(new, make)


@router.get("/packets/{packet_id}", summary="One packet", responses=documented(problems.NOT_FOUND))
def read_packet(desk: AtDesk, packet_id: PacketId) -> PacketOut:
    """A packet and what it says."""
    with desk.reading() as session:
        return packet_out(book.get_packet(session, packet_id))


@router.put(
    "/packets/{packet_id}/content",
    summary="Change what a packet says",
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def change_packet(desk: AtDesk, packet_id: PacketId, content: ContentIn) -> PacketOut:
    """Change what a packet says, whole. The next version is built by itself; an approval of an
    earlier one does not hold for it."""
    with desk.writing() as session:
        if book.get_packet(session, packet_id).state in ENDED_PACKETS:
            raise Refusal(problems.ENDED, "This packet was filed or replaced; ask for a new one.")
        new = content.content()
        return packet_out(book.change_packet(session, packet_id, new, desk.source, desk.now))


@router.get(
    "/packets/{packet_id}/versions",
    summary="Versions of a packet",
    responses=documented(problems.NOT_FOUND),
)
def list_versions(desk: AtDesk, asked: PartAsked, packet_id: PacketId) -> Listed[VersionOut]:
    """Every version that was built, first to last."""
    with desk.reading() as session:
        packet = book.get_packet(session, packet_id)
        statement = select(PacketVersion).where(PacketVersion.packet_id == packet.id)
        page = page_of(session, statement, PacketVersion.id, asked.window)
        return listed(asked, page, VersionOut.of)
