"""Second files that explain codes, such as the locations beside a calendar of location codes."""

from __future__ import annotations

from domain.listings.cells import tidy
from domain.listings.delimited import header_places
from domain.listings.errors import HeaderOnly
from domain.listings.lines import ByteSource, text_lines
from domain.listings.mapping import CourtMapping
from domain.listings.records import Records


def read_join(source: ByteSource, mapping: CourtMapping, field: str) -> dict[str, str]:
    """Code to words, from the second file that explains `field`.

    It is written like the calendar itself (encoding, delimiter, quotes). Codes that are not in
    use, rows without a code and rows that cannot be read are left out: a calendar row with such
    a code is then set aside with its reason. Of a code explained twice the last one counts.

    Args:
        source: the second file.
        mapping: the mapping of the calendar.
        field: a key of `mapping.joins`.

    Raises:
        CalendarRefused: as for a calendar (`reading.read_rows`).
    """
    join = mapping.joins[field]
    wanted = [join.key, join.value, *([join.valid_header] if join.valid_header else [])]
    records = Records(text_lines(source, mapping.encoding), mapping)
    places = header_places(records.header(), wanted, mapping)
    words: dict[str, str] = {}
    read = 0
    for _, cells in records:
        read += 1
        if cells is None or len(cells) != records.width:
            continue
        if join.valid_header and cells[places[join.valid_header]].strip() not in join.valid_values:
            continue
        code, text = tidy(cells[places[join.key]]), tidy(cells[places[join.value]])
        if code and text:
            words[code] = text
    if not read:
        raise HeaderOnly
    return words
