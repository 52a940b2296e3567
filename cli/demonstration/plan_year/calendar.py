"""When everything of the year happens: naive wall times of the court's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MISSED_CHECK_IN, ANSWERED_CHECK_IN = 5, 11
"""Which check-ins of the series are missed, and answered with what got in the way."""
DAY = timedelta(days=1)
NOON = time(12, 0)
_HOUR = time(9, 30)


@dataclass(frozen=True, slots=True)
class Days:
    """The moments that do not follow from the plan's own dates."""

    opened: datetime
    plan_started: datetime
    referral_asked: datetime
    first_status: datetime
    detained: datetime
    released: datetime
    second_status: datetime
    completed: datetime
    end: datetime


def days_of(year: int) -> Days:
    """The moments of one year; it begins on the second Monday of January."""
    start = _monday(date(year, 1, 8))
    return Days(
        opened=datetime.combine(start, time(9, 0)),
        plan_started=datetime.combine(start, time(10, 0)),
        referral_asked=datetime.combine(start + 2 * DAY, time(10, 0)),
        first_status=datetime.combine(_monday(date(year, 5, 8)) + DAY, _HOUR),
        detained=datetime.combine(_monday(date(year, 7, 8)) + DAY, time(23, 0)),
        released=datetime.combine(_monday(date(year, 8, 1)) + 2 * DAY, time(15, 0)),
        second_status=datetime.combine(_monday(date(year, 11, 8)) + DAY, _HOUR),
        completed=datetime.combine(start + 367 * DAY, time(10, 0)),
        end=datetime.combine(start + 369 * DAY, NOON),
    )


def _monday(day: date) -> date:
    """That day, or the first Monday after it."""
    return day + (7 - day.weekday()) % 7 * DAY
