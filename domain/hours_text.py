"""Opening hours as people write them, one line each: "Mon-Fri 9:00-17:00", "Sat 10-2 pm"."""

import re
from collections.abc import Iterable
from datetime import time

from domain.opening_hours import DAYS, Hours

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY = "Every day"
_EVERY = re.compile(r"(every ?day|daily|mon(day)? ?- ?sun(day)?)\b", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?", re.IGNORECASE | re.ASCII)
_CLOCK = r"(\d{1,2})(?::(\d{2}))?\s*([ap])?\.?(?:m\b\.?)?"
_TIMES = re.compile(rf"{_CLOCK}\s*(?:-|to)\s*{_CLOCK}", re.IGNORECASE | re.ASCII)
_GAP = re.compile(r"\s*(-|to\b|,|and\b|&)?\s*", re.IGNORECASE | re.ASCII)
_ALL_DAY = re.compile(r"24\s*(h|hours|/\s*7)\.?", re.IGNORECASE | re.ASCII)


class BadHours(ValueError):
    """A line that cannot be read as hours; the message says how to write it."""

    def __init__(self) -> None:
        super().__init__("Write hours like Mon-Fri 9:00-17:00, one line for each.")


def read_hours(line: str) -> Hours:
    """The hours that a line says.

    Raises:
        BadHours: it says none.
    """
    said = line.replace("–", "-").replace("—", "-").strip()
    byday, rest = _days(said)
    if _ALL_DAY.fullmatch(rest):
        return _weekly(byday, time(0), time(0))
    match = _TIMES.fullmatch(rest)
    if match is None:
        raise BadHours
    opens_half, closes_half = (match[3] or "").lower(), (match[6] or "").lower()
    opens = _clock(match[1], match[2], opens_half)
    closes = _clock(match[4], match[5], closes_half)
    if closes_half and not opens_half:
        opens = _before(match, opens, closes, closes_half)
    return _weekly(byday, opens, closes)


def hours_words(hours: Hours) -> str:
    """Hours as a person reads them, and as `read_hours` reads them again when they are weekly."""
    days = _day_words(hours.byday)
    if hours.opens_at is None and hours.closes_at is None:
        return days
    opens, closes = hours.opens_at or time(0), hours.closes_at or time(0)
    if opens == closes == time(0):
        return f"{days} 24 hours"
    return f"{days} {opens.hour}:{opens:%M}-{closes.hour}:{closes:%M}"


def _weekly(byday: str, opens: time, closes: time) -> Hours:
    return Hours(opens, closes, byday, "WEEKLY" if byday else "DAILY")


def _days(said: str) -> tuple[str, str]:
    """The days at the beginning of a line, and what follows them."""
    every = _EVERY.match(said)
    if every:
        return "", said[every.end() :].lstrip(" :,")
    found: set[int] = set()
    first, ranging, at = None, False, 0
    while match := _DAY.match(said, at):
        day = NAMES.index(match[1].capitalize())
        span = (
            range(first, day + 1 if first <= day else day + 8)
            if ranging and first is not None
            else [day]
        )
        found.update(number % 7 for number in span)
        first, at = day, match.end()
        gap = _GAP.match(said, at)
        ranging = bool(gap and gap[1] and gap[1].lower() in ("-", "to"))
        at = gap.end() if gap else at
    if not found or ranging:
        raise BadHours
    return ",".join(DAYS[number] for number in sorted(found)), said[at:].lstrip(" :,")


def _clock(hour: str, minute: str | None, half: str) -> time:
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise BadHours
        number = number % 12 + (12 if half == "p" else 0)
    if number == 24 and not int(minute or 0):
        number = 0
    try:
        return time(number, int(minute or 0))
    except ValueError:
        raise BadHours from None


def _before(match: re.Match[str], opens: time, closes: time, half: str) -> time:
    """ "10-2 pm" opens in the morning, "1-5 pm" after noon: the later that is before closing."""
    if not 1 <= int(match[1]) <= 12:
        return opens
    choices = [_clock(match[1], match[2], one) for one in ("p", "a")]
    return next((one for one in choices if one < closes), opens)


def _day_words(byday: str) -> str:
    days = [DAYS.index(day) for day in byday.split(",") if day in DAYS]
    if not byday or len(days) == 7:
        return EVERY_DAY
    if len(days) != len(byday.split(",")):
        return byday
    return ", ".join(_runs(sorted(days)))


def _runs(days: list[int]) -> Iterable[str]:
    """Days in a row as "Mon-Fri", others by themselves."""
    start = 0
    for end in range(1, len(days) + 1):
        if end < len(days) and days[end] == days[end - 1] + 1:
            continue
        run = days[start:end]
        if len(run) > 2:
            yield f"{NAMES[run[0]]}-{NAMES[run[-1]]}"
        else:
            yield from (NAMES[day] for day in run)
        start = end


__all__ = ["BadHours", "hours_words", "read_hours"]
