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
    return not any(_is_bare(element) for element in visitors.iterate(statement))


def _is_bare(element: Any) -> bool:
    if isinstance(element, TextClause):
        return True
    if isinstance(element, ColumnClause):
        return element.is_literal and element.name != "*"
    if isinstance(element, Select):
        joined = (target for target, *_ in element._setup_joins)
        return _has_bare_source(element, (*element._raw_columns, *element._from_obj, *joined))
    return isinstance(element, UpdateBase) and _has_bare_source(element, (element.table,))


def _has_bare_source(part: Any, sources: tuple[Any, ...]) -> bool:
    """A part of a statement may name a bare column only of a table that it has from the ORM."""
    if any(isinstance(source, TableClause) and _unmarked(source) for source in sources):
        return True
    known = {getattr(source, "table", source) for source in sources if not _unmarked(source)}
    return any(
        isinstance(element, ColumnClause)
        and isinstance(element.table, TableClause)
        and _unmarked(element)
        and element.table not in known
        for element in visitors.iterate(part)
    )


def _unmarked(element: Any) -> bool:
    return _MARKS.isdisjoint(element._annotations)


__all__ = ["can_be_narrowed"]
