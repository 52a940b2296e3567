"""A text message taken apart: clauses of plain words, whatever phone or person typed it.

Case, accents, curly quotes, emoji and characters that nobody sees make no difference. What somebody
quotes, such as our own message under a "liked", is not their word and is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_CHARS: Final = 1600
"""A text holds no more; what a mail says beyond it is left to its reader."""

_APOSTROPHES: Final = dict.fromkeys(map(ord, "’‘ʼ`´′＇"), "'")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_QUOTED = re.compile(r"[\"“”„«][^\"“”„«»]{25,}[\"“”»]")
_QUOTED_LINE = re.compile(r"^>.*$", re.MULTILINE)
_MAIL_BELOW = re.compile(r"^.{0,200}(?:wrote|escribió|ekri):\s*$", re.MULTILINE)
_PIECE = re.compile(r"[^\W_]+|[👍👌✅]|[,;:()/–—]|-(?!\w)|[.!?…\n]")
_BREAKS: Final = frozenset(",;:()-–—/")
_INSIDE_WORDS: Final = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two marks.

    Attributes:
        words: in lower case, without accents.
        asked: a question mark ends it.
        ends: a full stop, an exclamation or question mark, or a new line comes after it.
    """

    words: tuple[str, ...]
    asked: bool
    ends: bool


def plain(word: str) -> str:
    """A word without its accents."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def folded(text: str) -> str:
    """In lower case, composed, without what nobody sees, apostrophes inside of words closed up."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
        text = "".join(
            letter for letter in text if unicodedata.category(letter) not in _INSIDE_WORDS
        )
    return _APOSTROPHE.sub("", text.lower())


def own_words(text: str) -> str:
    """What they wrote themselves, without what they quote."""
    text = _QUOTED.sub(" ", text[:MAX_CHARS])
    if "\n" in text or text.startswith(">"):
        text = _QUOTED_LINE.sub("", text)
        below = _MAIL_BELOW.search(text)
        text = text[: below.start()] if below else text
    return text


def pieces(text: str) -> list[str]:
    """Words with their accents, and marks."""
    return _PIECE.findall(folded(text))


def is_mark(piece: str) -> bool:
    """Whether a piece parts clauses."""
    return piece in _BREAKS or piece in ".!?…\n"


def ends_sentence(piece: str) -> bool:
    """Whether a mark ends a sentence."""
    return piece in ".!?…\n"
