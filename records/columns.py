"""Column types and small builders that every table uses."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from records.crypto import keys


def new_id() -> str:
    """A new id: 128 bits as 32 hex digits, roughly ordered by time so that indexes stay dense."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. A naive value is refused at the door; what comes back is always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its UTC offset.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC on every database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A court's wall time: naive by intent; an aware value is refused."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse aware values."""
        if value is not None and value.tzinfo is not None:
            raise ValueError("A wall time carries no UTC offset.")
        return value


class Sealed(TypeDecorator[str]):
    """Text that is encrypted at rest, tied to its table and column."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt; the empty text stays empty."""
        return value if not value else keys().seal_text(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt.

        Raises:
            WrongKey: the key ring does not fit the records.
        """
        return value if not value else keys().open_text(value, self.place)


IdType = String(32)
