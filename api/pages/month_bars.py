"""Figures by month as bars: coloured by the style sheet, told apart by their filling, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from markupsafe import Markup

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDTH, _TOP, _TALL, _FOOT = 343, 20, 110, 36


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: so many, in a filling of the style sheet."""

    count: int
    filling: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One month; its parts stand on each other, the first one lowest."""

    first: date
    parts: Sequence[Part]

    @property
    def total(self) -> int:
        """All parts."""
        return sum(part.count for part in self.parts)


def bars(key: str, name: str, told: str, months: Sequence[Bar]) -> Markup:
    """A drawing of months side by side; its words stand in a table beside it.

    Args:
        key: tells its ids from those of other drawings on the page.
        name: what it shows, in a few words.
        told: the same in a sentence.
        months: oldest first.
    """
    wide = _WIDTH / max(1, len(months))
    most = max((month.total for month in months), default=0) or 1
    drawn = "".join(_bar(month, number * wide, wide, most) for number, month in enumerate(months))
    base = _TOP + _TALL
    text = (
        f'<svg class="bars" viewBox="0 0 {_WIDTH} {base + _FOOT}" role="img" '
        f'aria-labelledby="{key}-name {key}-told" focusable="false">'
        f'<title id="{key}-name">{escape(name)}</title>'
        f'<desc id="{key}-told">{escape(told)}</desc>'
        '<defs><pattern id="stripes-'
        f'{key}" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" class="stripe"/></pattern></defs>'
        f'<path d="M0 {base}H{_WIDTH}" class="rule"/>{drawn}</svg>'
    ).replace("url(#stripes)", f"url(#stripes-{key})")
    # Whatever could come from people is escaped above; the rest is numbers and months.
    return Markup(text)  # noqa: S704


def _bar(month: Bar, left: float, wide: float, most: int) -> str:
    base, middle = _TOP + _TALL, round(left + wide / 2, 1)
    x, width = round(left + wide * 0.16, 1), round(wide * 0.68, 1)
    drawn, y = "", float(base)
    for part in month.parts:
        tall = round(_TALL * part.count / most, 1)
        y = round(y - tall, 1)
        if part.count:
            box = f'x="{x}" y="{y}" width="{width}" height="{tall}"'
            drawn += f'<rect {box} class="{part.filling}"/>'
            if part.filling == "some":
                drawn += f'<rect {box} fill="url(#stripes)"/>'
    year = f'<text x="{middle}" y="{base + 31}" class="year">{month.first.year}</text>'
    return (
        f"{drawn}"
        + (f'<text x="{middle}" y="{y - 5:g}" class="sum">{month.total}</text>' if drawn else "")
        + f'<text x="{middle}" y="{base + 16}">{_MONTHS[month.first.month - 1]}</text>'
        + (year if month.first.month == 1 or left == 0 else "")
    )
