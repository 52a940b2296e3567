"""Days and times of day as a language says them, from the tables of its `language.toml`.

All dates and times here are naive: they are what the calendar and the clock on the court's wall
show. Own tables instead of a locale library: a library that lacks a language answers in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from domain.placeholders import BadTemplate, Template
from domain.segments import is_gsm
from domain.word_tables import names, periods, template, text_or_nothing

_TABLES: Final = {"weekdays": 7, "weekdays_short": 7, "months": 12, "months_short": 12}
_PATTERNS: Final[dict[str, frozenset[str]]] = {
    "date": frozenset({"weekday", "month", "day"}),
    "date_short": frozenset({"weekday", "month", "day"}),
    "date_plain": frozenset({"month", "day"}),
    "date_plain_short": frozenset({"month", "day"}),
    "on": frozenset({"date"}),
    "today": frozenset({"date"}),
    "tomorrow": frozenset({"date"}),
    "today_short": frozenset({"date"}),
    "tomorrow_short": frozenset({"date"}),
    "clock": frozenset({"hour", "minute", "period"}),
    "at": frozenset({"clock"}),
    "at_one": frozenset({"clock"}),
}


@dataclass(frozen=True, slots=True)
class DateWords:
    """How one language says days and times.

    Attributes:
        tables: names of weekdays (Monday first) and months, long and short.
        patterns: how the names are put together.
        periods: (first hour, word) in order, e.g. (0, "AM"), (12, "PM").
        hours: 12 or 24.
        noon: what 12:00 is called, where "12:00 PM" would puzzle; "" for nothing special.
        first: what the first of a month is called, e.g. "1ye"; "" for a plain 1.
    """

    tables: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, Template]
    periods: tuple[tuple[int, str], ...]
    hours: int
    noon: str
    first: str

    def named(self, day: date, *, short: bool = False, plain: bool = False, first: str = "") -> str:
        """Weekday and date: "Tuesday, December 8".

        Args:
            plain: without the weekday, if the weekday alone would make an SMS UCS-2.
            first: what the first of a month is called here; "" for what the language says.
        """
        tail = "_short" if short else ""
        weekday = self.tables[f"weekdays{tail}"][day.weekday()]
        month = self.tables[f"months{tail}"][day.month - 1]
        pattern = "date_plain" if plain and not is_gsm(weekday) else "date"
        number = (first or self.first) if day.day == 1 else ""
        return self.patterns[f"{pattern}{tail}"].fill(
            {"weekday": weekday, "month": month, "day": number or str(day.day)}
        )

    def adverb(self, said: str, day: date, today: date | None, *, short: bool = False) -> str:
        """The date as an adverb, with "today" or "tomorrow" where that is known to be true.

        Args:
            said: `day` as `named` says it.
            today: the reader's date; None if it is not known.
        """
        away = (day - today).days if today is not None else None
        if away in (0, 1):
            pattern = ("tomorrow" if away else "today") + ("_short" if short else "")
            return self.patterns[pattern].fill({"date": said})
        return said if short else self.patterns["on"].fill({"date": said})

    def clock(self, at: time) -> str:
        """The time on the wall: "9:00 AM"."""
        if self.noon and (at.hour, at.minute) == (12, 0):
            return self.noon
        period = period_at(at, self.periods)
        hour = at.hour if self.hours == 24 else at.hour % 12 or 12
        clock = {"hour": str(hour), "minute": f"{at.minute:02d}", "period": period}
        return self.patterns["clock"].fill(clock).strip()

    def at(self, at: time) -> str:
        """The time as an adverb: "at 9:00 AM", "a la 1:00 p.m."."""
        one = at.hour == 1 or (self.hours == 12 and at.hour == 13)
        return self.patterns["at_one" if one else "at"].fill({"clock": self.clock(at)})


def period_at(at: time, periods: tuple[tuple[int, str], ...]) -> str:
    """The part of the day in which a time lies."""
    return next(word for first, word in reversed(periods) if first <= at.hour)


def date_words(table: Mapping[str, object], where: str) -> DateWords:
    """Read the `[dates]` table of a language.

    Raises:
        BadTemplate: a name or a pattern is missing, or is not what it should be.
    """
    tables = {key: names(table, key, count, where) for key, count in _TABLES.items()}
    patterns = {key: template(table, key, allowed, where) for key, allowed in _PATTERNS.items()}
    hours = table.get("hours")
    if hours not in (12, 24):
        raise BadTemplate(f"{where} hours", "write 12 or 24.")
    return DateWords(
        tables,
        patterns,
        periods(table, where),
        hours,
        noon=text_or_nothing(table, "noon", where),
        first=text_or_nothing(table, "first", where),
    )
