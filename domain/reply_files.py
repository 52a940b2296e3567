"""Reads the phrases of replies from `templates/replies/`, one file for each language.

What the files may say is explained in the README beside them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from domain.placeholders import BadTemplate
from domain.reply_tables import (
    ANY_NAME,
    END,
    NOWHERE,
    START,
    Around,
    Meaning,
    Node,
    Sense,
    Tables,
)
from domain.reply_text import folded, plain

FOLDER: Final = Path(__file__).resolve().parents[1] / "templates" / "replies"
_SIGNS: Final = frozenset({ANY_NAME, START, END})
_ITEM = re.compile(r"\([^)]*\)|\S+")


@cache
def tables() -> Tables:
    """The phrases that come with Homeward, read once."""
    return read_tables(
        {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}
    )


def read_tables(sources: Mapping[str, str]) -> Tables:
    """Make tables from texts: language code → source.

    Raises:
        BadTemplate: a file cannot be used.
    """
    languages = [_Language(code, source) for code, source in sources.items()]
    fillers = frozenset(word for each in languages for word in each.fillers)
    planting = _Planting(fillers)
    for language in languages:
        language.plant(planting)
    known = frozenset(planting.words) | fillers
    known |= {word for each in languages for word in each.never_names}
    return Tables(
        root=planting.root,
        known=known,
        fillers=fillers,
        small=frozenset(word for each in languages for word in each.small),
        accented={k: v for each in languages for k, v in each.accented.items()},
        spellings={k: v for each in languages for k, v in each.spellings.items()},
        slips=_slips([word for each in languages for word in each.keywords], known),
        languages=tuple(sources),
    )


class _Planting:
    """Phrases being put together. Alternatives lead to one and the same place, so that a pattern
    with thousands of forms stays small."""

    def __init__(self, fillers: frozenset[str]) -> None:
        self.root = Node()
        self.words: set[str] = set()
        self._fillers = fillers
        self._planted = 0

    def plant(self, pattern: str, language: _Language, sense: Sense, around: Around) -> None:
        """Add a pattern such as "stop|quit texting (me)"."""
        self._planted += 1
        rank = (sense is Sense.NOTHING, -self._planted)
        for node in self._grow([self.root], pattern, language):
            if node is not self.root and (node.meaning is None or rank > node.meaning.rank):
                node.meaning = Meaning(sense, around, rank)

    def _grow(self, nodes: list[Node], pattern: str, language: _Language) -> list[Node]:
        for item in _ITEM.findall(pattern):
            optional = item.startswith("(")
            ways = [item[1:-1]] if optional else item.split("|")
            after = list(nodes) if optional else []
            after += self._alternatives(nodes, ways, language)
            nodes = list(dict.fromkeys(after))
        return nodes

    def _alternatives(
        self, nodes: list[Node], ways: list[str], language: _Language
    ) -> Iterator[Node]:
        together = Node()
        for way in ways:
            if " " in way:
                yield from self._grow(nodes, way, language)
            elif "|" in way:
                yield from self._alternatives(nodes, way.split("|"), language)
            elif way.startswith("<"):
                yield from self._alternatives(nodes, language.group(way[1:-1]), language)
            else:
                yield self._words(nodes, language.said(way), together, language)

    def _words(
        self, nodes: list[Node], words: tuple[str, ...], last: Node, language: _Language
    ) -> Node:
        for word in words:
            if word in self._fillers:
                raise BadTemplate(language.where, f"{word} is a filler; leave it out of phrases.")
        for word in words[:-1]:
            between = Node()
            self._edge(nodes, word, between)
            nodes = [between]
        self._edge(nodes, words[-1], last)
        return last

    def _edge(self, nodes: list[Node], word: str, to: Node) -> None:
        if word not in _SIGNS:
            self.words.add(word)
        for node in nodes:
            ways = node.next.setdefault(word, [])
            if to not in ways:
                ways.append(to)


class _Language:
    """One file."""

    def __init__(self, code: str, source: str) -> None:
        self.where = f"replies/{code}.toml"
        try:
            data: dict[str, Any] = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            raise BadTemplate(self.where, f"not TOML ({error}).") from error
        self.spellings = {
            plain(folded(typed)): tuple(plain(folded(said)).split())
            for typed, said in data.get("spellings", {}).items()
        }
        self.fillers = frozenset(plain(word) for word in data.get("fillers", ()))
        self.small = frozenset(plain(word) for word in data.get("small", ()))
        self.accented: dict[str, str] = data.get("accented", {})
        self.keywords = [plain(word) for word in data.get("keywords", ())]
        self.never_names = [plain(word) for word in data.get("never_names", ())]
        self._data = data

    def plant(self, planting: _Planting) -> None:
        """Add every phrase of the file."""
        for section, ending in (("phrases", ""), ("words", "_word")):
            for name, patterns in self._data.get(section, {}).items():
                try:
                    sense = Sense(name + ending)
                except ValueError:
                    raise BadTemplate(self.where, f"[{section}] knows no {name}.") from None
                around = self._around(name)
                for pattern in patterns:
                    planting.plant(pattern, self, sense, around)

    def group(self, name: str) -> list[str]:
        """The phrases that a <name> stands for."""
        try:
            members: list[str] = self._data["groups"][name]
        except KeyError:
            raise BadTemplate(self.where, f"[groups] knows no {name}.") from None
        return members

    def said(self, word: str) -> tuple[str, ...]:
        """A word of a pattern, or several_words, as a reply would be read."""
        words = plain(folded(word)).split("_")
        return tuple(said for each in words for said in self.spellings.get(each, (each,)))

    def _around(self, name: str) -> Around:
        sides = [
            frozenset(
                tuple(said for word in neighbour.split() for said in self.said(word))
                for neighbour in self._data.get(side, {}).get(name, ())
            )
            for side in ("not_after", "not_before", "not_after_if_asked")
        ]
        return Around(*sides) if any(sides) else NOWHERE


def _slips(keywords: Iterable[str], known: frozenset[str]) -> dict[str, str]:
    """Slips of the thumb: two letters swapped, one doubled, and in long words one left out."""
    keywords = set(keywords)
    made = [(slip, word) for word in keywords for slip in _slips_of(word)]
    often = Counter(slip for slip, _ in made)
    return {slip: word for slip, word in made if often[slip] == 1 and slip not in known}


def _slips_of(word: str) -> set[str]:
    each = range(len(word))
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in each[:-1]}
    doubled = {word[:i] + word[i] + word[i:] for i in each}
    missing = {word[:i] + word[i + 1 :] for i in each} if len(word) > 5 else set[str]()
    return (swapped | doubled | missing) - {word}
