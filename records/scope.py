"""The scope of a hub: a session that belongs to one hub narrows whatever it runs.

Every ORM statement is narrowed to the hub's rows and every new row is stamped with it, so that
no query can forget whose rows it may see. What cannot be narrowed (raw SQL, bare tables, bulk
writes that go around the ORM) is refused.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import Engine, event, func, inspect
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlmodel import Session, select

from records.bare_tables import can_be_narrowed
from records.tables import AuditEvent, Hub, HubOwned, OutboxRow

_AT_ONCE = 500


class RecordsProblem(Exception):
    """The records cannot be opened or used like this; the message says what to do."""


class OtherHub(RecordsProblem):
    """A row of another hub was about to be written."""

    def __init__(self, table: str) -> None:
        super().__init__(f"A {table} row of another hub cannot be written here.")


class UnscopedStatement(RecordsProblem):
    """A statement that the hub scope cannot narrow."""

    def __init__(self) -> None:
        super().__init__("Raw SQL cannot run in a hub's session; use its tables.")


class HubSession(Session):
    """A session that sees and writes the rows of one hub alone.

    Attributes:
        hub_id: whose rows; "" only for the house's own chores (`Records.everywhere`).
        deeds: what is to be written into the audit trail when it commits.
        writes: whether it holds a write transaction, in which rows may be locked.
    """

    def __init__(self, bind: Engine, hub_id: str) -> None:
        super().__init__(bind, expire_on_commit=False, autoflush=True)
        self.hub_id = hub_id
        self.deeds: list[AuditEvent] = []
        self.writes = bool(bind.get_execution_options().get("homeward_write", False))

    def lock(self, row: Any, *names: str) -> None:
        """Read columns of a row anew and hold the row until the transaction ends.

        What is read, changed and written back must not be changed by somebody else in between.
        SQLite has one writer at a time, who holds everything already.
        """
        if self.writes and self.get_bind().dialect.name != "sqlite":
            self.flush()
            self.refresh(row, attribute_names=names or None, with_for_update={"key_share": True})

    def bulk_save_objects(self, *_: Any, **__: Any) -> NoReturn:
        """Refused: it goes around the scope."""
        raise UnscopedStatement

    def bulk_insert_mappings(self, *_: Any, **__: Any) -> NoReturn:
        """Refused: it goes around the scope."""
        raise UnscopedStatement

    def bulk_update_mappings(self, *_: Any, **__: Any) -> NoReturn:
        """Refused: it goes around the scope."""
        raise UnscopedStatement


@event.listens_for(HubSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Add the hub to every statement; refuse what cannot carry it."""
    session = state.session
    if not isinstance(session, HubSession) or not session.hub_id:
        return
    if state.is_column_load or state.is_relationship_load:
        return
    if not can_be_narrowed(state.statement):
        raise UnscopedStatement
    if state.is_insert:
        _check_insert(state, session.hub_id)
        return
    if state.is_update:
        _check_update(state, session)
        if isinstance(state.parameters, list):
            return
    elif not (state.is_select or state.is_delete):
        raise UnscopedStatement
    state.statement = state.statement.options(*_criteria(session.hub_id))


@lru_cache(maxsize=256)
def _criteria(hub_id: str) -> tuple[Any, ...]:
    return (
        with_loader_criteria(HubOwned, lambda cls: cls.hub_id == hub_id, include_aliases=True),
        with_loader_criteria(Hub, lambda cls: cls.id == hub_id, include_aliases=True),
        with_loader_criteria(OutboxRow, lambda cls: cls.hub_id == hub_id, include_aliases=True),
    )


def _check_insert(state: ORMExecuteState, hub_id: str) -> None:
    given: Any = state.parameters
    rows: list[Any] = given if isinstance(given, list) else [given or {}]
    if any(row.get("hub_id") != hub_id for row in rows):
        raise OtherHub("bulk")
    if getattr(state.statement, "_post_values_clause", None) is not None:
        raise UnscopedStatement


def _check_update(state: ORMExecuteState, session: HubSession) -> None:
    """No row may change hands, and rows that are changed by their ids must be the hub's own."""
    statement: Any = state.statement
    given: Any = state.parameters
    rows: list[Mapping[str, Any]] = given if isinstance(given, list) else [given or {}]
    named = {getattr(key, "key", key) for key in statement._values or {}}
    if "hub_id" in named or any("hub_id" in row for row in rows):
        raise OtherHub("bulk")
    if isinstance(given, list):
        entity: Any = state.bind_mapper.class_ if state.bind_mapper else None
        ids = {row.get("id") for row in rows}
        if entity is None or not _all_own(session, entity, ids):
            raise OtherHub("bulk")


def _all_own(session: HubSession, entity: Any, ids: Iterable[Any]) -> bool:
    wanted = list(ids)
    found = 0
    for start in range(0, len(wanted), _AT_ONCE):
        chunk = wanted[start : start + _AT_ONCE]
        found += session.exec(select(func.count(entity.id)).where(entity.id.in_(chunk))).one()
    return found == len(wanted)


@event.listens_for(HubSession, "before_flush")
def _stamp(session: Session, *_: Any) -> None:
    """Stamp new rows with the hub; refuse rows of another."""
    if not isinstance(session, HubSession) or not session.hub_id:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, HubOwned | OutboxRow):
            if not row.hub_id:
                row.hub_id = session.hub_id
            before = inspect(row).committed_state.get("hub_id", row.hub_id)
            was_other = isinstance(before, str) and before not in ("", session.hub_id)
            if row.hub_id != session.hub_id or was_other:
                raise OtherHub(type(row).__name__)


__all__ = ["HubSession", "OtherHub", "RecordsProblem", "UnscopedStatement"]
