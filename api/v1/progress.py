"""A hub's progress in numbers: by month, by kind, and as a table. No names."""

from typing import Any

from pydantic import Field
from starlette.responses import Response

from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Out
from domain.progress_figures import COUNTED, Figure, LoopCounts, LoopFigures
from domain.progress_sheets import figures_csv
from records.progress_figures import hub_progress

router = guarded_router("progress")

CSV_NAME = "progress.csv"


class StepCountsOut(Out):
    """What became of steps whose day was in a month."""

    in_time: int
    late: int
    missed: int
    counted: int


class PlanCountsOut(Out):
    """How many plans were completed, of those that had begun and ended."""

    completed: int
    ended: int


class MonthOut(Out):
    """One month; `first` is its first day."""

    first: Day
    steps: StepCountsOut
    plans: PlanCountsOut


class GroupOut(Out):
    """A part of what a figure counts."""

    figure: Figure
    name: str
    part: int | None = Field(description="Null where it could tell of fewer than five people.")
    whole: int | None = Field(description="Null with `part`.")


class LoopCountsOut(Out):
    """What became of providers that were asked; `counted` says what each figure is."""

    asked: int
    answered: int
    accepted: int
    silent: int
    met: int
    finished: int
    days_to_answer: float | None = Field(description="The median; null where nobody answered.")


class LoopMonthOut(LoopCountsOut):
    """Those that were asked in one month."""

    first: Day


class LoopsOut(LoopCountsOut):
    """All that were asked in these months."""

    months: list[LoopMonthOut] = Field(description="Oldest first.")


class HubProgressOut(Out):
    """The figures of the last twelve months, on the hub's wall."""

    months: list[MonthOut] = Field(description="Oldest first; the present month is the last.")
    steps: StepCountsOut = Field(description="All months together.")
    plans: PlanCountsOut = Field(description="All months together.")
    running: int = Field(description="Plans under way.")
    overdue: int
    missed: int
    answered: int
    groups: list[GroupOut]
    loops: LoopsOut | None = Field(description="Null where no provider was asked.")
    counted: dict[Figure, str] = Field(description="What each figure counts, in plain words.")


@router.get("/progress", summary="How the hub's plans go")
def read_hub_progress(desk: AtDesk) -> HubProgressOut:
    """Steps done in time, plans completed, what is overdue, and answers to what got in the way."""
    with desk.reading() as session:
        progress = hub_progress(session, desk.now)
    return HubProgressOut(
        months=[MonthOut.of(month) for month in progress.months],
        steps=StepCountsOut.of(progress.steps),
        plans=PlanCountsOut.of(progress.plans),
        running=progress.running,
        overdue=progress.overdue,
        missed=progress.missed,
        answered=progress.answered,
        groups=[GroupOut.of(group) for group in progress.groups],
        loops=_loops(progress.loops),
        counted={one: COUNTED[one] for one in Figure},
    )


@router.get(
    "/progress/table",
    summary="The same as CSV",
    response_class=Response,
    responses={
        200: {"description": "The table.", "content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
def download_hub_progress(desk: AtDesk) -> Response:
    """Every figure, for funders and spreadsheets. That it was taken is written into the audit."""
    with desk.writing() as session:
        table = figures_csv(hub_progress(session, desk.now))
        desk.audit(session, "took the hub's figures", "hub", desk.caller.hub_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{CSV_NAME}"',
        "Cache-Control": "no-store",
    }
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


def _loops(found: LoopFigures | None) -> LoopsOut | None:
    if found is None:
        return None
    months = [LoopMonthOut(first=first, **_counts(counts)) for first, counts in found.months]
    return LoopsOut(months=months, **_counts(found.all))


def _counts(counts: LoopCounts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in LoopCountsOut.model_fields}
