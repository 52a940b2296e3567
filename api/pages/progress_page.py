"""How a hub's plans go: figures by month, what is overdue, what got in the way."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.guard import PageRoute
from api.pages.month_bars import Bar, Part, bars
from api.pages.own_words import Words
from api.pages.people import participants
from api.pages.session import InHub, Visit
from domain.progress_figures import COUNTED, SMALL, HubProgress, Month, percent
from domain.progress_sheets import figures_csv
from domain.step_kinds import STEP_KINDS
from domain.vocabulary import Role
from records.database import HubSession
from records.progress_figures import (
    CHOSEN,
    ORDERED,
    StepOfCase,
    hub_progress,
    newest_answers,
    overdue_steps,
)

router = APIRouter(route_class=PageRoute, prefix="/progress")

WHOLE_HUB = frozenset({Role.SUPERVISOR, Role.HUB_ADMIN})
"""Roles that see the figures of the whole hub; an advocate sees those of their own cases."""
OURS = frozenset((*STEP_KINDS.values(), ORDERED, CHOSEN))
"""What Homeward calls the parts of a figure; other names are a hub's own."""
CSV_NAME = "progress.csv"


@router.get("")
def show_progress(visit: InHub) -> Response:
    """The figures of the last twelve months; steps and words for those who see cases."""
    whose = _whose(visit)
    with visit.reading() as session:
        progress = hub_progress(session, visit.now, advocate_id=whose)
        overdue = overdue_steps(session, visit.now, advocate_id=whose) if visit.sees_cases else []
        answers = newest_answers(session, visit.now, advocate_id=whose) if visit.sees_cases else []
        values = {
            "visit": visit,
            "progress": progress,
            "ours": OURS,
            "own": bool(whose),
            "counted": {figure.value: Words(words) for figure, words in COUNTED.items()},
            "small": SMALL,
            "percent": percent,
            "step_bars": _step_bars(progress),
            "plan_bars": _plan_bars(progress),
            "overdue": _lines(session, visit, overdue),
            "answers": _lines(session, visit, answers),
        }
        return visit.desk.page("progress.html", values)


@router.get(f"/{CSV_NAME}")
def take_figures(visit: InHub) -> Response:
    """The figures of the whole hub as a table, without names. That it was taken is written down."""
    with visit.writing() as session:
        table = figures_csv(hub_progress(session, visit.now))
        visit.note(session, "took the hub's figures", "hub", visit.hub.id)
    return Response(
        table.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{CSV_NAME}"'},
    )


def _whose(visit: Visit) -> str:
    return "" if visit.caller.role in WHOLE_HUB else visit.caller.id


def _step_bars(progress: HubProgress) -> str:
    def bar(month: Month) -> Bar:
        steps = month.steps
        parts = (Part(steps.in_time, "most"), Part(steps.late, "some"), Part(steps.missed, "rest"))
        return Bar(month.first, parts)

    every = progress.steps
    told = (
        f"In these months {every.in_time} in time, {every.late} done late, {every.missed} missed."
    )
    return bars("steps", "Steps by month", told, [bar(month) for month in progress.months])


def _plan_bars(progress: HubProgress) -> str:
    def bar(month: Month) -> Bar:
        done, ended = month.plans.completed, month.plans.ended
        return Bar(month.first, (Part(done, "most"), Part(ended - done, "rest")))

    every = progress.plans
    told = f"In these months {every.completed} completed of {every.ended} that ended."
    return bars("plans", "Plans that ended, by month", told, [bar(one) for one in progress.months])


def _lines(session: HubSession, visit: Visit, found: list[StepOfCase]) -> list[dict[str, object]]:
    """Steps with whose they are, how long their day is past, and what was said."""
    today = dates.today_in(visit.hub.zone, visit.now)
    people = participants(session, {one.case_id for one in found})
    return [
        {
            "link": f"/cases/{one.case_id}/steps/{one.step.id}",
            "title": one.step.title,
            "who": people[one.case_id].full,
            "due": one.step.due_on,
            "away": dates.away(one.step.due_on, today) if one.step.due_on else "",
            "status": wording.step_state(one.step.state),
            "words": one.step.what_got_in_the_way,
        }
        for one in found
    ]
