"""A plan over time as a drawing: a row for each step, months along the top, a mark a day.

Two drawings of the same facts, one for a desk and one for a phone. Longer plans go on below, so
that a mark never gets too small to be told from the next. Colours come from the style sheet; no
mark is told by its colour alone, and the page says the same in words beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from markupsafe import Markup

from domain.plan_progress import Mark, PlanProgress, Row, Span, Time

MARKS: dict[Mark, str] = {
    Mark.DONE: '<circle r="5.5" class="fill good"/>',
    Mark.CURED: '<circle r="5.2" class="line good"/><circle r="2.4" class="fill good"/>',
    Mark.SHOWN: '<circle r="5" class="line deep"/>'
    '<path d="M0-5a5 5 0 0 1 0 10z" class="fill deep"/>',
    Mark.NOW: '<path d="M0-6.5 6.5 0 0 6.5-6.5 0z" class="fill deep"/>',
    Mark.TO_COME: '<circle r="4.8" class="line wait"/>',
    Mark.MISSED: '<path d="M0-6 6.2 5.2H-6.2z" class="fill amber"/>',
    Mark.EXCUSED: '<path d="M-5 0H5" class="bar soft"/>',
}
"""The drawing of each mark around its middle."""
WORDS: dict[Mark, str] = {
    Mark.DONE: "done and checked",
    Mark.CURED: "done late",
    Mark.SHOWN: "shown, not yet checked",
    Mark.NOW: "to do now",
    Mark.TO_COME: "to come",
    Mark.MISSED: "missed",
    Mark.EXCUSED: "excused",
}
"""What each mark means."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LANE = 14
_APART = 12.2
_HEAD = 50
_FOOT = 22


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of one drawing, in its own units.

    Attributes:
        key: tells its ids from the other drawing's.
        left: where the days begin; titles stand before it, or above where there is no room.
        months: the most that stand side by side.
        letters: the most in a line of a title.
    """

    key: str
    width: int
    left: int
    months: int
    letters: int
    above: bool


DESK = Frame("desk", 960, 214, 12, 27, False)
PHONE = Frame("phone", 343, 10, 6, 42, True)


def pictures(progress: PlanProgress) -> Markup:
    """The marks' shapes once, then both drawings; the style sheet shows the one that fits."""
    shapes = "".join(f'<g id="mark-{mark}">{drawing}</g>' for mark, drawing in MARKS.items())
    hatch = (
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V6" class="hatch"/></pattern>'
    )
    defs = (
        f'<svg class="unseen" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{shapes}{hatch}</defs></svg>"
    )
    # Whatever people wrote is escaped where it is drawn; the rest is numbers and these shapes.
    return Markup(defs + draw(progress, DESK) + draw(progress, PHONE))  # noqa: S704


def draw(progress: PlanProgress, frame: Frame) -> str:
    """One drawing as SVG text; it uses the shapes that `pictures` puts before it."""
    parts: list[str] = []
    top = 0
    for panel in _panels(progress.whole, frame.months):
        drawn, top = _panel(progress, frame, panel, top)
        parts.append(drawn)
    name, told = f"{frame.key}-name", f"{frame.key}-told"
    return (
        f'<svg class="plan-picture {frame.key}" viewBox="0 0 {frame.width} {top}" role="img" '
        f'aria-labelledby="{name} {told}" focusable="false">'
        f'<title id="{name}">Every step over time</title>'
        f'<desc id="{told}">{escape(described(progress))}</desc>{"".join(parts)}</svg>'
    )


