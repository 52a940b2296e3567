"""Replies read per second on one core, and how rightly: `python -m benchmarks.replies --table`.

The messages and their meanings are in `replies_corpus.toml`. What is held out there was written
before the rules and not looked at while they were made.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.result import Result
from domain.replies import Reading, ReplyKind, read_reply

WANTED = 5000.0
CORPUS = Path(__file__).with_name("replies_corpus.toml")
HELD_OUT = "held_out"
NOT_A_STOP = "not_a_stop"


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up reply and what it means."""

    language: str
    part: str
    text: str
    meant: Reading

    @property
    def read(self) -> Reading:
        """What it is read as."""
        return read_reply(self.text)

    @property
    def kinds_meant(self) -> frozenset[ReplyKind]:
        """All that it means."""
        return frozenset({self.meant.kind, *self.meant.also})

    @property
    def kinds_read(self) -> frozenset[ReplyKind]:
        """All that it is read as."""
        return frozenset({self.read.kind, *self.read.also})


def samples(*parts: str) -> list[Sample]:
    """The corpus, or the named parts of it."""
    with CORPUS.open("rb") as file:
        data = tomllib.load(file)
    return [
        Sample(language, part, text, _meant(meaning))
        for language, by_part in data.items()
        for part, lines in by_part.items()
        if not parts or part in parts
        for text, meaning in lines
    ]


def _meant(meaning: str) -> Reading:
    first, *rest = meaning.split()
    if first == ReplyKind.CHOICE:
        return Reading(ReplyKind.CHOICE, choice=rest[0])
    also = tuple(ReplyKind(word) for word in rest if word != "everywhere")
    return Reading(ReplyKind(first), also, "everywhere" in rest)


@dataclass(frozen=True, slots=True)
class Score:
    """How rightly some replies are read.

    Attributes:
        count: of replies.
        kind: share whose first kind is right.
        exact: share of which everything is right.
        imagined: by kind, how many were read as it, first or beside, without meaning it.
    """

    count: int
    kind: float
    exact: float
    imagined: Counter[ReplyKind]


def score(of: Iterable[Sample]) -> Score:
    """Compare what was meant with what is read."""
    judged = list(of)
    imagined: Counter[ReplyKind] = Counter()
    for sample in judged:
        imagined.update(sample.kinds_read - sample.kinds_meant)
    return Score(
        count=len(judged),
        kind=sum(sample.read.kind is sample.meant.kind for sample in judged) / len(judged),
        exact=sum(sample.read == sample.meant for sample in judged) / len(judged),
        imagined=imagined,
    )


def confusion(of: Iterable[Sample]) -> str:
    """A table: rows are what was meant, columns what was read first."""
    seen = Counter((sample.meant.kind, sample.read.kind) for sample in of)
    kinds = list(ReplyKind)
    width = max(len(kind) for kind in kinds)
    head = " " * width + "".join(f"{kind[:9]:>10}" for kind in kinds)
    rows = [
        f"{meant:{width}}" + "".join(f"{seen[meant, read] or '·':>10}" for read in kinds)
        for meant in kinds
    ]
    return "\n".join([head, *rows])


def measure(seconds: float = 3.0) -> Result:
    """Read the whole corpus again and again; nothing is remembered from one time to the next."""
    texts = [sample.text for sample in samples()]
    read_reply("")
    count, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for text in texts:
            read_reply(text)
        count += len(texts)
    rate = count / (time.process_time() - started)
    held_out = score(samples(HELD_OUT))
    return Result(
        name="replies",
        value=round(rate),
        unit="replies/s",
        floor=WANTED,
        ratio=round(rate / WANTED, 2),
        wanted=f"at least {WANTED:g} replies a second on one core",
        ok=rate >= WANTED,
        details={
            "replies": len(texts),
            "held out": held_out.count,
            "held out, kind right": round(held_out.kind, 3),
            "held out, all right": round(held_out.exact, 3),
            "held out, stops imagined": held_out.imagined[ReplyKind.STOP],
            "held out, yes imagined": held_out.imagined[ReplyKind.CONFIRMED],
        },
    )


def _print_tables() -> None:
    for title, parts in (("Held out", (HELD_OUT,)), ("All", ())):
        judged = samples(*parts)
        found = score(judged)
        print(f"{title}: {found.count} replies, kind right {found.kind:.1%}, all {found.exact:.1%}")
        print("Rows: what was meant. Columns: what was read first.")
        print(confusion(judged), end="\n\n")


if __name__ == "__main__":
    if "--table" in sys.argv[1:]:
        _print_tables()
    else:
        print(measure().as_dict())
