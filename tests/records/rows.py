"""One row of any table, with everything that it refers to: new tables are covered by themselves."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Session, SQLModel

import records.tables
from records.columns import Sealed, new_id
from records.tables import Hub, HubOwned

NOW = datetime(2026, 5, 1, 14, tzinfo=UTC)
_VALUES: dict[type, Any] = {
    str: lambda: f"text-{new_id()}",
    int: lambda: 7,
    bool: lambda: True,
    datetime: lambda: NOW,
    date: lambda: date(2026, 5, 1),
    time: lambda: time(10),
    bytes: lambda: b"bytes",
}


def all_tables() -> list[type[HubOwned]]:
    """Every table whose rows belong to a hub."""
    mappers = SQLModel._sa_registry.mappers
    found = [mapper.class_ for mapper in mappers if issubclass(mapper.class_, HubOwned)]
    assert len(found) > 30, records.tables.__all__
    return sorted(found, key=lambda table: table.__name__)


def class_of(table_name: str) -> type[SQLModel]:
    """The model of a table."""
    models: dict[str, type[SQLModel]] = {
        str(mapper.class_.__tablename__): mapper.class_ for mapper in SQLModel._sa_registry.mappers
    }
    return models[table_name]


def a_row(session: Session, table: type[Any], hub_id: str) -> Any:
    """A new row of a hub, flushed, with the rows that it refers to."""
    columns = table.__table__.columns
    values = {c.name: _value(session, c, hub_id) for c in columns if _is_needed(c)}
    row = table(**{**values, "hub_id": hub_id})
    session.add(row)
    session.flush()
    return row


def _is_needed(column: Column[Any]) -> bool:
    return not column.primary_key and not column.nullable and column.name != "hub_id"


def _value(session: Session, column: Column[Any], hub_id: str) -> Any:
    for reference in column.foreign_keys:
        parent = class_of(reference.column.table.name)
        if parent is Hub:
            return hub_id
        return a_row(session, parent, hub_id).id
    plain: Any = getattr(column.type, "impl", column.type)
    if isinstance(plain, DateTime) and not plain.timezone:
        return datetime(2026, 5, 1, 9)
    if isinstance(plain, JSON):
        return {}
    return _VALUES[plain.python_type]()


def sealed_columns(table: type[SQLModel]) -> list[str]:
    """Names of the columns that are encrypted at rest."""
    columns = table.__table__.columns  # type: ignore[attr-defined]
    return [column.name for column in columns if isinstance(column.type, Sealed)]
