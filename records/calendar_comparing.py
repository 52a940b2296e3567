"""What a calendar file would change in its feed: read to its end, compared, refused if need be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.court_time import wall_time
from domain.listings import (
    Calendar,
    CourtMapping,
    Difference,
    FeedLostTooMuch,
    Listing,
    difference,
    gather,
    read_rows,
)
from domain.listings.lines import ByteSource
from records.calendar_adopting import Followed
from records.calendar_entries import fingerprint_of, fingerprints, known_entries
from records.database import HubSession
from records.tables import CalendarFeed

Joins = Mapping[str, Mapping[str, str]]
"""For each field that a second file explains: code to words."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import found, in numbers.

    `rows = duplicates + set_aside + new + moved + unchanged`. Of what the feed listed before,
    `vanished`, `past` and `unclear` are not in the file (see `domain.listings.Difference`).
    """

    rows: int
    new: int
    moved: int
    vanished: int
    unchanged: int
    conflicts: int
    set_aside: int
    duplicates: int
    past: int
    unclear: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change, or (`applied`) has changed.

    Attributes:
        feed: name of the feed.
        counts: everything.
        found: the difference, without the hearings that are listed exactly as before.
        first_day: first day that is listed; None when nothing is.
        followed: what was done for followed cases; None as long as nothing was applied.
        import_id: of the import that was applied, by which it can be undone.
    """

    feed: str
    counts: Counts
    found: Difference
    first_day: date | None
    followed: Followed | None = None
    import_id: str = ""

    @property
    def applied(self) -> bool:
        """Whether it was written."""
        return self.followed is not None


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file read to its end, its listings by fingerprint: all that can be done beforehand."""

    calendar: Calendar
    listings: Mapping[str, Listing]


def read_file(source: ByteSource, mapping: CourtMapping, joins: Joins) -> FileRead:
    """Read a calendar.

    Raises:
        CalendarRefused: the file is not what the mapping describes.
    """
    calendar = gather(read_rows(source, mapping, joins))
    return FileRead(calendar, {fingerprint_of(listing): listing for listing in calendar.listings})


def compared(
    session: HubSession,
    name: str,
    feed: CalendarFeed | None,
    read: FileRead,
    now: datetime,
    accept_loss: bool,
) -> Preview:
    """The comparison, in which only what is not listed exactly as before is looked at.

    Raises:
        FeedLostTooMuch: more than half is missing and nobody accepted that.
    """
    calendar = read.calendar
    before = fingerprints(session, feed.id) if feed is not None else {}
    rest = tuple(one for mark, one in read.listings.items() if mark not in before)
    gone = [entry_id for mark, entry_id in before.items() if mark not in read.listings]
    identical = len(calendar.listings) - len(rest)
    found = _difference(session, gone, calendar, rest, now)
    if feed is not None and not accept_loss:
        _refuse_loss(feed, found, identical, len(calendar.listings))
    return Preview(name, _counts(found, identical), found, calendar.first_day)


def _refuse_loss(feed: CalendarFeed, found: Difference, identical: int, listed: int) -> None:
    """Refuse a calendar that is rather a broken file than so many cancellations.

    Hearings that are past may go, unless the feed listed them when they were over already: then
    it keeps its history, and a file of less than half the size has lost it.

    Raises:
        FeedLostTooMuch: more than half of what was listed is missing.
    """
    lost, before = found.lost, found.listed_before + identical
    if lost * 2 > before:
        raise FeedLostTooMuch(lost, before)
    history = sum(_was_over(known.listing, feed.imported_at) for known in found.past)
    if (lost + history) * 2 > before + history and listed * 2 < feed.listed:
        raise FeedLostTooMuch(lost + history, before + history)


def _was_over(listing: Listing, at: datetime | None) -> bool:
    """Whether the day of a hearing was over at an instant, on the court's calendar."""
    return at is not None and listing.local.date() < wall_time(at, listing.zone).date()


def _difference(
    session: HubSession,
    gone: Collection[str],
    calendar: Calendar,
    rest: tuple[Listing, ...],
    now: datetime,
) -> Difference:
    """The difference between entries not found as they were and listings not known as they are."""
    if not gone:
        return Difference(
            new=rest,
            moved=(),
            unchanged=(),
            vanished=(),
            past=(),
            unclear=(),
            conflicts=calendar.conflicts,
            duplicates=calendar.duplicates,
            set_aside=calendar.set_aside,
            rows=calendar.rows,
        )
    return difference(
        known_entries(session, gone),
        replace(calendar, listings=rest),
        now=now,
        covers_from=calendar.first_day,
        accept_loss=True,
    )


def _counts(found: Difference, identical: int) -> Counts:
    return Counts(
        rows=found.rows,
        new=len(found.new),
        moved=len(found.moved),
        vanished=len(found.vanished),
        unchanged=len(found.unchanged) + identical,
        conflicts=len(found.conflicts),
        set_aside=len(found.set_aside),
        duplicates=found.duplicates,
        past=len(found.past),
        unclear=len(found.unclear),
    )
