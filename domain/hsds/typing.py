"""From raw rows to values and references; what cannot be used is set aside with the reason."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from domain.hsds.entities import BELONGINGS, ENTITIES, OWNERS, BadValue, Entity, cleaned
from domain.hsds.rows import Export, Item, RawRow, Remark, SetAside, Typed

_ADDRESS = ("address_1", "address_2", "city", "region", "state_province", "postal_code", "country")
_LINK = ("link_id", "link_entity", "link_type")
_LOST = ("latitude", "longitude")
MOST_ID = 200
"""Longer ids than this are no ids."""


def typed(export: Export) -> Typed:
    """Everything of an export as values and references."""
    aside, remarks = list(export.set_aside), list(export.remarks)
    belongings = _belongings(export, aside)
    addresses = _addresses(export, aside)
    items: dict[str, list[Item]] = {}
    for name, entity in ENTITIES.items():
        if name not in export.rows:
            continue
        items[name] = []
        for row in export.rows[name].values():
            try:
                item = _item(name, entity, _linked(export, name, row), remarks)
            except BadValue as error:
                aside.append(SetAside(name, row.where, row.id[:MOST_ID], str(error)))
                continue
            items[name].append(_furnished(item, addresses, belongings))
    return Typed(items, aside, remarks)


def _item(name: str, entity: Entity, row: RawRow, remarks: list[Remark]) -> Item:
    """One row, read.

    Raises:
        BadValue: it lacks what it needs.
    """
    if len(row.id) > MOST_ID or not row.id.isprintable():
        raise BadValue("its id is no id")
    values: dict[str, Any] = {}
    for field, read in entity.readers.items():
        values[field], wrong = _read(read, row.fields.get(field))
        if wrong:
            remarks.append(Remark(name, row.where, f"{field} {wrong}; it was left out"))
    if values.get("latitude") is None or values.get("longitude") is None:
        # Half a position is none.
        values.update({lost: None for lost in _LOST if lost in values})
    references = {
        field: (target, said)
        for field, target in entity.references.items()
        if (said := str(row.fields.get(field) or "").strip())
    }
    for field in sorted(entity.required):
        if not values.get(field) and field not in references:
            raise BadValue(f"it has no {field}")
    known = {"id", *entity.readers, *entity.references}
    return Item(name, row.id, row.where, values, references, _extra(row.fields, known))


def _read(read: Any, value: Any) -> tuple[Any, str]:
    try:
        return read(value), ""
    except BadValue as error:
        return read(""), str(error)


def _extra(fields: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    return {
        name: _storable(value)
        for name, value in fields.items()
        if name not in known and value not in (None, "", [], {})
    }


def _storable(value: Any) -> Any:
    """A value as any database keeps it in JSON: no NUL, no half characters, finite numbers."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {cleaned(str(name)): _storable(one) for name, one in value.items()}
    return value


def _linked(export: Export, name: str, row: RawRow) -> RawRow:
    """An attribute's `link_id` is the reference that its `link_entity` names. Where that names
    nothing, as in the specification's own example, the id alone tells."""
    if name != "attributes" or row.fields.get("service_id"):
        return row
    linked = str(row.fields.get("link_entity") or "").strip().lower()
    about = str(row.fields.get("link_id") or "").strip()
    if linked not in ("service", "services") and about not in export.rows.get("services", {}):
        raise BadValue("what it is about is no service of the export")
    fields = {key: said for key, said in row.fields.items() if key not in _LINK}
    return RawRow(row.where, {**fields, "service_id": about})


def _addresses(export: Export, aside: list[SetAside]) -> dict[str, list[RawRow]]:
    """The addresses of each location, the one to go to first."""
    found: dict[str, list[RawRow]] = {}
    for row in export.rows.get("addresses", {}).values():
        location = str(row.fields.get("location_id") or "").strip()
        if location not in export.rows.get("locations", {}):
            reason = "its location is not in the export"
            aside.append(SetAside("addresses", row.where, row.id[:MOST_ID], reason))
            continue
        found.setdefault(location, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.fields.get("address_type") != "physical")
    return found


def _belongings(
    export: Export, aside: list[SetAside]
) -> dict[tuple[str, str], dict[str, list[Any]]]:
    """What has no table of ours, by the row that it stays with."""
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for name, usual in BELONGINGS.items():
        for row in export.rows.get(name, {}).values():
            owner = next(_owners(export, row, usual), None)
            if owner is None:
                reason = "what it belongs to is not in the export"
                aside.append(SetAside(name, row.where, row.id[:MOST_ID], reason))
                continue
            kept = {key: said for key, said in row.fields.items() if said not in (None, "")}
            found.setdefault(owner, {}).setdefault(name, []).append(_storable(kept))
    return found


def _owners(export: Export, row: RawRow, usual: str) -> Iterator[tuple[str, str]]:
    for field in (usual, *OWNERS):
        owner = (OWNERS[field], str(row.fields.get(field) or "").strip())
        if owner[1] in export.rows.get(owner[0], {}):
            yield owner


def _furnished(
    item: Item,
    addresses: Mapping[str, list[RawRow]],
    belongings: Mapping[tuple[str, str], dict[str, list[Any]]],
) -> Item:
    """The item with its address, and with what stays with it."""
    values, extra = dict(item.values), dict(item.extra)
    if item.entity == "locations":
        first, *others = [*addresses.get(item.external_id, []), RawRow("", {})]
        line = ENTITIES["organizations"].readers["name"]
        values.update({name: _read(line, first.fields.get(name))[0] for name in _ADDRESS})
        values["location_type"] = values["location_type"].lower() or "physical"
        more = [_storable(dict(row.fields)) for row in others if row.fields]
        extra.update({"addresses": more} if more else {})
    extra.update(belongings.get((item.entity, item.external_id), {}))
    return Item(item.entity, item.external_id, item.where, values, item.references, extra)


__all__ = ["typed"]
