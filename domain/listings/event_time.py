"""When an iCalendar event begins, on the wall of its court."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar

from domain.court_time import UnknownZone, zone_of
from domain.listings.cells import Unusable, check_wall_time
from domain.listings.events import RawEvent
from domain.listings.listing import Reason
from domain.listings.wall_time import EARLIEST_YEAR, LATEST_YEAR


class Start(NamedTuple):
    """DTSTART: a naive time and the zone in which it is meant.

    Attributes:
        local: to the minute.
        zone: None for a floating time, which is the court's own.
    """

    local: datetime
    zone: ZoneInfo | None


def read_start(event: icalendar.Event, raw: RawEvent, aliases: Mapping[str, str]) -> Start:
    """The beginning of an event.

    Args:
        event: as the library reads it.
        raw: the same as written.
        aliases: this feed's own zone names (TZID) to IANA names.

    Raises:
        Unusable: it gives a day only, is not a time, or names an unknown zone.
    """
    value = raw.value("DTSTART").upper()
    if "T" not in value:
        raise Unusable(Reason.NO_TIME, "DTSTART gives a day and no time of day.")
    try:
        moment = getattr(event.get("DTSTART"), "dt", None)
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise Unusable(Reason.BAD_DATE, "DTSTART does not hold a date and time.")
    local = moment.replace(second=0, microsecond=0, tzinfo=None, fold=0)
    tzid = str(event["DTSTART"].params.get("TZID", ""))
    if not value.endswith("Z"):
        return Start(local, _zone(tzid, moment, aliases) if tzid else None)
    if tzid and tzid.upper() != "UTC":
        raise Unusable(Reason.BAD_DATE, "DTSTART is given in UTC and in a zone at once.")
    return Start(local, zone_of("UTC"))


def wall_time_of(start: Start, court_zone: str, calendar_zone: str) -> tuple[datetime, str]:
    """Naive wall time at the court, and the court's zone.

    Args:
        start: as the event gives it.
        court_zone: IANA name from the mapping, "" when the mapping leaves it to the file: then
            the event's zone counts, and for UTC and floating times the calendar's.
        calendar_zone: X-WR-TIMEZONE, or "".

    Raises:
        Unusable: no zone is named, or the clock skips the time.
    """
    named = start.zone.key if start.zone is not None and start.zone.key != "UTC" else ""
    zone = court_zone or named or _known(calendar_zone)
    if not zone:
        raise Unusable(
            Reason.UNKNOWN_ZONE,
            "Neither the event nor the calendar names the court's time zone; set `zone` in the "
            "mapping.",
        )
    check_wall_time(start.local, named or ("UTC" if start.zone else zone))
    if start.zone is None or start.zone.key == zone:
        return start.local, zone
    instant = start.local.replace(tzinfo=start.zone).astimezone(UTC)
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0), zone


def _zone(tzid: str, moment: datetime, aliases: Mapping[str, str]) -> ZoneInfo:
    if tzid in aliases:
        return zone_of(aliases[tzid])
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key:
        return moment.tzinfo
    raise Unusable(
        Reason.UNKNOWN_ZONE,
        "DTSTART names a time zone that is not known; add it to [icalendar.zones] in the mapping.",
    )


@lru_cache(maxsize=64)
def _known(zone: str) -> str:
    """The zone if this machine knows it, else ""."""
    try:
        zone_of(zone)
    except UnknownZone:
        return ""
    return zone
