"""Homeward's own words, told from what people wrote: only these are ever translated.

English is the source. Where a page's own sentence is made, it is marked; a mark is a type and
nothing else, so that the sentence stays the same text everywhere. What people typed, names, notes
and answers, is plain `str` and passes through any language untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_K = TypeVar("_K")

_VALUE = re.compile(r"\{(\w+)([!#]?)\}")
_STAND_INS = frozenset({"someone", "somebody", "the participant", "the provider", "a step"})
"""What our sentences say where no name is known."""


class Words(str):
    """A sentence or a word of Homeward's own, in English."""

    __slots__ = ()


def own(make: Callable[_P, str]) -> Callable[_P, str]:
    """Mark what a function says as Homeward's own words."""

    def said(*args: _P.args, **kwargs: _P.kwargs) -> str:
        return Words(make(*args, **kwargs))

    said.__name__, said.__doc__, said.__module__ = make.__name__, make.__doc__, make.__module__
    return said


@dataclass(frozen=True)
class Sentence:
    """A sentence with values, and how it is said in the other language.

    In the English pattern `{person}` is kept as it is, `{when!}` is of our own words too and is
    translated in its turn, `{count#}` is a whole number.
    """

    english: str
    other: str

    @cached_property
    def anchor(self) -> str:
        """The longest piece without a value: what a text must hold to be this sentence."""
        return max(_VALUE.sub("\x00", self.english).split("\x00"), key=len)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """What a text of this sentence looks like, its values as short or as long as they can be:
        "Packet to read to Ana" has two places at which "to" could end the first value."""
        return self._pattern(".+?"), self._pattern(".+")

    def _pattern(self, anything: str) -> re.Pattern[str]:
        parts, at = [], 0
        for value in _VALUE.finditer(self.english):
            parts.append(re.escape(self.english[at : value.start()]))
            parts.append(f"(?P<{value[1]}>{'[0-9]+' if value[2] == '#' else anything})")
            at = value.end()
        parts.append(re.escape(self.english[at:]))
        return re.compile("".join(parts), re.DOTALL)

    @cached_property
    def ours(self) -> frozenset[str]:
        """The values that are words of our own."""
        return frozenset(name for name, mark in _VALUE.findall(self.english) if mark == "!")


class Phrases:
    """What one language says for Homeward's own words.

    Args:
        words: English → the other language; keys with `{values}` are sentences.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self.exact = {key: words[key] for key in words if not _VALUE.search(key)}
        sentences = [Sentence(key, words[key]) for key in words if _VALUE.search(key)]
        # The most particular first: "{a} of {b}" would swallow "{a} of the plan of {b}".
        self.sentences = sorted(sentences, key=lambda one: -len(_VALUE.sub("", one.english)))

    def say(self, text: str) -> str:
        """A marked text in this language; where nothing is known for it, the text itself."""
        return self.known(text) or text

    def known(self, text: str) -> str | None:
        """The same, or None where the language has no words for it."""
        found = self._word(text)
        found = self._sentence(text) if found is None else found
        if found is None and text[:1].isupper():
            small = self._sentence(text[:1].lower() + text[1:])
            found = None if small is None else small[:1].upper() + small[1:]
        return found

    def _word(self, text: str) -> str | None:
        if text in self.exact:
            return self.exact[text]
        first = text[:1]
        small = self.exact.get(first.lower() + text[1:])
        if small is not None:
            return small[:1].upper() + small[1:]
        large = self.exact.get(first.upper() + text[1:])
        return None if large is None else large[:1].lower() + large[1:]

    def _sentence(self, text: str) -> str | None:
        for one in self.sentences:
            if one.anchor not in text:
                continue
            for pattern in one.patterns:
                match = pattern.fullmatch(text)
                values = self._values(one, match) if match else None
                if values is not None:
                    return _filled(one.other, values)
        return None

    def _values(self, one: Sentence, match: re.Match[str]) -> dict[str, str] | None:
        values = {}
        for name, text in match.groupdict().items():
            ours = name in one.ours or text.lower() in _STAND_INS
            said = self.known(text) if ours else text
            if said is None:
                return None
            values[name] = said
        return values


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VALUE.sub(lambda value: values[value[1]], text)


def values_of(text: str) -> set[str]:
    """The names of a sentence's values."""
    return {name for name, _ in _VALUE.findall(text)}


def marked(texts: Mapping[_K, str]) -> dict[_K, str]:
    """A table whose texts are all of our own words."""
    return {key: Words(text) for key, text in texts.items()}
