"""Removing the example hub: every row of it in every table, and none of any other hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete
from sqlmodel import SQLModel, col, select

from domain.agenda import Subject
from records.database import HubSession, Records
from records.document_keys import keys_of_hub
from records.outbox import announce
from records.tables import Hub
from records.waking import TABLES

SLUG = "example"


@dataclass(frozen=True, slots=True)
class Removed:
    """What went.

    Attributes:
        documents: keys of those that its rows pointed to.
        followed: kind, id and last revision of whatever a workflow followed.
    """

    hub_id: str
    documents: frozenset[str]
    followed: tuple[tuple[Subject, str, int], ...]


def find_example(records: Records) -> str:
    """The id of the example hub; "" while none is loaded."""
    with records.reading("") as session:
        return example_in(session)


def remove_example(records: Records) -> Removed | None:
    """Remove the example hub whole, in one transaction.

    Real work cannot be removed by it: only a hub that was made as an example is found. Its
    documents stay in the store; `engine.example_hub` sees to them.

    Returns:
        What went; None where there was none.
    """
    with records.everywhere() as session:
        hub_id = example_in(session)
        if not hub_id:
            return None
        documents = frozenset(keys_of_hub(session, hub_id))
        removed = Removed(hub_id, documents, tuple(_followed(session, hub_id)))
        _remove_rows(session, hub_id)
        return removed


def example_in(session: HubSession) -> str:
    """The id of the example hub, by a session over all hubs; "" while none is loaded."""
    found = session.exec(select(col(Hub.id)).where(col(Hub.example).is_(True))).first()
    return found or ""


def tell_workflows(records: Records, removed: Removed, now: datetime) -> None:
    """Wake whatever followed the example, to find that it is gone, and to end.

    What has nothing due sleeps until it is told of something. The word is left with a hub that
    stays: a removed one has no outbox, and a workflow plans for the hub that it began with.
    """
    with records.reading("") as session:
        real = select(col(Hub.id)).where(col(Hub.example).is_(False)).order_by(col(Hub.created_at))
        stays = session.exec(real).first()
    if stays is None:
        return
    with records.writing(stays) as session:
        for kind, subject_id, revision in removed.followed:
            announce(session, kind, subject_id, revision + 1, now)


def _followed(session: HubSession, hub_id: str) -> Iterator[tuple[Subject, str, int]]:
    for kind, table in TABLES.items():
        rows = session.exec(
            select(col(table.id), col(table.revision)).where(table.hub_id == hub_id)
        ).all()
        yield from ((kind, row_id, revision) for row_id, revision in rows)


def _remove_rows(session: HubSession, hub_id: str) -> None:
    """What points to other rows goes before what it points to; the hub goes last."""
    for table in reversed(SQLModel.metadata.sorted_tables):
        if "hub_id" in table.c:
            session.execute(delete(table).where(table.c.hub_id == hub_id))
    hubs = cast(Any, Hub).__table__
    session.execute(delete(hubs).where(hubs.c.id == hub_id))
