"""What an export is made of, raw and read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class HsdsRefused(ValueError):
    """The file is no export that can be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row or object as it came.

    Attributes:
        where: for a person, e.g. "services.csv, row 4".
    """

    where: str
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id in the export; "" when it has none."""
        return str(self.fields.get("id") or "").strip()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that cannot be used, and why."""

    entity: str
    where: str
    external_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something of a row that was left out, and why; the row itself is used."""

    entity: str
    where: str
    reason: str


@dataclass(slots=True)
class Export:
    """Every row of an export, by entity (`organizations`, `services` …).

    Attributes:
        complete: it lists the whole directory, so that what it does not list is offered no more.
    """

    rows: dict[str, dict[str, RawRow]] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    complete: bool = True

    def count(self) -> int:
        """How many rows it has."""
        return sum(len(rows) for rows in self.rows.values())

    def add(self, entity: str, row: RawRow) -> None:
        """Take a row in. The same id again adds what the first one does not say: nested exports
        repeat an object wherever it belongs."""
        known = self.rows.setdefault(entity, {}).get(row.id)
        if known is None:
            self.rows[entity][row.id] = row
            return
        merged = dict(known.fields)
        for name, value in row.fields.items():
            if merged.get(name) in (None, "", []):
                merged[name] = value
            elif value not in (None, "", []) and value != merged[name] and name[-3:] != "_id":
                reason = f"{name} is not what {known.where} says; the first one is used"
                self.remarks.append(Remark(entity, row.where, reason))
        self.rows[entity][row.id] = RawRow(known.where, merged)


@dataclass(frozen=True, slots=True)
class Item:
    """One row, read.

    Attributes:
        values: column → value.
        references: column → (entity, id in the export).
        extra: what has no column.
    """

    entity: str
    external_id: str
    where: str
    values: Mapping[str, Any]
    references: Mapping[str, tuple[str, str]]
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """A whole export, read: what can be used, what cannot, and what was left out of the first."""

    items: Mapping[str, list[Item]]
    set_aside: list[SetAside]
    remarks: list[Remark]
