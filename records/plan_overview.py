"""Every running plan of a hub: missed steps first, then reports that are due, in a fixed number of
queries. The order is found without opening a name or a title; those are read for one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from domain.vocabulary import HearingStatus, PlanState, StepState
from records.database import HubSession
from records.plan_progress import today_of
from records.progress_figures import overdue_on
from records.tables import Case, Hearing, HumanTask, PlanStep, ProgressReport, SupportPlan

REPORT_DUE = "progress_report_due"
"""The kind of task that asks for a report."""


class PlanNeed(IntEnum):
    """What a plan needs most, worst first."""

    MISSED = 0
    REPORT = 1
    SENT_BACK = 2
    NOTHING = 3
    PAUSED = 4


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One running plan.

    Attributes:
        ordered: a court ordered it, or a step of it.
        paused: the person is held; nothing is asked of them.
        missed: how many steps were missed or are past their day, and `missed_since` the earliest
            of those days (local dates of the hub).
        next_on: when something is due next.
        report_for: the court date for which a report is asked for and not made (local); None for
            none.
        with_counsel: reports that wait for counsel.
        sent_back: reports that counsel sent back.
    """

    plan_id: str
    case_id: str
    ordered: bool
    paused: bool
    ends_on: date | None
    missed: int
    missed_since: date | None
    next_on: date | None
    report_for: datetime | None
    with_counsel: int
    sent_back: int

    @property
    def need(self) -> PlanNeed:
        """What it needs most."""
        if self.missed:
            return PlanNeed.MISSED
        if self.report_for is not None:
            return PlanNeed.REPORT
        if self.sent_back:
            return PlanNeed.SENT_BACK
        return PlanNeed.PAUSED if self.paused else PlanNeed.NOTHING


def running_plans(session: HubSession, now: datetime) -> list[PlanLine]:
    """Every running plan of the hub, what is missed longest first, then reports by their court
    date, then what is due next.

    Args:
        session: of the hub.
        now: UTC.
    """
    today = today_of(session, now)
    missed, coming = _missed(session, today), _coming(session, today)
    reports, made = _reports_due(session), _made(session)
    some_ordered = _with_ordered_steps(session)
    rows = session.execute(
        select_columns(
            col(SupportPlan.id),
            col(SupportPlan.case_id),
            col(SupportPlan.mandated),
            col(SupportPlan.ends_on),
            col(Case.custody),
        )
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(col(SupportPlan.state) == PlanState.IN_PROGRESS)
    ).all()
    lines = []
    for plan_id, case_id, ordered, ends_on, custody in rows:
        count, since = missed.get(plan_id, (0, None))
        lines.append(
            PlanLine(
                plan_id=plan_id,
                case_id=case_id,
                ordered=ordered or plan_id in some_ordered,
                paused=custody == "detained",
                ends_on=ends_on,
                missed=count,
                missed_since=since,
                next_on=coming.get(plan_id),
                report_for=reports.get(plan_id),
                with_counsel=made.get((plan_id, "asked"), 0),
                sent_back=made.get((plan_id, "sent_back"), 0),
            )
        )
    return sorted(lines, key=_order)


def missed_steps(
    session: HubSession, lines: Iterable[PlanLine], now: datetime
) -> dict[str, list[PlanStep]]:
    """Plan id → its missed steps, the longest missed first."""
    found: dict[str, list[PlanStep]] = {}
    for step in session.exec(
        select(PlanStep)
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(
            col(PlanStep.plan_id).in_([line.plan_id for line in lines]),
            *overdue_on(today_of(session, now)),
        )
        .order_by(col(PlanStep.due_on), col(PlanStep.id))
    ).all():
        found.setdefault(step.plan_id, []).append(step)
    return found


def _order(line: PlanLine) -> tuple[PlanNeed, date, date, str]:
    first = {
        PlanNeed.MISSED: line.missed_since,
        PlanNeed.REPORT: line.report_for.date() if line.report_for else None,
    }.get(line.need)
    return line.need, first or date.max, line.next_on or date.max, line.plan_id


def _missed(session: HubSession, today: date) -> dict[str, tuple[int, date | None]]:
    rows = session.exec(
        select(col(PlanStep.plan_id), func.count(col(PlanStep.id)), func.min(col(PlanStep.due_on)))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(*overdue_on(today))
        .group_by(col(PlanStep.plan_id))
    ).all()
    return {plan_id: (count, since) for plan_id, count, since in rows}


def _coming(session: HubSession, today: date) -> dict[str, date]:
    rows = session.exec(
        select(col(PlanStep.plan_id), func.min(col(PlanStep.due_on)))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .where(
            SupportPlan.state == PlanState.IN_PROGRESS,
            PlanStep.recurrence == "",
            PlanStep.state == StepState.ACTIVE,
            col(PlanStep.due_on) >= today,
        )
        .group_by(col(PlanStep.plan_id))
    ).all()
    return {plan_id: due for plan_id, due in rows if due is not None}


def _with_ordered_steps(session: HubSession) -> set[str]:
    """Plans in which a court ordered a step."""
    rows = session.exec(
        select(col(PlanStep.plan_id))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .where(SupportPlan.state == PlanState.IN_PROGRESS, col(PlanStep.mandated).is_(True))
        .distinct()
    ).all()
    return set(rows)


def _reports_due(session: HubSession) -> dict[str, datetime]:
    """Plan id → the first court date for which a report is asked for, on the court's own clock."""
    rows = session.exec(
        select(col(HumanTask.plan_id), col(Hearing.local_time))
        .join(Hearing, col(Hearing.id) == HumanTask.hearing_id)
        .where(
            HumanTask.kind == REPORT_DUE,
            col(HumanTask.closed_at).is_(None),
            Hearing.status == HearingStatus.SCHEDULED,
        )
        .order_by(col(Hearing.starts_at).desc(), col(Hearing.id))
    ).all()
    return {plan_id: at for plan_id, at in rows if plan_id is not None}


def _made(session: HubSession) -> dict[tuple[str, str], int]:
    """Plan id and state → how many reports of it are in that state."""
    rows = session.exec(
        select(
            col(ProgressReport.plan_id),
            col(ProgressReport.state),
            func.count(col(ProgressReport.id)),
        )
        .join(SupportPlan, col(SupportPlan.id) == ProgressReport.plan_id)
        .where(
            SupportPlan.state == PlanState.IN_PROGRESS,
            col(ProgressReport.ended_at).is_(None),
            col(ProgressReport.state).in_(("asked", "sent_back")),
        )
        .group_by(col(ProgressReport.plan_id), col(ProgressReport.state))
    ).all()
    return {(plan_id, state): count for plan_id, state, count in rows}
