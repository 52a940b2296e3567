"""The headings of a document, read from its bookmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf

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
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    with pdf.open_outline(max_depth=_DEEPEST) as outline:
        return tuple(_read(outline.root, numbers, level=1))


def _read(
    items: Iterable[OutlineItem], numbers: dict[tuple[int, int], int], level: int
) -> Iterator[Heading]:
    for item in items:
        target = _target(item)
        title = one_line(item.title)
        number = (
            numbers.get(target[0].objgen) if target and isinstance(target[0], Dictionary) else None
        )
        if title and target and number is not None:
            yield Heading(title, number, _top(target), level)
            yield from _read(item.children, numbers, level + 1)
        else:
            yield from _read(item.children, numbers, level)


def _target(item: OutlineItem) -> list[Object] | None:
    place: object = item.destination
    if place is None and isinstance(item.action, Dictionary):
        place = item.action.get(Name.D)
    return list(place.as_list()) if isinstance(place, Array) and len(place) else None


def _top(target: list[Object]) -> float | None:
    """Only /XYZ (left, top, zoom) and /FitH (top) say where on the page."""
    at = {"/XYZ": 3, "/FitH": 2}.get(str(target[1])) if len(target) > 1 else None
    if at is None or len(target) <= at:
        return None
    try:
        return float(target[at])
    except (TypeError, ValueError):
        return None
