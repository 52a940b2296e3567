"""Brings every page onto letter paper, upright, with room for the number and the draft mark.

Courts take 8.5 by 11 inches (Florida Rule of General Practice 2.520(a), Texas Rule of Civil
Procedure 21(f)(8), federal Local Rules alike). A page that is seen wider than tall lies across:
11 by 8.5. Nothing of a page is cut, and nothing that a viewer would not have shown comes to light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Object, Page, Pdf

LETTER_PT = (612.0, 792.0)
"""Letter paper upright: 8.5 by 11 inches, in points of 1/72 inch."""

TOLERANCE_PT = 3.0
"""What a scanner or a rounding may be off and the page still counts as letter size."""

_MARGINS = (18.0, 32.0, 34.0)
"""At each side, at the head for the draft mark, at the foot for the number; in points."""

_MOST_ENLARGED = 1.5
_NEARLY_SQUARE = 1.02
_SMALLEST_SIDE = 1.0
_KEPT = frozenset(
    {"/Type", "/Parent", "/Resources", "/Contents", "/Group", "/StructParents", "/Annots"}
)
_OPENS = {"q": "Q", "BT": "ET", "BMC": "EMC", "BDC": "EMC"}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a viewer shows of a page: the box in the page's own units, its quarter turns clockwise
    in degrees, and the size of a unit in points."""

    left: float
    bottom: float
    width: float
    height: float
    turned: int
    unit: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen, in points."""
        across, up = self.width * self.unit, self.height * self.unit
        return (up, across) if self.turned % 180 else (across, up)

    def upright(self) -> Matrix:
        """Moves the box to the origin, turns it upright and measures it in points."""
        width, height = self.width, self.height
        turns = {
            0: Matrix(),
            90: Matrix(0, -1, 1, 0, 0, width),
            180: Matrix(-1, 0, 0, -1, width, height),
            270: Matrix(0, 1, -1, 0, height, 0),
        }
        to_origin = Matrix(1, 0, 0, 1, -self.left, -self.bottom)
        return to_origin @ turns[self.turned] @ Matrix(self.unit, 0, 0, self.unit, 0, 0)


def lay_on_letter(pdf: Pdf, page: Page, *, keeps_margins: bool) -> Matrix:
    """Put what the page shows onto letter paper; returns where its points went.

    With `keeps_margins` the page has its own margins for number and mark, and a letter page stays
    as it is; otherwise the page is drawn a little smaller to make room. Of the page's dictionary
    only what is needed to draw it stays: no actions, no thumbnails, no private data.
    """
    seen = _seen(page)
    paper = LETTER_PT if seen.size[0] <= seen.size[1] * _NEARLY_SQUARE else LETTER_PT[::-1]
    placed = _placement(seen, paper, keeps_margins=keeps_margins)
    resources = inherited(page.obj, "/Resources")
    for key in set(page.obj.keys()) - _KEPT:
        del page.obj[key]
    page.obj[Name.Resources] = resources if isinstance(resources, Dictionary) else Dictionary()
    page.obj[Name.MediaBox] = Array([0, 0, *paper])
    if placed != Matrix():
        _draw_through(pdf, page, placed, seen)
    return placed


def is_letter(page: Page) -> bool:
    """Whether a viewer shows this page as letter paper, upright or across."""
    return _same_size(sorted(_seen(page).size), LETTER_PT)


def is_across(page: Page) -> bool:
    """Whether the page is wider than tall."""
    width, height = _seen(page).size
    return width > height


def contents_of(page: Page) -> list[Object]:
    """The streams of which a page's content is made, in their order."""
    content = page.obj.get(Name.Contents)
    if content is None:
        return []
    return list(content.as_list()) if isinstance(content, Array) else [content]


def inherited(page: Object, key: str, depth: int = 50) -> Object | None:
    """A page's value, or the one that it has from the tree of pages."""
    node: Object | None = page
    while node is not None and depth:
        if key in node:
            return node[key]
        node, depth = node.get(Name.Parent), depth - 1
    return None


def _seen(page: Page) -> _Seen:
    media = _box(inherited(page.obj, "/MediaBox")) or (0.0, 0.0, *LETTER_PT)
    crop = _box(inherited(page.obj, "/CropBox")) or media
    box = _overlap(media, crop) or media
    turned = inherited(page.obj, "/Rotate")
    unit = _number(page.obj.get(Name.UserUnit), 1.0)
    return _Seen(
        box[0],
        box[1],
        box[2] - box[0],
        box[3] - box[1],
        round(_number(turned, 0.0) / 90) * 90 % 360,
        unit if unit > 0 else 1.0,
    )


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else otherwise


def _box(value: Object | None) -> tuple[float, float, float, float] | None:
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        x0, y0, x1, y1 = (float(edge) for edge in value.as_list())
    except (TypeError, ValueError):
        return None
    box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return box if box[2] - box[0] >= _SMALLEST_SIDE and box[3] - box[1] >= _SMALLEST_SIDE else None


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    big = right - left >= _SMALLEST_SIDE and top - bottom >= _SMALLEST_SIDE
    return (left, bottom, right, top) if big else None


def _placement(seen: _Seen, paper: tuple[float, float], *, keeps_margins: bool) -> Matrix:
    width, height = seen.size
    side, top, foot = (0.0, 0.0, 0.0) if keeps_margins else _MARGINS
    room_across, room_up = paper[0] - 2 * side, paper[1] - top - foot
    scale = min(room_across / width, room_up / height, _MOST_ENLARGED)
    if keeps_margins and _same_size(seen.size, paper):
        if seen.turned == 0 and seen.left == 0 and seen.bottom == 0 and seen.unit == 1:
            return Matrix()
        scale = 1.0
    left = (paper[0] - width * scale) / 2
    bottom = foot + (room_up - height * scale) / 2
    return seen.upright() @ Matrix(scale, 0, 0, scale, left, bottom)


def _same_size(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= TOLERANCE_PT for a, b in zip(one, other, strict=True))


def _draw_through(pdf: Pdf, page: Page, placed: Matrix, seen: _Seen) -> None:
    """Draw the page's content through a matrix, and nothing of it outside the box that was seen."""
    too_many, open_ends = _open_ends(page)
    box = f"{seen.left:.4f} {seen.bottom:.4f} {seen.width:.4f} {seen.height:.4f} re W n"
    before = b"q %s cm %s %s\n" % (placed.encode(), box.encode(), b"q " * too_many)
    after = b"\n%s Q\n" % " ".join(open_ends).encode()
    drawn = [pdf.make_stream(before), *contents_of(page), pdf.make_stream(after)]
    page.obj[Name.Contents] = Array(drawn)


def _open_ends(page: Page) -> tuple[int, list[str]]:
    """How often a page closes what it never opened, and what closes all that it leaves open.

    Sloppy programs leave such ends; without this they would reach what is drawn afterwards.
    """
    waiting: list[str] = []
    too_many = 0
    try:
        instructions = pikepdf.parse_content_stream(page, "q Q BT ET BMC BDC EMC")
    except (pikepdf.PdfError, ValueError, TypeError):
        return 0, []
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator in _OPENS:
            waiting.append(_OPENS[operator])
        elif operator in waiting:
            # Taken from the end: marked content and saved states may overlap in sloppy pages.
            del waiting[len(waiting) - 1 - waiting[::-1].index(operator)]
        elif operator == "Q":
            too_many += 1
    return too_many, waiting[::-1]
