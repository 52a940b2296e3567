"""Finds in a reply the phrases that mean something: from left to right, the longest first.

Phrases are short, so the work grows with the length of a text and no faster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.reply_tables import ANY_NAME, END, START, Meaning, Node, Sense, Tables
from domain.reply_text import Clause, ends_sentence, is_mark, own_words, pieces


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase at its place.

    Attributes:
        sense: of the phrase; NOTHING where its neighbours make it void.
        clause: the number of its clause.
        start: its first word in the clause.
        end: behind its last word.
        void: it would mean something, if its neighbours were others.
    """

    sense: Sense
    clause: int
    start: int
    end: int
    void: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A reply as clauses, and the phrases found in them, in order."""

    clauses: tuple[Clause, ...]
    matches: tuple[Match, ...]
    small: frozenset[str]

    @property
    def asked(self) -> bool:
        """Whether something is asked, with or without a question mark."""
        return any(clause.asked for clause in self.clauses) or any(
            match.sense is Sense.QUESTION for match in self.matches
        )

    def words_of(self, match: Match) -> tuple[str, ...]:
        """The words of a phrase."""
        return self.clauses[match.clause].words[match.start : match.end]


def parse(text: str, tables: Tables) -> Parsed:
    """Take a reply apart."""
    clauses = _clauses(pieces(own_words(text)), tables)
    found = [_find(clause.words, tables) for clause in clauses]
    asked = any(clause.asked for clause in clauses) or any(
        meaning.sense is Sense.QUESTION for each in found for _, _, meaning in each
    )
    matches = [
        match
        for number, each in enumerate(found)
        for match in _weighed(clauses[number], number, each, tables.small, asked=asked)
    ]
    return Parsed(tuple(clauses), tuple(matches), tables.small)


def _clauses(text: Iterable[str], tables: Tables) -> list[Clause]:
    clauses: list[Clause] = []
    words: list[str] = []
    for piece in text:
        if not is_mark(piece):
            words += tables.read(piece)
        elif words:
            clauses.append(Clause(tuple(words), piece == "?", ends_sentence(piece)))
            words = []
        elif clauses and ends_sentence(piece):
            last = clauses[-1]
            clauses[-1] = Clause(last.words, last.asked or piece == "?", True)
    if words:
        clauses.append(Clause(tuple(words), False, True))
    return clauses


_Found = tuple[int, int, Meaning]


def _find(words: tuple[str, ...], tables: Tables) -> list[_Found]:
    at, found = 0, list[_Found]()
    while at < len(words):
        hit = _longest(words, at, tables)
        if hit is None:
            at += 1
        else:
            found.append((at, *hit))
            at = hit[0]
    return found


def _longest(words: tuple[str, ...], at: int, tables: Tables) -> tuple[int, Meaning] | None:
    """The longest phrase from here on; where two are as long, the one tied to an edge."""
    nodes = _step([tables.root], words[at], tables)
    pinned = _step(tables.root.next.get(START, []), words[at], tables) if at == 0 else []
    best: tuple[int, Meaning] | None = None
    here = at + 1
    while nodes or pinned:
        ends = here == len(words)
        meaning = _best(nodes, pinned, ends=ends)
        if meaning is not None:
            best = (here, meaning)
        if ends:
            break
        nodes, pinned = (_step(each, words[here], tables) for each in (nodes, pinned))
        here += 1
    return best


def _best(nodes: list[Node], pinned: list[Node], *, ends: bool) -> Meaning | None:
    tied = list(pinned)
    if ends:
        tied += [last for node in (*nodes, *pinned) for last in node.next.get(END, [])]
    for group in (tied, nodes):
        meanings = [node.meaning for node in group if node.meaning is not None]
        if meanings:
            return max(meanings, key=lambda meaning: meaning.rank)
    return None


def _step(nodes: list[Node], word: str, tables: Tables) -> list[Node]:
    after = [node for each in nodes if word in each.next for node in each.next[word]]
    if any(ANY_NAME in each.next for each in nodes) and _may_be_name(word, tables):
        after += [node for each in nodes for node in each.next.get(ANY_NAME, [])]
    return after


def _may_be_name(word: str, tables: Tables) -> bool:
    return word not in tables.known and not word[0].isdigit()


_BY_THEMSELVES: Final = frozenset(
    {
        Sense.STOP,
        Sense.STOP_EVERYWHERE,
        Sense.STOP_CALLS,
        Sense.START,
        Sense.WRONG_NUMBER,
        Sense.COMING,
    }
)
"""Void after words that are not understood: "the police won't leave me alone"."""


def _weighed(
    clause: Clause, number: int, found: list[_Found], small: frozenset[str], *, asked: bool
) -> list[Match]:
    matches: list[Match] = []
    for start, end, meaning in found:
        before = matches[-1] if matches else None
        requested = (
            before is not None
            and before.sense is Sense.ASKING
            and not before.void
            and before.end == start
        )
        void = _is_void(clause.words, start, end, meaning, asked=asked, requested=requested) or (
            meaning.sense in _BY_THEMSELVES and _after_unknown(clause.words, start, before, small)
        )
        sense = Sense.NOTHING if void else meaning.sense
        matches.append(Match(sense, number, start, end, void=void))
    return matches


def _after_unknown(
    words: tuple[str, ...], start: int, before: Match | None, small: frozenset[str]
) -> bool:
    known = before.end if before is not None and before.sense is not Sense.NOTHING else 0
    return any(word not in small for word in words[known:start])


def _is_void(
    words: tuple[str, ...], start: int, end: int, meaning: Meaning, *, asked: bool, requested: bool
) -> bool:
    around = meaning.around
    tail = words[max(0, start - 2) : start]
    return (
        (not requested and _touches(tail, around.after))
        or (asked and _touches(tail, around.after_if_asked))
        or words[end : end + 1] in around.before
        or words[end : end + 2] in around.before
    )


def _touches(tail: tuple[str, ...], ends: frozenset[tuple[str, ...]]) -> bool:
    return bool(tail) and (tail in ends or tail[-1:] in ends)
