"""What every table shares: an id, the hub that owns the row, and when it was made."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, Text, column
from sqlmodel import Field, SQLModel

from records.columns import IdType, Sealed, UtcDateTime, WallTime, new_id


def utc_now() -> datetime:
    """When a row was made. Bookkeeping only: rules take their `now` as an argument."""
    return datetime.now(UTC)


class _HubColumn:
    """Stands in for the column on the one class that the scope names and that has no table."""

    shown_on: type | None = None

    def __get__(self, instance: object, owner: type) -> Any:
        if owner is not self.shown_on:
            raise AttributeError("hub_id")
        return column("hub_id")


class _Scoped:
    """What the hub scope's criterion is first looked at (records/database.py)."""

    hub_id = _HubColumn()


class _Owned(SQLModel):
    # The hub has no index of its own: nearly every row is of one hub, and SQLite, which keeps no
    # statistics, would walk through all of them rather than use the index that a query is for.
    id: str = Field(default_factory=new_id, primary_key=True, sa_type=IdType)
    hub_id: str = Field(default="", foreign_key="hub.id", sa_type=IdType)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class HubOwned(_Owned, _Scoped):
    """A row that belongs to one hub. Hubs never see each other's rows."""


_HubColumn.shown_on = HubOwned


def ref(target: str, *, index: bool = True) -> Any:
    """A required reference to another row, e.g. `ref("case.id")`."""
    return Field(foreign_key=target, index=index, sa_type=IdType)


def maybe_ref(target: str, *, index: bool = True) -> Any:
    """An optional reference to another row."""
    return Field(default=None, foreign_key=target, index=index, sa_type=IdType)


def sealed(place: str) -> Any:
    """Text encrypted at rest; `place` is `table.column` and ties the value to it."""
    return Field(default="", sa_type=cast(Any, Sealed(place)))


def instant(*, index: bool = False) -> Any:
    """A required instant (UTC)."""
    return Field(sa_type=UtcDateTime, index=index)


def maybe_instant(*, index: bool = False) -> Any:
    """An optional instant (UTC)."""
    return Field(default=None, sa_type=UtcDateTime, index=index)


def wall_time() -> Any:
    """A required wall time (naive)."""
    return Field(sa_type=WallTime)


def long_text() -> Any:
    """Text of any length that names nobody."""
    return Field(default="", sa_type=Text)


def json_list() -> Any:
    """A list kept as JSON."""
    return Field(default_factory=list, sa_type=JSON)


def json_dict() -> Any:
    """A mapping kept as JSON; ids and settings only, never anything personal."""
    return Field(default_factory=dict, sa_type=JSON)


__all__ = [
    "HubOwned",
    "instant",
    "json_dict",
    "json_list",
    "long_text",
    "maybe_instant",
    "maybe_ref",
    "ref",
    "sealed",
    "utc_now",
    "wall_time",
]
