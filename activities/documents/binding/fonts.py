"""Whether a page's fonts are in the file, and have the letters that the page shows."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Stream, String


def fonts_embedded(page: Page) -> bool:
    """Whether the file itself holds every font that the page may use."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Object] = [page.obj]
    while waiting:
        resources = waiting.pop().get(Name.Resources)
        if not isinstance(resources, Dictionary):
            continue
        if not all(_is_embedded(font) for font in _values(resources, "/Font")):
            return False
        for form in _values(resources, "/XObject"):
            if form.get(Name.Subtype) == Name.Form and form.objgen not in seen:
                seen.add(form.objgen)
                waiting.append(form)
    return True


def _values(resources: Object, kind: str) -> list[Object]:
    named = resources.get(kind)
    if not isinstance(named, Dictionary):
        return []
    return [one for one in named.values() if isinstance(one, Dictionary | Stream)]


def _is_embedded(font: Object) -> bool:
    if font.get(Name.Subtype) == Name.Type3:
        return True
    inner = font.get(Name.DescendantFonts)
    whole = inner[0] if isinstance(inner, Array) and len(inner) else font
    if not isinstance(whole, Dictionary):
        return False  # a damaged file names a font that is not there
    about = whole.get(Name.FontDescriptor)
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return isinstance(about, Dictionary) and any(name in about for name in files)


def misses_letters(page: Page) -> bool:
    """Whether the page shows a character that its font does not have, as a box.

    Told only of fonts by glyph number (Identity-H), where number 0 is the box (ISO 32000-1,
    9.7.4.2); Homeward's own sheets use these.
    """
    resources = page.obj.get(Name.Resources)
    named = resources.get(Name.Font) if isinstance(resources, Dictionary) else None
    if not isinstance(named, Dictionary):
        return False
    by_glyph = {name for name, font in named.items() if _is_by_glyph(font)}
    if not by_glyph:
        return False
    current = ""
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ"):
        if not instruction.operands:
            continue  # a damaged stream
        if str(instruction.operator) == "Tf":
            current = str(instruction.operands[0])
        elif current in by_glyph and _has_box(instruction.operands[0]):
            return True
    return False


def _is_by_glyph(font: Object) -> bool:
    return isinstance(font, Dictionary) and font.get(Name.Encoding) == Name("/Identity-H")


def _has_box(shown: Object) -> bool:
    pieces = shown.as_list() if isinstance(shown, Array) else [shown]
    codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, String))
    return any(not (high or low) for high, low in zip(codes[::2], codes[1::2], strict=False))
