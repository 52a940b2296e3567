"""Which stored documents the records point to."""

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


def _keys_in_drafts(session: HubSession) -> set[str]:
    drafts = session.exec(select(col(Letter.answers)).where(Letter.answers != "")).all()
    files = (load_draft(draft).document for draft in drafts)
    return {key for file in files if file is not None for key in (file.key, file.pdf_key)}


def _keys_in(session: HubSession, table: Table) -> set[str]:
    found: set[str] = set()
    for column in (column for column in table.columns if column.name.endswith(ENDING)):
        found.update(str(key) for key in session.execute(select(column).distinct()).scalars())
    return found
