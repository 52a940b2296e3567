"""How a step repeats: a small, strict part of RFC 5545 (section 3.3.10), in local dates.

A rule says on which days; never at what time. Whatever this module does not know is refused
with words that say what to write instead, because a plan that a court ordered must not silently
mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final, Literal

from dateutil import rrule

MOST_OCCURRENCES: Final = 400
LONGEST: Final = timedelta(days=3653)
"""Ten years: no plan is longer, and no rule is looked at for longer."""
MOST_LETTERS: Final = 200

FREQUENCIES: Final[Mapping[str, Literal[1, 2, 3]]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
}
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES: Final = dict(
    zip(WEEKDAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"})
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_WORDS = re.compile(
    r"(?:(daily|weekly|monthly)|every\s+(\d{1,3})\s+(day|week|month)s?)"
    r"(?:\s+on\s+([a-z,\s]+))?"
)
_FREQUENCY_OF: Final = {
    "daily": "DAILY",
    "day": "DAILY",
    "weekly": "WEEKLY",
    "week": "WEEKLY",
    "monthly": "MONTHLY",
    "month": "MONTHLY",
}


class BadRule(ValueError):
    """A rule cannot be used; the message says why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Rule:
    """On which days something repeats.

    Attributes:
        frequency: DAILY, WEEKLY or MONTHLY.
        interval: every so many days, weeks or months.
        days: weekdays, each with its place in the month (0 for every one).
        month_days: days of the month; negative ones count from its end.
        count: how often; None where an end says it.
        until: the last possible day; None where a count or the plan says it.
        week_start: on which weekday a week begins.
    """

    frequency: str
    interval: int = 1
    days: tuple[tuple[int, str], ...] = ()
    month_days: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None
    week_start: str = "MO"

    def text(self) -> str:
        """The rule as RFC 5545 writes it; reading it again gives the same rule."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            said = (f"{place or ''}{day}" for place, day in self.days)
            parts.append(f"BYDAY={','.join(said)}")
        if self.month_days:
            parts.append(f"BYMONTHDAY={','.join(str(day) for day in self.month_days)}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        if self.week_start != "MO":
            parts.append(f"WKST={self.week_start}")
        return ";".join(parts)


def parse_rule(text: str) -> Rule:
    """Read a rule: `FREQ=WEEKLY;BYDAY=TU;COUNT=12`, or plain words: `every 2 weeks on Tue, Thu`.

    Raises:
        BadRule: it is no rule, or one that a plan does not take.
    """
    cleaned = text.strip()
    if len(cleaned) > MOST_LETTERS:
        raise BadRule("This rule is too long. Write for example FREQ=WEEKLY;BYDAY=TU;COUNT=12.")
    words = _WORDS.fullmatch(cleaned.lower())
    if words is not None:
        return _from_words(words)
    return _from_parts(_parts(cleaned))


def _from_words(match: re.Match[str]) -> Rule:
    name, number, unit, days = match.groups()
    frequency = _FREQUENCY_OF[name or unit]
    found: list[tuple[int, str]] = []
    for word in re.split(r"[,\s]+|\band\b", days or ""):
        if word:
            found.append((0, _weekday(word)))
    if found and frequency != "WEEKLY":
        raise BadRule("Weekdays go with weeks: write weekly on Tue, or FREQ=MONTHLY;BYDAY=1TU.")
    return Rule(frequency, _interval(number or "1"), tuple(dict.fromkeys(found)))


def _weekday(word: str) -> str:
    day = word[:2].upper()
    if day not in WEEKDAYS or not word.isalpha():
        raise BadRule(f"{word[:20]!r} is no weekday. Write Mon, Tue, Wed, Thu, Fri, Sat or Sun.")
    return day


def _parts(text: str) -> dict[str, str]:
    upper = text.upper().removeprefix("RRULE:")
    found: dict[str, str] = {}
    for piece in upper.split(";"):
        name, sign, value = piece.partition("=")
        if not sign or not value:
            raise BadRule(
                "This is no rule. Write for example FREQ=WEEKLY;BYDAY=TU;COUNT=12, "
                "or: weekly on Tue."
            )
        if name not in _PARTS:
            raise BadRule(
                f"A plan does not take {name[:20]}. It takes {', '.join(sorted(_PARTS))}."
            )
        if name in found:
            raise BadRule(f"{name} is there twice. Say it once.")
        found[name] = value
    return found


def _from_parts(parts: dict[str, str]) -> Rule:
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise BadRule("Say how often: FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("Say COUNT or UNTIL, not both (RFC 5545, 3.3.10).")
    week_start = parts.get("WKST", "MO")
    if week_start not in WEEKDAYS:
        raise BadRule("WKST is a weekday: MO, TU, WE, TH, FR, SA or SU.")
    return Rule(
        frequency=frequency,
        interval=_interval(parts.get("INTERVAL", "1")),
        days=_by_day(parts.get("BYDAY", ""), frequency),
        month_days=_by_month_day(parts.get("BYMONTHDAY", ""), frequency),
        count=_count(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=week_start,
    )


def _interval(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:4]) <= 366:
        raise BadRule("INTERVAL is a whole number from 1 to 366.")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:6]) <= MOST_OCCURRENCES:
        raise BadRule(f"COUNT is a whole number from 1 to {MOST_OCCURRENCES}.")
    return int(text)


def _until(text: str) -> date:
    if not re.fullmatch(r"[0-9]{8}", text):
        raise BadRule("UNTIL is a day without a time, like UNTIL=20271231.")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise BadRule(f"There is no day {text[:4]}-{text[4:6]}-{text[6:]}.") from None


def _by_day(text: str, frequency: str) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for piece in text.split(",") if text else ():
        match = _BYDAY.fullmatch(piece)
        if match is None:
            raise BadRule("BYDAY names weekdays, like BYDAY=TU,TH; monthly also 1MO or -1FR.")
        place = int(match[1] or 0)
        if place and frequency != "MONTHLY":
            raise BadRule("Only FREQ=MONTHLY knows a first or last weekday, like BYDAY=1MO.")
        found.append((place, match[2]))
    return tuple(dict.fromkeys(found))


def _by_month_day(text: str, frequency: str) -> tuple[int, ...]:
    if text and frequency != "MONTHLY":
        raise BadRule("BYMONTHDAY goes with FREQ=MONTHLY alone.")
    found: list[int] = []
    for piece in text.split(",") if text else ():
        if not re.fullmatch(r"-?[0-9]{1,2}", piece) or not 1 <= abs(int(piece)) <= 31:
            raise BadRule("BYMONTHDAY names days of the month, 1 to 31, or -1 for the last.")
        found.append(int(piece))
    return tuple(dict.fromkeys(found))


def days_of(rule: Rule, start: date, end: date | None = None) -> tuple[date, ...]:
    """The days on which a rule falls, first to last.

    Args:
        rule: parsed.
        start: the first day on which it may fall (local date of the hub).
        end: the plan's last day; nothing falls after it. None when the plan has none.

    Raises:
        BadRule: nothing says when it ends, it falls on no day, on more than 400, or on days more
            than ten years away.
    """
    if rule.count is None and rule.until is None and end is None:
        raise BadRule(
            "Say until when it repeats: COUNT=12, UNTIL=20271231, or give the plan an end."
        )
    try:
        far = start + LONGEST
    except OverflowError:
        raise BadRule("This start is too far away.") from None
    last = min(day for day in (rule.until, end, far) if day is not None)
    found = list(islice(_every(rule, start, min(last, far)), MOST_OCCURRENCES + 1))
    if not found:
        raise BadRule("This rule falls on no day between its start and its end.")
    if len(found) > MOST_OCCURRENCES:
        raise BadRule(f"This rule falls on more than {MOST_OCCURRENCES} days. End it sooner.")
    if rule.count is not None and len(found) < rule.count and last == far:
        raise BadRule("This rule goes on for more than ten years. End it sooner.")
    if rule.count is None and last == far:
        raise BadRule("This rule goes on for more than ten years. End it sooner.")
    return tuple(found)


def _every(rule: Rule, start: date, last: date) -> Sequence[date]:
    weekdays = [_DAYS[day](place) if place else _DAYS[day] for place, day in rule.days]
    # dateutil takes an end or a count: the end is always there, the count is cut off below.
    moments = rrule.rrule(
        FREQUENCIES[rule.frequency],
        dtstart=datetime.combine(start, time(0)),
        interval=rule.interval,
        wkst=_DAYS[rule.week_start],
        until=datetime.combine(last, time(0)),
        byweekday=weekdays or None,
        bymonthday=rule.month_days or None,
    )
    most = rule.count if rule.count is not None else MOST_OCCURRENCES + 1
    return [moment.date() for moment in islice(moments, most)]


_DAYS: Final = {name: getattr(rrule, name) for name in WEEKDAYS}
_UNITS: Final = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}
_PLACES: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


def rule_words(rule: Rule) -> str:
    """A rule in plain English, for the hub's own pages: "every 2 weeks on Tue and Thu"."""
    said = repeats_words(rule)
    if rule.count is not None:
        said += ", once" if rule.count == 1 else f", {rule.count} times"
    if rule.until is not None:
        said += f", until {rule.until:%-d %b %Y}"
    return said


def repeats_words(rule: Rule) -> str:
    """The same without its end: "every month on the 1st"."""
    unit = _UNITS[rule.frequency]
    said = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    days = [_day_words(place, day) for place, day in rule.days]
    days += [_month_day_words(day) for day in rule.month_days]
    if days:
        said += f" on {_listed(days)}"
    return said


def _day_words(place: int, day: str) -> str:
    if not place:
        return DAY_NAMES[day]
    named = _PLACES.get(place) or f"{_PLACES[-place]} from the last"
    return f"the {named} {DAY_NAMES[day]}"


def _month_day_words(day: int) -> str:
    if day == -1:
        return "the last day"
    return f"the {_ordinal(day)}" if day > 0 else f"the {_ordinal(-day)} day from the end"


def _ordinal(number: int) -> str:
    """ "1st", "22nd", "13th"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}th" if 10 <= number <= 20 else f"{number}{ending}"


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
