"""Today: what needs a person, and the hearings of the week."""

from fastapi import APIRouter
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.first_progress import FIRST, progress_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.live import live_page
from api.pages.session import InHub, SignedIn, caseworker, is_set_up
from api.pages.tasks_view import count_open, open_rows
from api.pages.week import MOST, SHOWN, coming_week
from domain.vocabulary import Role
from records.referral_wall import seen_task
from records.tables import Case
from records.tasks import close_task

router = APIRouter(route_class=PageRoute)

DONE = {
    "hub": "Saved. Families will see this name and this number.",
    "task": "Marked as done.",
    "outcome": "Recorded. Thank you.",
}


@router.get("/")
def show_today(request: Request, visit: SignedIn, done: str = "", week: str = "") -> Response:
    """Today. An administrator who sees no cases, or a hub that is not set up, begins elsewhere."""
    if visit.caller.role is Role.COUNSEL:
        return see_other("/clients")
    if visit.runs_hub and not is_set_up(visit.hub) and visit.hub.set_up_left:
        return see_other(FIRST)
    if visit.runs_hub and not (is_set_up(visit.hub) and visit.sees_cases):
        return see_other("/hub")
    caseworker(visit)
    zone = visit.hub.zone
    with visit.reading() as session:
        values = {
            "visit": visit,
            "form": Form(),
            "today": dates.today_in(zone, visit.now),
            "tasks": open_rows(session, visit.reader, visit.now, zone),
            "open_count": count_open(session, visit.reader),
            "week": coming_week(session, visit.now, zone, most=MOST if week == "all" else SHOWN),
            "empty": session.exec(select(Case.id).limit(1)).first() is None,
            "appearances": wording.APPEARANCES,
            "done": DONE.get(done, ""),
            "progress": progress_of(visit) if visit.runs_hub and visit.hub.set_up_left else None,
            "stays_live": True,
        }
    return live_page(request, visit.desk.page("today.html", values))


@router.post("/tasks/{task_id}/done")
def mark_done(visit: InHub, task_id: str, form: Sent) -> Response:
    """A person did it. Marking it again changes nothing."""
    with visit.writing() as session:
        seen = seen_task(session, task_id, visit.reader.role, visit.caller.id)
        task = close_task(session, seen.id, visit.source.actor, form.line("note"), visit.now)
        case_id, subject_id = task.case_id, task.subject_id
    if form.kept("back") == "case" and case_id:
        return see_other(f"/cases/{case_id}?done=task")
    if form.kept("back") == "inbox" and subject_id:
        return see_other(f"/inbox/{subject_id}?done=task")
    return see_other("/?done=task")
