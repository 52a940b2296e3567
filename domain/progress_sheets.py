"""A hub's figures as a table for funders and spreadsheets: no names, nothing too small."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from domain.progress_figures import COUNTED, SMALL, Figure, Group, HubProgress, LoopCounts, percent

COLUMNS: Final = ("figure", "month", "group", "count", "of", "percent", "note", "what is counted")
TOO_SMALL: Final = f"not shown: it could tell of fewer than {SMALL} people"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(progress: HubProgress) -> str:
    """Every figure as CSV (RFC 4180): months first, then all of them together, then parts.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(progress):
        writer.writerow([safe_cell(one) for one in row])
    return out.getvalue()


def _rows(progress: HubProgress) -> Iterator[Sequence[str]]:
    for month in progress.months:
        steps, plans = month.steps, month.plans
        yield _line(Figure.PLANS_COMPLETED, plans.completed, plans.ended, month=month.first)
        yield _line(Figure.STEPS_IN_TIME, steps.in_time, steps.counted, month=month.first)
    yield _line(Figure.PLANS_COMPLETED, progress.plans.completed, progress.plans.ended)
    yield _line(Figure.STEPS_IN_TIME, progress.steps.in_time, progress.steps.counted)
    yield _line(Figure.OVERDUE_NOW, progress.overdue, None)
    yield _line(Figure.ANSWERS, progress.answered, progress.missed)
    if progress.loops is not None:
        for first, counts in progress.loops.months:
            yield from _loops(counts, first)
        yield from _loops(progress.loops.all)
    for group in progress.groups:
        yield _part(group)


def _loops(counts: LoopCounts, month: date | None = None) -> Iterator[Sequence[str]]:
    yield _line(Figure.LOOPS_ACCEPTED, counts.accepted, counts.asked, month=month)
    yield _line(Figure.LOOPS_SILENT, counts.silent, counts.asked, month=month)
    yield _line(Figure.LOOPS_MET, counts.met, counts.asked, month=month)
    yield _line(Figure.LOOPS_CLOSED, counts.finished, counts.asked, month=month)
    if counts.days_to_answer is not None:
        line = list(_line(Figure.DAYS_TO_ANSWER, counts.answered, None, month=month))
        line[3] = str(counts.days_to_answer)
        yield line


def _line(
    figure: Figure, count: int, whole: int | None, *, month: date | None = None
) -> Sequence[str]:
    share = None if whole is None else percent(count, whole)
    return (
        figure.value,
        f"{month:%Y-%m}" if month else "",
        "",
        str(count),
        "" if whole is None else str(whole),
        "" if share is None else str(share),
        "",
        COUNTED[figure],
    )


def _part(group: Group) -> Sequence[str]:
    if group.part is None or group.whole is None:
        return (group.figure.value, "", group.name, "", "", "", TOO_SMALL, COUNTED[group.figure])
    line = list(_line(group.figure, group.part, group.whole))
    line[2] = group.name
    return line


def safe_cell(text: str) -> str:
    """A text as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
