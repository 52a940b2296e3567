"""The page of one case."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.case_view import read_case
from api.pages.forms import Form
from api.pages.guard import PageRoute
from api.pages.session import InHub
from api.pages.timeline import SHOWN

router = APIRouter(route_class=PageRoute)

EVERYTHING = 100_000

DONE = {
    "opened": "The case is open and followed from now on.",
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
}


@router.get("/cases/{case_id}")
def show_case(visit: InHub, case_id: str, done: str = "", past: str = "") -> Response:
    """The case, whole. That it was read is written into the audit trail."""
    with visit.writing() as session:
        view = read_case(session, visit, case_id, EVERYTHING if past == "all" else SHOWN)
        visit.note(session, "read a case", "case", case_id)
    values = {
        "visit": visit,
        "form": Form(),
        "view": view,
        "today": dates.today_in(visit.hub.zone, visit.now),
        "zone": visit.hub.zone,
        "appearances": wording.APPEARANCES,
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("case.html", values)
