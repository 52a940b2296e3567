"""What a bound packet says, read out of the file itself and not out of the records."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, String

from activities.documents.errors import PdfUnreadable


@dataclass(frozen=True, slots=True)
class PdfWords:
    """The words of each page, without the spaces that a PDF only hints at, and the page (from 1)
    to which each bookmark leads."""

    pages: tuple[str, ...]
    bookmarks: dict[str, int]


def squeezed(words: str) -> str:
    """Without spaces, as a page's words are."""
    return re.sub(r"\s", "", words)


def words_in(pdf: bytes) -> PdfWords:
    """Read a PDF.

    Raises:
        PdfUnreadable: it is none, or is damaged.
    """
    try:
        with Pdf.open(io.BytesIO(pdf)) as document:
            pages = tuple(squeezed("".join(_words(page.obj))) for page in document.pages)
            numbers = {page.obj.objgen: n for n, page in enumerate(document.pages, start=1)}
            with document.open_outline() as outline:
                return PdfWords(pages, dict(_bookmarks(outline.root, numbers)))
    except (pikepdf.PdfError, ValueError, TypeError, KeyError) as error:
        raise PdfUnreadable from error


def _bookmarks(
    items: Iterable[OutlineItem], numbers: dict[tuple[int, int], int]
) -> Iterator[tuple[str, int]]:
    for item in items:
        if isinstance(item.destination, Array):
            yield item.title, numbers[item.destination[0].objgen]
        yield from _bookmarks(item.children, numbers)


def _words(content: Object) -> Iterator[str]:
    """The text of a page or of a form that is drawn on it, in the order of drawing."""
    resources = content.get(Name.Resources, Dictionary())
    fonts = resources.get(Name.Font, Dictionary())
    forms = resources.get(Name.XObject, Dictionary())
    letters: dict[bytes, str] = {}
    for instruction in pikepdf.parse_content_stream(content, "Tf Tj TJ Do"):
        operator, operand = str(instruction.operator), instruction.operands[0]
        if operator == "Tf":
            letters = _letters(fonts[str(operand)])
        elif operator == "Do":
            form = forms[str(operand)]
            if form.get(Name.Subtype) == Name.Form:
                yield from _words(form)
        else:
            pieces = operand.as_list() if isinstance(operand, Array) else [operand]
            codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, String))
            width = len(next(iter(letters), b"?"))
            steps = range(0, len(codes), width)
            yield "".join(letters.get(codes[at : at + width], "\ufffd") for at in steps)


def _letters(font: Object) -> dict[bytes, str]:
    """What each code of a font stands for, as the font itself says (ISO 32000-1, 9.10.3)."""
    said = font.ToUnicode.read_bytes().decode("latin-1") if Name.ToUnicode in font else ""
    listed = "".join(re.findall(r"beginbfchar(.*?)endbfchar", said, re.DOTALL))
    return {
        bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", listed)
    }
