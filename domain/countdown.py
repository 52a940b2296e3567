"""The steps before a hearing: some days before and, where the hub wants it, that morning.

Sources of the defaults: 7, 3 and 1 days before (Fishbane, Ouss and Shah, Science 2020; Santa
Clara trial, Science Advances 2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.court_time import instant_at, wall_time
from domain.facts import HearingFacts, HubPolicy

NEVER_WITHIN = timedelta(hours=1)
"""No reminder within this span after a message that already said the same."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One step before a hearing: its name, when it is due, and until when it helps (UTC)."""

    step: str
    due: datetime
    until: datetime


def countdown(policy: HubPolicy, hearing: HearingFacts) -> tuple[Moment, ...]:
    """The steps before a hearing at its present revision, first to last.

    A step helps until an hour before the next one, and "tomorrow" until midnight: whoever was
    not told by then is not told twice in a row.
    """
    day = wall_time(hearing.when.instant, policy.zone).date()
    midnight = instant_at(day, time(0, 0), policy.zone)
    starts = {
        f"before_{days}": instant_at(day - timedelta(days=days), policy.reminder_at, policy.zone)
        for days in policy.reminder_days
    }
    if policy.morning_at is not None:
        starts["morning"] = instant_at(day, policy.morning_at, policy.zone)
    steps = sorted((due, step) for step, due in starts.items())
    ends = [*(due - NEVER_WITHIN for due, _ in steps[1:]), hearing.when.instant]
    moments = (
        Moment(step, due, min(end, midnight) if step == "before_1" else end)
        for (due, step), end in zip(steps, ends, strict=False)
    )
    return tuple(
        moment
        for moment in moments
        if moment.due < moment.until and moment.due + NEVER_WITHIN <= hearing.when.instant
    )


def days_before(policy: HubPolicy, hearing: HearingFacts, days: int) -> datetime:
    """The hub's hour for reminders, some days before a hearing (UTC)."""
    day = wall_time(hearing.when.instant, policy.zone).date()
    return instant_at(day - timedelta(days=days), policy.reminder_at, policy.zone)
