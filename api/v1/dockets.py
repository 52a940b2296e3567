"""Docket numbers under which courts keep a case."""

from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Name, Out
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.paging import Listed, PartAsked, listed
from records.casework import add_docket as note_docket
from records.casework import get_case, record_event
from records.courts import get_court
from records.database import HubSession
from records.listing_queries import dockets_page

router = guarded_router("cases")


class DocketOut(Out):
    """A docket number."""

    id: Id
    case_id: Id
    number: str
    court_id: Id | None


class NewDocket(In):
    """A docket number as the court writes it."""

    number: Name
    court_id: Id | None = None


@router.get(
    "/cases/{case_id}/dockets",
    summary="A case's docket numbers",
    responses=documented(problems.NOT_FOUND),
)
def list_dockets(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[DocketOut]:
    """The numbers under which courts keep this case."""
    with desk.reading() as session:
        return listed(asked, dockets_page(session, case_id, asked.window), DocketOut.of)


@router.post(
    "/cases/{case_id}/dockets",
    summary="Add a docket number",
    status_code=201,
    response_model=DocketOut,
    responses=documented(problems.NOT_FOUND),
)
def add_docket(desk: AtOnce, case_id: CaseId, new: NewDocket) -> Response:
    """Note a docket number, so that published calendars find this case. The same number in
    another spelling is the same."""

    def make(session: HubSession) -> DocketOut:
        case = get_case(session, case_id)
        if new.court_id is not None:
            get_court(session, new.court_id)
        docket = note_docket(session, case, new.number, new.court_id, now=desk.now)
        record_event(
            session, case, "court", "docket_added", desk.source, desk.now, subject_id=docket.id
        )
        return DocketOut.of(docket)

    return desk.do(new, make)
