"""Photographs on their way into a packet's own pages: sized on paper, described for who cannot see.

A template prints a picture by name, like any other placeholder, and can do nothing else with it:
to the template language it is a value without parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.image.image import Image

from activities.documents.errors import PhotographUnreadable, UnsafeExpression
from activities.documents.packet_values import Photograph

_EMU = 914_400
"""Word's units in an inch."""
_BESIDE = (3.1, 2.35)
_LEADING = (6.5, 3.5)
_NONE = {"picture": "", "caption": ""}
_NO_CAPTION = "Photograph without a caption"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG with its size on paper (`width`, `height` in Word's units) and its `description`.

    It can be printed whole and in no other way: whatever a filter or an operator would make of it
    is refused.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    description: str = field(repr=False)

    def __str__(self) -> str:
        raise UnsafeExpression("a picture inside an expression")


def pictures_of(photographs: Sequence[Photograph]) -> dict[str, Any]:
    """Photographs as placeholders.

    `photographs` are all of them at the size of half a line. The grid of Homeward's own templates
    is the other two: pairs side by side and of one height (`photograph_pairs`), after a large one
    where their number is odd (`photograph_lead`, whose `picture` is "" where it is even).

    Raises `PhotographUnreadable`, which counts from 1.
    """
    shapes = [_shape(photograph, at) for at, photograph in enumerate(photographs, start=1)]
    odd = len(photographs) % 2
    rest = list(zip(photographs, shapes, strict=True))[odd:]
    return {
        "photographs": [
            _shown(photograph, shape, _fitting(shape, _BESIDE))
            for photograph, shape in zip(photographs, shapes, strict=True)
        ],
        "photograph_lead": (
            _shown(photographs[0], shapes[0], _fitting(shapes[0], _LEADING)) if odd else _NONE
        ),
        "photograph_pairs": [
            _pair(left, right) for left, right in zip(rest[::2], rest[1::2], strict=True)
        ],
    }


_Shaped = tuple[Photograph, float]


def _pair(left: _Shaped, right: _Shaped) -> dict[str, Any]:
    """Two of one height, as tall as both have room for."""
    height = min(_fitting(shape, _BESIDE) for _, shape in (left, right))
    return {"left": _shown(*left, height), "right": _shown(*right, height)}


def _shown(photograph: Photograph, shape: float, height: float) -> dict[str, Any]:
    caption = photograph.caption.strip()
    size = (round(height * shape * _EMU), round(height * _EMU))
    return {
        "picture": Picture(photograph.jpeg, *size, caption or _NO_CAPTION),
        "caption": caption,
    }


def _fitting(shape: float, room: tuple[float, float]) -> float:
    """The height (inches) at which a picture of this shape fills its room."""
    width, height = room
    return min(height, width / shape)


def _shape(photograph: Photograph, position: int) -> float:
    """Width by height."""
    try:
        image = Image.from_blob(photograph.jpeg)
        return float(image.px_width / image.px_height)
    # python-docx reads the file's first bytes and raises whatever it stumbles over.
    except Exception as error:
        raise PhotographUnreadable(position) from error
