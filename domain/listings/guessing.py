"""Which court's calendar a file is: the one mapping whose columns are all in its header."""

from __future__ import annotations

import io

from domain.listings.delimited import header_places, wanted_headers
from domain.listings.errors import ListingsError
from domain.listings.lines import text_lines
from domain.listings.mapping import CourtMapping
from domain.listings.mapping_file import built_in_mappings, load_mapping
from domain.listings.records import Records

HEAD = 65_536
"""Bytes that are looked at."""


def guess_format(head: bytes) -> str:
    """The name of the built-in mapping that fits the beginning of a file; "" when none does, or
    several."""
    if head[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        return "icalendar"
    found = [name for name in built_in_mappings() if _fits(head, load_mapping(name))]
    return found[0] if len(found) == 1 else ""


def _fits(head: bytes, mapping: CourtMapping) -> bool:
    if mapping.format == "icalendar":
        return False
    lines = io.BytesIO(_whole_lines(head[:HEAD]))
    try:
        records = Records(text_lines(lines, mapping.encoding), mapping)
        header_places(records.header(), wanted_headers(mapping), mapping)
    except ListingsError:
        return False
    return True


def _whole_lines(head: bytes) -> bytes:
    """Without the last line, which may be cut inside a character."""
    cut = head.rfind(b"\n")
    return head[: cut + 1] if cut > 0 else head
