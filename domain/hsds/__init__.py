"""Open Referral's Human Services Data Specification 3: reading an export of a directory.

Whatever shape an export has (CSV files, one JSON of tables, nested organizations or services),
`read_export` turns it into the same tables of raw rows, and `typed` turns those into values and
references, with what could not be used set aside and said why::

    export = read_export({"organizations.csv": data, ...})
    items = typed(export)

Nothing that an export says is dropped in silence: what has no column of ours stays with its row.
Source: https://docs.openreferral.org/en/3.0/hsds/ (CC BY-SA 4.0).
"""

from domain.hsds.entities import ENTITIES, Entity
from domain.hsds.reading import read_export
from domain.hsds.rows import Export, HsdsRefused, Item, RawRow, Remark, SetAside, Typed
from domain.hsds.typing import typed

__all__ = [
    "ENTITIES",
    "Entity",
    "Export",
    "HsdsRefused",
    "Item",
    "RawRow",
    "Remark",
    "SetAside",
    "Typed",
    "read_export",
    "typed",
]
