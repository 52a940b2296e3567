"""Which stored documents the records point to."""

from contextlib import suppress

from sqlalchemy import Table
from sqlmodel import SQLModel, col, select

from domain.letters import load_draft
from records.database import HubSession
from records.tables import Letter

ENDING = "_key"
"""How the name of every column ends that holds the key of a stored document."""


def mentioned_keys(session: HubSession) -> set[str]:
    """The keys of all documents that some row of some hub points to.

    Every column is asked whose name has the `ENDING`: a column of a table that is yet to be
    made counts too, and one that holds something else only adds words that no document has. What a
    writer has uploaded and not signed yet is named in the draft of their letter alone.

    Args:
        session: over all hubs. One hub's own is refused: hubs share the store.
    """
    found: set[str] = set()
    for table in SQLModel.metadata.sorted_tables:
        found |= _keys_in(session, table)
    return (found | _keys_in_drafts(session)) - {""}


def keys_of_hub(session: HubSession, hub_id: str) -> set[str]:
    """The keys of what one hub's rows point to. Hubs share the store: before a document goes,
    ask `mentioned_keys` whether another hub points to it too.

    Args:
        session: over all hubs.
    """
    found: set[str] = set()
    for table in SQLModel.metadata.sorted_tables:
        if "hub_id" in table.c:
            found |= _keys_in(session, table, hub_id)
    drafts = select(col(Letter.answers)).where(Letter.answers != "", Letter.hub_id == hub_id)
    for draft in session.exec(drafts).all():
        # One that cannot be read keeps nobody from removing a hub: its file is left to the sweep.
        with suppress(ValueError):
            found |= _keys_of_draft(draft)
    return found - {""}


def _keys_in_drafts(session: HubSession) -> set[str]:
    drafts = session.exec(select(col(Letter.answers)).where(Letter.answers != "")).all()
    return {key for draft in drafts for key in _keys_of_draft(draft)}


def _keys_of_draft(draft: str) -> set[str]:
    file = load_draft(draft).document
    return {file.key, file.pdf_key} if file is not None else set()


def _keys_in(session: HubSession, table: Table, hub_id: str = "") -> set[str]:
    found: set[str] = set()
    for column in (column for column in table.columns if column.name.endswith(ENDING)):
        statement = select(column).distinct()
        if hub_id:
            statement = statement.where(table.c.hub_id == hub_id)
        found.update(str(key) for key in session.execute(statement).scalars())
    return found
