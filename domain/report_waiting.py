"""Reports that wait for counsel: counsel is written to once, and an advocate hears of silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain.agenda import AgendaItem
from domain.facts import PlanFacts, ReportFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, Wish, open_task, plan_message

ASKS_COUNSEL: Final = "report_review"
WITHOUT_HEARING: Final = timedelta(days=14)
"""How long a report that is for no hearing may wait."""
SHORTEST_WAIT: Final = timedelta(hours=24)
"""Counsel has a day at least before somebody calls, where the hearing leaves one."""


def reports_waiting(facts: PlanFacts, ledger: Ledger, now: datetime) -> Iterator[AgendaItem]:
    """What is due for the reports of one plan."""
    for report in facts.reports:
        until = _wanted(facts, report)
        if facts.counsel is not None and now < until:
            wish = Wish(
                facts.counsel,
                report.id,
                _turn(report),
                ASKS_COUNSEL,
                due=report.asked_at,
                until=until,
            )
            yield from plan_message(wish, ledger, facts.policy, now)
        late = _late(facts, report)
        yield from open_task(
            ledger,
            "report_waits",
            report.id,
            _turn(report),
            due=late,
            until=late + TASK_USEFUL,
        )


def _wanted(facts: PlanFacts, report: ReportFacts) -> datetime:
    """Until when counsel's answer is of use (UTC)."""
    hearing = report.hearing_at
    if hearing is not None and hearing > report.asked_at:
        return hearing
    return report.asked_at + WITHOUT_HEARING


def _late(facts: PlanFacts, report: ReportFacts) -> datetime:
    """When somebody calls counsel (UTC): so many days before the hearing that it is still of use,
    and never sooner than counsel had a day, or half of what was left."""
    until = _wanted(facts, report)
    ready = until - timedelta(days=facts.leads.ready)
    soonest = report.asked_at + min(SHORTEST_WAIT, (until - report.asked_at) / 2)
    return max(ready, soonest)


def _turn(report: ReportFacts) -> int:
    """Which asking it is: another one after a change is told anew."""
    return int(report.asked_at.timestamp()) % (2**31)
