"""Gentle checks of a letter: what its writer may want to look at again. They never refuse it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.letter_phrases import LISTS

FEW_WORDS: Final = 60
"""Below this a letter says little that a judge can hold on to."""
MANY_WORDS: Final = 700
"""About a page and a half; beyond it fewer judges read to the end."""
MOST_FOUND: Final = 3
"""Phrases that are named for each caution."""

_APOSTROPHES: Final = "'’‘ʼ`´"
_SOCIAL: Final = re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)")
"""A Social Security number: courts want none in a paper that is filed (Fed. R. Crim. P. 49.1)."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to look at again.

    Attributes:
        code: guilt, against, facts, number, long or short.
        found: the words that were found, as the writer wrote them.
    """

    code: str
    found: tuple[str, ...] = ()


def cautions(body: str) -> tuple[Caution, ...]:
    """What the writer of a letter may want to look at again; nothing for an empty one.

    Args:
        body: the letter's paragraphs, in any of the three languages.
    """
    if not body.strip():
        return ()
    return tuple(_cautions(body))


def count_words(text: str) -> int:
    """Words of a text, as people count them."""
    return len(text.split())


def _cautions(body: str) -> Iterator[Caution]:
    plain, places = _plain(body)
    for code in LISTS:
        found = [
            body[places[match.start()] : places[match.end() - 1] + 1]
            for match in _pattern(code).finditer(plain)
        ]
        if found:
            yield Caution(code, _some(found))
    numbers = _SOCIAL.findall(body)
    if numbers:
        yield Caution("number", _some(numbers))
    words = count_words(body)
    if words > MANY_WORDS:
        yield Caution("long")
    if words < FEW_WORDS:
        yield Caution("short")


def _some(found: list[str]) -> tuple[str, ...]:
    """Each once, in order, the first few."""
    once = {" ".join(text.split()).casefold(): " ".join(text.split()) for text in reversed(found)}
    return tuple(reversed(once.values()))[:MOST_FOUND]


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place where it came from."""
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char.casefold()):
            if part in _APOSTROPHES or unicodedata.combining(part):
                continue
            plain.append(part if part.isalnum() else " ")
            places.append(place)
    return "".join(plain), places


@lru_cache(maxsize=8)
def _pattern(code: str) -> re.Pattern[str]:
    phrases = {
        phrase
        for said in LISTS[code].values()
        for piece in re.split(r"[;\n]", said)
        if (phrase := piece.strip())
    }
    # The longest first, so that "so-called victim" is named rather than a part of it.
    branches = "|".join(map(_branch, sorted(phrases, key=lambda said: (-len(said), said))))
    return re.compile(rf"(?<!\w)(?:{branches})(?!\w)")


def _branch(phrase: str) -> str:
    """The pattern of one phrase; a star stands for any ending."""
    words = [
        re.escape(_plain(word.removesuffix("*"))[0].strip()) + (r"\w*" if word[-1] == "*" else "")
        for word in phrase.replace("-", " ").split()
    ]
    return " +".join(words)