def described(progress: PlanProgress) -> str:
    """The picture in a sentence or two; its numbers stand in the key, its dates in the list."""
    counts = ", ".join(f"{count} {WORDS[mark]}" for mark, count in progress.counts.items())
    whole = progress.whole
    words = f"From {_day(whole.first)} to {_day(whole.last)}: {counts}."
    if progress.court:
        words += f" Court dates: {', '.join(_day(one.day) for one in progress.court)}."
    if progress.held:
        spans = (f"{_day(one.first)} to {_day(one.last)}" for one in progress.held)
        words += f" In custody: {', '.join(spans)}."
    return words


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _panels(whole: Span, most: int) -> Iterator[Span]:
    """Whole months, as evenly as they divide, at most so many side by side."""
    first = whole.first.year * 12 + whole.first.month - 1
    months = whole.last.year * 12 + whole.last.month - first
    panels = -(-months // most)
    each = max(2, -(-months // panels))
    for start in range(first, first + months, each):
        yield Span(_first_of(start), _first_of(start + each) - timedelta(days=1))


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days of one panel as places in its drawing."""

    span: Span
    left: int
    right: int

    def at(self, day: date, part: float = 0.5) -> float:
        """The middle of a day, or its beginning (0) or end (1)."""
        days = (self.span.last - self.span.first).days + 1
        place = (day - self.span.first).days + part
        return round(self.left + (self.right - self.left) * place / days, 1)

    def holds(self, day: date) -> bool:
        """Whether the day is in this panel."""
        return self.span.first <= day <= self.span.last


def _panel(progress: PlanProgress, frame: Frame, span: Span, top: int) -> tuple[str, int]:
    scale = _Scale(span, frame.left, frame.width - 8)
    begin = top + _HEAD
    rows: list[str] = []
    bottom = begin
    for row in progress.rows:
        times = [time for time in row.times if scale.holds(time.day)]
        if times:
            drawn, bottom = _row(frame, scale, row, times, bottom)
            rows.append(drawn)
    if not rows:
        return "", top
    under = _months(scale, top, bottom) + _held(progress, scale, begin, bottom)
    under += _court(progress, scale, begin, bottom) + _today(progress, scale, begin, bottom)
    return under + "".join(rows), bottom + _FOOT


def _months(scale: _Scale, top: int, bottom: int) -> str:
    parts: list[str] = []
    day = scale.span.first
    while day <= scale.span.last:
        x = scale.at(day, 0)
        parts.append(
            f'<path d="M{x} {top + 20}V{bottom}" class="rule"/>'
            f'<text x="{x + 3}" y="{top + 30}">{_MONTHS[day.month - 1]}</text>'
        )
        if day == scale.span.first or day.month == 1:
            parts.append(f'<text x="{x + 3}" y="{top + 14}" class="year">{day.year}</text>')
        day = _first_of(day.year * 12 + day.month)
    return "".join(parts)


def _held(progress: PlanProgress, scale: _Scale, top: int, bottom: int) -> str:
    parts: list[str] = []
    for one in progress.held:
        first, last = max(one.first, scale.span.first), min(one.last, scale.span.last)
        if first <= last:
            x = scale.at(first, 0)
            wide = round(scale.at(last, 1) - x, 1)
            box = f'x="{x}" y="{top}" width="{wide}" height="{bottom - top}"'
            parts.append(f'<rect {box} class="held"/><rect {box} fill="url(#hatch)"/>')
    return "".join(parts)


def _court(progress: PlanProgress, scale: _Scale, top: int, bottom: int) -> str:
    return "".join(
        f'<path d="M{scale.at(one.day)} {top - 4}V{bottom}" class="court"/>'
        f'<rect x="{scale.at(one.day) - 5}" y="{top - 12}" width="10" height="9" class="fill ink"/>'
        for one in progress.court
        if scale.holds(one.day)
    )


def _today(progress: PlanProgress, scale: _Scale, top: int, bottom: int) -> str:
    if not scale.holds(progress.today):
        return ""
    x = scale.at(progress.today)
    anchor = "end" if x > scale.right - 40 else "start" if x < scale.left + 24 else "middle"
    return (
        f'<path d="M{x} {top}V{bottom + 4}" class="today"/>'
        f'<text x="{x}" y="{bottom + 17}" text-anchor="{anchor}" class="now">today</text>'
    )


def _row(frame: Frame, scale: _Scale, row: Row, times: Sequence[Time], top: int) -> tuple[str, int]:
    placed = list(_lanes(scale, times))
    lanes = 1 + max(lane for _, lane, _ in placed)
    lines = _lines(row.title, frame.letters, 1 if frame.above else 2)
    head = 22 if frame.above else 0
    tall = head + max(lanes * _LANE + 14, 0 if frame.above else len(lines) * 17 + 11)
    first = top + head + (tall - head) / 2 - (lanes - 1) * _LANE / 2
    y = top + 18 if frame.above else top + tall / 2 - (len(lines) - 1) * 8.5 + 5
    titles = "".join(
        f'<text x="{0 if not frame.above else 2}" y="{y + 17 * number:g}" class="what">'
        f"{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
    marks = "".join(
        f'<use href="#mark-{mark}" x="{x:g}" y="{first + lane * _LANE:g}"/>'
        for x, lane, mark in placed
    )
    border = f'<path d="M0 {top}H{frame.width}" class="rule"/>'
    return border + titles + marks, int(top + tall)


def _lanes(scale: _Scale, times: Sequence[Time]) -> Iterator[tuple[float, int, Mark]]:
    """Each mark in the first lane in which it does not touch the one before."""
    ends: list[float] = []
    for time in times:
        x = scale.at(time.day)
        free = (lane for lane, end in enumerate(ends) if x - end >= _APART)
        lane = next(free, len(ends))
        ends[lane : lane + 1] = [x]
        yield x, lane, time.mark


def _lines(title: str, letters: int, most: int) -> list[str]:
    """A title in so many lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    rest = title.split()
    while rest and len(lines) < most:
        line = rest.pop(0)
        while rest and len(line) + 1 + len(rest[0]) <= letters:
            line += f" {rest.pop(0)}"
        lines.append(line)
    lines = lines or [""]
    if rest or len(lines[-1]) > letters:
        lines[-1] = lines[-1][: letters - 1].rstrip() + "…"
    return [line if len(line) <= letters else line[: letters - 1] + "…" for line in lines]
