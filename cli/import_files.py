"""The files of an import: which mapping reads them, where the second files are, opening them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from domain.listings import (
    CalendarRefused,
    CourtMapping,
    MissingJoinFile,
    built_in_mappings,
    load_mapping,
    read_join,
)


class Misuse(Exception):
    """The command was called wrongly; the message says how to call it."""


class FileProblem(Exception):
    """A file cannot be read, or is not what it should be."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file, open for reading bytes.

    Raises:
        FileProblem: there is no such file, it is a folder, or it may not be read.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise FileProblem(f"There is no file {path}; check the path.") from None
    except IsADirectoryError:
        raise FileProblem(f"{path} is a folder; give the calendar file in it.") from None
    except PermissionError:
        raise FileProblem(f"{path} may not be read by this user; check its permissions.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a usable path"
        raise FileProblem(f"{path} cannot be opened: {reason}.") from None
    with file:
        yield file


def mapping_for(path: Path, format_name: str, zone: str) -> CourtMapping:
    """The mapping to read a file with.

    Args:
        path: of the calendar.
        format_name: a built-in mapping or the path of a `.toml` file; "" for iCalendar files,
            which say so by their ending.
        zone: IANA name in place of the mapping's own; "" for none.

    Raises:
        Misuse: no such format was named.
        MappingError: the mapping file or the zone is wrong.
    """
    known = built_in_mappings()
    if not format_name and path.suffix.lower() in (".ics", ".ical", ".ifb"):
        format_name = "icalendar"
    if not format_name:
        raise Misuse(f"Say whose calendar it is: --format {', '.join(known)} or FILE.toml.")
    if not format_name.endswith(".toml") and format_name not in known:
        raise Misuse(f"There is no such format; choose {', '.join(known)} or FILE.toml.")
    return load_mapping(format_name, zone or None)


def read_joins(
    path: Path, mapping: CourtMapping, given: Sequence[str]
) -> dict[str, dict[str, str]]:
    """The second files that explain codes: those that were given, or beside the calendar.

    Args:
        path: of the calendar.
        mapping: its mapping.
        given: `FIELD=PATH`; `location` stands for whichever field says where.

    Raises:
        Misuse: it is not written so, or this calendar has no such field.
        MissingJoinFile, FileProblem: a second file is needed and cannot be read.
    """
    named = dict(_named(one, mapping) for one in given)
    joins = {}
    for field, join in mapping.joins.items():
        beside = path.with_name(join.file_for(path.stem))
        if field not in named and not beside.exists():
            raise MissingJoinFile(field, beside.name)
        second = named.get(field, beside)
        with opened(second) as file:
            try:
                joins[field] = read_join(file, mapping, field)
            except CalendarRefused as error:
                raise FileProblem(f"{second.name}: {error}") from None
    return joins


def _named(given: str, mapping: CourtMapping) -> tuple[str, Path]:
    field, _, path = given.partition("=")
    if not field or not path:
        raise Misuse("Write --join FIELD=PATH, for example --join location=places.csv.")
    fields = tuple(mapping.joins)
    places = [name for name in fields if name in ("court", "courtroom", "place")]
    if field == "location" and field not in fields and len(places) == 1:
        field = places[0]
    if field not in fields:
        raise Misuse(
            f"The format {mapping.name} has no second file for that field; "
            f"it has {', '.join(fields) or 'none'}."
        )
    return field, Path(path)
