"""A hub's progress in numbers: what each figure counts, and which of them are too small to show.

Numbers alone, nobody's name. What is counted is said in one sentence beside it, the same on the
page, over the API and in the table for funders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from statistics import median
from types import MappingProxyType
from typing import Final

from domain.vocabulary import PlanState, StepState

MONTHS: Final = 12
"""How many months are shown, with the present one."""
SMALL: Final = 5
"""A count below this is not shown of a part of the hub's people."""


class Figure(StrEnum):
    """What is counted."""

    PLANS_COMPLETED = "plans_completed"
    STEPS_IN_TIME = "steps_in_time"
    OVERDUE_NOW = "overdue_now"
    ANSWERS = "answers"
    LOOPS_ACCEPTED = "loops_accepted"
    LOOPS_SILENT = "loops_silent"
    LOOPS_MET = "loops_met"
    LOOPS_CLOSED = "loops_closed"
    DAYS_TO_ANSWER = "days_to_answer"


COUNTED: Final[Mapping[Figure, str]] = MappingProxyType(
    {
        Figure.PLANS_COMPLETED: "Of the plans that had begun and then ended in a month, those that "
        "were completed. Plans that a court did not order, or that never began, are not counted.",
        Figure.STEPS_IN_TIME: "Of the steps whose day was in a month and that were done or missed, "
        "those that were shown or checked before they counted as missed. What was excused or "
        "cancelled, and what is still open, is not counted.",
        Figure.OVERDUE_NOW: "Steps of running plans whose day is over and that nobody has shown, "
        "excused or moved, missed ones too. Nothing is overdue while a person is in custody.",
        Figure.ANSWERS: "Of the steps that were missed in these months, those for which "
        "somebody told us what got in the way.",
        Figure.LOOPS_ACCEPTED: "Of the providers that were asked in a month, those that said yes "
        "and have not taken it back since. One that was asked by mistake is not counted.",
        Figure.LOOPS_SILENT: "Of the providers that were asked in a month, those that had said "
        "nothing when the time to answer was over for the second time.",
        Figure.LOOPS_MET: "Of the providers that were asked in a month, those that have met the "
        "person since.",
        Figure.LOOPS_CLOSED: "Of the providers that were asked in a month, those whose work with "
        "the person is finished.",
        Figure.DAYS_TO_ANSWER: "Days until providers that were asked in a month said yes or no: "
        "half of the answers came sooner. Who has not answered is not counted.",
    }
)
"""What each figure counts, in a sentence or two."""


class Outcome(StrEnum):
    """What became of a step whose day is over."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"


def outcome_of(state: StepState, *, was_missed: bool) -> Outcome | None:
    """What became of a step; None while it is open, and for what was excused or cancelled.

    Args:
        state: as it is kept.
        was_missed: it counted as missed at some time, and got no other day since.
    """
    if state in (StepState.VERIFIED, StepState.EVIDENCED):
        return Outcome.LATE if was_missed else Outcome.IN_TIME
    if state is StepState.CURED:
        return Outcome.LATE
    return Outcome.MISSED if state in (StepState.MISSED, StepState.ESCALATED) else None


@dataclass(frozen=True, slots=True)
class StepCounts:
    """What became of steps."""

    in_time: int = 0
    late: int = 0
    missed: int = 0

    @property
    def counted(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.missed

    def plus(self, outcome: Outcome, count: int) -> StepCounts:
        """With so many more of one outcome."""
        return replace(self, **{outcome.value: getattr(self, outcome.value) + count})


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How many plans were completed, of those that had begun and ended."""

    completed: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of one month; `first` is its first day."""

    first: date
    steps: StepCounts
    plans: PlanCounts


@dataclass(frozen=True, slots=True)
class Group:
    """A part of what a figure counts: a kind of step, what was ordered, what was chosen.

    Attributes:
        name: in plain words.
        part, whole: so many of so many; both None where they are too small to be shown.
    """

    figure: Figure
    name: str
    part: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A part before it is decided whether it can be shown.

    Attributes:
        people: how many plans stand behind it; a person's plan counts once.
    """

    name: str
    part: int
    whole: int
    people: int


@dataclass(frozen=True, slots=True)
class LoopCounts:
    """What became of providers that were asked.

    Attributes:
        days: until each answer, in days.
    """

    asked: int = 0
    accepted: int = 0
    silent: int = 0
    met: int = 0
    finished: int = 0
    days: tuple[float, ...] = ()

    @property
    def answered(self) -> int:
        """How many said yes or no."""
        return len(self.days)

    @property
    def days_to_answer(self) -> float | None:
        """The median, in days; None where nobody answered."""
        return round(median(self.days), 1) if self.days else None

    def plus(self, other: LoopCounts) -> LoopCounts:
        """Both together."""
        return LoopCounts(
            self.asked + other.asked,
            self.accepted + other.accepted,
            self.silent + other.silent,
            self.met + other.met,
            self.finished + other.finished,
            self.days + other.days,
        )


