"""Tasks: what a person must do now."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Instant, Out, Text
from api.once import AtOnce
from api.problems import documented
from api.v1.paging import Listed, PartAsked, listed
from records import tasks as book
from records.database import HubSession
from records.listing_queries import tasks_page
from records.referral_wall import seen_task

router = guarded_router("tasks")


class TaskOut(Out):
    """What a person must do, about whom, by when, and what closed it."""

    id: Id
    kind: str
    case_id: Id | None
    plan_id: Id | None
    packet_id: Id | None
    hearing_id: Id | None
    person_id: Id | None
    assigned_to_id: Id | None
    opened_at: Instant
    by: Instant | None
    closed_at: Instant | None
    closed_by: str
    outcome: str


class DoneIn(In):
    """What was done."""

    outcome: Text = ""


@router.get("/tasks", summary="Tasks for people", responses=documented(problems.NOT_FOUND))
def list_tasks(
    desk: AtDesk,
    asked: PartAsked,
    case_id: Annotated[Id | None, Query(description="Of one case.")] = None,
    closed: Annotated[bool, Query(description="Closed ones instead of open ones.")] = False,
) -> Listed[TaskOut]:
    """Open tasks, in the order in which they were opened."""
    with desk.reading() as session:
        page = tasks_page(session, asked.window, desk.caller, case_id=case_id or "", closed=closed)
        return listed(asked, page, TaskOut.of)


@router.post(
    "/tasks/{task_id}/close",
    summary="It is done",
    response_model=TaskOut,
    responses=documented(problems.NOT_FOUND),
)
def close_task(
    desk: AtOnce, task_id: Annotated[Id, Path(description="Id of a task.")], done: DoneIn
) -> Response:
    """Close a task. Closing it twice changes nothing."""

    def make(session: HubSession) -> TaskOut:
        seen = seen_task(session, task_id, desk.caller.role, desk.caller.id)
        return TaskOut.of(
            book.close_task(session, seen.id, desk.caller.name, done.outcome, desk.now)
        )

    return desk.do(done, make, 200)
