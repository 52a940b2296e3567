"""The headings of a document, read from its bookmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, NameTree, Object, OutlineItem, Pdf, String

from activities.documents.binding.typesetting import one_line

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its page from 0 within the document, `top` in points above the page's foot (None
    when not said), `level` from 1."""

    title: str
    page: int
    top: float | None
    level: int


def headings_of(pdf: Pdf) -> tuple[Heading, ...]:
    """The headings in reading order, as the document's own bookmarks name them.

    A bookmark without words or without a page is left out, and those below it move up.
    """
    places = _Places(pdf)
    with pdf.open_outline(max_depth=_DEEPEST) as outline:
        return tuple(_read(outline.root, places, level=1))


class _Places:
    """Where in the document a bookmark leads."""

    def __init__(self, pdf: Pdf) -> None:
        self._numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        names = pdf.Root.get(Name.Names)
        tree = names.get(Name.Dests) if isinstance(names, Dictionary) else None
        self._named = NameTree(tree) if isinstance(tree, Dictionary) else {}
        older = pdf.Root.get(Name.Dests)
        self._older = older if isinstance(older, Dictionary) else Dictionary()

    def of(self, item: OutlineItem) -> tuple[int, float | None] | None:
        """The page from 0 and the height on it, or None when it leads to no page here."""
        place: object = item.destination
        if place is None and isinstance(item.action, Dictionary):
            place = item.action.get(Name.D)
        if isinstance(place, String):
            place = self._named.get(str(place))
        elif isinstance(place, Name):
            place = self._older.get(place)
        if isinstance(place, Dictionary):
            place = place.get(Name.D)
        target = list(place.as_list()) if isinstance(place, Array) else []
        if not target or not isinstance(target[0], Dictionary):
            return None
        number = self._numbers.get(target[0].objgen)
        return None if number is None else (number, _top(target))


def _read(items: Iterable[OutlineItem], places: _Places, level: int) -> Iterator[Heading]:
    for item in items:
        title, place = one_line(item.title), places.of(item)
        if title and place is not None:
            yield Heading(title, *place, level)
        below = level + 1 if title and place is not None else level
        yield from _read(item.children, places, below)


def _top(target: list[Object]) -> float | None:
    """Only /XYZ (left, top, zoom) and /FitH (top) say where on the page."""
    at = {"/XYZ": 3, "/FitH": 2}.get(str(target[1])) if len(target) > 1 else None
    if at is None or len(target) <= at:
        return None
    try:
        return float(target[at])
    except (TypeError, ValueError):
        return None
