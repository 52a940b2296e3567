"""How a call says things: for the ear, with nothing that a speech engine would stumble over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from domain.dates_in_words import period_at
from domain.message_steps import SPOKEN_PLACEHOLDERS
from domain.placeholders import Template
from domain.word_tables import names, periods, refuse_unknown, template, text, text_or_nothing

_CLOCK: Final = frozenset({"hour", "minute", "minutes", "period"})
_PATTERNS: Final[Mapping[str, frozenset[str]]] = {
    "frame": SPOKEN_PLACEHOLDERS | {"body"},
    "clock": frozenset({"hour", "period"}),
    "clock_minutes": _CLOCK,
    "at": frozenset({"clock"}),
}
_KNOWN: Final = frozenset({*_PATTERNS, "hours", "periods", "noon", "first", "and"})

_ENDS_A_STREET: Final = {
    "st": "Street",
    "ave": "Avenue",
    "av": "Avenue",
    "blvd": "Boulevard",
    "rd": "Road",
    "dr": "Drive",
    "ct": "Court",
    "ln": "Lane",
    "pl": "Place",
    "ter": "Terrace",
    "cir": "Circle",
    "sq": "Square",
    "hwy": "Highway",
    "pkwy": "Parkway",
    "expy": "Expressway",
    "plz": "Plaza",
}
_BEGINS_A_NAME: Final = {"st": "Saint", "dr": "Doctor"}
_DIRECTION: Final = {"n": "North", "s": "South", "e": "East", "w": "West"}
_ANYWHERE: Final = {
    "ne": "Northeast",
    "nw": "Northwest",
    "se": "Southeast",
    "sw": "Southwest",
    "jr": "Junior",
    "rm": "Room",
    "ste": "Suite",
    "apt": "Apartment",
    "bldg": "Building",
    "dept": "Department",
    "ctr": "Center",
}
"""The usual abbreviations of addresses (United States Postal Service, Publication 28)."""
_FOLLOWS_A_STREET: Final = frozenset({*_DIRECTION, *_ANYWHERE, "room", "suite", "floor", "unit"})
_NUMBERED: Final = re.compile(r"\d+(st|nd|rd|th)", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_PAUSE: Final = re.compile(r"\s*[,;:()]+\s*")
_UNSPOKEN: Final = re.compile(r"[^\w\s,'’]|_")


@dataclass(frozen=True, slots=True)
class VoiceWords:
    """How one language is spoken.

    Attributes:
        patterns: `frame` around a message, and how a time of day is put together.
        hours: names of the hours, beginning with that of 0 and 12 o'clock.
        periods: (first hour, word) in order.
        noon: what 12:00 is called; "" for nothing special.
        first: what the first of a month is called; "" for what is written.
        ampersand: the word for "&".
    """

    patterns: Mapping[str, Template]
    hours: tuple[str, ...]
    periods: tuple[tuple[int, str], ...]
    noon: str
    first: str
    ampersand: str

    @property
    def frame(self) -> Template:
        """Who is calling, the message, and the phone number."""
        return self.patterns["frame"]

    def at(self, at: time) -> str:
        """A wall time as an adverb: "at 9 AM", "a la una y 30 de la tarde"."""
        clock = self.noon if (at.hour, at.minute) == (12, 0) else ""
        return self.patterns["at"].fill({"clock": clock or self._clock(at)})

    def _clock(self, at: time) -> str:
        said = {
            "hour": self.hours[at.hour % 12],
            "minute": f"{at.minute:02d}",
            "minutes": str(at.minute),
            "period": period_at(at, self.periods),
        }
        return self.patterns["clock_minutes" if at.minute else "clock"].fill(said).strip()

    def said(self, written: str) -> str:
        """A name or a place as it is read aloud: no symbol, no abbreviated address.

        Proper names stay as they are, in every language.
        """
        plain = written.replace("&", f" {self.ampersand} ")
        parts = (_said_part(part) for part in _PAUSE.split(plain))
        return ", ".join(part for part in parts if part)


def voice_words(table: Mapping[str, Any], where: str) -> VoiceWords:
    """Read the `[voice]` table of a language.

    Raises:
        BadTemplate: an entry is missing, or is not what it should be.
    """
    refuse_unknown(table, _KNOWN, where)
    return VoiceWords(
        {key: template(table, key, allowed, where) for key, allowed in _PATTERNS.items()},
        hours=names(table, "hours", 12, where),
        periods=periods(table, where),
        noon=text_or_nothing(table, "noon", where),
        first=text_or_nothing(table, "first", where),
        ampersand=text(table, "and", where),
    )


def digits(number: str) -> str:
    """A phone number digit by digit, in the groups in which it is written."""
    groups = re.findall(r"\d+", number)
    return ", ".join(" ".join(group) for group in groups)


def _said_part(part: str) -> str:
    words = _UNSPOKEN.sub(" ", part).split()
    return " ".join(_said_word(words, place) for place in range(len(words)))


def _said_word(words: list[str], place: int) -> str:
    """A word in full: "St" is a street after its name and a saint before one."""
    word, key = words[place], words[place].lower()
    if not word[0].isupper() or not _WORD.fullmatch(word):
        return word
    before = words[place - 1] if place else ""
    after = words[place + 1].lower() if place + 1 < len(words) else ""
    if key in _DIRECTION:
        housed = place == 1 and before[0].isdigit()
        return _DIRECTION[key] if housed or before.lower() in _ENDS_A_STREET else word
    ends = not after or after in _FOLLOWS_A_STREET or _NUMBERED.fullmatch(before)
    if key in _ENDS_A_STREET and before and ends:
        return _ENDS_A_STREET[key]
    return _ANYWHERE.get(key) or (_BEGINS_A_NAME.get(key, word) if after else word)
