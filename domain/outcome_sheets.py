"""A hub's outcomes as a table for funders and spreadsheets: no names, nothing of few people."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar

from domain.outcome_figures import (
    DEFINED,
    NO_CLAIM,
    SHARES,
    Measure,
    Notice,
    Outcomes,
    Result,
    Saved,
)
from domain.outcomes import Share
from domain.progress_figures import percent
from domain.progress_sheets import TOO_SMALL, safe_cell

T = TypeVar("T")

COLUMNS: Final = (
    "measure",
    "from",
    "to",
    "month",
    "value",
    "unit",
    "of",
    "percent",
    "note",
    "what is counted",
)
_UNITS: Final = {
    Measure.TIME_SAVED: "days",
    Measure.LIFE_SAVED: "lives",
    Measure.RAW_SAVED: "days",
    Measure.HEARINGS_APPEARED: "hearings",
    Measure.PEOPLE_APPEARED: "people",
    Measure.REACHED: "hearings",
    Measure.CONFIRMED: "hearings",
    Measure.NOTICE: "hours",
    Measure.PACKETS: "hearings",
    Measure.PLANS: "plans",
    Measure.LOOPS: "referrals",
}
_SAVED: Final = frozenset({Measure.TIME_SAVED, Measure.LIFE_SAVED, Measure.RAW_SAVED})
_AN_HOUR: Final = timedelta(hours=1)
_Row = tuple[str | float, int | None, int | None, str]
"""Value, of how many, in a hundred, and a note."""


def outcomes_csv(outcomes: Outcomes) -> str:
    """Every measure as CSV (RFC 4180): the whole period first, then its months.

    Numbers are numbers, below zero too; a text that a spreadsheet would take for a formula begins
    with an apostrophe. `of` is how many are counted: of time saved cases, of notice changes.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(outcomes):
        writer.writerow([safe_cell(one) if isinstance(one, str) else one for one in row])
    return out.getvalue()


def _rows(outcomes: Outcomes) -> Iterator[Sequence[str | float | None]]:
    yield from _lines(outcomes, Measure.TIME_SAVED, _each(outcomes.days, _days))
    yield from _lines(outcomes, Measure.LIFE_SAVED, _each(outcomes.life, _lives))
    yield from _lines(outcomes, Measure.RAW_SAVED, _each(outcomes.every, _raw))
    for measure in SHARES:
        yield from _lines(outcomes, measure, _each(outcomes.shares[measure], _share))
    yield from _lines(outcomes, Measure.NOTICE, _each(outcomes.notice, _notice))


def _lines(
    outcomes: Outcomes, measure: Measure, found: Iterator[_Row]
) -> Iterator[Sequence[str | float | None]]:
    period = outcomes.period
    months: list[date | None] = [None, *period.months]
    for month, (value, counted, share, note) in zip(months, found, strict=True):
        yield (
            measure.value,
            period.first.isoformat(),
            period.last.isoformat(),
            f"{month:%Y-%m}" if month else "",
            value,
            _UNITS[measure],
            counted,
            share,
            note,
            f"{DEFINED[measure]} {NO_CLAIM}" if measure in _SAVED else DEFINED[measure],
        )


def _each(found: Result[T], row: Callable[[T], _Row]) -> Iterator[_Row]:
    for one in (found.whole, *found.months):
        yield ("", None, None, TOO_SMALL) if one is None else row(one)


def _share(share: Share) -> _Row:
    return share.part, share.whole, percent(share.part, share.whole), ""


def _days(saved: Saved) -> _Row:
    return saved.time.days, saved.time.cases, None, _confirmed(saved)


def _lives(saved: Saved) -> _Row:
    return round(saved.time.life_equivalents, 2), saved.time.cases, None, _confirmed(saved)


def _raw(saved: Saved) -> _Row:
    return saved.time.raw_days, saved.time.cases, None, ""


def _confirmed(saved: Saved) -> str:
    return f"counsel confirmed what was faced in {saved.confirmed} of {saved.time.cases}"


def _notice(notice: Notice) -> _Row:
    told = notice.told
    value = "" if notice.wait is None else round(notice.wait / _AN_HOUR, 2)
    return value, told.whole, percent(told.part, told.whole), f"{told.part} were told"
