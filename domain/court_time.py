"""Court time: what the notice says on paper, and the instant that it means.

A court writes "9:00" and means the clock on its own wall. Homeward therefore keeps the local
wall time and the IANA zone as the truth and derives the UTC instant from them. When a
government changes its clock rules, the paper still says 9:00: the instant is derived anew
(`homeward reconcile`), the wall time is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class CourtTimeError(ValueError):
    """A court time that cannot be understood; the message says what to correct."""


class UnknownZone(CourtTimeError):
    """The zone is not an IANA time-zone name."""

    def __init__(self, zone: str) -> None:
        super().__init__(f"{zone!r} is not a time zone; use an IANA name such as America/New_York.")


class NoSuchTime(CourtTimeError):
    """The clock on the wall skips this time (spring-forward)."""

    def __init__(self, local: datetime, zone: str) -> None:
        super().__init__(
            f"{local:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks go forward then. "
            "Ask the court which hour it means."
        )


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone by its IANA name.

    Raises:
        UnknownZone: when there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def instant_of(local: datetime, zone: str) -> datetime:
    """The UTC instant at which the wall clock in `zone` shows `local`.

    A time that occurs twice (autumn) means the first of the two: no court sits then, and the
    earlier reading can only make someone arrive early.

    Args:
        local: naive wall time.
        zone: IANA name.

    Raises:
        CourtTimeError: `local` carries a zone of its own.
        NoSuchTime: the wall clock never shows `local`.
        UnknownZone: there is no such zone.
    """
    if local.tzinfo is not None:
        raise CourtTimeError("A court time is the time on the wall: give it without a UTC offset.")
    tz = zone_of(zone)
    instant = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) != local:
        raise NoSuchTime(local, zone)
    return instant


def instant_at(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of `at` on `day`, moved past a gap when the clocks skip it.

    For moments that Homeward chooses itself (a reminder at 10:00): such a moment may slide, a
    court's own time may not (see `instant_of`).
    """
    naive = datetime.combine(day, at)
    return naive.replace(tzinfo=zone_of(zone), fold=0).astimezone(UTC)


def wall_time(instant: datetime, zone: str) -> datetime:
    """What the wall clock in `zone` shows at `instant` (naive)."""
    if instant.tzinfo is None:
        raise CourtTimeError("An instant needs its UTC offset.")
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class CourtTime:
    """A time on a court's wall.

    Attributes:
        local: naive wall time, to the minute.
        zone: IANA name of the court's zone.
    """

    local: datetime
    zone: str

    def __post_init__(self) -> None:
        instant_of(self.local, self.zone)

    @property
    def instant(self) -> datetime:
        """The same moment in UTC, by the zone rules known today."""
        return instant_of(self.local, self.zone)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours in which no message leaves, on the recipient's clock.

    Attributes:
        start: first quiet minute (default 21:00).
        end: first minute in which messages may leave again (default 08:00).
        zone: IANA name.
    """

    start: time
    end: time
    zone: str

    def contains(self, instant: datetime) -> bool:
        """Whether `instant` (UTC) falls into the quiet hours."""
        now = instant.astimezone(zone_of(self.zone)).time()
        if self.start == self.end:
            return False
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def next_open(self, instant: datetime) -> datetime:
        """`instant` itself, or the end of the quiet hours that it falls into (UTC)."""
        while self.contains(instant):
            instant = self._end_after(instant)
        return instant

    def _end_after(self, instant: datetime) -> datetime:
        """When the wall clock shows the end of quiet hours next; twice in an autumn night."""
        tz = zone_of(self.zone)
        today = wall_time(instant, self.zone).date()
        ends = (
            datetime.combine(today + timedelta(days=days), self.end)
            .replace(tzinfo=tz, fold=fold)
            .astimezone(UTC)
            for days in (0, 1, 2)
            for fold in (0, 1)
        )
        return min(end for end in ends if end > instant)


def next_court_morning(
    after: datetime, at: time, zone: str, closed: frozenset[date] = frozenset()
) -> datetime:
    """The first court day after the local day of `after`, at wall time `at` (UTC).

    Args:
        after: instant.
        at: wall time on that morning.
        zone: IANA name.
        closed: days on which the court is closed besides weekends.
    """
    day = wall_time(after, zone).date() + timedelta(days=1)
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return instant_at(day, at, zone)
