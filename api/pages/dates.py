"""Dates as the pages say them: always with the weekday, and with how far away they are.

Wall times are naive and shown as the court writes them; instants are UTC and shown on the
clock of the zone that is given.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from api.pages.own_words import own
from domain.court_time import wall_time

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@own
def day_words(day: date) -> str:
    """ "Tue 8 Dec 2026"."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


@own
def long_day(day: date) -> str:
    """ "Tuesday 8 December 2026"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_words(at: time | datetime) -> str:
    """ "9:00", "13:30"."""
    return f"{at.hour}:{at.minute:02}"


@own
def weekday(day: date) -> str:
    """ "Tuesday"."""
    return _DAYS[day.weekday()]


@own
def short_weekday(day: date) -> str:
    """ "Tue"."""
    return _DAYS[day.weekday()][:3]


@own
def month(day: date) -> str:
    """ "December"."""
    return _MONTHS[day.month - 1]


@own
def month_of_year(day: date) -> str:
    """ "Dec 2026"."""
    return f"{_MONTHS[day.month - 1][:3]} {day.year}"


@own
def when_words(local: datetime) -> str:
    """ "Tue 8 Dec 2026, 9:00"."""
    return f"{day_words(local.date())}, {clock_words(local)}"


def machine(local: date | datetime) -> str:
    """The same for a `<time datetime>`."""
    if isinstance(local, datetime):
        return local.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    return local.isoformat()


@own
def away(day: date, today: date) -> str:
    """How far away: "in 6 days", "tomorrow", "today", "yesterday", "6 days ago"."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def today_in(zone: str, now: datetime) -> date:
    """The date on the wall in `zone` at `now` (UTC)."""
    return wall_time(now, zone).date()


@own
def moment_words(instant: datetime, zone: str) -> str:
    """An instant (UTC) on the clock of `zone`: "Tue 8 Dec 2026, 10:02"."""
    return when_words(wall_time(instant, zone))


@own
def ago(at: datetime, now: datetime, zone: str) -> str:
    """How long ago an instant is (both UTC): "12 minutes ago", "yesterday", "6 days ago"."""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"
    days = away(wall_time(at, zone).date(), today_in(zone, now))
    if days != "today" and minutes >= 12 * 60:
        return days
    return "1 hour ago" if minutes < 120 else f"{minutes // 60} hours ago"


@own
def wait_words(span: timedelta) -> str:
    """ "1 minute", "7 minutes": rounded up."""
    minutes = max(1, -(-int(span.total_seconds()) // 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
