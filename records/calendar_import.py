"""Importing a court's calendar: first the difference, then all of it in one transaction.

::

    with path.open("rb") as file:
        seen = preview(records, hub_id, "idaho", load_mapping("idaho"), file, {}, now=now)

The file is read to its end before anything is compared or written. Entries of cases that nobody
follows are light rows: no case, no workflow, no news. For followed cases the change goes through
`records.hearings`, so that revision, outbox and notices follow (records/calendar_following.py).
"""

import hashlib
from datetime import datetime

from domain.listings import CourtMapping
from domain.listings.lines import ByteSource
from records.calendar_adopting import IMPORT
from records.calendar_carrying import Asked, ImportRunning, carry_out, find_feed
from records.calendar_comparing import Counts, Joins, Preview, compared, read_file
from records.calendar_entries import Steps
from records.casework import Source
from records.database import Records

__all__ = ["Counts", "ImportRunning", "Joins", "Preview", "apply", "preview"]


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
        feed = find_feed(session, feed_name)
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
    applied_by_id: str = "",
    written: Steps = lambda entries: None,
) -> Preview:
    """Make the feed what the file says, in one transaction: all of it or nothing.

    The same file a second time writes nothing but a line saying that it was imported again.

    Args:
        records, hub_id, feed_name, mapping, source, joins, now, accept_loss: as for `preview`.
        applied_by: who, for the list of imports; `applied_by_id` their id, where it is known.
        written: told how many more entries were written, for a progress bar.

    Raises:
        CalendarRefused: the file is not what the mapping describes.
        FeedLostTooMuch: more than half is missing and nobody accepted that.
        ImportRunning: the same new feed is being made by another import.
    """
    hashed = _Hashed(source)
    read = read_file(hashed, mapping, joins)
    asked = Asked(
        feed_name,
        mapping,
        hashed.digest.hexdigest(),
        now,
        accept_loss,
        Source(applied_by or IMPORT.actor, IMPORT.origin),
        applied_by_id,
    )
    with records.writing(hub_id) as session:
        return carry_out(session, asked, read, written).seen


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
