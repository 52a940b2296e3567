"""Courts, and the days on which they are closed."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StrictBool, StrictInt
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Changes, Day, Id, In, Line, Name, Out, Text, Zone
from api.once import AtOnce
from api.problems import documented
from api.v1.paging import Listed, PartAsked, listed
from records import courts as book
from records.courts import DEFAULT_FILING_LIMIT_MB, NewCourt
from records.database import HubSession

router = guarded_router("courts")

CourtId = Annotated[Id, Path(description="Id of a court.")]
FilingLimit = Annotated[
    StrictInt,
    Field(
        ge=1,
        le=1_000,
        description="The largest document that its e-filing takes, in megabytes. Usual: 25 in "
        "California, Texas and Florida, 35 in federal courts, 50 in New York, 15 in Illinois. A "
        "packet is checked against it before it is released.",
    ),
]
FilingRefusesLinks = Annotated[
    StrictBool, Field(description="It refuses documents that link to the web.")
]


class CourtOut(Out):
    """A court."""

    id: Id
    name: str
    jurisdiction: str
    zone: str
    address: str
    phone: str
    directions: str
    filing_limit_mb: int
    filing_refuses_links: bool


class CourtIn(In):
    """A court to write down. Name and jurisdiction together are unique in a hub."""

    name: Name
    zone: Zone
    jurisdiction: Line = ""
    address: Line = ""
    phone: Line = ""
    directions: Text = ""
    filing_limit_mb: FilingLimit = DEFAULT_FILING_LIMIT_MB
    filing_refuses_links: FilingRefusesLinks = False


class CourtChanges(Changes):
    """What to correct of a court."""

    name: Name = ""
    zone: Zone = ""
    jurisdiction: Line = ""
    address: Line = ""
    phone: Line = ""
    directions: Text = ""
    filing_limit_mb: FilingLimit = DEFAULT_FILING_LIMIT_MB
    filing_refuses_links: FilingRefusesLinks = False


class ClosureOut(Out):
    """A day on which a court, or every court of the hub, is closed."""

    id: Id
    court_id: Id | None
    closed_on: Day
    why: str


class ClosureIn(In):
    """A day to note as closed; without a court it holds for all of the hub's courts."""

    closed_on: Day
    why: Line = ""
    court_id: Id | None = None


@router.get("/courts", summary="Courts")
def list_courts(desk: AtDesk, asked: PartAsked) -> Listed[CourtOut]:
    """The hub's courts, in the order in which they were written down."""
    with desk.reading() as session:
        return listed(asked, book.courts_page(session, asked.window), CourtOut.of)


@router.post(
    "/courts",
    summary="Write a court down",
    status_code=201,
    response_model=CourtOut,
    responses=documented(problems.CONFLICT),
)
def add_court(desk: AtOnce, new: CourtIn) -> Response:
    """Write a court down, with the clock on its wall."""

    def make(session: HubSession) -> CourtOut:
        return CourtOut.of(book.add_court(session, NewCourt(**new.model_dump())))

    return desk.do(new, make)


@router.get("/courts/{court_id}", summary="One court", responses=documented(problems.NOT_FOUND))
def read_court(desk: AtDesk, court_id: CourtId) -> CourtOut:
    """One court, with its address and the clock on its wall."""
    with desk.reading() as session:
        return CourtOut.of(book.get_court(session, court_id))


@router.patch(
    "/courts/{court_id}",
    summary="Correct a court",
    responses=documented(problems.NOT_FOUND, problems.CONFLICT),
)
def change_court(desk: AtDesk, court_id: CourtId, changes: CourtChanges) -> CourtOut:
    """Correct what is known of a court. Its hearings keep the zone they were scheduled in."""
    with desk.writing() as session:
        return CourtOut.of(book.change_court(session, court_id, changes.said(), desk.now))


@router.get("/closures", summary="Days on which courts are closed")
def list_closures(
    desk: AtDesk,
    asked: PartAsked,
    since: Annotated[Day | None, Query(description="From this day on.")] = None,
) -> Listed[ClosureOut]:
    """Days on which a court, or every court of the hub, is closed."""
    with desk.reading() as session:
        return listed(asked, book.closures_page(session, asked.window, since=since), ClosureOut.of)


@router.post(
    "/closures",
    summary="Note a closed day",
    status_code=201,
    response_model=ClosureOut,
    responses=documented(problems.NOT_FOUND),
)
def add_closure(desk: AtOnce, new: ClosureIn) -> Response:
    """Note a day on which a court is closed. The same day twice is one closure."""

    def make(session: HubSession) -> ClosureOut:
        return ClosureOut.of(book.add_closure(session, new.closed_on, new.why, new.court_id))

    return desk.do(new, make)


@router.delete(
    "/closures/{closure_id}",
    summary="The court is open after all",
    status_code=204,
    responses=documented(problems.NOT_FOUND),
)
def remove_closure(
    desk: AtDesk, closure_id: Annotated[Id, Path(description="Id of a closure.")]
) -> None:
    """Take a closed day back."""
    with desk.writing() as session:
        book.remove_closure(session, closure_id)
