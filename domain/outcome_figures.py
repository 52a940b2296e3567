"""A hub's outcomes over a period: each measure with its months, and none that tells of few people.

Numbers alone, nobody's name. `domain/outcomes.py` says how each measure is reckoned; here is what
is said of it, and what of it can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from domain.outcome_periods import Period
from domain.outcomes import LIFE_DAYS, Share, TimeSaved
from domain.progress_figures import SMALL, Counted, held_back

T = TypeVar("T")


class Measure(StrEnum):
    """What is measured."""

    TIME_SAVED = "time_saved"
    LIFE_SAVED = "life_saved"
    RAW_SAVED = "raw_saved"
    HEARINGS_APPEARED = "hearings_appeared"
    PEOPLE_APPEARED = "people_appeared"
    REACHED = "hearings_reached"
    CONFIRMED = "hearings_confirmed"
    NOTICE = "notice"
    PACKETS = "packets_on_time"
    PLANS = "plans_completed"
    LOOPS = "loops_closed"


SHARES: Final = (
    Measure.HEARINGS_APPEARED,
    Measure.PEOPLE_APPEARED,
    Measure.REACHED,
    Measure.CONFIRMED,
    Measure.PACKETS,
    Measure.PLANS,
    Measure.LOOPS,
)
"""Measures that are so many of so many, in the order in which they are told."""

DEFINED: Final[Mapping[Measure, str]] = MappingProxyType(
    {
        Measure.TIME_SAVED: "The most that a person faced on the charges when the family first "
        "came, less the incarceration received, in days, added up over people of whom both are "
        "written down. It counts in the month in which it was decided. Where more was received "
        "than was faced, the case counts as zero. Those who faced life are counted apart.",
        Measure.LIFE_SAVED: f"The same for people who faced life. Life counts as 70 years "
        f"({LIFE_DAYS:,} days), and what was saved of it is given in lives.",
        Measure.RAW_SAVED: "The plain sum over the same people, life among them: where more was "
        "received than was faced, it takes away.",
        Measure.HEARINGS_APPEARED: "Of the hearings that were held, those at which the person "
        "appeared. Who was excused, or in custody and not brought, did not appear.",
        Measure.PEOPLE_APPEARED: "Of the people who had a hearing to make, those who made all of "
        "them. Who was excused, or not brought, had none to make that day.",
        Measure.REACHED: "Of the hearings that came and were not cancelled, those before which a "
        "message about this very date had arrived with the person or with somebody of their "
        "circle.",
        Measure.CONFIRMED: "Of the hearings that came and were not cancelled, those to which the "
        "person or somebody of their circle had said yes before they began.",
        Measure.NOTICE: "From the last change of a hearing, or its cancellation, until word of it "
        "first arrived with somebody: half of the changes were told sooner. A change that nobody "
        "was told of is not in the time, and is counted beside it.",
        Measure.PACKETS: "Of the hearings for which a packet was asked for, those whose packet "
        "counsel had approved by the day that the hub wants it ready.",
        Measure.PLANS: "Of the plans that were brought to an end, those that were completed. "
        "Plans that still run, and those that were refused, are not counted.",
        Measure.LOOPS: "Of the providers that were asked, those whose work with the person is "
        "finished. Drafts, and one that was asked by mistake, are not counted.",
    }
)
"""What each measure counts, in a few sentences."""
NO_CLAIM: Final = "This does not claim that the work was the cause."
"""Said wherever time saved is shown."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Time saved, and of how many of its cases counsel confirmed what was faced."""

    time: TimeSaved
    confirmed: int


@dataclass(frozen=True, slots=True)
class Notice:
    """How soon people heard of a change; `wait` is None where nobody heard of any."""

    told: Share
    wait: timedelta | None


@dataclass(frozen=True, slots=True)
class Of(Generic[T]):
    """A figure, and how many people stand behind it, before it is decided what can be shown."""

    value: T
    people: int


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """A figure over the period and in each of its months; None where it is not shown."""

    whole: T | None
    months: Sequence[T | None]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of a hub's work in a period.

    Attributes:
        days, life, every: time saved of those who faced days, of those who faced life, and of all.
        unknown: cases that were decided in the period, and of which nobody wrote down what the
            person had faced.
        shares: all of `SHARES`.
    """

    period: Period
    days: Result[Saved]
    life: Result[Saved]
    every: Result[Saved]
    unknown: int
    notice: Result[Notice]
    shares: Mapping[Measure, Result[Share]]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to show or to hide in the whole period."""
        every, notice = self.every.whole, self.notice.whole
        return (
            self.unknown == 0
            and (every is not None and every.time.cases == 0)
            and (notice is not None and notice.told.whole == 0)
            and all(one.whole is not None and one.whole.whole == 0 for one in self.shares.values())
        )


def shown(whole: Of[T], months: Sequence[Of[T]]) -> Result[T]:
    """What can be shown of a figure: nothing behind which fewer than `SMALL` people stand.

    Where the whole is shown, a single hidden month could be worked out from the others: then the
    smallest of those goes, too. What is nobody's is shown as the nothing that it is.
    """
    if _few(whole.people):
        # Not even in which months nothing was: what is left would tell in which one something was.
        return Result(None, [None for _ in months])
    behind = [Counted(f"{at:03}", 0, one.people, one.people) for at, one in enumerate(months)]
    hidden = held_back((one for one in behind if one.people), lambda one: _few(one.people))
    return Result(
        whole.value,
        [None if f"{at:03}" in hidden else one.value for at, one in enumerate(months)],
    )


def only_with(every: Result[T], *parts: Result[T]) -> Result[T]:
    """A figure, where all of its parts are shown: a part could be worked out from it."""

    def kept(one: T | None, beside: Sequence[T | None]) -> T | None:
        return None if any(part is None for part in beside) else one

    months = zip(every.months, *(part.months for part in parts), strict=True)
    return Result(
        kept(every.whole, [part.whole for part in parts]),
        [kept(one, beside) for one, *beside in months],
    )


def _few(people: int) -> bool:
    return 0 < people < SMALL
