"""Time of incarceration as law books and judgments say it, in the days that are counted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_YEARS: Final = 400
"""Terms that follow each other add up; more than this is a slip of the keys."""
_QUARTERS_A_YEAR: Final = 4 * 365 + 1
"""A year has 365.25 days, as `domain.outcomes.LIFE_DAYS` has it."""
MOST_DAYS: Final = MOST_YEARS * _QUARTERS_A_YEAR // 4


class SentenceState(StrEnum):
    """Where a sentence stands; NONE where the case ended without one."""

    NONE = "none"
    PENDING = "pending"
    SUSPENDED = "suspended"
    SERVING = "serving"
    COMPLETED = "completed"
    REVOKED = "revoked"
    VACATED = "vacated"
    COMMUTED = "commuted"


class BadTerm(ValueError):
    """Years, months and days that are no time of incarceration."""


@dataclass(frozen=True, slots=True)
class Term:
    """A time of incarceration: life, or so many days; with life the days are not read."""

    days: int = 0
    life: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            BadTerm: below zero, or longer than `MOST_YEARS`.
        """
        if self.days < 0:
            raise BadTerm("Days of incarceration are zero or more.")
        if self.days > MOST_DAYS:
            raise BadTerm(f"Use at most {MOST_YEARS} years.")


def term_of(years: int, months: int, days: int) -> Term:
    """The days of a time that is given in years, months and days, without the last part of a day.

    Years of 365.25 days and twelfths of them, so that 70 years are what life counts as.

    Raises:
        BadTerm: one of them is below zero, or all together are longer than `MOST_YEARS`.
    """
    if min(years, months, days) < 0:
        raise BadTerm("Years, months and days are zero or more.")
    return Term((years * 12 + months) * _QUARTERS_A_YEAR // 48 + days)
