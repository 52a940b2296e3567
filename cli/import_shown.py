"""How an import is shown: to a person as tables, to a program as one JSON object.

Case numbers, places and court dates are shown, because whoever holds the file must be able to
find the rows in question; names never are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from cli.import_files import FileProblem
from domain.listings import Conflict, Known, Listing, Moved, SetAside
from records.calendar_import import Preview

T = TypeVar("T")

SHOWN = 20
"""Rows of each sort on the screen."""
LISTED = 1000
"""Rows of each sort in JSON."""

_MEANINGS = {
    "new": "listed for the first time",
    "moved": "another time, place or kind than before",
    "vanished": "not listed any more; followed cases get a task, nothing is cancelled",
    "unchanged": "listed as before",
    "past": "not listed any more, because their day is over",
    "unclear": "not listed, but a row of the same case could not be read",
    "conflicts": "one case at one minute in two places",
    "set_aside": "rows that could not be used",
    "duplicates": "rows that repeat another row",
}


class Progressing:
    """A progress bar on standard error: bytes read, then entries written."""

    def __init__(self, progress: Progress | None, file: BinaryIO, size: int) -> None:
        self._progress, self._file = progress, file
        self._reading = progress.add_task("Reading", total=size or None) if progress else None
        self._writing: Any = None

    def read(self, size: int, /) -> bytes:
        """The next bytes of the file.

        Raises:
            FileProblem: the disk or the network that it lies on fails.
        """
        try:
            block = self._file.read(size)
        except OSError as error:
            raise FileProblem(f"The file cannot be read: {error.strerror}.") from None
        if self._progress is not None and self._reading is not None:
            self._progress.advance(self._reading, len(block))
        return block

    def written(self, entries: int) -> None:
        """So many more entries were written."""
        if self._progress is None:
            return
        if self._writing is None:
            self._writing = self._progress.add_task("Writing entries", total=None)
        self._progress.advance(self._writing, entries)


@contextmanager
def progressing(console: Console, file: BinaryIO, size: int) -> Iterator[Progressing]:
    """Show progress while the block runs, where somebody can see it."""
    if not console.is_terminal:
        yield Progressing(None, file, size)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Progressing(progress, file, size)


def show(console: Console, seen: Preview) -> None:
    """Print the difference for a person."""
    counts = asdict(seen.counts)
    table = Table(title=Text(f"{seen.feed}: {counts.pop('rows')} rows"), title_justify="left")
    table.add_column("", justify="right")
    table.add_column("")
    table.add_column("")
    for name, meaning in _MEANINGS.items():
        table.add_row(f"{counts[name]:,}", name.replace("_", " "), Text(meaning, style="dim"))
    console.print(table)
    found = seen.found
    _show_some(console, "Moved", found.moved, _moved_line)
    _show_some(console, "Vanished", found.vanished, _known_line)
    _show_some(console, "Unclear", found.unclear, _known_line)
    _show_some(console, "Conflicting", found.conflicts, _conflict_line)
    _show_some(console, "Set aside", found.set_aside, _set_aside_line)
    if seen.followed is None:
        console.print("Nothing was changed; add --apply to import it.")
        return
    followed = seen.followed
    console.print(
        f"Imported. For followed cases: {followed.scheduled} scheduled, {followed.moved} moved, "
        f"{followed.tasks} for a person to look at."
    )
    console.print(f"To put it back: homeward import --undo {seen.import_id}")


def as_json(seen: Preview) -> dict[str, Any]:
    """The one object of `--json`."""
    found = seen.found
    lists: dict[str, Sequence[Any]] = {
        "moved": found.moved,
        "vanished": found.vanished,
        "unclear": found.unclear,
        "conflicts": found.conflicts,
        "set_aside": found.set_aside,
    }
    tell: dict[str, Callable[[Any], dict[str, Any]]] = {
        "moved": _moved_json,
        "vanished": _known_json,
        "unclear": _known_json,
        "conflicts": _conflict_json,
        "set_aside": _set_aside_json,
    }
    return {
        "feed": seen.feed,
        "applied": seen.applied,
        "import_id": seen.import_id or None,
        **asdict(seen.counts),
        "covers_from": seen.first_day.isoformat() if seen.first_day else None,
        "followed": asdict(seen.followed) if seen.followed else None,
        "details": {
            name: [tell[name](one) for one in rows[:LISTED]] for name, rows in lists.items()
        },
        "not_listed": {
            name: len(rows) - LISTED for name, rows in lists.items() if len(rows) > LISTED
        },
    }


def _show_some(
    console: Console, title: str, rows: Sequence[T], line: Callable[[T], Iterable[str]]
) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", show_header=False)
    for row in rows[:SHOWN]:
        table.add_row(*(Text(cell) for cell in line(row)))
    console.print(table)
    if len(rows) > SHOWN:
        console.print(f"… and {len(rows) - SHOWN:,} more; --json lists them.")


def _moved_line(one: Moved) -> tuple[str, ...]:
    old, new = one.known.listing, one.listing
    what = ", ".join(one.changed)
    return f"row {new.row_number}", _case(new), what, _setting(old), "→", _setting(new)


def _known_line(one: Known) -> tuple[str, ...]:
    return _case(one.listing), _setting(one.listing)


def _conflict_line(one: Conflict) -> tuple[str, ...]:
    rows = ", ".join(str(listing.row_number) for listing in one.listings)
    places = " | ".join(_place(listing) for listing in one.listings)
    return f"rows {rows}", _case(one.listings[0]), _minute(one.local), places


def _set_aside_line(one: SetAside) -> tuple[str, ...]:
    return f"row {one.row_number}", one.reason


def _case(listing: Listing) -> str:
    return " ".join(part for part in (listing.docket_number, listing.jurisdiction) if part)


def _setting(listing: Listing) -> str:
    return ", ".join(part for part in (_minute(listing.local), _place(listing)) if part)


def _place(listing: Listing) -> str:
    return ", ".join(part for part in (listing.courtroom, listing.court) if part)


def _minute(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}"


def _moved_json(one: Moved) -> dict[str, Any]:
    return {
        "row": one.listing.row_number,
        **_case_json(one.listing),
        "changed": list(one.changed),
        "was": _setting_json(one.known.listing),
        "now": _setting_json(one.listing),
    }


def _known_json(one: Known) -> dict[str, Any]:
    return {**_case_json(one.listing), "was": _setting_json(one.listing)}


def _conflict_json(one: Conflict) -> dict[str, Any]:
    return {
        "rows": [listing.row_number for listing in one.listings],
        **_case_json(one.listings[0]),
        "listed": [_setting_json(listing) for listing in one.listings],
    }


def _set_aside_json(one: SetAside) -> dict[str, Any]:
    return {"row": one.row_number, "code": one.code.value, "reason": one.reason}


def _case_json(listing: Listing) -> dict[str, Any]:
    return {"docket_number": listing.docket_number, "jurisdiction": listing.jurisdiction}


def _setting_json(listing: Listing) -> dict[str, Any]:
    return {
        "local": listing.local.isoformat(timespec="minutes"),
        "zone": listing.zone,
        "court": listing.court,
        "courtroom": listing.courtroom,
        "kind": listing.kind.value,
    }
