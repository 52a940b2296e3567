"""The bookmarks of a bound packet: its cover, its contents, and every line of them."""

from __future__ import annotations

from collections.abc import Iterable

from pikepdf import Array, Name, OutlineItem, Pdf

from activities.documents.binding.order import Line

COVER = "Cover"
CONTENTS = "Contents"


def write_bookmarks(bound: Pdf, lines: Iterable[Line], *, contents_on: int, matter_on: int) -> None:
    """Write the bookmarks. The contents begin on page `contents_on`; the lines count their pages
    from `matter_on`, the first page after them."""
    with bound.open_outline() as outline:
        outline.root.append(OutlineItem(COVER, _place(bound, 1)))
        outline.root.append(OutlineItem(CONTENTS, _place(bound, contents_on)))
        above: list[tuple[int, OutlineItem]] = []
        for line in lines:
            item = OutlineItem(line.words, _place(bound, matter_on - 1 + line.offset, line.top))
            while above and above[-1][0] >= line.level:
                above.pop()
            (above[-1][1].children if above else outline.root).append(item)
            above.append((line.level, item))


def _place(bound: Pdf, page: int, top: float | None = None) -> Array:
    """A page, counted from 1, and the height on it; the reader's magnification stays."""
    target = bound.pages[page - 1].obj
    if top is None:
        return Array([target, Name.Fit])
    return Array([target, Name.XYZ, None, round(top, 2), None])
