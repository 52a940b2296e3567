"""What keeps the house running: outbox, heartbeats, idempotency, audit, the key check."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary
from sqlmodel import Field, SQLModel, UniqueConstraint

from records.columns import IdType, UtcDateTime
from records.tables.base import HubOwned, instant, json_dict, long_text, maybe_instant


class OutboxRow(SQLModel, table=True):
    """A change that a workflow must hear of; written in the transaction of the change itself."""

    __tablename__ = "outbox"
    seq: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger().with_variant(Integer(), "sqlite"),
    )
    hub_id: str = Field(foreign_key="hub.id", sa_type=IdType)
    subject_kind: str
    subject_id: str
    revision: int
    written_at: datetime = Field(sa_type=UtcDateTime)


class PartBeat(SQLModel, table=True):
    """That a part of the house (worker, relay …) was alive, and when."""

    __tablename__ = "part_beat"
    part: str = Field(primary_key=True)
    beat_at: datetime = Field(sa_type=UtcDateTime)
    detail: str = ""


class DatabaseMeta(SQLModel, table=True):
    """Facts about this database itself, e.g. the sealed word that proves the key fits."""

    __tablename__ = "database_meta"
    name: str = Field(primary_key=True)
    value: str


class IdempotencyKey(HubOwned, table=True):
    """An answer that is given again when the same request comes again."""

    __tablename__ = "idempotency_key"
    token_id: str
    key_hash: str
    request_hash: str
    status: int = 0
    answer: bytes | None = Field(default=None, sa_type=LargeBinary)
    expires_at: datetime = instant()

    __table_args__ = (UniqueConstraint("token_id", "key_hash"),)


class AuditEvent(HubOwned, table=True):
    """Who read or changed what, and when. Ids only. Made by `records/audit.py` alone.

    `number` counts a hub's rows without a gap; None for rows from before the chain began.
    """

    __tablename__ = "audit_event"
    number: int | None = None
    seal: str = ""
    happened_at: datetime = instant()
    actor: str
    action: str
    subject_kind: str = ""
    subject_id: str = Field(default="", index=True)
    detail: dict[str, str] = json_dict()
    note: str = long_text()
    until: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("hub_id", "number"),)


class AuditHead(HubOwned, table=True):
    """The end of a hub's audit trail: its last number and seal, under a mark of their own.

    `unchained` is how many rows there were when the chain began.
    """

    __tablename__ = "audit_head"
    number: int = 0
    seal: str = ""
    unchained: int = 0
    mark: str = ""

    __table_args__ = (UniqueConstraint("hub_id"),)
