"""All rows of a calendar put together: doubles collapsed, conflicts shown, nothing lost.

`rows = duplicates + len(set_aside) + len(listings)`, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from domain.listings.listing import CaseKey, Listing, Row, SetAside, Slot
from domain.vocabulary import HearingKind

Minute = tuple[CaseKey, datetime, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One case that the court lists at the same minute in two or more places.

    It is shown to a person, and every listing is kept: only the court knows which one is right.

    Attributes:
        local, zone: the minute.
        listings: in a stable order; at least two.
    """

    docket_number: str = field(repr=False)
    jurisdiction: str
    local: datetime
    zone: str
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What one import found.

    Attributes:
        rows: rows read, blank ones and cancelled events not counted.
        listings: distinct hearings (case, minute, court, courtroom), in time order.
        duplicates: rows that said again what another row says.
        set_aside: rows that could not be used, in the order of the file.
        conflicts: cases listed in several places at one minute. Their listings are among
            `listings`.
    """

    rows: int
    listings: tuple[Listing, ...]
    duplicates: int
    set_aside: tuple[SetAside, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def first_day(self) -> date | None:
        """The earliest day that is listed, on the courts' own calendars."""
        return min((listing.local.date() for listing in self.listings), default=None)


def gather(rows: Iterable[Row]) -> Calendar:
    """Put the rows of one or several files of a feed together.

    Rows of one case at the same minute and place are one hearing, even if their kinds differ
    (two charges, two rows). The order of the rows does not matter.

    Raises:
        CalendarRefused: whatever reading raises passes through.
    """
    count = 0
    best: dict[Slot, Listing] = {}
    set_aside: list[SetAside] = []
    for row in rows:
        count += 1
        if isinstance(row, SetAside):
            set_aside.append(row)
            continue
        slot = row.slot
        other = best.get(slot)
        if other is None or _preference(row) < _preference(other):
            best[slot] = row
    listings = tuple(sorted(best.values(), key=in_time_order))
    return Calendar(
        rows=count,
        listings=listings,
        duplicates=count - len(set_aside) - len(listings),
        set_aside=tuple(set_aside),
        conflicts=conflicts_among(listings),
    )


def conflicts_among(listings: Sequence[Listing]) -> tuple[Conflict, ...]:
    """The conflicts among distinct listings that are in time order."""
    return tuple(
        Conflict(
            docket_number=group[0].docket_number,
            jurisdiction=group[0].jurisdiction,
            local=group[0].local,
            zone=group[0].zone,
            listings=group,
        )
        for group in (tuple(found) for _, found in groupby(listings, key=_minute))
        if len(group) > 1
    )


def in_time_order(listing: Listing) -> tuple[datetime, str, str, str, str, str]:
    """Sort key: wall time, zone, case, place. Total for listings with distinct slots."""
    docket, jurisdiction, local, zone, court, courtroom = listing.slot
    return local, zone, docket, jurisdiction, court, courtroom


def _minute(listing: Listing) -> Minute:
    return listing.case, listing.local, listing.zone


def _preference(listing: Listing) -> tuple[bool, str, str, str, str, str, str, str, int]:
    """Which of two rows for one hearing speaks for it: one with a known kind, then by words."""
    return (
        listing.kind is HearingKind.OTHER,
        listing.kind.value,
        listing.kind_as_published,
        listing.person_name,
        listing.docket_number,
        listing.court,
        listing.courtroom,
        listing.source_uid,
        listing.row_number,
    )
