"""The phrases by which replies are understood, as a tree that is walked word by word.

They come from one file for each language (`reply_files.py`). All languages are in one tree, because
people mix them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.reply_text import plain

ANY_NAME: Final = "*"
START: Final = "^"
END: Final = "$"
_REPEATED = re.compile(r"(\w)\1{2,}")


class Sense(StrEnum):
    """What words mean by themselves. `…_word`: only if nothing else is said."""

    STOP = "stop"
    STOP_EVERYWHERE = "stop_everywhere"
    STOP_CALLS = "stop_calls"
    START = "start"
    WRONG_NUMBER = "wrong_number"
    CANNOT_COME = "cannot_come"
    RIDE = "ride"
    COMING = "coming"
    ASKING = "asking"
    """Makes a request of what follows: "can you", "I want you to"."""
    QUESTION = "question"
    WHO = "who"
    """Asks who writes."""
    DOUBT = "doubt"
    PERSON = "person"
    """Wants to be called, or to talk."""
    TEXT_ME = "text_me"
    SEEN = "seen"
    COURTESY = "courtesy"
    SORRY = "sorry"
    AND = "and"
    NOTHING = "nothing"
    """Looks like one of the others and is not."""
    STOP_WORD = "stop_word"
    STOP_ALONE_WORD = "stop_alone_word"
    """Stops only if not even a yes or a wrong number stands beside it."""
    STOP_EVERYWHERE_WORD = "stop_everywhere_word"
    START_WORD = "start_word"
    HELP_WORD = "help_word"
    YES_WORD = "yes_word"
    OK_WORD = "ok_word"
    NO_WORD = "no_word"
    CANNOT_COME_WORD = "cannot_come_word"
    RIDE_WORD = "ride_word"
    WRONG_NUMBER_WORD = "wrong_number_word"


@dataclass(frozen=True, slots=True)
class Around:
    """Neighbours with which a phrase does not mean what it says: ends and beginnings in words.

    Attributes:
        after: it does not count after these.
        before: nor before these.
        after_if_asked: nor after these in a message that asks something.
    """

    after: frozenset[tuple[str, ...]] = frozenset()
    before: frozenset[tuple[str, ...]] = frozenset()
    after_if_asked: frozenset[tuple[str, ...]] = frozenset()


NOWHERE: Final = Around()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means, and where it does not.

    Of two for the same words the higher rank counts: what only looks like something, then what
    was read first.
    """

    sense: Sense
    around: Around
    rank: tuple[bool, int]


class Node:
    """A place within phrases: which words may come next, and what is meant if none does."""

    __slots__ = ("meaning", "next")

    def __init__(self) -> None:
        self.next: dict[str, list[Node]] = {}
        self.meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """All phrases of all languages.

    Attributes:
        root: of the tree of phrases.
        known: every word that a phrase holds; no other can be a name.
        fillers: words that change nothing.
        small: words that say nothing alone, such as "the".
        accented: words whose accent tells them from another, as they are typed.
        spellings: words as people type them, and as the phrases say them.
        slips: mistyped words.
        languages: codes.
    """

    root: Node
    known: frozenset[str]
    fillers: frozenset[str]
    small: frozenset[str]
    accented: Mapping[str, str]
    spellings: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, str]
    languages: tuple[str, ...]

    def read(self, piece: str) -> tuple[str, ...]:
        """The words that somebody means by what they typed, as the phrases know them."""
        word = self.accented.get(piece) or plain(piece)
        if word in self.known:
            return () if word in self.fillers else (word,)
        return self._respelled(word)

    def _respelled(self, word: str) -> tuple[str, ...]:
        for guess in _spelled_once(word):
            if guess in self.fillers:
                return ()
            if guess in self.spellings:
                return self.spellings[guess]
            if guess in self.known:
                return (guess,)
        slip = self.slips.get(word, word)
        return () if slip in self.fillers else (slip,)


def _spelled_once(word: str) -> Iterator[str]:
    """A word, and the same without letters that are repeated for emphasis."""
    yield word
    if len(word) > 2 and word[-1] == word[-2]:
        yield _REPEATED.sub(r"\1\1", word)
        once = _REPEATED.sub(r"\1", word)
        yield once
        yield once.rstrip(word[-1]) + word[-1]
    elif _REPEATED.search(word):
        yield _REPEATED.sub(r"\1\1", word)
        yield _REPEATED.sub(r"\1", word)
