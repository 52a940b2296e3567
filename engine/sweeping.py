"""Documents that nothing points to: put by something that never came to be recorded.

A document is stored before the row that points to it is written, outside the transaction: a
network has no place in one. When the row is then refused, or the process is killed in between,
the document stays behind. It is known by its age: putting a document makes it young, and what is
put is recorded within minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.documents.store import DocumentStore
from records.database import Records
from records.document_keys import mentioned_keys

YOUNG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What lies in the store: all documents, those that nothing points to, those removed."""

    stored: int
    unneeded: int
    removed: int


def sweep(records: Records, store: DocumentStore, now: datetime, *, remove: bool) -> Swept:
    """Count the documents that are older than a day and that no row of any hub points to.

    Blocks: call it from a thread. May be stopped and run again.

    Args:
        now: the present (UTC) by the wall clock, which the store's own clock is compared with.
        remove: delete them, too.

    Raises:
        StoreError: the store cannot be read.
    """
    # First the store, then the records: what is put and recorded meanwhile is found there.
    entries = list(store.entries())
    old = {entry.key for entry in entries if now - entry.put_at > YOUNG}
    with records.reading("") as session:
        unneeded = old - mentioned_keys(session)
    removed = sum(_removed(store, key, now) for key in unneeded) if remove else 0
    return Swept(len(entries), len(unneeded), removed)


def _removed(store: DocumentStore, key: str, now: datetime) -> bool:
    """Remove one document, unless the same content was put again in this very moment."""
    put_at = store.last_put(key)
    return put_at is not None and now - put_at > YOUNG and store.delete(key)
