"""Every object of a PDF that a viewer can reach, each once, however the file is knotted."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Object, Stream

MOST_OBJECTS = 2_000_000


class TooManyObjects(Exception):
    """More dictionaries, streams and lists than any document of a few hundred pages has."""


def reachable(root: Object) -> Iterator[Dictionary | Stream]:
    """Every dictionary and stream from `root` on. Raises `TooManyObjects`."""
    waiting: list[Object] = [root]
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
