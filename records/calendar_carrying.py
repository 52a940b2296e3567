"""Carrying one calendar into the records, inside the caller's transaction: really, or as a trial.

A trial does everything that an import would do and takes it back before anybody could see it. So
what a person is shown beforehand is made by the very code that applies it, and a digest over it
tells, when it is applied, whether anything would come out differently by then.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.listings import CourtMapping, Difference, FeedLostTooMuch, Listing, Moved, Unchanged
from records.addresses import docket_index
from records.calendar_adopting import IMPORT, Followed
from records.calendar_comparing import FileRead, Preview, compared
from records.calendar_entries import (
    Steps,
    add_entries,
    change_entries,
    drop_entries,
    fingerprint_of,
    whole_entries,
)
from records.calendar_following import Changes, Links, feed_links, follow
from records.calendar_keeping import (
    HearingChange,
    Keep,
    Kept,
    Watch,
    kept_entries,
    kept_links,
    kept_of,
)
from records.casework import Source
from records.columns import new_id
from records.database import HubSession, RecordsProblem
from records.tables import CalendarChange, CalendarFeed, CalendarImport, Docket, HumanTask
from records.tables.base import utc_now

_CHUNK = 1000


class ImportRunning(RecordsProblem):
    """The same calendar is being imported by somebody else for the first time."""

    def __init__(self) -> None:
        super().__init__("This calendar is being imported right now; try again in a minute.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calendar is to be carried in, and how.

    Attributes:
        feed: its name.
        sha256: of the file, in hex.
        now: UTC.
        accept_loss: a person has seen that more than half is missing and accepts it.
        source: who brings it in; `actor_id` the member of staff, "" for a program.
        left_out: what a person ticked off: fingerprints of new listings, ids of entries that
            moved or vanished. Those rows are treated as if the calendar said nothing of them.
        import_id: the id that the import gets.
        unread: the rows that cannot be read, as JSON, to be kept with the import.
    """

    feed: str
    mapping: CourtMapping
    sha256: str
    now: datetime
    accept_loss: bool = False
    source: Source = IMPORT
    actor_id: str = ""
    left_out: frozenset[str] = frozenset()
    import_id: str = field(default_factory=new_id)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a calendar did, or would do.

    Attributes:
        seen: the comparison, of every row, with what was done for followed cases.
        changes: hearings that it schedules or changes.
        tasks: that it opens.
        digest: over all that would be done and to what.
        loss: how much is missing, where that is too much to be true; None where it is not.
    """

    seen: Preview
    changes: tuple[HearingChange, ...]
    tasks: tuple[HumanTask, ...]
    digest: str
    loss: FeedLostTooMuch | None = None


def carry_out(
    session: HubSession, asked: Asked, read: FileRead, written: Steps = lambda entries: None
) -> Done:
    """Make the feed what the file says, and keep what that changed.

    Raises:
        FeedLostTooMuch: more than half is missing and nobody accepted that.
        ImportRunning: the same new feed is being made by another import.
    """
    feed = _locked_feed(session, asked)
    before = _said_before(feed)
    seen = compared(session, asked.feed, feed, read, asked.now, asked.accept_loss)
    found = without(seen.found, asked.left_out)
    links = feed_links(session, feed.id)
    kept = _entries_before(session, found)
    with Watch(session) as watch:
        followed = _write(session, asked, feed.id, found, seen, links, written)
    kept = [*kept_of(watch), *kept, *_links_kept(session, feed.id, links, watch)]
    kept += [Keep(Kept.UNREAD, "", before=one) for one in asked.unread]
    feed.mapping, feed.imported_at = asked.mapping.name, asked.now
    feed.listed = len(read.calendar.listings)
    session.add(feed)
    _note_import(session, asked, feed.id, seen, before)
    _keep(session, asked.import_id, kept)
    seen = replace(seen, followed=followed, import_id=asked.import_id)
    return _done(seen, watch, asked)


def try_out(session: HubSession, asked: Asked, read: FileRead) -> Done:
    """What `carry_out` would do now. Everything is taken back before this returns.

    Of the calendar only what concerns followed cases is written meanwhile: a whole state's would
    keep other writers waiting. A loss that is too great is told and stops nothing.

    Raises:
        ImportRunning: as for `carry_out`.
    """
    trial = session.begin_nested()
    try:
        feed = _locked_feed(session, asked)
        seen, loss = _compared(session, feed, asked, read)
        found = _followed_only(session, without(seen.found, asked.left_out))
        links = feed_links(session, feed.id)
        with Watch(session) as watch:
            followed = _write(session, asked, feed.id, found, seen, links, lambda entries: None)
        done = _done(replace(seen, followed=followed), watch, asked)
        return replace(done, loss=loss)
    finally:
        trial.rollback()
        session.expire_all()


def _compared(
    session: HubSession, feed: CalendarFeed, asked: Asked, read: FileRead
) -> tuple[Preview, FeedLostTooMuch | None]:
    """The comparison, and what is wrong with it if more than half is missing."""
    try:
        return compared(session, asked.feed, feed, read, asked.now, accept_loss=False), None
    except FeedLostTooMuch as problem:
        return compared(session, asked.feed, feed, read, asked.now, accept_loss=True), problem


def without(found: Difference, left_out: frozenset[str]) -> Difference:
    """A difference without the rows that a person ticked off."""
    if not left_out:
        return found
    return replace(
        found,
        new=tuple(one for one in found.new if fingerprint_of(one) not in left_out),
        moved=tuple(one for one in found.moved if one.known.id not in left_out),
        vanished=tuple(one for one in found.vanished if one.id not in left_out),
    )


def find_feed(session: HubSession, name: str, *, lock: bool = False) -> CalendarFeed | None:
    """The feed of a name."""
    statement = select(CalendarFeed).where(CalendarFeed.name == name)
    return session.exec(statement.with_for_update() if lock else statement).first()


def _locked_feed(session: HubSession, asked: Asked) -> CalendarFeed:
    """The feed, made if need be; no other import of it gets further than here."""
    feed = find_feed(session, asked.feed, lock=True)
    if feed is not None:
        return feed
    feed = CalendarFeed(name=asked.feed, mapping=asked.mapping.name)
    session.add(feed)
    try:
        session.flush()
    except IntegrityError:
        raise ImportRunning from None
    return feed


def _said_before(feed: CalendarFeed) -> dict[str, str]:
    at = feed.imported_at.isoformat() if feed.imported_at else ""
    return {"mapping": feed.mapping, "listed": str(feed.listed), "imported_at": at}


def _write(
    session: HubSession,
    asked: Asked,
    feed_id: str,
    found: Difference,
    seen: Preview,
    links: Links,
    written: Steps,
) -> Followed:
    """Write the entries, then let the followed cases follow."""
    drop_entries(session, [known.id for known in (*found.vanished, *found.past)])
    listed_anew: list[Moved | Unchanged] = [*found.moved, *found.unchanged]
    change_entries(session, ((one.known.id, one.listing) for one in listed_anew), written)
    add_entries(session, feed_id, found.new, written, asked.import_id)
    changes = Changes(
        feed_id, links, found.moved, found.vanished, seen.first_day, asked.now, asked.source
    )
    return follow(session, changes)


def _followed_only(session: HubSession, found: Difference) -> Difference:
    numbers = set(session.exec(select(col(Docket.number_index))).all())

    def ours(listing: Listing) -> bool:
        return docket_index(listing.docket_number) in numbers

    return replace(
        found,
        new=tuple(one for one in found.new if ours(one)),
        moved=tuple(one for one in found.moved if ours(one.listing)),
        unchanged=tuple(one for one in found.unchanged if ours(one.listing)),
    )


def _entries_before(session: HubSession, found: Difference) -> list[Keep]:
    listed_anew: list[Moved | Unchanged] = [*found.moved, *found.unchanged]
    changed = [one.known.id for one in listed_anew]
    dropped = [one.id for one in (*found.vanished, *found.past)]
    return [
        *kept_entries(Kept.ENTRY_CHANGED, whole_entries(session, changed)),
        *kept_entries(Kept.ENTRY_DROPPED, whole_entries(session, dropped)),
    ]


def _links_kept(session: HubSession, feed_id: str, before: Links, watch: Watch) -> list[Keep]:
    return kept_links(_pairs(before), _pairs(feed_links(session, feed_id)), watch)


def _pairs(links: Links) -> Iterator[tuple[str, str]]:
    return ((entry, hearing) for entry, hearings in links.items() for hearing in hearings)


def _note_import(
    session: HubSession, asked: Asked, feed_id: str, seen: Preview, before: dict[str, str]
) -> None:
    session.add(
        CalendarImport(
            id=asked.import_id,
            feed_id=feed_id,
            file_sha256=asked.sha256,
            counts={**asdict(seen.counts), "left_out": len(asked.left_out)},
            covers_from=seen.first_day,
            applied_at=asked.now,
            applied_by=asked.source.actor,
            applied_by_id=asked.actor_id,
            kept=True,
            feed_before=before,
        )
    )
    session.flush()


def _keep(session: HubSession, import_id: str, kept: list[Keep]) -> None:
    own = {"hub_id": session.hub_id, "created_at": utc_now(), "import_id": import_id}
    rows = [
        {"id": new_id(), **own, "place": place, **asdict(one), "kind": one.kind.value}
        for place, one in enumerate(kept, start=1)
    ]
    for start in range(0, len(rows), _CHUNK):
        session.execute(insert(CalendarChange), rows[start : start + _CHUNK])


def _done(seen: Preview, watch: Watch, asked: Asked) -> Done:
    changes = watch.changes
    tasks = tuple(watch.opened.values())
    return Done(seen, changes, tasks, _digest(seen.found, changes, tasks, asked))


def _digest(
    found: Difference,
    changes: tuple[HearingChange, ...],
    tasks: tuple[HumanTask, ...],
    asked: Asked,
) -> str:
    """Over the rows that were compared and the revisions of the hearings that they touch."""
    fresh = {one.hearing_id for one in changes if one.before is None}
    content = [
        asked.sha256,
        sorted(asked.left_out),
        sorted(fingerprint_of(one) for one in found.new),
        sorted((one.known.id, fingerprint_of(one.listing)) for one in found.moved),
        sorted(one.id for one in (*found.vanished, *found.unclear)),
        sorted(one.told_apart for one in changes),
        sorted((one.kind, one.case_id or "", _known_hearing(one, fresh)) for one in tasks),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _known_hearing(task: HumanTask, fresh: set[str]) -> str:
    """The hearing that a task is about; "" for one that the import itself schedules."""
    hearing_id = task.hearing_id or ""
    return "" if hearing_id in fresh else hearing_id
