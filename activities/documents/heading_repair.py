"""Puts right what LibreOffice gets wrong: a heading left alone at the foot of a page.

"Keep with next" is set on every heading, and Word obeys. LibreOffice gives up on it when moving
the heading would push a table on the next page over that page's end. The tagged PDF shows on
which page each heading and the words after it came to lie, so a stranded heading can be found and
told to begin a new page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf

from activities.documents.docx_package import DOCUMENT, markup_of, parse_markup

_STYLES = "word/styles.xml"
_HEADING_TAG = re.compile(r"/H[1-6]")
_MAX_DEPTH = 60
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BEFORE_PAGE_BREAK = {f"{_WORD}{name}" for name in ("pStyle", "keepNext", "keepLines")}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words on a page; `heading` counts the document's headings, and is None elsewhere."""

    page: int
    heading: int | None


def without_stranded_heading(parts: Mapping[str, bytes], pdf: bytes) -> dict[str, bytes] | None:
    """The document with a page break before the first heading that `pdf` shows stranded.

    None when there is no such heading, or when the headings of the PDF cannot be matched with
    those of the document.
    """
    with Pdf.open(io.BytesIO(pdf)) as document:
        pieces = list(_pieces(document))
    headings = [piece.heading for piece in pieces if piece.heading is not None]
    root = parse_markup(parts[DOCUMENT])
    paragraphs = _heading_paragraphs(root, parts)
    if not headings or max(headings) + 1 != len(paragraphs):
        return None
    for piece, after in pairwise(pieces):
        if piece.heading is not None and after.page > piece.page and after.heading is None:
            first = _first_of_its_chain(pieces, piece)
            if _break_before(paragraphs[first]):
                return {**parts, DOCUMENT: markup_of(root)}
    return None


def _first_of_its_chain(pieces: list[_Piece], stranded: _Piece) -> int:
    """The heading to move: the stranded one, or the first of the headings right above it."""
    chain = [piece.heading for piece in pieces]
    position = pieces.index(stranded)
    while position > 0 and chain[position - 1] is not None:
        position -= 1
    return chain[position] or 0


def _pieces(document: Pdf) -> Iterator[_Piece]:
    """All tagged words in reading order, each with its page."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages, start=1)}
    counter = iter(range(1_000_000))

    def walk(node: Object, page: int, heading: int | None, depth: int) -> Iterator[_Piece]:
        if isinstance(node, Array):
            for child in node.as_list():
                yield from walk(child, page, heading, depth)
        elif isinstance(node, Dictionary) and depth < _MAX_DEPTH:
            if Name.Pg in node:
                page = pages.get(node.Pg.objgen, page)
            if _HEADING_TAG.fullmatch(str(node.get(Name.S, ""))):
                heading = next(counter)
            if Name.K in node:
                yield from walk(node.K, page, heading, depth + 1)
            elif Name.MCID in node:
                yield _Piece(page, heading)
        elif isinstance(node, int):
            yield _Piece(page, heading)

    tree = document.Root.get(Name.StructTreeRoot)
    if isinstance(tree, Dictionary) and Name.K in tree:
        yield from walk(tree.K, 0, None, 0)


def _heading_paragraphs(root: Any, parts: Mapping[str, bytes]) -> list[Any]:
    """The document's paragraphs in a heading style that have words."""
    styles = parse_markup(parts[_STYLES]) if _STYLES in parts else ()
    ids = {
        style.get(f"{_WORD}styleId")
        for style in styles
        if style.find(f"{_WORD}pPr/{_WORD}outlineLvl") is not None
    }
    return [
        paragraph
        for paragraph in root.iter(f"{_WORD}p")
        if (style := paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")) is not None
        and style.get(f"{_WORD}val") in ids
        and any((text.text or "").strip() for text in paragraph.iter(f"{_WORD}t"))
    ]


def _break_before(paragraph: Any) -> bool:
    """Let the paragraph begin a page; false when it already does."""
    properties = paragraph.find(f"{_WORD}pPr")
    if properties.find(f"{_WORD}pageBreakBefore") is not None:
        return False
    position = sum(child.tag in _BEFORE_PAGE_BREAK for child in properties)
    properties.insert(position, properties.makeelement(f"{_WORD}pageBreakBefore"))
    return True
