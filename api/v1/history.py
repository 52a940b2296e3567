"""The history of a case: who recorded what, when, from which source."""

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.paging import Listed, PartAsked, listed
from records.listing_queries import events_page

router = guarded_router("cases")


class EventOut(Out):
    """One line of a case's history."""

    id: Id
    track: str
    kind: str
    origin: str
    result: str
    subject_id: str
    happened_at: Instant
    recorded_by: str
    source: str
    override_reason: str
    note: str


@router.get(
    "/cases/{case_id}/events",
    summary="What happened in a case",
    responses=documented(problems.NOT_FOUND),
)
def list_events(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[EventOut]:
    """The history of a case, newest first: who recorded what, when, from which source."""
    with desk.reading() as session:
        return listed(asked, events_page(session, case_id, asked.window), EventOut.of)
