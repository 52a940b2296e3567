"""The one door for reading a published calendar, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator

from domain.listings.delimited import Joins, read_delimited
from domain.listings.icalendar_reading import read_icalendar
from domain.listings.lines import ByteSource
from domain.listings.listing import Row
from domain.listings.mapping import CourtMapping


def read_rows(
    source: ByteSource, mapping: CourtMapping, joins: Joins | None = None
) -> Iterator[Row]:
    """Read a calendar row by row, in constant memory.

    A row that cannot be used is set aside with its reason and the rest goes on. A file that is
    wrong as a whole raises, possibly after rows have come: collect them all (`gather`) before
    any of them is applied.

    Args:
        source: an open binary file, an upload, `io.BytesIO`.
        mapping: how this court writes its calendar.
        joins: for each field of `mapping.joins` the codes of its second file (`read_join`).

    Raises:
        EmptyFile: there is nothing in the file.
        HeaderOnly: there is no hearing in it.
        WrongEncoding: it is not text in the mapping's encoding.
        NotThisFormat: it is another kind of file.
        MissingColumn, RepeatedColumn: the header is not what the mapping says.
        MissingJoinFile: a second file is needed and was not given.
        CutShort: an iCalendar file without its end.
    """
    if mapping.format == "icalendar":
        return read_icalendar(source, mapping)
    return read_delimited(source, mapping, joins or {})
