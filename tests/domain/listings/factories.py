"""Small factories for listings, known hearings and calendar files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from domain.listings import (
    Calendar,
    CourtMapping,
    Known,
    Listing,
    Row,
    SetAside,
    gather,
    load_mapping,
    read_join,
    read_rows,
)
from domain.vocabulary import HearingKind

SAMPLES: Final = Path(__file__).parent / "samples"
SHARED: Final = Path(__file__).resolve().parents[4] / "shared" / "calendars"

MONDAY: Final = datetime(2027, 3, 1, 9, 0)
"""A morning at court, wall time."""

NOW: Final = datetime(2027, 2, 20, 12, 0, tzinfo=UTC)


def listing(
    docket: str = "27-CR-1",
    at: datetime = MONDAY,
    *,
    days: int = 0,
    jurisdiction: str = "",
    court: str = "Main Courthouse",
    room: str = "1",
    kind: HearingKind = HearingKind.STATUS,
    words: str = "",
    uid: str = "",
    zone: str = "America/Chicago",
    row: int = 2,
) -> Listing:
    """A listing; `days` moves it from Monday."""
    return Listing(
        docket_number=docket,
        jurisdiction=jurisdiction,
        local=at + timedelta(days=days),
        zone=zone,
        court=court,
        courtroom=room,
        kind=kind,
        kind_as_published=words,
        source_uid=uid,
        row_number=row,
    )


def known(*listings: Listing) -> list[Known]:
    """The listings as the last import left them."""
    return [Known(f"id-{place}", one) for place, one in enumerate(listings)]


def read(text: str | bytes, mapping: CourtMapping) -> list[Row]:
    """The rows of a file given as text."""
    content = text.encode() if isinstance(text, str) else text
    return list(read_rows(io.BytesIO(content), mapping))


def rows_of(path: Path, mapping: CourtMapping) -> Iterator[Row]:
    """The rows of a calendar file, read with its second files."""
    joins = {}
    for field, join in mapping.joins.items():
        with path.with_name(join.file_for(path.stem)).open("rb") as file:
            joins[field] = read_join(file, mapping, field)
    with path.open("rb") as file:
        yield from read_rows(file, mapping, joins)


def read_named(folder: Path, *names: str) -> Calendar:
    """Files of that folder put together, each read by the built-in mapping of its name."""
    return gather(
        chain.from_iterable(rows_of(folder / f"{name}.csv", load_mapping(name)) for name in names)
    )


def listings_of(rows: Iterable[Row]) -> list[Listing]:
    """The rows that could be used."""
    return [row for row in rows if isinstance(row, Listing)]


def set_aside_of(rows: Iterable[Row]) -> list[SetAside]:
    """The rows that could not."""
    return [row for row in rows if isinstance(row, SetAside)]
