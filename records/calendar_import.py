"""Importing a court's calendar: first the difference, then all of it in one transaction.

::

    with path.open("rb") as file:
        seen = preview(records, hub_id, "idaho", load_mapping("idaho"), file, {}, now=now)

The file is read to its end before anything is compared or written. Entries of cases that nobody
follows are light rows: no case, no workflow, no news. For followed cases the change goes through
`records.hearings`, so that revision, outbox and notices follow (records/calendar_following.py).
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from domain.court_time import wall_time
from domain.listings import (
    Calendar,
    CourtMapping,
    Difference,
    FeedLostTooMuch,
    Listing,
    Moved,
    Unchanged,
    difference,
    gather,
    read_rows,
)
from domain.listings.lines import ByteSource
from records.calendar_adopting import IMPORT, Followed
from records.calendar_entries import (
    Steps,
    add_entries,
    change_entries,
    drop_entries,
    fingerprint_of,
    fingerprints,
    known_entries,
)
from records.calendar_following import Changes, feed_links, follow
from records.database import HubSession, Records, RecordsProblem
from records.tables import CalendarFeed, CalendarImport

Joins = Mapping[str, Mapping[str, str]]


class ImportRunning(RecordsProblem):
    """The same calendar is being imported by somebody else for the first time."""

    def __init__(self) -> None:
        super().__init__("This calendar is being imported right now; try again in a minute.")


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
    """

    feed: str
    counts: Counts
    found: Difference
    first_day: date | None
    followed: Followed | None = None

    @property
    def applied(self) -> bool:
        """Whether it was written."""
        return self.followed is not None


def preview(
    records: Records,
    hub_id: str,
    feed_name: str,
    mapping: CourtMapping,
    source: ByteSource,
    joins: Joins,
    *,
    now: datetime,
    accept_loss: bool = False,
) -> Preview:
    """Compare a file with what its feed listed before; writes nothing.

    Args:
        records: opened.
        hub_id: whose feed.
        feed_name: of the feed; one that is not known yet has listed nothing.
        mapping: how the court writes its calendar.
        source: the file, open for reading bytes; read once, in blocks.
        joins: second files that explain codes (`domain.listings.read_join`).
        now: UTC.
        accept_loss: a person has seen that more than half is missing and accepts it.

    Raises:
        CalendarRefused: the file is not what the mapping describes.
        FeedLostTooMuch: more than half is missing and nobody accepted that.
    """
    read = _read(source, mapping, joins)
    with records.reading(hub_id) as session:
        feed = _find_feed(session, feed_name)
        return _compared(session, feed_name, feed, read, now, accept_loss)


def apply(
    records: Records,
    hub_id: str,
    feed_name: str,
    mapping: CourtMapping,
    source: ByteSource,
    joins: Joins,
    *,
    now: datetime,
    accept_loss: bool = False,
    applied_by: str = "import",
    written: Steps = lambda entries: None,
) -> Preview:
    """Make the feed what the file says, in one transaction: all of it or nothing.

    The same file a second time writes nothing but a line saying that it was imported again.

    Args:
        records, hub_id, feed_name, mapping, source, joins, now, accept_loss: as for `preview`.
        applied_by: who, for the list of imports.
        written: told how many more entries were written, for a progress bar.

    Raises:
        CalendarRefused: the file is not what the mapping describes.
        FeedLostTooMuch: more than half is missing and nobody accepted that.
        ImportRunning: the same new feed is being made by another import.
    """
    hashed = _Hashed(source)
    read = _read(hashed, mapping, joins)
    with records.writing(hub_id) as session:
        feed = _locked_feed(session, feed_name, mapping.name)
        seen = _compared(session, feed_name, feed, read, now, accept_loss)
        followed = _write(session, feed.id, seen, now, written)
        feed.mapping, feed.imported_at = mapping.name, now
        feed.listed = len(read.calendar.listings)
        session.add(feed)
        session.add(
            CalendarImport(
                feed_id=feed.id,
                file_sha256=hashed.digest.hexdigest(),
                counts=asdict(seen.counts),
                covers_from=seen.first_day,
                applied_at=now,
                applied_by=applied_by or IMPORT.actor,
            )
        )
    return replace(seen, followed=followed)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file read to its end, its listings by fingerprint: all that can be done beforehand."""

    calendar: Calendar
    listings: Mapping[str, Listing]


def _read(source: ByteSource, mapping: CourtMapping, joins: Joins) -> _Read:
    calendar = gather(read_rows(source, mapping, joins))
    return _Read(calendar, {fingerprint_of(listing): listing for listing in calendar.listings})


def _find_feed(session: HubSession, name: str, *, lock: bool = False) -> CalendarFeed | None:
    statement = select(CalendarFeed).where(CalendarFeed.name == name)
    return session.exec(statement.with_for_update() if lock else statement).first()


def _locked_feed(session: HubSession, name: str, mapping: str) -> CalendarFeed:
    """The feed, made if need be; no other import of it gets further than here."""
    feed = _find_feed(session, name, lock=True)
    if feed is not None:
        return feed
    feed = CalendarFeed(name=name, mapping=mapping)
    session.add(feed)
    try:
        session.flush()
    except IntegrityError:
        raise ImportRunning from None
    return feed


def _compared(
    session: HubSession,
    name: str,
    feed: CalendarFeed | None,
    read: _Read,
    now: datetime,
    accept_loss: bool,
) -> Preview:
    """The comparison, in which only what is not listed exactly as before is looked at."""
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


def _write(
    session: HubSession, feed_id: str, seen: Preview, now: datetime, written: Steps
) -> Followed:
    """Write the entries, then let the followed cases follow."""
    found = seen.found
    links = feed_links(session, feed_id)
    drop_entries(session, [known.id for known in (*found.vanished, *found.past)])
    listed_anew: list[Moved | Unchanged] = [*found.moved, *found.unchanged]
    change_entries(session, ((one.known.id, one.listing) for one in listed_anew), written)
    add_entries(session, feed_id, found.new, written)
    return follow(
        session,
        Changes(feed_id, links, found.moved, found.vanished, seen.first_day, now),
    )


class _Hashed:
    """A source that is hashed while it is read."""

    __slots__ = ("_source", "digest")

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        block = self._source.read(size)
        self.digest.update(block)
        return block
