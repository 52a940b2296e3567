"""What each agency may know: cases shared with the defendant's consent."""

from typing import Annotated

from fastapi import Path
from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.agencies import AgencyId
from api.v1.agency_shapes import ShareEnd, ShareIn, ShareOut, share_out
from api.v1.paging import Listed, PartAsked, listed
from records import agency_shares as book
from records.agencies import get_agency, running_agency
from records.casework import NotFound
from records.database import HubSession
from records.listing_queries import page_of
from records.tables import AgencyShare

router = guarded_router("agencies")


@router.get(
    "/agencies/{agency_id}/shares",
    summary="What is shared with an agency",
    responses=documented(problems.NOT_FOUND),
)
def list_shares(desk: AtDesk, asked: PartAsked, agency_id: AgencyId) -> Listed[ShareOut]:
    """Cases that are, or were, shared with an agency."""
    with desk.reading() as session:
        agency = get_agency(session, agency_id)
        statement = select(AgencyShare).where(AgencyShare.agency_id == agency.id)
        page = page_of(session, statement, AgencyShare.id, asked.window)
        return listed(asked, page, lambda row: share_out(session, row))


@router.post(
    "/agencies/{agency_id}/shares",
    summary="Share a case",
    status_code=201,
    response_model=ShareOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT),
)
def add_share(desk: AtOnce, agency_id: AgencyId, new: ShareIn) -> Response:
    """Let an agency know of a case's court dates, with the defendant's consent. Sharing the
    same case again replaces what was agreed before."""

    def make(session: HubSession) -> ShareOut:
        share = book.share_case(
            session,
            running_agency(session, agency_id),
            new.case_id,
            new.what,
            new.agreement(),
            desk.source,
            desk.now,
        )
        return share_out(session, share)

    return desk.do(new, make)


@router.post(
    "/agencies/{agency_id}/shares/{share_id}/end",
    summary="Stop sharing a case",
    response_model=ShareOut,
    responses=documented(problems.NOT_FOUND),
)
def end_share(
    desk: AtOnce,
    agency_id: AgencyId,
    share_id: Annotated[Id, Path(description="Id of a share.")],
    why: ShareEnd,
) -> Response:
    """From now on the agency is told nothing of this case; the consent for it ends."""

    def make(session: HubSession) -> ShareOut:
        if book.get_share(session, share_id).agency_id != agency_id:
            raise NotFound("share")
        share = book.end_share(
            session, share_id, desk.source, desk.now, how=why.how, words=why.words
        )
        return share_out(session, share)

    return desk.do(why, make, 200)
