"""Whether a statement can be narrowed to a hub: only what the ORM knows of can be.

The ORM marks the tables and columns that it hands out, and narrows by these marks. A bare table,
a bare column that brings its table along, and raw text carry none.
"""

from typing import Any

from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ColumnClause, Select, TableClause, TextClause, UpdateBase

_MARKS = frozenset({"parententity", "_orm_adapt"})


def can_be_narrowed(statement: Any) -> bool:
    """Whether the ORM knows every table that a statement touches, at every depth."""
    parts: list[Any] = []
    some_bare_column = False
    for element in visitors.iterate(statement):
        if isinstance(element, ColumnClause):
            if element.is_literal and element.name != "*":
                return False
            some_bare_column = some_bare_column or _is_bare_column(element)
        elif isinstance(element, TextClause):
            return False
        elif isinstance(element, Select | UpdateBase):
            parts.append(element)
    return not any(
        any(map(_is_bare_table, _sources(part)))
        or (some_bare_column and _names_a_table_it_has_not(part))
        for part in parts
    )


def _sources(part: Any) -> tuple[Any, ...]:
    """What a part of a statement names as its tables, directly or by their columns."""
    if isinstance(part, UpdateBase):
        return (part.table,)
    joined = (target for target, *_ in part._setup_joins)
    return (*part._raw_columns, *part._from_obj, *joined)


def _names_a_table_it_has_not(part: Any) -> bool:
    """A part of a statement may name a bare column only of a table that it has from the ORM."""
    has = {getattr(source, "table", source) for source in _sources(part) if not _unmarked(source)}
    return any(
        isinstance(element, ColumnClause) and _is_bare_column(element) and element.table not in has
        for element in visitors.iterate(part)
    )


def _is_bare_column(element: Any) -> bool:
    return isinstance(element.table, TableClause) and _unmarked(element)


def _is_bare_table(element: Any) -> bool:
    return isinstance(element, TableClause) and _unmarked(element)


def _unmarked(element: Any) -> bool:
    return _MARKS.isdisjoint(element._annotations)


__all__ = ["can_be_narrowed"]
