"""When a step of a template is due: counted from the plan's start or end, or from a hearing.

`start`, `start+14d`, `end-1w`, `hearing:status-7d`, `hearing:next-2d`, or a day as 2027-03-01.
Units: d days, w weeks, m months (the last day of a shorter month). All dates are local dates of
the hub.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from domain.vocabulary import HearingKind

NEXT: Final = "next"
"""Instead of a kind: the next hearing, whatever it is for."""
_WHEN = re.compile(r"(start|end|hearing:([a-z_]+))(?:\s*([+-])\s*(\d{1,4})\s*([dwm]))?")
_LENGTH = re.compile(r"(\d{1,4})\s*([dwm])")
_EXAMPLES = "start+14d, end-1w, hearing:status-7d or 2027-03-01"


class BadWhen(ValueError):
    """A due date cannot be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A hearing that a step may count from: its id, kind, and day (local date of its court)."""

    id: str
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class Anchors:
    """What due dates count from.

    Attributes:
        start: the plan's first day.
        end: its last day; None when it has none.
        hearings: scheduled ones of the case.
    """

    start: date
    end: date | None = None
    hearings: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """A due date as it is written.

    Attributes:
        origin: "start", "end", "hearing", or "day".
        kind: of the hearing, or "next".
        number, unit: how much later; negative for earlier.
        day: for "day".
    """

    origin: str
    kind: str = ""
    number: int = 0
    unit: str = "d"
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a due date came to: the day, or what it still waits for.

    Attributes:
        hearing_id: the hearing it counts from, so that it moves along.
        waits_for: "" or what has to be known first, in plain words.
    """

    day: date | None = None
    hearing_id: str = ""
    waits_for: str = ""


def parse_when(text: str) -> When:
    """Read a due date.

    Raises:
        BadWhen: it is none.
    """
    cleaned = text.strip().lower()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cleaned):
        try:
            return When("day", day=date.fromisoformat(cleaned))
        except ValueError:
            raise BadWhen(f"There is no day {cleaned}.") from None
    match = _WHEN.fullmatch(cleaned)
    if match is None:
        raise BadWhen(f"{text[:40]!r} is no due date. Write for example {_EXAMPLES}.")
    origin, kind, sign, number, unit = match.groups()
    if kind and kind != NEXT and kind not in {str(known) for known in HearingKind}:
        raise BadWhen(f"There is no hearing of the kind {kind[:30]!r}. Write hearing:next-7d.")
    counted = int(number or 0) * (-1 if sign == "-" else 1)
    return When("hearing" if kind else origin, kind or "", counted, unit or "d")


def find_day(when: When, anchors: Anchors) -> Found:
    """The day that a due date comes to, or what it waits for."""
    match when.origin:
        case "day":
            return Found(when.day)
        case "start":
            return Found(moved(anchors.start, when.number, when.unit))
        case "end":
            if anchors.end is None:
                return Found(waits_for="the plan’s end")
            return Found(moved(anchors.end, when.number, when.unit))
    hearing = next(
        (
            known
            for known in sorted(anchors.hearings, key=lambda known: (known.day, known.id))
            if known.day >= anchors.start and when.kind in (NEXT, known.kind)
        ),
        None,
    )
    if hearing is None:
        kind = "the next court date" if when.kind == NEXT else f"a {_words(when.kind)} hearing"
        return Found(waits_for=kind)
    return Found(moved(hearing.day, when.number, when.unit), hearing.id)


def parse_length(text: str) -> tuple[int, str]:
    """How long a plan is: `90d`, `12w`, `12m`.

    Raises:
        BadWhen: it is none, or more than ten years.
    """
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None or not 1 <= int(match[1]) * {"d": 1, "w": 7, "m": 31}[match[2]] <= 3700:
        raise BadWhen(f"{text[:40]!r} is no length of a plan. Write for example 90d, 12w or 12m.")
    return int(match[1]), match[2]


def moved(day: date, number: int, unit: str) -> date:
    """A day so many days, weeks or months later.

    Raises:
        BadWhen: it would lie outside of the calendar.
    """
    try:
        if unit == "m":
            return day + relativedelta(months=number)
        return day + timedelta(days=number * (7 if unit == "w" else 1))
    except (OverflowError, ValueError):
        raise BadWhen("This due date is too far away.") from None


def _words(kind: str) -> str:
    return kind.replace("_", " ")
