"""Nested objects (`organization_full`, `service_full` …) taken apart into rows.

An object that is nested in another refers to it; that is what the same row has as a column in
the CSV tables.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from domain.hsds.entities import IGNORED
from domain.hsds.rows import Export, RawRow, SetAside

_MANY = {
    "services": "services",
    "service_at_locations": "service_at_location",
    "locations": "locations",
    "addresses": "addresses",
    "phones": "phones",
    "contacts": "contacts",
    "schedules": "schedules",
    "languages": "languages",
    "cost_options": "cost_options",
    "attributes": "attributes",
    "accessibility": "accessibility",
    "funding": "funding",
    "organization_identifiers": "organization_identifiers",
    "programs": "programs",
    "required_documents": "required_documents",
    "service_areas": "service_areas",
    "service_capacities": "service_capacities",
    "additional_urls": "urls",
    "metadata": "metadata",
}
_ONE = {
    "organization": ("organizations", "organization_id"),
    "service": ("services", "service_id"),
    "location": ("locations", "location_id"),
    "program": ("programs", "program_id"),
    "taxonomy_term": ("taxonomy_terms", "taxonomy_term_id"),
    "taxonomy_detail": ("taxonomies", "taxonomy_id"),
    "unit": ("units", "unit_id"),
}
_REFERENCE = {
    "organizations": "organization_id",
    "services": "service_id",
    "locations": "location_id",
    "service_at_location": "service_at_location_id",
    "contacts": "contact_id",
    "phones": "phone_id",
    "programs": "program_id",
}
_FILES = {
    "service_at_location": "service_at_location",
    "organization": "organizations",
    "taxonomy_term": "taxonomy_terms",
    "taxonomy": "taxonomies",
    "service": "services",
    "location": "locations",
}
_DEEPEST = 12


def kind_of(said: Mapping[str, Any], stem: str) -> str:
    """Which entity an object on the top is: by what only that one has, else by the file's name;
    "" when it is none."""
    names = set(said)
    for entity, has in (
        ("service_at_location", {"service", "location"}),
        ("service_at_location", {"service_id", "location_id"}),
        ("services", {"organization"}),
        ("services", {"organization_id", "status"}),
        ("services", {"service_at_locations"}),
        ("locations", {"location_type"}),
        ("locations", {"latitude", "longitude"}),
        ("locations", {"addresses"}),
        ("taxonomy_terms", {"taxonomy_detail"}),
        ("taxonomy_terms", {"term_uri"}),
        ("organizations", {"services"}),
        ("organizations", {"legal_status"}),
        ("organizations", {"organization_identifiers"}),
    ):
        if has <= names:
            return entity
    known = next((entity for name, entity in _FILES.items() if stem.startswith(name)), "")
    if known:
        return known
    if {"name", "description"} <= names:
        return "taxonomies" if {"uri", "version"} <= names else "organizations"
    return ""


def take_in(
    export: Export, entity: str, said: Mapping[str, Any], where: str, *, depth: int = 0
) -> str:
    """Take an object apart into rows, those nested in it too.

    Args:
        export: takes the rows.
        entity: that the object is.
        said: the object.
        where: for a person.
        depth: in how many others it is nested.

    Returns:
        Its id.
    """
    own = {name: value for name, value in said.items() if not _nested(name, value)}
    own_id = str(own.get("id") or "").strip()
    if not own_id:
        own_id = _id_for(entity, said)
    own["id"] = own_id
    if depth > _DEEPEST:
        export.set_aside.append(SetAside(entity, where, own_id, "it is nested too deep"))
        return own_id
    for name, (kind, reference) in _ONE.items():
        value = said.get(name)
        if isinstance(value, dict):
            if kind == "programs":
                value = _with(value, kind, (entity, own_id))
            own[reference] = take_in(export, kind, value, f"{where}, {name}", depth=depth + 1)
    if entity not in IGNORED:
        export.add(entity, RawRow(where, own))
    for name, kind in _MANY.items():
        value = said.get(name)
        if isinstance(value, list):
            _take_many(export, (entity, own_id), kind, value, f"{where}, {name}", depth)
    return own_id


def _take_many(
    export: Export, parent: tuple[str, str], kind: str, said: list[Any], where: str, depth: int
) -> None:
    if kind in IGNORED:
        return
    export.rows.setdefault(kind, {})
    for number, one in enumerate(said, start=1):
        if not isinstance(one, dict):
            export.set_aside.append(SetAside(kind, f"{where} {number}", "", "it is no object"))
            continue
        take_in(export, kind, _with(one, kind, parent), f"{where} {number}", depth=depth + 1)


def _with(said: Mapping[str, Any], kind: str, parent: tuple[str, str]) -> dict[str, Any]:
    """The object with a reference to what it is nested in."""
    entity, parent_id = parent
    made = dict(said)
    if kind == "attributes":
        made["link_id"] = parent_id
    if entity in _REFERENCE:
        made.setdefault(_REFERENCE[entity], parent_id)
    return made


def _nested(name: str, value: Any) -> bool:
    return (name in _MANY and isinstance(value, list)) or (name in _ONE and isinstance(value, dict))


def _id_for(entity: str, said: Mapping[str, Any]) -> str:
    """An id for an object that came without one: the same for the same content and parent."""
    words = json.dumps(said, sort_keys=True, default=str)
    return f"{entity}/{hashlib.sha256(words.encode()).hexdigest()[:20]}"


__all__ = ["kind_of", "take_in"]
