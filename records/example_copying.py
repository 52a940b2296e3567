"""A hub that was made beside the records comes into them in one transaction.

An example takes seconds to make, with a program that renders pages in between. No transaction of
real work waits for that: it is made in a file of its own, with the same keys, and then copied.
"""

from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlmodel import SQLModel

from records.database import HubSession, Records, make_engine
from records.tables import Hub, OutboxRow


def records_beside(folder: Path) -> Records:
    """Empty records in a folder, without a hub, sealed with the keys that are open now."""
    engine = make_engine(f"sqlite:///{folder / 'beside.db'}")
    SQLModel.metadata.create_all(engine)
    return Records(engine)


def copy_hub(beside: Records, session: HubSession, hub_id: str) -> int:
    """Copy every row of one hub, and tell the workflows of whatever it has.

    Args:
        beside: whose only hub it is.
        session: over all hubs of the records that it comes into.

    Returns:
        How many rows.

    Raises:
        IntegrityError: a name that is there once only is taken.
    """
    hub, news = (cast(Table, cast(Any, one).__table__) for one in (Hub, OutboxRow))
    count = 0
    with beside.reading("") as source:
        for table in SQLModel.metadata.sorted_tables:
            if table is news or not (table is hub or "hub_id" in table.c):
                continue
            which = table.c.id if table is hub else table.c.hub_id
            rows = source.execute(select(table).where(which == hub_id)).mappings().all()
            if rows:
                session.execute(insert(table), [dict(row) for row in rows])
            count += len(rows)
        # One word for each, the newest; the numbers of such rows are the records' own.
        told = select(
            *(news.c.hub_id, news.c.subject_kind, news.c.subject_id),
            func.max(news.c.revision).label("revision"),
            func.max(news.c.written_at, type_=news.c.written_at.type).label("written_at"),
        ).group_by(news.c.hub_id, news.c.subject_kind, news.c.subject_id)
        rows = source.execute(told.where(news.c.hub_id == hub_id)).mappings().all()
        session.execute(insert(news), [dict(row) for row in rows])
    return count
