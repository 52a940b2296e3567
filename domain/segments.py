"""How many SMS segments a text costs, and which characters make it dear.

A text whose characters are all in the GSM 03.38 alphabet (3GPP TS 23.038, section 6.2.1)
travels in 7-bit septets: 160 in one segment, 153 in each of several. One character outside of
it turns the whole text into UCS-2: 70 UTF-16 units, or 67 in each of several. Neither an
escaped character (two septets) nor a surrogate pair is ever cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

GSM_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet without its escape code: 127 characters of one septet."""
GSM_EXTENSION: Final = "\f^{}\\[~]|€"
"""The extension table: each character costs an escape and itself, two septets."""

Encoding = Literal["GSM-7", "UCS-2"]

_OUTSIDE = re.compile(f"[^{re.escape(GSM_BASIC + GSM_EXTENSION)}]")
_DOUBLE_IN_GSM = re.compile(f"[{re.escape(GSM_EXTENSION)}]")
_DOUBLE_IN_UCS2 = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs on the air.

    Attributes:
        encoding: GSM-7, or UCS-2 when one character or more lies outside of GSM-7.
        units: septets or UTF-16 units in all, without the headers of the parts.
        segments: parts that are billed and sent; 0 for an empty text.
        offending: the distinct characters outside of GSM-7, in order of appearance.
    """

    encoding: Encoding
    units: int
    segments: int
    offending: tuple[str, ...]


def count_segments(text: str) -> Segments:
    """Count the segments of `text` as a carrier would, without changing the text."""
    offending = tuple(dict.fromkeys(_OUTSIDE.findall(text)))
    if offending:
        doubles = len(_DOUBLE_IN_UCS2.findall(text))
        widths = (2 if ord(character) > 0xFFFF else 1 for character in text)
        segments = _parts(widths, len(text), doubles, single=70, part=67)
        return Segments("UCS-2", len(text) + doubles, segments, offending)
    doubles = len(_DOUBLE_IN_GSM.findall(text))
    widths = (2 if character in GSM_EXTENSION else 1 for character in text)
    segments = _parts(widths, len(text), doubles, single=160, part=153)
    return Segments("GSM-7", len(text) + doubles, segments, ())


def is_gsm(text: str) -> bool:
    """Whether every character of `text` is in the GSM 03.38 alphabet."""
    return _OUTSIDE.search(text) is None


def _parts(widths: Iterable[int], length: int, doubles: int, *, single: int, part: int) -> int:
    """The number of parts when characters of these widths are packed in order, none cut."""
    if length + doubles <= single:
        return min(length, 1)
    if not doubles:
        return -(-length // part)
    parts, free = 1, part
    for width in widths:
        if width > free:
            parts, free = parts + 1, part
        free -= width
    return parts
