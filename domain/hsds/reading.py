"""From the files of an export to raw rows: CSV tables, one JSON of tables, or nested JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from domain.hsds.entities import BELONGINGS, ENTITIES, IGNORED
from domain.hsds.nesting import kind_of, take_in
from domain.hsds.rows import Export, HsdsRefused, RawRow, SetAside

_KNOWN = frozenset({*ENTITIES, *BELONGINGS, *IGNORED, "addresses"})
_OTHER_NAMES = {
    "organization": "organizations",
    "program": "programs",
    "service": "services",
    "location": "locations",
    "services_at_location": "service_at_location",
    "service_at_locations": "service_at_location",
    "address": "addresses",
    "physical_addresses": "addresses",
    "physical_address": "addresses",
    "phone": "phones",
    "contact": "contacts",
    "schedule": "schedules",
    "regular_schedules": "schedules",
    "language": "languages",
    "cost_option": "cost_options",
    "attribute": "attributes",
    "service_attributes": "attributes",
    "service_attribute": "attributes",
    "taxonomy_term": "taxonomy_terms",
    "taxonomy": "taxonomies",
    "required_document": "required_documents",
    "service_area": "service_areas",
    "service_capacity": "service_capacities",
    "organization_identifier": "organization_identifiers",
    "url": "urls",
    "unit": "units",
    "accessibility_for_disabilities": "accessibility",
}
"""Names in other versions and exports → the one of HSDS 3."""


def read_export(files: Mapping[str, bytes]) -> Export:
    """All rows of an export.

    Args:
        files: name → content; CSV and JSON files are read, others are left alone.

    Raises:
        HsdsRefused: there is nothing to read, or a file cannot be read.
    """
    export = Export()
    for name in sorted(files):
        file, stem = PurePath(name).name, PurePath(name).stem
        if file.startswith(".") or stem == "datapackage":
            continue
        if file.lower().endswith(".csv"):
            _read_csv(export, file, entity_named(stem), files[name])
        elif file.lower().endswith(".json"):
            _read_json(export, file, files[name])
    if not export.rows and not export.set_aside:
        raise HsdsRefused(
            "There is no HSDS in here: give a folder or zip of its CSV files (organizations.csv, "
            "services.csv …) or its JSON."
        )
    return export


def entity_named(stem: str) -> str:
    """The entity that a file or key is named for; the name itself when it is not known."""
    name = stem.lower().removesuffix(".csv")
    return _OTHER_NAMES.get(name, name)


def _read_csv(export: Export, file: str, entity: str, data: bytes) -> None:
    if entity in IGNORED:
        return
    if entity not in _KNOWN:
        reason = "this is no table of HSDS 3; nothing of it was read"
        export.set_aside.append(SetAside(entity, file, "", reason))
        return
    # Strict: half a file must not look like a whole one of which much has ended.
    lines = csv.reader(io.StringIO(_decoded(file, data), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        rows = list(lines)
    except csv.Error:
        raise HsdsRefused(
            f"{file} is no CSV that can be read (a quotation mark does not end); export it again."
        ) from None
    if not header:
        raise HsdsRefused(f"{file} is empty; it needs at least its header.")
    if "id" not in header:
        raise HsdsRefused(f"{file} has no column id; it is no HSDS table.")
    export.rows.setdefault(entity, {})
    for number, cells in enumerate(rows, start=2):
        where = f"{file}, row {number}"
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            reason = f"it has {len(cells)} cells and the header {len(header)}"
            known = cells[header.index("id")] if header.index("id") < len(cells) else ""
            export.set_aside.append(SetAside(entity, where, known.strip(), reason))
            continue
        _add(export, entity, RawRow(where, dict(zip(header, cells, strict=True))))


def _add(export: Export, entity: str, row: RawRow) -> None:
    if not row.id:
        export.set_aside.append(SetAside(entity, row.where, "", "it has no id"))
        return
    export.add(entity, row)


def _read_json(export: Export, file: str, data: bytes) -> None:
    try:
        said = json.loads(_decoded(file, data))
    except (ValueError, RecursionError):
        raise HsdsRefused(f"{file} is no JSON that can be read; export it again.") from None
    if isinstance(said, dict) and isinstance(said.get("contents"), list):
        whole = said.get("total_pages") in (None, 0, 1) and said.get("last_page") is not False
        export.complete = export.complete and whole
        _read_objects(export, file, said["contents"])
    elif isinstance(said, dict) and _is_tabular(said):
        for name, rows in said.items():
            _read_table(export, file, name, rows)
    elif isinstance(said, list):
        _read_objects(export, file, said)
    elif isinstance(said, dict):
        # One object speaks for itself alone: what else there is stays as it is.
        export.complete = False
        _read_objects(export, file, [said])
    else:
        raise HsdsRefused(f"{file} holds neither an object nor a list.")


def _is_tabular(said: Mapping[str, Any]) -> bool:
    return bool(said) and all(
        isinstance(rows, list) and entity_named(name) in _KNOWN for name, rows in said.items()
    )


def _read_table(export: Export, file: str, name: str, rows: Iterable[Any]) -> None:
    entity = entity_named(name)
    if entity in IGNORED:
        return
    export.rows.setdefault(entity, {})
    for number, fields in enumerate(rows, start=1):
        where = f"{file}, {entity} {number}"
        if isinstance(fields, dict):
            _add(export, entity, RawRow(where, fields))
        else:
            export.set_aside.append(SetAside(entity, where, "", "it is no object"))


def _read_objects(export: Export, file: str, said: Iterable[Any]) -> None:
    for number, one in enumerate(said, start=1):
        where = f"{file}, {number}"
        entity = kind_of(one, PurePath(file).stem) if isinstance(one, dict) else ""
        if entity in IGNORED:
            continue
        if not entity:
            reason = "it is no organization, service, location or term of HSDS 3"
            export.set_aside.append(SetAside("", where, "", reason))
            continue
        take_in(export, entity, one, where)


def _decoded(file: str, data: bytes) -> str:
    """UTF-8, or what Excel writes; which one is seen from the bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise HsdsRefused(f"{file} is neither UTF-8 nor Windows-1252; save it as UTF-8.")


__all__ = ["entity_named", "read_export"]
