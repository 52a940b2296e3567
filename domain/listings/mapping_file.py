"""Reads and checks mapping files (see `mapping.py` for what they say)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

from domain.listings import mapping_sections as sections
from domain.listings.checked_table import CheckedTable
from domain.listings.errors import MappingError
from domain.listings.mapping import CourtMapping, Encoding

MAPPINGS: Final = Path(__file__).resolve().parents[2] / "templates" / "calendar"
"""Where the built-in mappings are."""

_ENCODINGS: Final[tuple[Encoding, ...]] = get_args(Encoding)


def built_in_mappings() -> tuple[str, ...]:
    """Names of the mappings that come with Homeward."""
    return tuple(sorted(path.stem for path in MAPPINGS.glob("*.toml")))


def load_mapping(name_or_path: str | Path, zone: str | None = None) -> CourtMapping:
    """Read a mapping: a built-in one by its name, or any file by its path.

    Args:
        name_or_path: a name of `built_in_mappings()`, or the path of a `.toml` file.
        zone: IANA name that takes the place of the mapping's own `zone`.

    Raises:
        MappingError: there is no such mapping, or it is wrong.
    """
    path = _path_of(name_or_path)
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise MappingError(path.name, "", "cannot be opened; check the path") from None
    except UnicodeDecodeError:
        raise MappingError(path.name, "", "is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise MappingError(path.name, "", f"is not TOML: {error}") from None
    mapping = mapping_from(data, path.name)
    if zone is None:
        return mapping
    return replace(mapping, zone=sections.checked_zone(CheckedTable(path.name, {}), "zone", zone))


def mapping_from(data: Mapping[str, object], file: str) -> CourtMapping:
    """Check the content of a mapping file and turn it into a mapping.

    Args:
        data: the parsed TOML.
        file: its name, for messages.

    Raises:
        MappingError: naming the key and what is allowed.
    """
    top = CheckedTable(file, data)
    name = top.text("name")
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
        raise top.refusal("name", "use small letters, digits and single hyphens")
    title = top.text("title", name)
    form = top.text("format", "delimited", ("delimited", "icalendar"))
    make = _icalendar if form == "icalendar" else _delimited
    mapping = make(top, name, title)
    top.finish()
    return mapping


def _path_of(name_or_path: str | Path) -> Path:
    if isinstance(name_or_path, Path) or name_or_path.endswith(".toml"):
        return Path(name_or_path)
    if name_or_path not in built_in_mappings():
        known = ", ".join(built_in_mappings())
        raise MappingError(
            name_or_path,
            "",
            f"no such mapping; built in: {known}; or the path of a .toml file",
        )
    return MAPPINGS / f"{name_or_path}.toml"


def _delimited(top: CheckedTable, name: str, title: str) -> CourtMapping:
    columns = sections.columns(top.table("columns"))
    formats = sections.formats(top.table("formats"), columns)
    encoding = top.text("encoding", "utf-8", _ENCODINGS)
    return CourtMapping(
        name=name,
        title=title,
        format="delimited",
        zone=sections.checked_zone(top, "zone", top.text("zone")),
        encoding=next(known for known in _ENCODINGS if known == encoding),
        delimiter=sections.delimiter(top),
        quote=sections.quote(top),
        columns=columns,
        fixed=sections.fixed(top.table("fixed"), columns),
        dates=formats.get("date", ()),
        times=formats.get("time", ()),
        datetimes=formats.get("datetime", ()),
        place=sections.place(top.table("place")),
        person=sections.person(top.table("person")),
        kinds=sections.kinds(top.table("kinds")),
        zones=sections.zones(top.table("zones")),
        joins=sections.joins(top.table("join"), columns),
    )


def _icalendar(top: CheckedTable, name: str, title: str) -> CourtMapping:
    zone = top.text("zone", "")
    return CourtMapping(
        name=name,
        title=title,
        format="icalendar",
        zone=sections.checked_zone(top, "zone", zone) if zone else "",
        fixed=sections.fixed(top.table("fixed"), {}),
        place=sections.place(top.table("place")),
        person=sections.person(top.table("person")),
        kinds=sections.kinds(top.table("kinds")),
        zones=sections.zones(top.table("zones")),
        events=sections.events(top.table("icalendar")),
    )
