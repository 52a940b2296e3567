"""The page of one case."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.case_view import read_case
from api.pages.forms import Form
from api.pages.guard import PageRoute
from api.pages.live import live_page
from api.pages.session import InHub
from api.pages.timeline import SHOWN, Wanted
from api.pages.timeline_sorts import SORTS, sort_of

router = APIRouter(route_class=PageRoute)

EVERYTHING = 100_000

DONE = {
    "opened": "The case is open and followed from now on.",
    "first": "Homeward is set up. This case is open and followed from now on: what will happen "
    "stands below, and changes by itself with what you add.",
    "scheduled": "The court date is saved. The messages of the preview follow.",
    "moved": "The new date is saved. The messages of the preview follow.",
    "same": "Nothing changed: this is the date that was already there.",
    "cancelled": "The court date is cancelled. The messages of the preview follow.",
    "outcome": "Recorded. If the court named a next date, add it now.",
    "track": "Recorded.",
    "enrolled": "Added to the circle.",
    "left": "Removed from the circle. Nothing more is sent to them about this case.",
    "contact": "Saved. Messages may go there from now on.",
    "step": "Added to the plan.",
    "evidence": "Recorded.",
    "task": "Marked as done.",
    "counsel": "Counsel is named.",
    "whose": "Saved. Tasks of this case go to them from now on.",
}


@router.get("/cases/{case_id}")
def show_case(
    request: Request, visit: InHub, case_id: str, done: str = "", past: str = "", show: str = ""
) -> Response:
    """The case, whole, kept up to date while it is looked at.

    That it was read, and each time that something new of it was, is written into the audit trail.
    """
    wanted = Wanted(sort_of(show), EVERYTHING if past == "all" else SHOWN)
    with visit.reading() as session:
        view = read_case(session, visit, case_id, wanted)
    values = {
        "visit": visit,
        "form": Form(),
        "view": view,
        "today": dates.today_in(visit.hub.zone, visit.now),
        "zone": visit.hub.zone,
        "appearances": wording.APPEARANCES,
        "done": DONE.get(done, ""),
        "stays_live": True,
        "sorts": SORTS,
        "sort": wanted.sort,
    }

    def note() -> None:
        with visit.writing() as session:
            visit.note(session, "read a case", "case", case_id)

    return live_page(request, visit.desk.page("case.html", values), note)
