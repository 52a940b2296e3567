"""When a service is open: a row of an HSDS schedule, on the wall of the place.

HSDS writes RFC 5545 in columns (`freq`, `interval`, `byday` …) beside `opens_at` and
`closes_at`. Most rows are plain weekdays, which a database can compare; the rest is asked here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""RFC 5545 names of the days; Monday first, as `date.weekday` counts."""
MIDNIGHT = time(0)
_MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One row of a schedule.

    Attributes:
        opens_at, closes_at: on the wall of the place. Closing at or before opening is the next
            day; None opens with the day and closes with it.
        byday: like `MO,WE` or `1FR`; "" is every day unless the rule says otherwise.
        valid_from, valid_to: first and last day of this row.
        dtstart: from which `interval` and `count` count; else `valid_from`.
    """

    opens_at: time | None = None
    closes_at: time | None = None
    byday: str = ""
    freq: str = ""
    interval: int = 1
    bymonthday: str = ""
    byweekno: str = ""
    byyearday: str = ""
    wkst: str = ""
    count: int | None = None
    until: date | None = None
    dtstart: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def plain(self) -> bool:
        """Whether it is the same hours on the same weekdays of every week."""
        return (
            self.freq in ("", "WEEKLY", "DAILY")
            and self.interval == 1
            and self.count is None
            and not (self.bymonthday or self.byweekno or self.byyearday)
            and all(day in DAYS for day in self.byday.split(",") if day)
            and bool(self.byday or self.freq != "WEEKLY")
        )

    @property
    def overnight(self) -> bool:
        """Whether it closes on the day after it opens."""
        return (
            self.opens_at is not None
            and self.closes_at is not None
            and self.closes_at <= self.opens_at
        )


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether a row says that it is open.

    Args:
        hours: the row.
        at: wall time at the place (naive).
    """
    today, now = at.date(), at.time()
    opens = hours.opens_at or MIDNIGHT
    if hours.overnight:
        closes = hours.closes_at or MIDNIGHT
        late = now < closes and on_day(hours, today - timedelta(days=1))
        return late or (now >= opens and on_day(hours, today))
    until_then = hours.closes_at is None or now < hours.closes_at
    return now >= opens and until_then and on_day(hours, today)


def on_day(hours: Hours, day: date) -> bool:
    """Whether a row opens on a day."""
    for first in (hours.valid_from, hours.dtstart):
        if first is not None and day < first:
            return False
    for last in (hours.valid_to, hours.until):
        if last is not None and day > last:
            return False
    if hours.plain:
        return not hours.byday or DAYS[day.weekday()] in hours.byday.split(",")
    return _by_rule(hours, day)


def _by_rule(hours: Hours, day: date) -> bool:
    start = hours.dtstart or hours.valid_from or day - timedelta(days=day.weekday())
    if abs(day.year - start.year) > _MOST_YEARS:
        return False
    first = datetime.combine(start, MIDNIGHT)
    wanted = datetime.combine(day, MIDNIGHT)
    try:
        rule = rrulestr(rule_of(hours), dtstart=first)
    except ValueError:
        return False
    return bool(rule.between(wanted, wanted, inc=True))


def rule_of(hours: Hours) -> str:
    """The row's days as an RFC 5545 rule, such as `FREQ=WEEKLY;BYDAY=TH,FR`."""
    freq = hours.freq or ("MONTHLY" if hours.bymonthday else "WEEKLY" if hours.byday else "DAILY")
    # RFC 5545 3.3.10: BYWEEKNO and BYYEARDAY belong to yearly rules; exports write them anyway.
    if hours.byweekno or hours.byyearday:
        freq = "YEARLY"
    parts = {
        "FREQ": freq,
        "INTERVAL": str(hours.interval) if hours.interval != 1 else "",
        "WKST": hours.wkst,
        "BYDAY": hours.byday,
        "BYMONTHDAY": hours.bymonthday,
        "BYWEEKNO": hours.byweekno,
        "BYYEARDAY": hours.byyearday,
        "COUNT": str(hours.count) if hours.count is not None else "",
    }
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


__all__ = ["DAYS", "Hours", "is_open", "on_day", "rule_of"]
