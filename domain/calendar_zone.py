"""The VTIMEZONE of a court's zone, limited to the years that a feed needs."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from domain.court_time import zone_of


@lru_cache(maxsize=256)
def timezone_lines(zone: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """The unfolded lines of the VTIMEZONE component of `zone`, from first to last year.

    Whole years, so that a feed's bytes do not change with each hearing. `icalendar` writes the
    start of summer time on the clock that it begins (03:00); RFC 5545, section 3.6.5, wants the
    clock that it ends (02:00), or the change comes an hour late.

    Raises:
        UnknownZone: there is no such zone.
    """
    zone_of(zone)
    component = Timezone.from_tzid(
        zone, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 12, 31)
    )
    component.pop("COMMENT", None)
    for part in component.subcomponents:
        if isinstance(part, TimezoneStandard | TimezoneDaylight):
            _mend_onsets(part)
    text = component.to_ical(sorted=True).decode().replace("\r\n ", "")
    return tuple(line for line in text.split("\r\n") if line)


def _mend_onsets(part: TimezoneStandard | TimezoneDaylight) -> None:
    gained = part.TZOFFSETTO - part.TZOFFSETFROM
    if gained.total_seconds() <= 0:
        return
    onsets = [part.DTSTART]
    if "RDATE" in part:
        later: Any = part.pop("RDATE")
        onsets += [when.dt for when in later.dts]
    mended: list[datetime] = [onset - gained for onset in onsets]
    part.DTSTART = mended[0]
    if mended[1:]:
        part.add("RDATE", mended[1:])
