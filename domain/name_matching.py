"""Finding people by name: accents, order, spelling and half-typed words do not matter.

A name that is spelled as it sounds is found as well: Spanish, Haitian and English names are written
down at a jail's window by people who only heard them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from domain.folding import words_of

SAME, BEGINS, HOLDS, SOUNDS, NEAR = 0, 1, 2, 3, 4
"""How well one word fits another, best first."""
_SHORTEST_HELD: Final = 3
_SHORTEST_NEAR, _LONG = 4, 8
"""Letters from which on one slip, or two, are forgiven."""
_SOUNDS: Final = (
    (re.compile("ll"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("ph"), "f"),
    (re.compile("(?:ch|sh)"), "x"),
    (re.compile("gu(?=[ei])"), "g"),
    (re.compile("qu|ck|[cqk](?![ei])"), "k"),
    (re.compile("c(?=[ei])|[zç]"), "s"),
    (re.compile("v"), "b"),
    (re.compile("[jy]"), "i"),
    (re.compile("h"), ""),
    (re.compile("w|ou"), "u"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def name_score(typed: Sequence[str], name: Sequence[str]) -> int | None:
    """How well a name fits what was typed, 0 best; None where a typed word fits no word of it.

    Every typed word takes a word of its own: "Ana Ana" does not find "Ana Ruiz".

    Args:
        typed: words as `words_of` gives them.
        name: likewise.
    """
    if not typed or len(typed) > len(name):
        return None
    if len(typed) == 1:
        fits = [fit for fit in (word_score(typed[0], word) for word in name) if fit is not None]
        return min(fits, default=None)
    left, score = list(name), 0
    # The longest first: what is hard to fit chooses before what fits anywhere.
    for word in sorted(typed, key=len, reverse=True):
        best: tuple[int, str] | None = None
        for other in left:
            fit = word_score(word, other)
            if fit is not None and (best is None or fit < best[0]):
                best = (fit, other)
        if best is None:
            return None
        left.remove(best[1])
        score += best[0]
    return score


@lru_cache(maxsize=65_536)
def word_score(typed: str, word: str) -> int | None:
    """How well one word of a name fits a typed one; None where it does not."""
    if typed == word:
        return SAME
    if word.startswith(typed):
        return BEGINS
    if len(typed) >= _SHORTEST_HELD and typed in word:
        return HOLDS
    if len(typed) >= _SHORTEST_HELD and sound(typed) == sound(word):
        return SOUNDS
    slips = 0 if len(typed) < _SHORTEST_NEAR else 1 if len(typed) < _LONG else 2
    if not slips:
        return None
    near = _within(typed, word, slips) or _within(sound(typed), sound(word), slips)
    return NEAR if near else None


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """A word as it sounds, roughly: "Jiménez" and "Gimenes" share one."""
    said = words_of(word)
    text = said[0] if said else word
    text = re.sub("g(?=[ei])", "j", text)
    for pattern, letter in _SOUNDS:
        text = pattern.sub(letter, text)
    return text


def _within(one: str, other: str, slips: int) -> bool:
    """Whether so many slips lead from one word to the other: a letter left out, put in, taken for
    another, or two that changed places (restricted Damerau-Levenshtein distance)."""
    if abs(len(one) - len(other)) > slips:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, against in enumerate(other, 1):
            cost = min(
                last[column] + 1,
                here[column - 1] + 1,
                last[column - 1] + (letter != against),
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        if min(here) > slips:
            return False
        before, last = last, here
    return last[-1] <= slips


def words_of_name(*parts: str) -> tuple[str, ...]:
    """The words of a name, folded, in their order."""
    return tuple(word for part in parts for word in words_of(part))


def digits_of(typed: str) -> str:
    """The digits of what was typed, where it may be a number: "305 555 0110"."""
    return "".join(letter for letter in typed if letter.isdigit())


def is_close(scores: Iterable[int], score: int) -> bool:
    """Whether a score is worth showing beside the others: what only sounds alike is left out where
    something was found as it was typed."""
    return score < SOUNDS or min(scores, default=score) >= SOUNDS
