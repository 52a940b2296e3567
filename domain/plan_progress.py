"""A plan over time: what was done, shown, missed and is to come, as plain facts of dates.

A page draws them, programs read them; whatever is shown says the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.vocabulary import StepState


class Mark(StrEnum):
    """How a step, or one occurrence of it, stands; in the order in which a key names them.

    DONE: somebody checked it. CURED: it was missed, and then done. NOW: its reminder may be out.
    """

    DONE = "done"
    CURED = "cured"
    SHOWN = "shown"
    NOW = "now"
    TO_COME = "to_come"
    MISSED = "missed"
    EXCUSED = "excused"


_MARKS: Final[Mapping[StepState, Mark]] = MappingProxyType(
    {
        StepState.PROPOSED: Mark.TO_COME,
        StepState.ACTIVE: Mark.TO_COME,
        StepState.DUE: Mark.NOW,
        StepState.EVIDENCED: Mark.SHOWN,
        StepState.VERIFIED: Mark.DONE,
        StepState.CURED: Mark.CURED,
        StepState.MISSED: Mark.MISSED,
        StepState.ESCALATED: Mark.MISSED,
        StepState.EXCUSED: Mark.EXCUSED,
    }
)
"""What was cancelled has no mark: nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class StepOnDay:
    """A step that is done once, or one occurrence of a series.

    Attributes:
        row: id of what was agreed: the series, or the step itself.
        day: local date of the hub; None while it waits for a court date.
    """

    id: str
    row: str
    day: date | None
    state: StepState


@dataclass(frozen=True, slots=True)
class Time:
    """One mark: which step, on which local day."""

    step_id: str
    day: date
    mark: Mark


@dataclass(frozen=True, slots=True)
class Row:
    """What was agreed, with its marks, first to last."""

    id: str
    title: str
    times: tuple[Time, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """From one local day to another, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CourtDay:
    """A hearing that is set or was held, on its court's own date."""

    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """A plan over time.

    Attributes:
        whole: from its first day to its last.
        rows: what was agreed and has a day, in the order of its first one.
        held: when the person was in custody, within `whole`.
        counts: how many marks of each kind there are; kinds without any are left out.
    """

    today: date
    whole: Span
    rows: tuple[Row, ...]
    held: tuple[Span, ...]
    court: tuple[CourtDay, ...]
    counts: Mapping[Mark, int]


def mark_of(state: StepState, day: date, today: date, notice_days: int) -> Mark | None:
    """How a step of a day stands; None for one that was cancelled.

    Args:
        state: as it is kept.
        day, today: local dates of the hub.
        notice_days: how many days before its day a step is reminded of.
    """
    if state is StepState.ACTIVE and day <= today + timedelta(days=notice_days):
        return Mark.NOW
    return _MARKS.get(state)


def over_time(
    titles: Mapping[str, str],
    steps: Iterable[StepOnDay],
    bounds: tuple[date | None, date | None],
    today: date,
    notice_days: int,
    *,
    held: Sequence[tuple[date, date | None]] = (),
    court: Sequence[CourtDay] = (),
) -> PlanProgress | None:
    """A plan over time, or None where nothing in it has a day.

    Args:
        titles: of what was agreed, by id.
        steps: what is done once, and the occurrences of what repeats.
        bounds: first and last day of the plan, where they are known.
        today: local date of the hub.
        notice_days: how many days before its day a step is reminded of.
        held: spans of custody; without an end while it lasts.
        court: hearings.
    """
    times: dict[str, list[Time]] = {}
    for step in steps:
        mark = mark_of(step.state, step.day, today, notice_days) if step.day else None
        if step.day is not None and mark is not None:
            times.setdefault(step.row, []).append(Time(step.id, step.day, mark))
    if not times:
        return None
    for marks in times.values():
        marks.sort(key=lambda time: (time.day, time.step_id))
    order = sorted(times, key=lambda row: (times[row][0].day, row))
    days = [time.day for marks in times.values() for time in marks]
    whole = Span(min([*days, *_known(bounds[0])]), max([*days, *_known(bounds[1])]))
    counts = Counter(time.mark for marks in times.values() for time in marks)
    return PlanProgress(
        today=today,
        whole=whole,
        rows=tuple(Row(row, titles.get(row, ""), tuple(times[row])) for row in order),
        held=tuple(
            _within(whole, since, until or today)
            for since, until in held
            if _meets(whole, since, until or today)
        ),
        court=tuple(
            sorted(
                (one for one in court if whole.first <= one.day <= whole.last),
                key=lambda one: one.day,
            )
        ),
        counts=MappingProxyType({mark: counts[mark] for mark in Mark if counts[mark]}),
    )


def _known(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day,)


def _meets(whole: Span, since: date, until: date) -> bool:
    return since <= until and since <= whole.last and until >= whole.first


def _within(whole: Span, since: date, until: date) -> Span:
    return Span(max(since, whole.first), min(until, whole.last))
