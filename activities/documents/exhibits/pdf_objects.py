"""Every object of a PDF that a viewer can reach, each once, however the file is knotted."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import takewhile

from pikepdf import Array, Dictionary, Name, Object, Stream

MOST_OBJECTS = 600_000


class TooManyObjects(Exception):
    """More dictionaries, streams and lists than any document of a few hundred pages has."""


def reachable(*roots: Object) -> Iterator[Dictionary | Stream]:
    """Every dictionary and stream from these on. Raises `TooManyObjects`."""
    waiting: list[Object] = list(roots)
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        found = waiting.pop()
        if found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        count += 1
        if count > MOST_OBJECTS:
            raise TooManyObjects
        if isinstance(found, Array):
            waiting.extend(part for part in found.as_list() if _holds_more(part))
        elif isinstance(found, Dictionary | Stream):
            waiting.extend(part for _, part in found.items() if _holds_more(part))
            yield found


def _holds_more(part: object) -> bool:
    return isinstance(part, Array | Dictionary | Stream)


def filters_of(stream: Stream) -> list[Object]:
    """The filters through which its bytes go, first to last."""
    found = stream.get(Name.Filter)
    if isinstance(found, Array):
        return list(found.as_list())
    return [found] if isinstance(found, Name) else []


def zipped_filters(stream: Stream) -> list[Object]:
    """Its first filters, as far as each is the one that can make much out of little."""
    return list(takewhile(lambda name: name in (Name.FlateDecode, Name.Fl), filters_of(stream)))


def inflated(data: bytes, most: int) -> bytes:
    """What Flate data unpack to, cut off after `most` bytes or where they are damaged."""
    reader = zlib.decompressobj()
    try:
        return reader.decompress(data, most)
    except zlib.error:
        return b""
