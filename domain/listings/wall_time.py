"""Dates and times as courts write them, read without regard to the machine's language.

A format is written with the directives of `datetime.strftime`: %m %d %Y %y %b %B %a %A for dates,
%H %I %M %S %f %p for times. Reading is lenient where courts are (padding with spaces or not at
all, "am", "AM", "a.m.", any kind of space) and strict otherwise. Seconds are dropped: a hearing
begins at a minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

EARLIEST_YEAR: Final = 1970
LATEST_YEAR: Final = 2199

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_FULL_MONTHS: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_TWO_DIGITS: Final = frozenset("mdHIMSy")
_NUMERIC: Final = _TWO_DIGITS | frozenset("Yf")
_DATE: Final = frozenset("mdYybBaA")
_TIME: Final = frozenset("HIMSfp")
_SPACES: Final = "[\\s\\u00a0\\u2009\\u202f]*"
_SAMPLES: Final = {
    "m": "MM", "d": "DD", "Y": "YYYY", "y": "YY", "b": "Mon", "B": "Month", "a": "Day", "A": "Day",
    "H": "HH", "I": "hh", "M": "MM", "S": "SS", "f": "ffffff", "p": "am/pm",
}  # fmt: skip


class FormatError(ValueError):
    """A date or time format cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class WallFormat:
    """One compiled format.

    Attributes:
        text: the format as written in the mapping.
        pattern: what it accepts.
    """

    text: str
    pattern: re.Pattern[str]

    @property
    def in_words(self) -> str:
        """The format as people write it, for example "MM/DD/YYYY"."""
        return re.sub("%(.)", lambda found: _SAMPLES.get(found[1], found[1]), self.text)


def date_format(text: str) -> WallFormat:
    """Compile a format that holds a whole date and no time.

    Raises:
        FormatError: when it does not.
    """
    names = _directives(text)
    _refuse_others(names, _DATE)
    _require_date(names)
    return WallFormat(text, _compiled(text))


def time_format(text: str) -> WallFormat:
    """Compile a format that holds a time of day and no date.

    Raises:
        FormatError: when it does not.
    """
    names = _directives(text)
    _refuse_others(names, _TIME)
    _require_time(names)
    return WallFormat(text, _compiled(text))


def datetime_format(text: str) -> WallFormat:
    """Compile a format that holds a date and a time of day.

    Raises:
        FormatError: when it does not.
    """
    names = _directives(text)
    _refuse_others(names, _DATE | _TIME)
    _require_date(names)
    _require_time(names)
    return WallFormat(text, _compiled(text))


def read_date(text: str, formats: Sequence[WallFormat]) -> date | None:
    """The date that `text` means in the first format that fits, or None."""
    for form in formats:
        found = form.pattern.fullmatch(text.strip())
        day = _date_of(found.groupdict()) if found else None
        if day is not None:
            return day
    return None


def read_time(text: str, formats: Sequence[WallFormat]) -> time | None:
    """The minute of the day that `text` means in the first format that fits, or None."""
    for form in formats:
        found = form.pattern.fullmatch(text.strip())
        minute = _time_of(found.groupdict()) if found else None
        if minute is not None:
            return minute
    return None


def read_datetime(text: str, formats: Sequence[WallFormat]) -> datetime | None:
    """The wall time (naive) that `text` means in the first format that fits, or None."""
    for form in formats:
        found = form.pattern.fullmatch(text.strip())
        if not found:
            continue
        day, minute = _date_of(found.groupdict()), _time_of(found.groupdict())
        if day is not None and minute is not None:
            return datetime.combine(day, minute)
    return None


def _directives(text: str) -> list[str]:
    names = re.findall("%(.?)", text, flags=re.DOTALL)
    for name in names:
        if name not in _SAMPLES:
            allowed = " ".join(f"%{known}" for known in _SAMPLES)
            raise FormatError(f'"%{name}" is not known; allowed: {allowed}')
        if names.count(name) > 1:
            raise FormatError(f'"%{name}" stands in it twice')
    return names


def _refuse_others(names: list[str], allowed: frozenset[str]) -> None:
    for name in names:
        if name not in allowed:
            raise FormatError(f'"%{name}" does not belong here')


def _require_date(names: list[str]) -> None:
    for wanted, what in (("d", "day"), ("mbB", "month"), ("Yy", "year")):
        if sum(name in wanted for name in names) != 1:
            raise FormatError(f"it needs exactly one {what} (%{' or %'.join(wanted)})")


def _require_time(names: list[str]) -> None:
    if sum(name in "HI" for name in names) != 1 or "M" not in names:
        raise FormatError("it needs an hour (%H or %I) and a minute (%M)")
    if ("I" in names) != ("p" in names):
        raise FormatError("%I (12-hour clock) and %p (am/pm) go together; use %H for 24 hours")


def _compiled(text: str) -> re.Pattern[str]:
    pieces = re.findall(r"%.|\s+|[^%\s]", text, flags=re.DOTALL)
    pattern = ""
    for place, piece in enumerate(pieces):
        if piece.isspace():
            pattern += _SPACES
        elif piece.startswith("%"):
            after = pieces[place + 1] if place + 1 < len(pieces) else ""
            before = pieces[place - 1] if place else ""
            pattern += _group(piece[1], touching=_numeric(before) or _numeric(after))
        else:
            pattern += re.escape(piece)
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


def _numeric(piece: str) -> bool:
    return piece.startswith("%") and piece[1] in _NUMERIC


def _group(name: str, *, touching: bool) -> str:
    """The pattern of one directive; digits that touch other digits must have their full width."""
    if name in _TWO_DIGITS:
        return f"(?P<{name}>[0-9]{{{'2' if touching or name == 'y' else '1,2'}}})"
    return {
        "Y": "(?P<Y>[0-9]{4})",
        "f": "(?P<f>[0-9]{1,9})",
        "b": f"(?P<b>{'|'.join(_MONTHS)})[.]?",
        "B": f"(?P<B>{_FULL_MONTHS})",
        "p": "(?P<p>[ap])[.]?(?:m[.]?)?",
    }.get(name, "[A-Za-z]{2,9}[.]?")


def _date_of(groups: dict[str, str]) -> date | None:
    if "m" in groups:
        month = int(groups["m"])
    else:
        month = _MONTHS.index((groups.get("b") or groups["B"])[:3].lower()) + 1
    if "Y" in groups:
        year = int(groups["Y"])
    else:
        # Two digits as POSIX reads them: 69-99 are 1969-1999, 00-68 are 2000-2068.
        year = int(groups["y"]) + (1900 if int(groups["y"]) >= 69 else 2000)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, int(groups["d"]))
    except ValueError:
        return None


def _time_of(groups: dict[str, str]) -> time | None:
    minute = int(groups["M"])
    if int(groups.get("S", "0")) > 59:
        return None
    if "I" in groups:
        if not 1 <= int(groups["I"]) <= 12:
            return None
        hour = int(groups["I"]) % 12 + (12 if groups["p"].lower() == "p" else 0)
    else:
        hour = int(groups["H"])
    return time(hour, minute) if hour < 24 and minute < 60 else None
