"""Shelters and agencies that get a weekly digest."""

from typing import Annotated

from fastapi import Path
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from activities.digesting import DigestPreview
from activities.digesting import preview_digest as preview
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.agency_shapes import (
    AgencyChanges,
    AgencyIn,
    AgencyOut,
    DigestDate,
    DigestOut,
    agency_out,
)
from api.v1.paging import Listed, PartAsked, listed
from records import agencies as book
from records.database import HubSession
from records.listing_queries import page_of
from records.tables import Agency

router = guarded_router("agencies")

AgencyId = Annotated[Id, Path(description="Id of an agency.")]


@router.get("/agencies", summary="Shelters and agencies")
def list_agencies(desk: AtDesk, asked: PartAsked) -> Listed[AgencyOut]:
    """Shelters and agencies that get, or got, a weekly digest."""
    with desk.reading() as session:
        page = page_of(session, select(Agency), Agency.id, asked.window)
        return listed(asked, page, lambda row: agency_out(session, row))


@router.post("/agencies", summary="Take an agency in", status_code=201, response_model=AgencyOut)
def add_agency(desk: AtOnce, new: AgencyIn) -> Response:
    """Take a shelter or agency in. It is told nothing until a case is shared with it."""

    def make(session: HubSession) -> AgencyOut:
        agency = book.add_agency(session, new.agency(), desk.source, desk.now)
        return agency_out(session, agency)

    return desk.do(new, make)


@router.patch(
    "/agencies/{agency_id}",
    summary="Change an agency",
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def change_agency(desk: AtDesk, agency_id: AgencyId, changes: AgencyChanges) -> AgencyOut:
    """Change an agency's name, its contact's name and language, or when its digest leaves."""
    with desk.writing() as session:
        agency = book.change_agency(session, agency_id, changes.said(), desk.now)
        return agency_out(session, agency)


@router.post(
    "/agencies/{agency_id}/end",
    summary="An agency gets no digest any more",
    response_model=AgencyOut,
    responses=documented(problems.NOT_FOUND),
)
def end_agency(desk: AtOnce, agency_id: AgencyId) -> Response:
    """End an agency. Nothing is shared with it any more, and the consents for that end."""

    def make(session: HubSession) -> AgencyOut:
        return agency_out(session, book.end_agency(session, agency_id, desk.source, desk.now))

    return desk.do(None, make, 200)


@router.get(
    "/agencies/{agency_id}/digest",
    summary="What its digest would say now",
    responses=documented(problems.NOT_FOUND),
)
def preview_digest(desk: AtDesk, request: Request, agency_id: AgencyId) -> DigestOut:
    """The digest as its reader would see it now, with what it costs. Nothing is sent."""
    with desk.reading() as session:
        return _told(preview(session, request.app.state.catalog, agency_id, desk.now))


def _told(shown: DigestPreview) -> DigestOut:
    words = shown.words
    return DigestOut(
        leaves_at=shown.leaves_at,
        channel=shown.channel,
        language=words.language if words else None,
        subject=words.subject if words else None,
        text=words.text if words else None,
        segments=words.segments if words else 0,
        template=words.template if words else None,
        template_version=words.version if words else None,
        dates=[
            DigestDate(
                case_id=line.case_id,
                hearing_id=line.hearing_id,
                first_name=line.first_name,
                local_time=line.local,
                zone=line.zone,
                room=line.room,
                address=line.place,
            )
            for line in shown.lines
        ],
    )
