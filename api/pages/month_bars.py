"""Figures by month as bars: coloured by the style sheet, told apart by their filling, too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from markupsafe import Markup

from api.pages.own_words import Words

_MONTHS = tuple(
    Words(one)
    for one in (
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    )
)
_WIDTH, _TOP, _TALL, _FOOT = 343, 20, 110, 36
_NAMED = 12
"""So many months have room for a name and a number each."""
_FAR_FROM_JANUARY = 9
"""Where there are more, two years would stand on each other later than this."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: so many, in a filling of the style sheet."""

    count: int
    filling: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One month; its parts stand on each other, the first one lowest.

    Attributes:
        label: what stands above it; the number of all parts where it says nothing else.
        hidden: it is not shown, and a dash says so.
    """

    first: date
    parts: Sequence[Part]
    label: str = ""
    hidden: bool = False

    @property
    def total(self) -> int:
        """All parts."""
        return sum(part.count for part in self.parts)


def bars(
    key: str, name: str, told: str, months: Sequence[Bar], say: Callable[[str], str] = str
) -> Markup:
    """A drawing of months side by side; its words stand in a table beside it.

    Args:
        key: tells its ids from those of other drawings on the page.
        name: what it shows, in a few words.
        told: the same in a sentence.
        months: oldest first.
        say: our words in the reader's language.
    """
    wide = _WIDTH / max(1, len(months))
    most = max((month.total for month in months), default=0) or 1
    room = _Room(wide, most, len(months) <= _NAMED, say)
    drawn = "".join(_bar(month, number, room) for number, month in enumerate(months))
    base = _TOP + _TALL
    text = (
        f'<svg class="bars" viewBox="0 0 {_WIDTH} {base + _FOOT}" role="img" '
        f'aria-labelledby="{key}-name {key}-told" focusable="false">'
        f'<title id="{key}-name">{escape(say(name))}</title>'
        f'<desc id="{key}-told">{escape(say(told))}</desc>'
        '<defs><pattern id="stripes-'
        f'{key}" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" class="stripe"/></pattern></defs>'
        f'<path d="M0 {base}H{_WIDTH}" class="rule"/>{drawn}</svg>'
    ).replace("url(#stripes)", f"url(#stripes-{key})")
    # Whatever could come from people is escaped above; the rest is numbers and months.
    return Markup(text)  # noqa: S704


@dataclass(frozen=True, slots=True)
class _Room:
    """How much there is for each month, and whether each has its name and number."""

    wide: float
    most: int
    named: bool
    say: Callable[[str], str]


def _bar(month: Bar, number: int, room: _Room) -> str:
    base, left, wide = _TOP + _TALL, number * room.wide, room.wide
    middle = round(left + wide / 2, 1)
    x, width = round(left + wide * 0.16, 1), round(wide * 0.68, 1)
    drawn, y = "", float(base)
    for part in month.parts:
        tall = round(_TALL * part.count / room.most, 1)
        y = round(y - tall, 1)
        if part.count:
            box = f'x="{x}" y="{y}" width="{width}" height="{tall}"'
            drawn += f'<rect {box} class="{part.filling}"/>'
            if part.filling == "some":
                drawn += f'<rect {box} fill="url(#stripes)"/>'
    above = month.label or str(month.total)
    if drawn and room.named:
        drawn += f'<text x="{middle}" y="{y - 5:g}" class="sum">{escape(above)}</text>'
    if month.hidden:
        drawn += f'<text x="{middle}" y="{base - 5}" class="sum">–</text>'
    return drawn + _foot(month.first, number, middle, room)


def _foot(first: date, number: int, middle: float, room: _Room) -> str:
    """The month's name, of every third one where there are many, and the year where it begins."""
    base, month = _TOP + _TALL, first.month
    drawn = ""
    if room.named or month % 3 == 1:
        name = escape(room.say(_MONTHS[month - 1]))
        drawn = f'<text x="{middle}" y="{base + 16}">{name}</text>'
    if month == 1 or (number == 0 and (room.named or month <= _FAR_FROM_JANUARY)):
        drawn += f'<text x="{middle}" y="{base + 31}" class="year">{first.year}</text>'
    return drawn
