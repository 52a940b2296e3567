"""Importing a court's calendar: first the difference, then all of it in one transaction.

::

    with path.open("rb") as file:
        seen = preview(records, hub_id, "idaho", load_mapping("idaho"), file, {}, now=now)

The file is read to its end before anything is compared or written. Entries of cases that nobody
follows are light rows: no case, no workflow, no news. For followed cases the change goes through
`records.hearings`, so that revision, outbox and notices follow (records/calendar_following.py).
"""

import hashlib
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from domain.listings import CourtMapping, Moved, Unchanged
from domain.listings.lines import ByteSource
from records.calendar_adopting import IMPORT, Followed
from records.calendar_comparing import Counts, Joins, Preview, compared, read_file
from records.calendar_entries import Steps, add_entries, change_entries, drop_entries
from records.calendar_following import Changes, feed_links, follow
from records.database import HubSession, Records, RecordsProblem
from records.tables import CalendarFeed, CalendarImport

__all__ = ["Counts", "ImportRunning", "Joins", "Preview", "apply", "preview"]


class ImportRunning(RecordsProblem):
    """The same calendar is being imported by somebody else for the first time."""

    def __init__(self) -> None:
        super().__init__("This calendar is being imported right now; try again in a minute.")


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
    read = read_file(source, mapping, joins)
    with records.reading(hub_id) as session:
        feed = _find_feed(session, feed_name)
        return compared(session, feed_name, feed, read, now, accept_loss)


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
    read = read_file(hashed, mapping, joins)
    with records.writing(hub_id) as session:
        feed = _locked_feed(session, feed_name, mapping.name)
        seen = compared(session, feed_name, feed, read, now, accept_loss)
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
