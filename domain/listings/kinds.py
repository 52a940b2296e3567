"""A court's words for its hearings, turned into Homeward's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.vocabulary import HearingKind


@dataclass(frozen=True, slots=True)
class KindWords:
    """A table from a court's words to hearing kinds.

    A word of the table may begin or end with `*` for "anything": `motion*`, `*arraign*`. Words
    without it win over words with it, longer ones over shorter ones; case and spacing do not
    count.

    Attributes:
        exact: tidied words without `*`.
        loose: (what it begins with "*", literal part, ends with "*", kind), longest first.
        default: the kind of what the table does not know.
    """

    exact: Mapping[str, HearingKind]
    loose: tuple[tuple[bool, str, bool, HearingKind], ...]
    default: HearingKind = HearingKind.OTHER

    def kind_of(self, published: str) -> HearingKind:
        """The kind of hearing that the court's words mean; the default when they are unknown."""
        kind, _ = self.find(published)
        return kind or self.default

    def find(self, published: str) -> tuple[HearingKind | None, str]:
        """The kind and the words that decided it, whole and small; (None, "") when unknown."""
        words = tidied(published)
        known = self.exact.get(words)
        if known is not None:
            return known, words
        for open_start, literal, open_end, kind in self.loose:
            if _fits(words, literal, open_start=open_start, open_end=open_end):
                whole = re.search(rf"\w*{re.escape(literal)}\w*", words)
                return kind, whole[0] if whole else literal
        return None, ""


def kind_words(table: Mapping[str, HearingKind], default: HearingKind) -> KindWords:
    """Make the table from the words of a mapping file."""
    exact = {tidied(word): kind for word, kind in table.items() if "*" not in word}
    loose = [
        (word.startswith("*"), tidied(word.strip("*")), word.endswith("*"), kind)
        for word, kind in table.items()
        if "*" in word
    ]
    loose.sort(key=lambda entry: -len(entry[1]))
    return KindWords(exact, tuple(loose), default)


def tidied(words: str) -> str:
    """Words without regard to case and spacing."""
    return " ".join(words.casefold().split())


def _fits(words: str, literal: str, *, open_start: bool, open_end: bool) -> bool:
    if open_start and open_end:
        return literal in words
    return words.endswith(literal) if open_start else words.startswith(literal)
