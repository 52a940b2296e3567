"""The light rows of a court's calendar: fingerprints, reading them back, writing them in bulk.

A whole state lists fifty thousand hearings, and nobody follows most of them. So they are never
made into objects that track changes, and one that is listed as before is known by its keyed
fingerprint: nothing is decrypted, nothing is written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from domain.listings import Known, Listing
from domain.vocabulary import HearingKind
from records.addresses import docket_index
from records.columns import new_id
from records.crypto import keys
from records.database import HubSession
from records.tables import CalendarEntry, CalendarLink
from records.tables.base import utc_now

T = TypeVar("T")

Steps = Callable[[int], None]
"""Told how many more entries were written."""

CHUNK = 1000

_KNOWN = select(  # type: ignore[call-overload]
    col(CalendarEntry.id),
    col(CalendarEntry.docket_number),
    col(CalendarEntry.jurisdiction),
    col(CalendarEntry.local_time),
    col(CalendarEntry.zone),
    col(CalendarEntry.court),
    col(CalendarEntry.courtroom),
    col(CalendarEntry.kind),
    col(CalendarEntry.kind_as_published),
    col(CalendarEntry.source_uid),
)

_NAMES = (
    "id",
    "feed_id",
    "fingerprint",
    "docket_number",
    "docket_index",
    "jurisdiction",
    "person_name",
    "kind",
    "kind_as_published",
    "local_time",
    "zone",
    "court",
    "courtroom",
    "source_uid",
    "import_id",
)
_WHOLE = select(*(getattr(CalendarEntry, name) for name in _NAMES))


def fingerprint_of(listing: Listing) -> str:
    """A keyed hash over everything that is kept of a listing."""
    return keys().index(
        "\n".join(
            (
                listing.docket_number,
                listing.jurisdiction,
                listing.local.isoformat(),
                listing.zone,
                listing.court,
                listing.courtroom,
                listing.kind,
                listing.kind_as_published,
                listing.person_name,
                listing.source_uid,
            )
        ),
        "calendar_entry",
    )


def fingerprints(session: HubSession, feed_id: str) -> dict[str, str]:
    """What a feed listed at its last import: fingerprint to entry id."""
    rows = session.exec(
        select(col(CalendarEntry.fingerprint), col(CalendarEntry.id)).where(
            CalendarEntry.feed_id == feed_id
        )
    )
    return dict(rows.all())


def known_entries(session: HubSession, entry_ids: Iterable[str]) -> list[Known]:
    """Entries as the comparison takes them; names stay sealed, it does not look at them."""
    known: list[Known] = []
    for chunk in _chunks(entry_ids):
        rows = session.exec(_KNOWN.where(col(CalendarEntry.id).in_(chunk))).all()
        known += [Known(row.id, _listing(row)) for row in rows]
    return known


def whole_entries(session: HubSession, entry_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Every column of entries, opened: what `restore_entries` takes."""
    found: list[dict[str, Any]] = []
    for chunk in _chunks(entry_ids):
        rows = session.exec(_WHOLE.where(col(CalendarEntry.id).in_(chunk))).all()
        found += [dict(row._mapping) for row in rows]
    return found


def restore_entries(session: HubSession, rows: Iterable[dict[str, Any]], *, dropped: bool) -> None:
    """Write entries as they were: those that were dropped again, or the others back."""
    for chunk in _chunks(rows):
        values = [{**row, "local_time": _moment(row["local_time"])} for row in chunk]
        if not dropped:
            session.execute(update(CalendarEntry), values)
            continue
        made_at = utc_now()
        more = {"hub_id": session.hub_id, "created_at": made_at}
        session.execute(insert(CalendarEntry), [{**row, **more} for row in values])


def _moment(written: Any) -> datetime:
    return written if isinstance(written, datetime) else datetime.fromisoformat(written)


def add_entries(
    session: HubSession,
    feed_id: str,
    listings: Iterable[Listing],
    written: Steps,
    import_id: str = "",
) -> None:
    """Write new entries; `import_id` is of the import that adds them."""
    made_at = utc_now()
    for chunk in _chunks(listings):
        session.execute(
            insert(CalendarEntry),
            [
                {
                    "id": new_id(),
                    "hub_id": session.hub_id,
                    "created_at": made_at,
                    "feed_id": feed_id,
                    "import_id": import_id,
                    **_values(listing),
                }
                for listing in chunk
            ],
        )
        written(len(chunk))


def change_entries(
    session: HubSession, changes: Iterable[tuple[str, Listing]], written: Steps
) -> None:
    """Write anew what is listed differently now: entry id and listing."""
    for chunk in _chunks(changes):
        session.execute(
            update(CalendarEntry),
            [{"id": entry_id, **_values(listing)} for entry_id, listing in chunk],
        )
        written(len(chunk))


def drop_entries(session: HubSession, entry_ids: Iterable[str]) -> None:
    """Forget entries that the feed lists no longer, and what tied them to hearings."""
    blindly = {"synchronize_session": False}
    for chunk in _chunks(entry_ids):
        links = delete(CalendarLink).where(col(CalendarLink.entry_id).in_(chunk))
        session.execute(links, execution_options=blindly)
        entries = delete(CalendarEntry).where(col(CalendarEntry.id).in_(chunk))
        session.execute(entries, execution_options=blindly)


def _values(listing: Listing) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint_of(listing),
        "docket_number": listing.docket_number,
        "docket_index": docket_index(listing.docket_number),
        "jurisdiction": listing.jurisdiction,
        "person_name": listing.person_name,
        "kind": listing.kind.value,
        "kind_as_published": listing.kind_as_published,
        "local_time": listing.local,
        "zone": listing.zone,
        "court": listing.court,
        "courtroom": listing.courtroom,
        "source_uid": listing.source_uid,
    }


def _listing(row: Any) -> Listing:
    return Listing(
        docket_number=row.docket_number,
        jurisdiction=row.jurisdiction,
        local=row.local_time,
        zone=row.zone,
        court=row.court,
        courtroom=row.courtroom,
        kind=HearingKind(row.kind),
        kind_as_published=row.kind_as_published,
        source_uid=row.source_uid,
    )


def _chunks(items: Iterable[T]) -> Iterator[Sequence[T]]:
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
