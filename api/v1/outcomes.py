"""What came of a hub's work over a period, in numbers: by month, and as a table. No names."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Out
from api.problems import documented
from domain.court_time import wall_time
from domain.outcome_figures import DEFINED, NO_CLAIM, Measure, Notice, Outcomes, Saved
from domain.outcome_periods import Period, Span, chosen, this_span
from domain.outcome_sheets import outcomes_csv
from domain.outcomes import Share
from records.database import HubSession
from records.hubs import the_hub
from records.outcomes import hub_outcomes

router = guarded_router("progress")

_A_SECOND = timedelta(seconds=1)
_HIDDEN = "Null where it could tell of fewer than five people."

First = Annotated[Day | None, Query(description="The first day, on the hub's wall; with `last`.")]
Last = Annotated[
    Day | None, Query(description="The last day, counted too. Without both: this year up to today.")
]


class SavedOut(Out):
    """Time saved, in days of incarceration."""

    cases: int
    confirmed: int = Field(description="Cases of which counsel confirmed what was faced.")
    days: int = Field(description="No case counts below zero.")
    raw_days: int = Field(description="The plain sum.")
    life_equivalents: float = Field(description="Of those who faced life, in lives of 70 years.")


class ShareOut(Out):
    """So many of so many."""

    part: int
    whole: int


class NoticeOut(Out):
    """How soon people heard of a change."""

    changes: int
    told: int
    seconds: float | None = Field(description="The median; null where nobody was told.")


class OutcomeMonthOut(Out):
    """One month; `first` is its first day."""

    first: Day
    days: SavedOut | None = Field(description=_HIDDEN)
    life: SavedOut | None = Field(description=_HIDDEN)
    every: SavedOut | None = Field(description=_HIDDEN)
    notice: NoticeOut | None = Field(description=_HIDDEN)
    shares: dict[Measure, ShareOut | None] = Field(description=_HIDDEN)


class OutcomesOut(Out):
    """The measures over the whole period, and by month."""

    first: Day
    last: Day
    days: SavedOut | None = Field(description=f"Of those who faced days. {_HIDDEN}")
    life: SavedOut | None = Field(description=f"Of those who faced life. {_HIDDEN}")
    every: SavedOut | None = Field(description=f"Of both together. {_HIDDEN}")
    unknown: int = Field(description="Cases that were decided, and not known what was faced.")
    notice: NoticeOut | None = Field(description=_HIDDEN)
    shares: dict[Measure, ShareOut | None] = Field(description=_HIDDEN)
    months: list[OutcomeMonthOut] = Field(description="Oldest first.")
    counted: dict[Measure, str] = Field(description="What each measure counts, in plain words.")
    no_claim: str = Field(description="To be said wherever time saved is shown.")


@router.get(
    "/outcomes",
    summary="What came of the hub's work",
    responses=documented(problems.INVALID),
)
def read_hub_outcomes(desk: AtDesk, first: First = None, last: Last = None) -> OutcomesOut:
    """Time saved, appearances, who was reached, packets in time, plans and referrals."""
    with desk.reading() as session:
        period = _period(session, desk, first, last)
        return _out(hub_outcomes(session, period, desk.now))


@router.get(
    "/outcomes/table",
    summary="The same as CSV",
    response_class=Response,
    responses={
        200: {"description": "The table.", "content": {"text/csv": {"schema": {"type": "string"}}}},
        **documented(problems.INVALID),
    },
)
def download_hub_outcomes(desk: AtDesk, first: First = None, last: Last = None) -> Response:
    """Every measure, for funders and spreadsheets. That it was taken is written into the audit."""
    with desk.writing() as session:
        period = _period(session, desk, first, last)
        table = outcomes_csv(hub_outcomes(session, period, desk.now))
        desk.audit(session, "took the hub's outcomes", "hub", desk.caller.hub_id)
    name = f"outcomes-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


def _period(session: HubSession, desk: AtDesk, first: date | None, last: date | None) -> Period:
    today = wall_time(desk.now, the_hub(session).zone).date()
    if first is None and last is None:
        return this_span(Span.YEAR, today)
    return chosen(first, last, today)


def _out(found: Outcomes) -> OutcomesOut:
    return OutcomesOut(
        first=found.period.first,
        last=found.period.last,
        days=_saved(found.days.whole),
        life=_saved(found.life.whole),
        every=_saved(found.every.whole),
        unknown=found.unknown,
        notice=_notice(found.notice.whole),
        shares={one: _share(share.whole) for one, share in found.shares.items()},
        months=[_month(found, at, first) for at, first in enumerate(found.period.months)],
        counted={one: DEFINED[one] for one in Measure},
        no_claim=NO_CLAIM,
    )


def _month(found: Outcomes, at: int, first: date) -> OutcomeMonthOut:
    return OutcomeMonthOut(
        first=first,
        days=_saved(found.days.months[at]),
        life=_saved(found.life.months[at]),
        every=_saved(found.every.months[at]),
        notice=_notice(found.notice.months[at]),
        shares={one: _share(share.months[at]) for one, share in found.shares.items()},
    )


def _saved(saved: Saved | None) -> SavedOut | None:
    if saved is None:
        return None
    time = saved.time
    return SavedOut(
        cases=time.cases,
        confirmed=saved.confirmed,
        days=time.days,
        raw_days=time.raw_days,
        life_equivalents=time.life_equivalents,
    )


def _share(share: Share | None) -> ShareOut | None:
    return None if share is None else ShareOut(part=share.part, whole=share.whole)


def _notice(notice: Notice | None) -> NoticeOut | None:
    if notice is None:
        return None
    seconds = None if notice.wait is None else notice.wait / _A_SECOND
    return NoticeOut(changes=notice.told.whole, told=notice.told.part, seconds=seconds)
