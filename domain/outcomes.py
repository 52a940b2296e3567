"""What came of a hub's work: each measure as a pure function over facts, with its definition.

Numbers alone, nobody's name. A measure says what it is a share of, so that a page, a program and a
table for funders can show both beside it. None of them claims that the hub's work was the cause.

Hearings are many: `records/outcome_hearings.py` adds them up in the database by these definitions,
and a test holds it to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from domain.vocabulary import Appearance, PlanState, ReferralState

LIFE_DAYS: Final = 25_567
"""Life in days: 70 years of 365.25 days are 25,567.5, and the half day is dropped."""

_OWN: Final = frozenset({Appearance.APPEARED, Appearance.FAILED_TO_APPEAR})
_NOT_ASKED: Final = frozenset({ReferralState.DRAFT, ReferralState.ENTERED_IN_ERROR})
_DISCHARGED: Final = frozenset(
    {
        PlanState.DISCHARGED_SUCCESSFUL,
        PlanState.DISCHARGED_UNSUCCESSFUL,
        PlanState.DISCHARGED_OTHER,
    }
)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no share.

        Raises:
            ValueError: the part is below zero or above the whole.
        """
        if not 0 <= self.part <= self.whole:
            raise ValueError("A part is at least zero and at most its whole.")

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where there is nothing to take a share of."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Saving:
    """What one case could have cost and what it did, in days of incarceration.

    Attributes:
        exposure_days: maximum on the charges when the family first came; with `life_exposed`
            it is not read.
        received_days: incarceration received; with `life_received` it is not read.

    Raises:
        ValueError: a number of days is below zero.
    """

    exposure_days: int
    received_days: int
    life_exposed: bool = False
    life_received: bool = False

    def __post_init__(self) -> None:
        """Refuse days below zero."""
        if self.exposure_days < 0 or self.received_days < 0:
            raise ValueError("Days of incarceration are zero or more.")

    @property
    def raw_days(self) -> int:
        """Exposure less what was received; below zero where more was received."""
        exposed = LIFE_DAYS if self.life_exposed else self.exposure_days
        return exposed - (LIFE_DAYS if self.life_received else self.received_days)


@dataclass(frozen=True, slots=True)
class TimeSaved:
    """Time saved over cases, in days.

    Attributes:
        cases: how many were counted, life among them.
        days: of cases that did not face life, none counted below zero.
        life_cases: how many faced life.
        life_days: of those that faced life, none counted below zero.
        raw_days: of all cases, each as it is.
    """

    cases: int
    days: int
    life_cases: int
    life_days: int
    raw_days: int

    @property
    def life_equivalents(self) -> float:
        """What was saved of those that faced life, in lives of `LIFE_DAYS`."""
        return self.life_days / LIFE_DAYS


def time_saved(savings: Iterable[Saving]) -> TimeSaved:
    """Maximum exposure less incarceration received; no claim that the work was the cause.

    Source: the measure of participatory defense hubs, where time saved stands instead of time
    served. Totals are floored at zero case by case; the raw sum and life stand apart.
    """
    counted = tuple(savings)
    life = [max(0, one.raw_days) for one in counted if one.life_exposed]
    fixed = (max(0, one.raw_days) for one in counted if not one.life_exposed)
    raw = sum(one.raw_days for one in counted)
    return TimeSaved(len(counted), sum(fixed), len(life), sum(life), raw)


def hearings_appeared(outcomes: Iterable[Appearance]) -> Share:
    """Per hearing: appeared, of those held; who was excused or not brought did not appear.

    Source: National Institute of Corrections, appearance rate, counted by hearing.
    """
    held = list(outcomes)
    return Share(held.count(Appearance.APPEARED), len(held))


def people_appeared(outcomes: Mapping[str, Iterable[Appearance]]) -> Share:
    """People who made all of their scheduled appearances, of those who had one to make.

    Who was excused, or in custody and not brought, had none to make at that hearing: it neither
    counts for them nor against them.
    Source: National Institute of Corrections, appearance rate.

    Args:
        outcomes: what was recorded of each person's held hearings, by the person's id.
    """
    each = [_OWN.intersection(one) for one in outcomes.values()]
    had_one = [one for one in each if one]
    return Share(sum(Appearance.FAILED_TO_APPEAR not in one for one in had_one), len(had_one))


def before_hearings(first_word: Iterable[tuple[datetime, datetime | None]]) -> Share:
    """Hearings before which it had happened: somebody was reached, or had confirmed.

    Args:
        first_word: when each hearing began, and when a message was first delivered to anybody of
            the circle, or the first yes came; None for never. Instants with a zone.
    """
    each = [at is not None and at < starts for starts, at in first_word]
    return Share(sum(each), len(each))


def notice_latency(changes: Iterable[tuple[datetime, datetime | None]]) -> timedelta | None:
    """From a hearing's change to the first delivered word of it: the median; None without any.

    Args:
        changes: when each change was recorded and when word of it was first delivered; one of
            which nobody was told is not counted here, `before_hearings` shows it.
    """
    waits = [max(timedelta(0), told - changed) for changed, told in changes if told is not None]
    return timedelta(seconds=median(one.total_seconds() for one in waits)) if waits else None


def packets_on_time(due: Iterable[tuple[datetime, datetime | None]]) -> Share:
    """Packets approved by the end of their lead time, of the hearings that need one.

    Args:
        due: when each was due, and when counsel approved it; None for not approved.
    """
    each = [approved is not None and approved <= by for by, approved in due]
    return Share(sum(each), len(each))


def plans_completed(states: Iterable[PlanState]) -> Share:
    """Successful discharges, of all discharges; plans that still run are not counted."""
    ended = [one for one in states if one in _DISCHARGED]
    return Share(ended.count(PlanState.DISCHARGED_SUCCESSFUL), len(ended))


def loops_closed(states: Iterable[ReferralState]) -> Share:
    """Referrals that were completed, of those that were requested: no draft, and no mistake."""
    asked = [one for one in states if one not in _NOT_ASKED]
    return Share(asked.count(ReferralState.COMPLETED), len(asked))
