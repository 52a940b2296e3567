"""Private calendar feeds: an address that only its holder knows, and that can be revoked."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from starlette.requests import Request
from starlette.responses import Response

from activities.calendar_events import case_calendar, caseload_calendar, person_calendar
from api import problems
from api.problems import documented
from domain.calendar_feed import etag
from domain.words import Catalog
from engine.addresses import public_url
from engine.settings import Settings
from records.access import feed_of
from records.casework import NotFound
from records.database import Records
from records.tables import FeedToken, StaffMember

router = APIRouter(tags=["calendar feeds"])

CACHE = "private, no-cache"
_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The calendar.",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    },
    304: {"description": "Nothing changed since the ETag that was sent."},
    **documented(problems.NOT_FOUND, problems.INVALID, problems.FAILED, problems.BUSY),
}


def feed_address(settings: Settings, secret: str) -> str:
    """The address of a feed, as calendar apps take it."""
    return f"{public_url(settings)}/calendar/{secret}.ics"


@router.get(
    "/calendar/{secret}.ics",
    summary="A calendar feed",
    response_class=Response,
    responses=_CALENDAR,
)
def read_calendar(
    request: Request,
    secret: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,64}$", description="The secret part.")],
    if_none_match: Annotated[str, Header(max_length=2000)] = "",
) -> Response:
    """Court dates for a family, an advocate or counsel: no charge, no docket number. A hearing
    that was called off stays as cancelled, so that calendars that had it show it."""
    records: Records = request.app.state.records
    feed = feed_of(records, secret)
    if feed is None:
        raise NotFound("calendar")
    data = _calendar(records, feed, request.app.state.catalog)
    tag = etag(data)
    headers = {"ETag": tag, "Cache-Control": CACHE}
    if _knows(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="court-dates.ics"'
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


def _calendar(records: Records, feed: FeedToken, catalog: Catalog) -> bytes:
    with records.reading(feed.hub_id) as session:
        if feed.case_id is not None:
            return case_calendar(session, feed.case_id, catalog)
        if feed.person_id is not None:
            return person_calendar(session, feed.person_id, catalog)
        member = session.get(StaffMember, feed.staff_id)
        if member is None or not member.active:
            raise NotFound("calendar")
        return caseload_calendar(session, member.id, catalog)


def _knows(if_none_match: str, tag: str) -> bool:
    """Whether the client has this very version (RFC 9110, 13.1.2: weak comparison)."""
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return "*" in known or tag in known
