"""Sets the sheets that Homeward itself writes: cover, contents, slip sheets, letters, stamps.

Words go in as data, never as markup, and nothing is fetched or dated: the same words give the
same bytes. The face is Libertinus Serif, which comes with typst and so is on every machine; only
a script that it lacks (Arabic, emoji) is borrowed from the fonts that are installed.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import typst

from activities.documents.template_language import clean_text

HAS_MARGINS = "Homeward letter"
"""Keyword of a PDF whose margins have room for the number and the draft mark."""

_SHEETS = Path(__file__).parent / "sheets"
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def typeset(sheet: str, data: dict[str, Any], *, tagged: bool = True) -> bytes:
    """The sheet of this name filled with `data`, as a PDF that is tagged for screen readers.

    `data` is made of dicts, lists, texts, numbers and truth values; its texts are printed as
    written, less what no document can hold (see `clean_text`).
    """
    compiler = typst.Compiler(_SHEETS / f"{sheet}.typ", root=_SHEETS, font_paths=_fonts())
    words = json.dumps(_cleaned(data), ensure_ascii=False)
    made = compiler.compile(format="pdf", sys_inputs={"data": words}, pdf_tags=tagged)
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


def language_code(language: str) -> str:
    """The code as typst takes it ("en", "ht"); what is no such code counts as English."""
    code = language.strip().lower().partition("-")[0]
    return code if _LANGUAGE.fullmatch(code) else "en"


def one_line(words: str) -> str:
    """The words without line ends, for a title."""
    return " ".join(clean_text(words).split())


@cache
def _fonts() -> typst.Fonts:
    # Looking through the machine's fonts takes 30 ms, so it is done once.
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value).strip()
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value
