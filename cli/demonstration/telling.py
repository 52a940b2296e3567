"""The timeline: printed while it happens, kept whole for the file."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rich.console import Console
from rich.text import Text

from domain.court_time import wall_time
from records.private_links import PATHS

_FILE_WIDTH = 100
_KEYS = re.compile(rf"({'|'.join(re.escape(path) for path in sorted(PATHS.values()))})[\w-]{{8,}}")
_PIPE_WIDTH = 110
"""Columns where no terminal says how wide it is."""


class Tone(StrEnum):
    """What a line is about; decides its colour and its sign."""

    PEOPLE = "people"
    TEXT = "text"
    MAIL = "mail"
    TASK = "task"
    HOUSE = "house"
    TROUBLE = "trouble"


_SIGNS = {Tone.TEXT: "sms  ", Tone.MAIL: "mail ", Tone.TASK: "to do", Tone.TROUBLE: "!    "}
_NO_SIGN = "     "
_STYLES = {
    Tone.PEOPLE: "bold",
    Tone.TEXT: "cyan",
    Tone.MAIL: "blue",
    Tone.TASK: "yellow",
    Tone.HOUSE: "green",
    Tone.TROUBLE: "red",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened.

    Attributes:
        at: local wall time.
        said: what happened, in plain words.
        words: a message's own words; the screen shows their beginning, the file all of them.
        preview: their beginning.
    """

    at: datetime
    tone: Tone
    said: str
    words: str = ""
    preview: str = ""


class Teller:
    """Prints each line as it comes and keeps it."""

    def __init__(self, console: Console, zone: str) -> None:
        self._console = console
        self._zone = zone
        self._month = ""
        self.lines: list[Line] = []

    def title(self, text: str) -> None:
        """A line above everything."""
        self._console.print(text, style="bold", markup=False)

    def tell(self, at: datetime, tone: Tone, said: str, words: str = "", preview: str = "") -> None:
        """Something happened at an instant (aware)."""
        line = Line(wall_time(at, self._zone), tone, said, words, preview)
        self.lines.append(line)
        month = f"{line.at:%B %Y}"
        if month != self._month:
            self._month = month
            self._console.print(f"\n{month}", style="bold magenta")
        width = self._console.width if self._console.is_terminal else _PIPE_WIDTH
        self._console.print(_row(line, width))

    def as_text(self, title: str) -> str:
        """The whole timeline as plain text, every message with all its words."""
        parts = [title, "=" * len(title)]
        month = ""
        for line in self.lines:
            if f"{line.at:%B %Y}" != month:
                month = f"{line.at:%B %Y}"
                parts += ["", month, "-" * len(month)]
            parts += _written(line)
        return "\n".join(parts) + "\n"


def without_keys(words: str) -> str:
    """The same words without what opens a private page, which is nobody else's."""
    return _KEYS.sub(r"\1…", words)


def clock(at: datetime) -> str:
    """ "9:05 am"."""
    return f"{(at.hour - 1) % 12 + 1}:{at.minute:02} {'am' if at.hour < 12 else 'pm'}"


def when(at: datetime) -> str:
    """ "Fri Mar  5   9:05 am", always equally wide."""
    return f"{at:%a %b} {at.day:>2}  {clock(at):>8}"


def _row(line: Line, width: int) -> Text:
    """A message takes one line, cut at the edge; what people do is told to the end."""
    head = f"{when(line.at)}  {_SIGNS.get(line.tone, _NO_SIGN)}  "
    room = max(width - len(head), 30)
    row = Text(head, style="dim")
    if line.words:
        said = Text(line.said, style=_STYLES[line.tone])
        said.append(f": “{line.preview}”", style="dim")
        said.truncate(room, overflow="ellipsis")
        return row.append_text(said)
    parts = textwrap.wrap(line.said, room)
    return row.append(("\n" + " " * len(head)).join(parts), style=_STYLES[line.tone])


def _written(line: Line) -> list[str]:
    head = f"{when(line.at)}  {_SIGNS.get(line.tone, _NO_SIGN)}  "
    blank = " " * len(head)
    parts = textwrap.wrap(line.said, _FILE_WIDTH, initial_indent=head, subsequent_indent=blank)
    for paragraph in line.words.splitlines():
        parts += textwrap.wrap(
            paragraph, _FILE_WIDTH, initial_indent=blank + "| ", subsequent_indent=blank + "| "
        ) or [blank + "|"]
    return parts
