"""Prepared statements for the hot path: compiled once, scoped to the hub by construction.

An ORM session spends most of its time composing statements and objects. Where a reminder falls
due for a thousand people in the same second, the same few statements run a thousand times, so
they are compiled once and handed to the driver as they are. `prepared` adds the hub's criterion
for every table itself: a statement cannot forget whose rows it may see.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import FromClause, Join
from sqlmodel import SQLModel

from records.database import HubSession

HUB = "hub"
_Processor = Callable[[Any], Any] | None


class NotScoped(ValueError):
    """A statement reads a table that has no hub."""

    def __init__(self, table: str) -> None:
        super().__init__(f"{table} belongs to no hub; it cannot be read on the hot path.")


class OuterJoin(ValueError):
    """The hub's criterion for a table that may be missing would throw out the rows without it."""

    def __init__(self) -> None:
        super().__init__("Take a subquery for what may be missing, in place of an outer join.")


class AlreadyThere(Exception):
    """A row with the same unique value is there already."""

    def __init__(self, table: str) -> None:
        super().__init__(f"There is such a {table} already.")


class _Compiled:
    """A statement as one driver takes it, with what turns its values into ours and back."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=_named(dialect))
        self.sql = str(compiled)
        self.fixed = dict(compiled.params)
        self.bind: dict[str, Callable[[Any], Any]] = {}
        for name, parameter in compiled.binds.items():
            process = parameter.type._cached_bind_processor(dialect)
            if process is not None:
                self.bind[name] = process
        columns = getattr(statement, "selected_columns", ())
        self.result: list[_Processor] = [
            column.type._cached_result_processor(dialect, None) for column in columns
        ]

    def parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, as the driver wants them."""
        values = {**self.fixed, **given}
        for name, process in self.bind.items():
            values[name] = process(values[name])
        return values


class Prepared:
    """One select of one hub's rows."""

    def __init__(self, statement: Any, *, raw: tuple[int, ...] = ()) -> None:
        self._statement = _narrowed(statement)
        self._raw = raw
        self._compiled: dict[str, _Compiled] = {}

    def all(self, session: HubSession, **given: Any) -> list[tuple[Any, ...]]:
        """Every row, as plain values. Columns named `raw` stay as they are stored (sealed)."""
        compiled = self._for(session)
        connection = session.connection().connection
        cursor = connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.parameters({HUB: session.hub_id, **given}))
            rows = cursor.fetchall()
        finally:
            cursor.close()
        active = [(i, process) for i, process in enumerate(compiled.result) if process]
        return [_converted(row, active) for row in rows]

    def _for(self, session: HubSession) -> _Compiled:
        dialect = session.connection().dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = _Compiled(self._statement, dialect)
            for index in self._raw:
                compiled.result[index] = None
            self._compiled[dialect.name] = compiled
        return compiled


class PreparedInsert:
    """One insert of a row of the session's own hub."""

    def __init__(self, table: type[SQLModel]) -> None:
        self._table: Table = table.__table__  # type: ignore[attr-defined]
        self._compiled: dict[str, _Compiled] = {}

    def run(self, session: HubSession, row: SQLModel) -> None:
        """Insert the row as it stands, its hub set to the session's.

        Raises:
            AlreadyThere: a row with the same unique value is there already.
        """
        dialect = session.connection().dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            values: dict[str, Any] = {c.name: bindparam(c.name) for c in self._table.columns}
            compiled = _Compiled(insert(self._table).values(values), dialect)
            self._compiled[dialect.name] = compiled
        given = {column.name: getattr(row, column.name) for column in self._table.columns}
        given["hub_id"] = session.hub_id
        cursor = session.connection().connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.parameters(given))
        except Exception as error:
            if _is_duplicate(error):
                raise AlreadyThere(self._table.name) from None
            raise
        finally:
            cursor.close()


def _is_duplicate(error: Exception) -> bool:
    """Whether a driver says that a unique value is there already."""
    sqlite = getattr(error, "sqlite_errorname", "")
    return (
        sqlite in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
        or getattr(error, "sqlstate", "") == "23505"
    )


def _converted(row: Any, active: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    if not active:
        return tuple(row)
    values = list(row)
    for index, process in active:
        values[index] = process(values[index])
    return tuple(values)


def _named(dialect: Dialect) -> Dialect:
    """The same dialect, with parameters by name where the driver takes both."""
    if dialect.name != "sqlite":
        return dialect
    named: Dialect = type(dialect)(paramstyle="named")  # type: ignore[call-arg]
    named.server_version_info = dialect.server_version_info
    return named


def _narrowed(statement: Select[Any]) -> Select[Any]:
    """The statement with the hub's criterion for every table, in selects within it, too."""

    def narrow(part: Any) -> None:
        for table in _tables(part):
            owner = table.c.id if table.name == "hub" else table.c.get("hub_id")
            if owner is None:
                raise NotScoped(table.name)
            part._where_criteria += (owner == bindparam(HUB),)

    narrowed: Select[Any] = visitors.cloned_traverse(statement, {}, {"select": narrow})
    return narrowed


def _tables(statement: Select[Any]) -> list[Table]:
    found: list[Table] = []
    for source in statement.get_final_froms():
        found += _tables_in(source)
    return found


def _tables_in(source: FromClause) -> list[Table]:
    if isinstance(source, Join):
        if source.isouter or source.full:
            raise OuterJoin
        return [*_tables_in(source.left), *_tables_in(source.right)]
    if isinstance(source, Table):
        return [source]
    raise NotScoped(type(source).__name__)
