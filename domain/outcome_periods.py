"""The days over which a hub's outcomes are counted, on the hub's own wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.court_time import instant_at

MOST_MONTHS: Final = 36
"""A longer time is asked for in parts: its months could not be told apart in a drawing."""
FIRST_DAY: Final = date(2000, 1, 1)
"""No hub was there before; a year of two digits is a slip of the keys."""
_A_DAY: Final = timedelta(days=1)


class Span(StrEnum):
    """What a period is called."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CHOSEN = "chosen"


class BadPeriod(ValueError):
    """Days that are no period; the message says what to do, `field` where ("first" or "last")."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both counted; days of the hub's wall.

    Raises:
        BadPeriod: it ends before it begins, begins before `FIRST_DAY`, or has more than
            `MOST_MONTHS` months.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what is no period."""
        if self.first < FIRST_DAY:
            raise BadPeriod("first", f"Choose a first day from {FIRST_DAY.year} on.")
        if self.last < self.first:
            raise BadPeriod("last", "The last day is before the first one. Choose a later one.")
        if _number(self.last) - _number(self.first) >= MOST_MONTHS:
            raise BadPeriod(
                "last", f"This is too long: choose at most {MOST_MONTHS} months at a time."
            )

    @property
    def months(self) -> list[date]:
        """The first days of its months, oldest first; the first and the last may be in part."""
        return [
            date(one // 12, one % 12 + 1, 1)
            for one in range(_number(self.first), _number(self.last) + 1)
        ]

    def begins(self, zone: str) -> datetime:
        """The instant (UTC) of its first midnight in an IANA zone."""
        return instant_at(self.first, time(0), zone)

    def ends(self, zone: str) -> datetime:
        """The instant (UTC) of the midnight after its last day; it is not of the period."""
        return instant_at(self.last + _A_DAY, time(0), zone)

    def month_ends(self, zone: str) -> list[datetime]:
        """The instant (UTC) at which each of its months is over, oldest first."""
        starts = [instant_at(first, time(0), zone) for first in self.months[1:]]
        return [*starts, self.ends(zone)]


def this_span(span: Span, today: date) -> Period:
    """The present month, quarter or year up to today.

    Args:
        span: not `CHOSEN`.
        today: on the hub's wall.
    """
    month = {
        Span.MONTH: today.month,
        Span.QUARTER: (today.month - 1) // 3 * 3 + 1,
        Span.YEAR: 1,
    }[span]
    return Period(date(today.year, month, 1), today)


def chosen(first: date | None, last: date | None, today: date) -> Period:
    """What somebody chose.

    Raises:
        BadPeriod: a day is missing, the last one is still to come, or they are no period.
    """
    if first is None:
        raise BadPeriod("first", "Choose the first day.")
    if last is None:
        raise BadPeriod("last", "Choose the last day.")
    if last > today:
        raise BadPeriod("last", "The last day is still to come. Choose today or an earlier one.")
    return Period(first, last)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1
