"""Importing a published directory: what it would change, and making it so.

Rows are known by their id in the export, under the export's name. The same export twice changes
nothing; what the hub changed by hand stays; what is not listed any more is ended, never deleted,
because plans refer to it. `preview` and `apply` find the same difference by the same code.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, select

from domain.hsds import ENTITIES, Export, Item, Remark, SetAside, typed
from domain.opening_hours import Hours
from records.columns import new_id
from records.database import HubSession
from records.directory_index import reindex
from records.tables import (
    CostOption,
    Location,
    Phone,
    Provider,
    ProviderContact,
    Published,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    SpokenLanguage,
    TaxonomyTerm,
)

TABLES: Mapping[str, type[Published]] = {
    "organizations": Provider,
    "taxonomy_terms": TaxonomyTerm,
    "locations": Location,
    "services": Service,
    "service_at_location": ServiceAtLocation,
    "contacts": ProviderContact,
    "phones": Phone,
    "schedules": Schedule,
    "languages": SpokenLanguage,
    "cost_options": CostOption,
    "attributes": ServiceTerm,
}
"""Entity of HSDS → our table."""
MOST_LOST = 0.5
"""A larger share of a directory's services does not vanish unless somebody says so."""
FEW = 10
"""Fewer services than this may all go without a question."""
_INACTIVE = frozenset({"inactive", "defunct", "temporarily closed"})


class ExportLostTooMuch(ValueError):
    """More than half of the services are not listed any more: it may be another export."""

    def __init__(self, lost: int, listed: int) -> None:
        super().__init__(
            f"{lost} of {listed} services are not in this export. Check that it is whole and of "
            "the same directory; if it is, accept the loss."
        )
        self.lost, self.listed = lost, listed


@dataclass(slots=True)
class Difference:
    """What an export changes.

    Attributes:
        counts: entity → how many are `new`, `changed`, `unchanged`, `ended`, `back`.
        names: what changed, for a person: (what happened, provider or service).
        complete: the export lists the whole directory; otherwise nothing is ended.
        applied: it was written.
    """

    source: str
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    names: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    complete: bool = True
    applied: bool = False

    @property
    def nothing_new(self) -> bool:
        """Whether the records are as the export says already."""
        return not any(
            count for counts in self.counts.values() for kind, count in counts.items()
            if kind != "unchanged"
        )  # fmt: skip


def preview(
    session: HubSession, export: Export, source: str, now: datetime, *, accept_loss: bool = False
) -> Difference:
    """What an export would change; nothing is written.

    Args:
        session: of the hub.
        export: read.
        source: the name of the directory that it is an export of.
        now: UTC.
        accept_loss: more than half of the services may go.

    Raises:
        ExportLostTooMuch: they would, and it was not accepted.
    """
    return _Comparing(session, export, source, now).compare(accept_loss=accept_loss)


def apply(
    session: HubSession, export: Export, source: str, now: datetime, *, accept_loss: bool = False
) -> Difference:
    """Write what an export changes, in the transaction of the session.

    Raises:
        ExportLostTooMuch: see `preview`.
    """
    comparing = _Comparing(session, export, source, now)
    found = comparing.compare(accept_loss=accept_loss)
    comparing.write()
    found.applied = True
    return found


