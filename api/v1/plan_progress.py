"""A plan over time: what its page draws, as facts for programs."""

from pydantic import Field

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Id, Out
from api.permissions import SEES_TREATMENT
from api.problems import documented
from api.v1.plans import PlanId
from domain.plan_progress import Mark
from records.plan_progress import all_steps, progress_of, today_of
from records.plans import get_plan

router = guarded_router("plans")


class TimeOut(Out):
    """One mark: which step, on which day, and how it stands."""

    step_id: Id
    day: Day
    mark: Mark


class RowOut(Out):
    """What was agreed, and its marks, first to last."""

    id: Id
    title: str | None = Field(description="Null for a treatment step this role may not read.")
    times: list[TimeOut]


class SpanOut(Out):
    """From one day to another, both included."""

    first: Day
    last: Day


class CourtDayOut(Out):
    """A hearing that is set or was held."""

    day: Day
    kind: str


class PlanProgressOut(Out):
    """A plan over time. Steps without a day, and those that were cancelled, are left out."""

    today: Day = Field(description="On the hub's wall.")
    whole: SpanOut | None = Field(description="Null where nothing in the plan has a day.")
    rows: list[RowOut]
    held: list[SpanOut] = Field(description="When the person was in custody.")
    court: list[CourtDayOut]
    counts: dict[Mark, int] = Field(description="How many marks of each kind.")


@router.get(
    "/plans/{plan_id}/progress",
    summary="A plan over time",
    responses=documented(problems.NOT_FOUND),
)
def read_plan_progress(desk: AtDesk, plan_id: PlanId) -> PlanProgressOut:
    """What was done, shown, missed and is to come, on which day; custody; court dates."""
    sees = desk.caller.role in SEES_TREATMENT
    with desk.reading() as session:
        plan = get_plan(session, plan_id)
        steps = all_steps(session, plan.id)
        progress = progress_of(session, plan, steps, desk.now)
        if progress is None:
            today = today_of(session, desk.now)
            return PlanProgressOut(today=today, whole=None, rows=[], held=[], court=[], counts={})
        told = PlanProgressOut.of(progress)
    hidden = set() if sees else {step.id for step in steps if step.treatment}
    for row in told.rows:
        row.title = None if row.id in hidden else row.title
    return told