@dataclass(frozen=True, slots=True)
class LoopFigures:
    """Providers that were asked, by the first day of the month in which they were, oldest first."""

    months: Sequence[tuple[date, LoopCounts]]

    @property
    def all(self) -> LoopCounts:
        """All months together."""
        found = LoopCounts()
        for _, counts in self.months:
            found = found.plus(counts)
        return found


def loops_by_month(
    firsts: Sequence[date], asked: Iterable[tuple[date, LoopCounts]]
) -> LoopFigures | None:
    """The figures of each month; None where no provider was asked in any.

    Args:
        firsts: the months' first days, oldest first.
        asked: the day on which each was asked, and what became of it.
    """
    counts = dict.fromkeys(firsts, LoopCounts())
    for day, one in asked:
        first = day.replace(day=1)
        if first in counts:
            counts[first] = counts[first].plus(one)
    figures = LoopFigures([(first, counts[first]) for first in firsts])
    return figures if figures.all.asked else None


@dataclass(frozen=True, slots=True)
class HubProgress:
    """A hub's progress, or that of one advocate's cases.

    Attributes:
        months: oldest first, the present one last.
        running: plans under way.
        missed, answered: steps missed in these months, and those for which there is an answer.
        loops: referrals, where they are counted.
    """

    months: Sequence[Month]
    running: int
    overdue: int
    missed: int
    answered: int
    groups: Sequence[Group]
    loops: LoopFigures | None = None

    @property
    def steps(self) -> StepCounts:
        """All months together."""
        every = [month.steps for month in self.months]
        return StepCounts(
            sum(one.in_time for one in every),
            sum(one.late for one in every),
            sum(one.missed for one in every),
        )

    @property
    def plans(self) -> PlanCounts:
        """All months together."""
        every = [month.plans for month in self.months]
        return PlanCounts(sum(one.completed for one in every), sum(one.ended for one in every))


ENDED_AFTER_BEGINNING: Final = frozenset(
    {
        PlanState.DISCHARGED_SUCCESSFUL,
        PlanState.DISCHARGED_UNSUCCESSFUL,
        PlanState.DISCHARGED_OTHER,
        PlanState.REFUSED,
    }
)
"""How a plan that had begun may end."""


def months_until(today: date, count: int = MONTHS) -> list[date]:
    """The first days of so many months, the present one last."""
    last = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(last - count + 1, last + 1)]


def by_month(
    firsts: Sequence[date],
    steps: Iterable[tuple[date, Outcome, int]],
    plans: Iterable[tuple[date, bool]],
) -> list[Month]:
    """The figures of each month.

    Args:
        firsts: the months' first days, oldest first.
        steps: by their day: what became of them, and how many.
        plans: the day on which each ended, and whether it was completed.
    """
    step_counts = dict.fromkeys(firsts, StepCounts())
    plan_counts = dict.fromkeys(firsts, PlanCounts())
    for day, outcome, count in steps:
        first = day.replace(day=1)
        if first in step_counts:
            step_counts[first] = step_counts[first].plus(outcome, count)
    for day, completed in plans:
        first = day.replace(day=1)
        if first in plan_counts:
            was = plan_counts[first]
            plan_counts[first] = PlanCounts(was.completed + completed, was.ended + 1)
    return [Month(first, step_counts[first], plan_counts[first]) for first in firsts]


def hide_small(figure: Figure, parts: Iterable[Counted]) -> list[Group]:
    """Parts of a figure, without those that would tell of single people.

    A part is hidden where it, what it leaves, or the people behind it are fewer than five.
    """
    found = [one for one in parts if one.whole]
    hidden = held_back(found, _small)
    return [
        Group(figure, one.name, None, None)
        if one.name in hidden
        else Group(figure, one.name, one.part, one.whole)
        for one in sorted(found, key=_largest_first)
    ]


def held_back(parts: Iterable[Counted], small: Callable[[Counted], bool]) -> set[str]:
    """The names of the parts that cannot be shown beside their whole.

    As the whole is known, one hidden part could be worked out from the others: then the smallest of
    those goes, too.
    """
    found = sorted(parts, key=_largest_first)
    hidden = {one.name for one in found if small(one)}
    while hidden and len(hidden) < len(found) and not _safe(found, hidden):
        hidden.add([one.name for one in found if one.name not in hidden][-1])
    return hidden


def _largest_first(one: Counted) -> tuple[int, str]:
    return -one.whole, one.name


def _small(one: Counted) -> bool:
    rest = one.whole - one.part
    return one.people < SMALL or any(0 < count < SMALL for count in (one.part, rest, one.whole))


def _safe(found: Sequence[Counted], hidden: set[str]) -> bool:
    kept_back = [one for one in found if one.name in hidden]
    return len(kept_back) > 1 and sum(one.people for one in kept_back) >= SMALL


def percent(part: int, whole: int) -> int | None:
    """So many in a hundred, rounded; None of nothing."""
    return round(100 * part / whole) if whole else None
