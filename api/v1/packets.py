"""Packets: asked for, written, and the versions that were built."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from sqlmodel import select
from starlette.responses import Response

from activities.packet_inputs import gather
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import Refusal, documented
from api.v1.cases import CaseId
from api.v1.packet_shapes import (
    ContentIn,
    PacketIn,
    PacketOut,
    ReviewOut,
    VersionOut,
    packet_out,
    version_out,
)
from api.v1.paging import Listed, PartAsked, listed
from domain.packets import ENDED_PACKETS
from records import packets as book
from records.casework import get_case
from records.database import HubSession
from records.listing_queries import page_of
from records.packet_reviews import live_approval
from records.tables import Packet, PacketReview, PacketVersion

router = guarded_router("packets")

PacketId = Annotated[Id, Path(description="Id of a packet.")]


def told(session: HubSession, packet: Packet, now: datetime) -> PacketOut:
    """A packet, and whether counsel's approval holds for what it says at `now` (UTC)."""
    approval = live_approval(session, packet.id)
    says = gather(session, packet, now).content_hash if approval is not None else ""
    holds = approval is not None and approval.content_hash == says
    return packet_out(session, packet, approved=holds)


@router.get(
    "/cases/{case_id}/packets",
    summary="A case's packets",
    responses=documented(problems.NOT_FOUND),
)
def list_packets(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[PacketOut]:
    """Packets of a case, with what each says. That they were read is written into the audit."""
    with desk.writing() as session:
        case = get_case(session, case_id)
        desk.audit(session, "read the packets of a case", "case", case.id)
        statement = select(Packet).where(Packet.case_id == case.id)
        page = page_of(session, statement, Packet.id, asked.window)
        return listed(asked, page, lambda packet: told(session, packet, desk.now))


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
        packet = book.request_packet(
            session,
            case_id,
            new.kind,
            new.content.content(),
            desk.source,
            desk.now,
            hearing_id=new.hearing_id,
            sections=new.content.said(),
        )
        return told(session, packet, desk.now)

    return desk.do(new, make)


@router.get("/packets/{packet_id}", summary="One packet", responses=documented(problems.NOT_FOUND))
def read_packet(desk: AtDesk, packet_id: PacketId) -> PacketOut:
    """A packet, how it stands and what it says. That it was read is written into the audit."""
    with desk.writing() as session:
        packet = book.get_packet(session, packet_id)
        desk.audit(session, "read a packet", "packet", packet.id)
        return told(session, packet, desk.now)


@router.put(
    "/packets/{packet_id}/content",
    summary="Change what a packet says",
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def change_packet(desk: AtDesk, packet_id: PacketId, content: ContentIn) -> PacketOut:
    """Change what a packet says. Sections that are left out altogether stay as they are. The next
    version is built by itself; an approval of an earlier one ends."""
    with desk.writing() as session:
        if book.get_packet(session, packet_id).state in ENDED_PACKETS:
            raise Refusal(problems.ENDED, "This packet was filed or replaced; ask for a new one.")
        packet = book.change_packet(
            session,
            packet_id,
            content.content(),
            desk.source,
            desk.now,
            sections=content.said(),
        )
        return told(session, packet, desk.now)


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
        return listed(asked, page, lambda version: version_out(version, packet.kind))


@router.get(
    "/packets/{packet_id}/reviews",
    summary="What readers said",
    responses=documented(problems.NOT_FOUND),
)
def list_reviews(desk: AtDesk, asked: PartAsked, packet_id: PacketId) -> Listed[ReviewOut]:
    """What the participant and counsel said of the versions of a packet. That it was read is
    written into the audit."""
    with desk.writing() as session:
        packet = book.get_packet(session, packet_id)
        desk.audit(session, "read what was said of a packet", "packet", packet.id)
        statement = select(PacketReview).where(PacketReview.packet_id == packet.id)
        page = page_of(session, statement, PacketReview.id, asked.window)
        return listed(asked, page, ReviewOut.of)
