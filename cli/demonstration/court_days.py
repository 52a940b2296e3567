"""Days on which a court sits: no weekend, no federal holiday (5 U.S.C. 6103)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_MONDAY, _THURSDAY = 0, 3


@lru_cache(maxsize=8)
def holidays(year: int) -> frozenset[date]:
    """The days on which the courts of the story are closed besides weekends.

    The day after Thanksgiving is no federal holiday; most courts take it.
    """
    days = {_observed(date(year, month, day)) for month, day in _FIXED}
    thanksgiving = _nth(year, 11, _THURSDAY, 4)
    days |= {_nth(year, 1, _MONDAY, 3), _nth(year, 2, _MONDAY, 3), _nth(year, 9, _MONDAY, 1)}
    days |= {_nth(year, 10, _MONDAY, 2), _last_monday(year, 5)}
    return frozenset(days | {thanksgiving, thanksgiving + timedelta(days=1)})


def sits(day: date) -> bool:
    """Whether the court sits on this day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def on_or_after(day: date, fits: Callable[[date], bool] = sits) -> date:
    """The first day from `day` on that fits."""
    while not fits(day):
        day += timedelta(days=1)
    return day


def on_or_before(day: date, fits: Callable[[date], bool] = sits) -> date:
    """The last day up to `day` that fits."""
    while not fits(day):
        day -= timedelta(days=1)
    return day


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on Friday, one on a Sunday on Monday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=day.weekday())
