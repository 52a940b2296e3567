"""Removing the example hub: every row of it in every table, and none of any other hub."""

from typing import Any, cast

from sqlalchemy import delete
from sqlmodel import SQLModel, col, select

from records.database import HubSession, Records
from records.tables import Hub

SLUG = "example"


def find_example(records: Records) -> str:
    """The id of the example hub; "" while none is loaded."""
    with records.reading("") as session:
        return _example_in(session)


def remove_example(records: Records) -> bool:
    """Remove the example hub whole, in one transaction.

    Real work cannot be removed by it: only a hub that was made as an example is found.

    Returns:
        Whether there was one.
    """
    with records.everywhere() as session:
        hub_id = _example_in(session)
        if not hub_id:
            return False
        _remove_rows(session, hub_id)
        return True


def _example_in(session: HubSession) -> str:
    found = session.exec(select(col(Hub.id)).where(col(Hub.example).is_(True))).first()
    return found or ""


def _remove_rows(session: HubSession, hub_id: str) -> None:
    """What points to other rows goes before what it points to; the hub goes last."""
    for table in reversed(SQLModel.metadata.sorted_tables):
        if "hub_id" in table.c:
            session.execute(delete(table).where(table.c.hub_id == hub_id))
    hubs = cast(Any, Hub).__table__
    session.execute(delete(hubs).where(hubs.c.id == hub_id))