class _Comparing:
    """One export against the records."""

    def __init__(self, session: HubSession, export: Export, source: str, now: datetime) -> None:
        self._session, self._source, self._now = session, source, now
        self._read = typed(export)
        self._found = Difference(source, complete=export.complete)
        self._found.set_aside, self._found.remarks = self._read.set_aside, self._read.remarks
        self._ids: dict[str, dict[str, str]] = {}
        self._new: dict[str, list[dict[str, Any]]] = {}
        self._changed: list[tuple[Published, dict[str, Any]]] = []
        self._live_services = 0
        self._service_at: dict[str | None, str] = {}

    def compare(self, *, accept_loss: bool) -> Difference:
        """Find the difference."""
        for entity in ENTITIES:
            self._compare_entity(entity)
        lost = self._found.counts.get("services", Counter())["ended"]
        few = self._live_services < FEW
        if not (accept_loss or few) and lost > MOST_LOST * self._live_services:
            raise ExportLostTooMuch(lost, self._live_services)
        return self._found

    def write(self) -> None:
        """Write the difference."""
        if self._found.nothing_new:
            return
        for entity, rows in self._new.items():
            # Tens of thousands of rows, at once and without an object for each.
            self._session.execute(insert(TABLES[entity]), rows)
        for row, changes in self._changed:
            for name, value in changes.items():
                setattr(row, name, value)
            self._session.add(row)
        self._session.flush()
        everybody = select(col(Provider.id)).where(Provider.source == self._source)
        reindex(self._session, list(self._session.exec(everybody).all()))

    def _compare_entity(self, entity: str) -> None:
        table = TABLES[entity]
        rows = self._session.exec(select(table).where(table.source == self._source)).all()
        known = {row.external_id or "": row for row in rows}
        self._ids[entity] = {external: row.id for external, row in known.items()}
        if entity == "services":
            self._live_services = sum(row.ended_at is None for row in rows)
        if entity not in self._read.items:
            return
        counts = self._found.counts.setdefault(entity, Counter())
        seen: set[str] = set()
        for item in self._read.items[entity]:
            references = self._resolved(item)
            if references is None:
                continue
            seen.add(item.external_id)
            values = _completed(entity, {**item.values, **references})
            self._compare_row(entity, item, values, known.get(item.external_id), counts)
            if entity == "service_at_location":
                self._service_at[self._ids[entity][item.external_id]] = values["service_id"]
        self._end_vanished(entity, known, seen, counts)

    def _compare_row(
        self,
        entity: str,
        item: Item,
        values: dict[str, Any],
        row: Published | None,
        counts: Counter[str],
    ) -> None:
        extra = dict(item.extra)
        # What the export itself calls closed is not offered, and is kept as any other row.
        ended = self._now if values.get("status") in _INACTIVE else None
        if row is None:
            adopted = self._adopted(entity, values)
            if adopted is None:
                self._add(entity, item, values, extra, ended)
                counts["new"] += 1
                return
            row, values = adopted, {**values, "source": self._source}
            values["external_id"] = item.external_id
            self._ids[entity][item.external_id] = row.id
        changes = {
            name: value
            for name, value in {**values, "extra": extra}.items()
            if name not in row.kept and getattr(row, name) != value
        }
        if "ended_at" not in row.kept and (row.ended_at is None) != (ended is None):
            changes["ended_at"] = ended
        kind = "unchanged" if not changes else "changed"
        if "ended_at" in changes:
            kind = "back" if ended is None else "ended"
        counts[kind] += 1
        if changes:
            self._changed.append((row, changes))
            self._name(entity, kind, str(values.get("name") or ""))

    def _add(
        self,
        entity: str,
        item: Item,
        values: dict[str, Any],
        extra: dict[str, Any],
        ended: datetime | None,
    ) -> None:
        row = {
            **_blank(TABLES[entity]),
            **values,
            "id": new_id(),
            "hub_id": self._session.hub_id,
            "created_at": self._now,
            "source": self._source,
            "external_id": item.external_id,
            "extra": extra,
            "kept": [],
            "ended_at": ended,
        }
        self._ids[entity][item.external_id] = row["id"]
        self._new.setdefault(entity, []).append(row)
        self._name(entity, "new", str(values.get("name") or ""))

    def _adopted(self, entity: str, values: Mapping[str, Any]) -> Published | None:
        """The hub's own provider of the same name: plans refer to it, so it becomes the one of
        the export instead of standing beside it."""
        if entity != "organizations":
            return None
        taken = {id(row) for row, _ in self._changed}
        rows = self._session.exec(
            select(Provider).where(
                Provider.name == values["name"],
                col(Provider.external_id).is_(None),
                col(Provider.ended_at).is_(None),
            )
        ).all()
        return next((row for row in rows if id(row) not in taken), None)

    def _resolved(self, item: Item) -> dict[str, str | None] | None:
        """The rows that an item refers to, by their ids; None when it lacks one that it needs."""
        entity = ENTITIES[item.entity]
        found: dict[str, str | None] = {}
        for name in entity.references:
            target, external = item.references.get(name, ("", ""))
            found[name] = self._ids.get(target, {}).get(external)
            if external and found[name] is None:
                reason = f"its {name} is not in the directory"
                if name in entity.required:
                    aside = SetAside(item.entity, item.where, item.external_id, reason)
                    self._found.set_aside.append(aside)
                    return None
                remark = f"{reason}; it was left out"
                self._found.remarks.append(Remark(item.entity, item.where, remark))
        if item.entity == "schedules" and found["service_id"] is None:
            # Hours of a service at one place are hours of the service.
            found["service_id"] = self._service_at.get(found["service_at_location_id"])
        return found

    def _end_vanished(
        self,
        entity: str,
        known: Mapping[str, Published],
        seen: set[str],
        counts: Counter[str],
    ) -> None:
        """End what is not listed any more. A row that could not be read may be any of those."""
        aside = [one.external_id for one in self._found.set_aside if one.entity == entity]
        if not self._found.complete or "" in aside:
            return
        for external, row in known.items():
            if external in seen or external in aside:
                continue
            if row.ended_at is None and "ended_at" not in row.kept:
                counts["ended"] += 1
                self._changed.append((row, {"ended_at": self._now}))
                self._name(entity, "ended", str(getattr(row, "name", "")))

    def _name(self, entity: str, kind: str, name: str) -> None:
        if entity in ("organizations", "services"):
            self._found.names.append((f"{kind} {entity[:-1]}", name))


def _completed(entity: str, values: dict[str, Any]) -> dict[str, Any]:
    """Values with what our columns hold beyond the export's."""
    if entity == "schedules":
        values["plain"] = hours_of(values).plain
    return values


@cache
def _blank(table: type[Published]) -> dict[str, Any]:
    """The columns of a table with what they are unless somebody says otherwise."""
    fields = table.model_fields.items()
    return {
        name: None if one.is_required() else one.default
        for name, one in fields
        if not one.default_factory
    }


def hours_of(values: Mapping[str, Any]) -> Hours:
    """A schedule's hours from its columns."""
    names = Hours.__dataclass_fields__
    return Hours(**{name: values[name] for name in names if name in values})


__all__ = ["Difference", "ExportLostTooMuch", "apply", "hours_of", "preview"]
