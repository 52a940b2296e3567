"""When things happen in the year: naive wall times of the court's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
_TEN, _NOON = time(10, 0), time(12, 0)


@dataclass(frozen=True, slots=True)
class Days:
    """The moments that do not follow from the plan's own dates.

    Attributes:
        start: the plan's first day.
        held, free: the days on which she is taken in, and comes out.
    """

    start: date
    asked: datetime
    offered_again: datetime
    first_status: datetime
    held: datetime
    free: datetime
    second_status: datetime
    done: datetime
    end: datetime

    @property
    def opened(self) -> datetime:
        """When the hub opens the case."""
        return datetime.combine(self.start, time(9, 0))


def days_of(year: int) -> Days:
    """The moments of one year; its plan begins on the second Monday of January."""
    start = monday(date(year, 1, 8))
    return Days(
        start=start,
        asked=datetime.combine(start + 2 * DAY, _TEN),
        offered_again=datetime.combine(start + 16 * DAY, _TEN),
        first_status=datetime.combine(monday(date(year, 5, 8)) + DAY, time(9, 30)),
        held=datetime.combine(monday(date(year, 7, 8)) + DAY, time(23, 0)),
        free=datetime.combine(monday(date(year, 8, 1)) + 2 * DAY, time(15, 0)),
        second_status=datetime.combine(monday(date(year, 11, 8)) + DAY, time(9, 30)),
        done=datetime.combine(start + 367 * DAY, _TEN),
        end=datetime.combine(start + 369 * DAY, _NOON),
    )


def monday(day: date) -> date:
    """That day, or the first Monday after it."""
    return day + (7 - day.weekday()) % 7 * DAY
