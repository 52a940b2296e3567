"""Private calendar addresses: made, listed, revoked."""

from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from api import problems
from api.calendar_feeds import feed_address
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.contacts import PersonId
from api.v1.paging import Listed, PartAsked, listed
from records import access
from records.case_listing import get_staff
from records.casework import NotFound, get_case
from records.database import HubSession
from records.listing_queries import feeds_page, get_person
from records.tables import FeedToken

router = guarded_router("calendar feeds")

StaffId = Annotated[Id, Path(description="Id of a member of staff.")]
FeedId = Annotated[Id, Path(description="Id of a calendar feed.")]


class FeedOut(Out):
    """A private calendar address, without its secret."""

    id: Id
    case_id: Id | None
    staff_id: Id | None
    person_id: Id | None
    created_at: Instant
    revoked_at: Instant | None


class NewFeed(FeedOut):
    """A calendar address, told this once."""

    address: str = Field(description="Whoever has it sees the calendar. It is shown only here.")


def _told(desk: AtOnce, session: HubSession, feed: FeedToken, secret: str) -> NewFeed:
    desk.audit(session, "made a calendar feed", "feed_token", feed.id)
    address = feed_address(desk.settings, secret)
    return NewFeed(**dict(FeedOut.of(feed)), address=address)


@router.get("/feeds", summary="Calendar feeds")
def list_feeds(desk: AtDesk, asked: PartAsked) -> Listed[FeedOut]:
    """Private calendar addresses that were made, revoked ones too."""
    with desk.reading() as session:
        return listed(asked, feeds_page(session, asked.window), FeedOut.of)


@router.post(
    "/cases/{case_id}/feeds",
    summary="A calendar address for a family",
    status_code=201,
    response_model=NewFeed,
    responses=documented(problems.NOT_FOUND),
)
def make_case_feed(desk: AtOnce, case_id: CaseId) -> Response:
    """A private calendar address with one case's hearings: no charge, no docket number."""

    def make(session: HubSession) -> NewFeed:
        case = get_case(session, case_id)
        return _told(desk, session, *access.make_feed(session, case_id=case.id))

    return desk.do(None, make)


@router.post(
    "/staff/{staff_id}/feeds",
    summary="A calendar address for an advocate",
    status_code=201,
    response_model=NewFeed,
    responses=documented(problems.NOT_FOUND),
)
def make_caseload_feed(desk: AtOnce, staff_id: StaffId) -> Response:
    """A private calendar address with the hearings of an advocate's open cases."""

    def make(session: HubSession) -> NewFeed:
        member = get_staff(session, staff_id)
        return _told(desk, session, *access.make_feed(session, staff_id=member.id))

    return desk.do(None, make)


@router.post(
    "/people/{person_id}/feeds",
    summary="A calendar address for one person",
    status_code=201,
    response_model=NewFeed,
    responses=documented(problems.NOT_FOUND),
)
def make_person_feed(desk: AtOnce, person_id: PersonId) -> Response:
    """A private calendar address with all court dates that a person may know, in their language:
    their own, those of whom they stand beside, and for counsel those of their clients. Who leaves
    a circle sees nothing of that case any more."""

    def make(session: HubSession) -> NewFeed:
        person = get_person(session, person_id)
        return _told(desk, session, *access.make_feed(session, person_id=person.id))

    return desk.do(None, make)


@router.delete(
    "/feeds/{feed_id}",
    summary="Revoke a calendar address",
    status_code=204,
    responses=documented(problems.NOT_FOUND),
)
def revoke_feed(desk: AtDesk, feed_id: FeedId) -> None:
    """The address shows nothing any more. Revoking it again changes nothing."""
    with desk.writing() as session:
        feed = session.get(FeedToken, feed_id)
        if feed is None:
            raise NotFound("calendar feed")
        if feed.revoked_at is None:
            feed.revoked_at = desk.now
            session.add(feed)
            desk.audit(session, "revoked a calendar feed", "feed_token", feed.id)
