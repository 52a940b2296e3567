"""Alembic's entry: runs the migrations on the engine that `records.migrating` hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel

import records.tables  # noqa: F401  (registers every table)
from records.columns import Sealed, UtcDateTime, WallTime


def plain_types(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations outlive our column classes: write the plain types that lie beneath them."""
    if kind != "type":
        return False
    if isinstance(item, Sealed):
        return "sa.Text()"
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, WallTime):
        return "sa.DateTime()"
    if isinstance(item, AutoString):
        return "sa.String()"
    return False


def _guard_references(connection: Any, *, on: bool) -> None:
    """SQLite rebuilds a table to change it: meanwhile nothing may look at what refers to it.

    It takes this word between transactions only, hence on the driver's own connection.
    """
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


with context.config.attributes["engine"].connect() as connection:
    _guard_references(connection, on=False)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                raise RuntimeError(
                    f"The migration would lose {len(lost)} references; nothing is changed."
                )
    connection.commit()
    _guard_references(connection, on=True)
