"""Which stored documents the records point to."""

from sqlalchemy import Table, select
from sqlmodel import SQLModel

from records.database import HubSession

ENDING = "_key"
"""How the name of every column ends that holds the key of a stored document."""


def mentioned_keys(session: HubSession) -> set[str]:
    """The keys of all documents that some row of some hub points to.

    Every column is asked whose name has the `ENDING`: a column of a table that is yet to be
    made counts too, and one that holds something else only adds words that no document has.

    Args:
        session: over all hubs. One hub's own is refused: hubs share the store.
    """
    found: set[str] = set()
    for table in SQLModel.metadata.sorted_tables:
        found |= _keys_in(session, table)
    return found - {""}


def _keys_in(session: HubSession, table: Table) -> set[str]:
    found: set[str] = set()
    for column in (column for column in table.columns if column.name.endswith(ENDING)):
        found.update(str(key) for key in session.execute(select(column).distinct()).scalars())
    return found
