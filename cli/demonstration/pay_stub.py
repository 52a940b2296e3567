"""A pay stub of the story, photographed on a kitchen table: a JPEG, the same for the same cast."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from cli.demonstration.cast import Cast

_TABLE: Final = (122, 96, 74)
_PAPER, _INK, _FAINT = (251, 250, 245), (38, 41, 46), (120, 122, 126)
_SIZE, _EDGE, _MARGIN, _LINE = (1500, 960), 60, 130, 62
_HOURS = 76
_WITHHELD = 0.1765


def pay_stub(cast: Cast, arrested_on: date) -> bytes:
    """Her last one before the arrest."""
    image = Image.new("RGB", _SIZE, _TABLE)
    draw = ImageDraw.Draw(image)
    right = _SIZE[0] - _MARGIN
    draw.rectangle((_EDGE, _EDGE, _SIZE[0] - _EDGE, _SIZE[1] - _EDGE), fill=_PAPER)
    _write(draw, _MARGIN, 120, cast.job.at, 46)
    _write(draw, right, 132, "Earnings statement", 34, faint=True, from_right=True)
    draw.line((_MARGIN, 196, right, 196), fill=_INK, width=3)
    height = 232
    for name, value in _lines(cast, arrested_on):
        _write(draw, _MARGIN, height, name, 32, faint=True)
        _write(draw, right, height, value, 34, from_right=True)
        height += _LINE
    draw.line((_MARGIN, height + 8, right, height + 8), fill=_FAINT, width=1)
    _write(draw, _MARGIN, height + 28, "No absence in this period.", 30, faint=True)
    made = io.BytesIO()
    image.save(made, "JPEG", quality=88, dpi=(200, 200))
    return made.getvalue()


def _lines(cast: Cast, arrested_on: date) -> list[tuple[str, str]]:
    ends = arrested_on - timedelta(days=arrested_on.weekday() + 3)
    gross = _HOURS * cast.job.hourly
    withheld = round(gross * _WITHHELD, 2)
    return [
        ("Employee", cast.defendant.name),
        ("Position", cast.job.trade.capitalize()),
        ("Pay period", f"{_day(ends - timedelta(days=13))} to {_day(ends)}, {ends.year}"),
        ("Hours", f"{_HOURS:.2f}"),
        ("Rate", f"${cast.job.hourly:,.2f}"),
        ("Gross pay", f"${gross:,.2f}"),
        ("Withheld", f"${withheld:,.2f}"),
        ("Net pay", f"${gross - withheld:,.2f}"),
    ]


def _day(day: date) -> str:
    return f"{day:%B} {day.day}"


def _write(
    draw: ImageDraw.ImageDraw,
    x: int,
    y: int,
    text: str,
    size: int,
    *,
    faint: bool = False,
    from_right: bool = False,
) -> None:
    font = ImageFont.load_default(size)
    at = x - draw.textlength(text, font=font) if from_right else x
    draw.text((at, y), text, font=font, fill=_FAINT if faint else _INK)
