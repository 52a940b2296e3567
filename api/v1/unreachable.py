"""People whom messages do not reach."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.v1.paging import Listed, PartAsked
from api.v1.standing_shapes import CorrespondentOut
from domain.status_words import closed_words
from records.unreachable import ClosedWay, Unreached, unreached, unreached_page

router = guarded_router("contacts")


class ClosedWayOut(Out):
    """A phone or mailbox to which nothing goes."""

    contact_id: Id
    channel: str
    address: str
    why: str = Field(description="opted-out, not-agreed, or the code it became unreachable with.")
    words: str = Field(description="The same in plain words.")
    since: Instant | None


class UnreachedOut(Out):
    """Someone of an open circle with a closed way, or with none at all."""

    who: CorrespondentOut
    reachable: bool = Field(description="Another way is still open.")
    closed: list[ClosedWayOut]


def _told(one: Unreached) -> UnreachedOut:
    return UnreachedOut(
        who=CorrespondentOut.told(one.who),
        reachable=one.reachable,
        closed=[_way(way) for way in one.closed],
    )


def _way(way: ClosedWay) -> ClosedWayOut:
    return ClosedWayOut(
        contact_id=way.contact_id,
        channel=way.channel,
        address=way.address,
        why=way.why,
        words=closed_words(way.why, way.channel),
        since=way.since,
    )


@router.get("/unreachable", summary="Whom messages do not reach")
def list_unreachable(
    desk: AtDesk,
    asked: PartAsked,
    nobody_left: Annotated[
        bool, Query(description="Only those whom no way is left to reach.")
    ] = False,
) -> Listed[UnreachedOut]:
    """People of open circles with a phone or mailbox to which nothing goes, and why; and those
    who have none at all."""
    with desk.reading() as session:
        page = unreached_page(session, asked.window, nobody_left=nobody_left)
        return asked.answer((_told(one) for one in unreached(session, page.rows)), page.after)
