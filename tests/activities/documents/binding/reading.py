"""Reads a PDF as a person or a screen reader would, with nothing but pikepdf."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

_OPERATORS = "Tf Tj TJ ' \" Do BMC BDC EMC"


def opened(pdf: bytes) -> Pdf:
    return Pdf.open(io.BytesIO(pdf))


def squeezed(text: str) -> str:
    """Without spaces and invisible marks, which a PDF's text only hints at."""
    return re.sub(r"[\s\u200b\u200d\ufe0f]", "", text)


def text_of(page: Page | Object, *, artifacts: bool = True) -> str:
    """The text that a page shows, squeezed; without `artifacts`, only what is its own."""
    content = page.obj if isinstance(page, Page) else page
    return squeezed("".join(_texts(content, artifacts)))


def texts_of(pdf: bytes, *, artifacts: bool = True) -> list[str]:
    """The text of each page."""
    return [text_of(page, artifacts=artifacts) for page in opened(pdf).pages]


def _texts(content: Object, artifacts: bool) -> Iterator[str]:
    resources = content.get(Name.Resources, Dictionary())
    fonts = resources.get(Name.Font, Dictionary())
    forms = resources.get(Name.XObject, Dictionary())
    font = None
    marks: list[Object] = []
    for instruction in pikepdf.parse_content_stream(content, _OPERATORS):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in ("BMC", "BDC"):
            marks.append(operands[0])
        elif operator == "EMC":
            marks.pop()
        elif not artifacts and Name.Artifact in marks:
            continue
        elif operator == "Tf":
            font = fonts[str(operands[0])]
        elif operator == "Do":
            form = forms[str(operands[0])]
            if form.get(Name.Subtype) == Name.Form:
                yield from _texts(form, artifacts)
        else:
            shown = _decoded(font, operands[-1])
            yield shown[::-1] if Name.ReversedChars in marks else shown


def _decoded(font: Object | None, shown: Object) -> str:
    pieces = shown.as_list() if isinstance(shown, Array) else [shown]
    codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, String))
    if font is None or not isinstance(font.get(Name.ToUnicode), Stream):
        return codes.decode("latin-1")
    letters = _letters(font.ToUnicode.read_bytes().decode("latin-1"))
    width = 2 if font.get(Name.Subtype) == Name.Type0 else 1
    numbers = (int.from_bytes(codes[at : at + width]) for at in range(0, len(codes), width))
    return "".join(letters.get(number, "\ufffd") for number in numbers)


def _letters(cmap: str) -> dict[int, str]:
    """What each code stands for (ISO 32000-1, 9.10.3)."""
    letters: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            letters[int(code, 16)] = _utf16(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, listed, start in re.findall(
            r"<(\w+)>\s*<(\w+)>\s*(?:\[(.*?)\]|<(\w+)>)", block, re.DOTALL
        ):
            codes = range(int(first, 16), int(last, 16) + 1)
            if start:
                base = _utf16(start)
                letters |= {c: base[:-1] + chr(ord(base[-1]) + n) for n, c in enumerate(codes)}
            else:
                texts = re.findall(r"<(\w+)>", listed)
                letters |= {c: _utf16(text) for c, text in zip(codes, texts, strict=False)}
    return letters


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")


def kids_of(element: Object) -> list[Any]:
    kids = element.get(Name.K)
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def tagged_reading(pdf: Pdf) -> list[tuple[str, str]]:
    """What a screen reader goes through: the type of each element and the text right in it."""
    pieces = {page.obj.objgen: _pieces(page) for page in pdf.pages}
    return list(_read(pdf.Root.StructTreeRoot.K, None, pieces))


def _pieces(page: Page) -> dict[int, str]:
    """The text of each marked piece of a page, by its number."""
    fonts = page.obj.Resources.get(Name.Font, Dictionary())
    found: dict[int, str] = {}
    marks: list[int | None] = []
    reversed_run, font = False, None
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ BMC BDC EMC"):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in ("BMC", "BDC"):
            properties = operands[1] if len(operands) > 1 else None
            number = properties.get(Name.MCID) if isinstance(properties, Dictionary) else None
            reversed_run = operands[0] == Name.ReversedChars
            marks.append(None if number is None else int(number))
        elif operator == "EMC":
            marks.pop()
            reversed_run = False
        elif operator == "Tf":
            font = fonts[str(operands[0])]
        elif within := [mark for mark in marks if mark is not None]:
            shown = _decoded(font, operands[0])
            shown = shown[::-1] if reversed_run else shown
            found[within[-1]] = found.get(within[-1], "") + shown
    return found


def _read(
    element: Object, page: Object | None, pieces: dict[tuple[int, int], dict[int, str]]
) -> Iterator[tuple[str, str]]:
    page = element.get(Name.Pg) or page
    own, below = "", []
    for kid in kids_of(element):
        if isinstance(kid, int) or Name.MCID in kid:
            on = page if isinstance(kid, int) else kid.get(Name.Pg) or page
            assert on is not None
            number = kid if isinstance(kid, int) else int(kid[Name.MCID])
            own += pieces[on.objgen].get(number, "")
        elif Name.S in kid:
            below.append(kid)
    yield str(element[Name.S]), own
    for kid in below:
        yield from _read(kid, page, pieces)
