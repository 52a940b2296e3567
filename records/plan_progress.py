"""A plan over time, read from the records: its steps, custody, and its case's hearings."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select

from domain.court_time import wall_time
from domain.plan_progress import CourtDay, PlanProgress, StepOnDay, over_time
from domain.vocabulary import HearingStatus, StepState
from records.database import HubSession
from records.hubs import the_hub
from records.tables import CustodyPeriod, Hearing, PlanStep, SupportPlan


def progress_of(
    session: HubSession, plan: SupportPlan, steps: Sequence[PlanStep], now: datetime
) -> PlanProgress | None:
    """A plan over time; None where nothing in it has a day.

    Args:
        session: of the hub.
        plan: whose.
        steps: all of its steps, series and occurrences too.
        now: UTC.
    """
    hub = the_hub(session)
    return over_time(
        {row.id: row.title for row in steps if row.parent_id is None},
        (
            StepOnDay(row.id, row.parent_id or row.id, row.due_on, StepState(row.state))
            for row in steps
            if not row.recurrence
        ),
        (plan.starts_on, plan.ends_on),
        wall_time(now, hub.zone).date(),
        hub.step_notice_days,
        held=_held(session, plan.case_id, hub.zone),
        court=_court(session, plan.case_id),
    )


def today_of(session: HubSession, now: datetime) -> date:
    """The date on the hub's wall at `now` (UTC)."""
    return wall_time(now, the_hub(session).zone).date()


def all_steps(session: HubSession, plan_id: str) -> Sequence[PlanStep]:
    """Every step of a plan, series and occurrences too, soonest first."""
    return session.exec(
        select(PlanStep)
        .where(PlanStep.plan_id == plan_id)
        .order_by(col(PlanStep.due_on).nulls_last(), col(PlanStep.number), col(PlanStep.id))
    ).all()


def _held(session: HubSession, case_id: str, zone: str) -> list[tuple[date, date | None]]:
    """Spans of custody as local dates of the hub."""
    rows = session.exec(
        select(col(CustodyPeriod.started_at), col(CustodyPeriod.ended_at))
        .where(CustodyPeriod.case_id == case_id)
        .order_by(col(CustodyPeriod.started_at))
    ).all()
    return [
        (wall_time(since, zone).date(), wall_time(until, zone).date() if until else None)
        for since, until in rows
    ]


def _court(session: HubSession, case_id: str) -> list[CourtDay]:
    rows = session.exec(
        select(col(Hearing.local_time), col(Hearing.kind)).where(
            Hearing.case_id == case_id, Hearing.status != HearingStatus.VACATED
        )
    ).all()
    return [CourtDay(at.date(), kind) for at, kind in rows]
