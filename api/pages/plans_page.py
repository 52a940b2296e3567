"""All running plans of the hub: what is missed first, then the reports that are due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates
from api.pages.guard import PageRoute
from api.pages.paging import Pages
from api.pages.people import Named, participants
from api.pages.session import InHub
from api.pages.wording import Status
from records.plan_overview import PlanLine, PlanNeed, missed_steps, running_plans
from records.tables import PlanStep

router = APIRouter(route_class=PageRoute)

A_PAGE = 50
A_FEW = 3
"""Missed steps that a row names; the plan's own page has all."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan of the list.

    Attributes:
        why: what it needs, each a whole sentence.
        steps: some of its missed steps.
        more: how many others were missed.
    """

    line: PlanLine
    who: str
    link: str
    status: Status
    next: str
    why: tuple[str, ...]
    steps: Sequence[PlanStep]
    more: int


@router.get("/plans")
def show_plans(visit: InHub, page: str = "1") -> Response:
    """Every running plan, missed steps first, then reports that are due."""
    today = dates.today_in(visit.hub.zone, visit.now)
    with visit.reading() as session:
        every = running_plans(session, visit.now)
        pages = Pages.of(page, len(every), A_PAGE)
        lines = every[pages.cut]
        missed = missed_steps(session, lines, visit.now)
        who = participants(session, {line.case_id for line in lines})
        rows = [_row(line, who, missed.get(line.plan_id, ()), today) for line in lines]
    values = {
        "visit": visit,
        "rows": rows,
        "pages": pages,
        "missed": sum(bool(line.missed) for line in every),
        "reports": sum(line.report_for is not None for line in every),
    }
    return visit.desk.page("plans.html", values)


def _row(
    line: PlanLine, people: Mapping[str, Named], missed: Sequence[PlanStep], today: date
) -> PlanRow:
    return PlanRow(
        line=line,
        who=people[line.case_id].full,
        link=f"/cases/{line.case_id}/plans/{line.plan_id}",
        status=_status(line),
        next=dates.away(line.next_on, today) if line.next_on else "",
        why=tuple(_why(line, today)),
        steps=missed[:A_FEW],
        more=max(0, len(missed) - A_FEW),
    )


def _status(line: PlanLine) -> Status:
    match line.need:
        case PlanNeed.MISSED:
            words = "one step missed" if line.missed == 1 else f"{line.missed} steps missed"
            return Status(words, "triangle", "amber")
        case PlanNeed.REPORT:
            return Status("report due", "diamond", "amber")
        case PlanNeed.SENT_BACK:
            return Status("report sent back", "diamond", "amber")
        case PlanNeed.PAUSED:
            return Status("paused in custody", "square")
        case _:
            return Status("goes on", "disc", "good")


def _why(line: PlanLine, today: date) -> Iterator[str]:
    if line.report_for is not None:
        day = line.report_for.date()
        yield (
            f"A report is due for court on {dates.day_words(day)}, {dates.away(day, today)}, "
            "and none is made yet."
        )
    if line.sent_back:
        yield "Counsel sent a report back."
    if line.with_counsel:
        yield "A report waits for counsel to approve it."
    if line.paused:
        yield "Nothing is asked of them while they are in custody."
    if line.ends_on is not None and line.ends_on < today:
        yield f"Its last day was {dates.day_words(line.ends_on)}: end it, or give it more time."
    if not line.missed and line.next_on is None and not line.paused:
        yield "No step of it has a day ahead."
