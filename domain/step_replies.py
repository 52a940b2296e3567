"""What somebody writes back about a step of their plan: "1 I went, 2 I couldn't, 3 call me".

Read only where a step was asked about; whatever is not plain stays what it was, and a person reads
it. Their word that they went is their word: nobody but a person verifies a step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.folding import folded
from domain.reply_kinds import Reading, ReplyKind

QUESTION: Final = "plan_step_missed"
"""The message that asks what got in the way."""

_DIGIT: Final = re.compile(r"^\W*([123])(?![\w%$:/]|[.,]\d)[\s.,:;)\]\-]*(.*)$", re.DOTALL)


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase for line in lines for phrase in line.split("|"))


_PHRASES: Final = MappingProxyType(
    {
        ReplyKind.STEP_WENT: _phrases(
            "i went|went|i was there|done|i did it|did it|yes i went|i went today|all done",
            "fui|ya fui|si fui|estuve ahi|lo hice|hecho|ya lo hice|listo|cumpli",
            "mwen ale|m ale|mwen te ale|m te ale|wi mwen ale|mwen fe l|m fe l|fini|mwen te la",
        ),
        ReplyKind.STEP_CALL: _phrases(
            "call me|please call me|call me please|can you call me",
            "llameme|llamame|llamenme|por favor llameme|que me llamen",
            "rele m|rele mwen|tanpri rele m",
        ),
        ReplyKind.STEP_COULD_NOT: _phrases(
            "i couldnt|i could not|couldnt|i couldnt go|i didnt go|i missed it|i cant|i cannot|no",
            "no pude|no pude ir|no fui|no puedo",
            "mwen pa t kapab|m pa t kapab|mwen pa t ale|m pa t ale|mwen pa ka|m pa ka|non",
        ),
    }
)
_KINDS: Final = MappingProxyType(
    {"1": ReplyKind.STEP_WENT, "2": ReplyKind.STEP_COULD_NOT, "3": ReplyKind.STEP_CALL}
)
_BEFORE_ALL: Final = frozenset(
    {ReplyKind.STOP, ReplyKind.START, ReplyKind.HELP, ReplyKind.WRONG_NUMBER, ReplyKind.CHOICE}
)
MOST_WORDS: Final = 500
"""Characters of what got in the way that are kept with the step; the reply keeps them all."""


@dataclass(frozen=True, slots=True)
class StepAsked:
    """What was asked about a step.

    Attributes:
        step: the message's: "plan_step" before the day, "plan_step_missed" after it.
        newest: nothing else was said to them since.
        to_come: its day is not here yet.
        asked_why: they were asked in so many words what got in the way.
    """

    step: str
    newest: bool = True
    to_come: bool = False
    asked_why: bool = False


@dataclass(frozen=True, slots=True)
class StepReply:
    """What a reply says of a step; `words` is what got in the way, "" where nothing was said."""

    kind: ReplyKind
    words: str = ""


def read_step_reply(text: str, reading: Reading, asked: StepAsked) -> StepReply | None:
    """What a reply says of the step that was asked about; None when it says nothing of it.

    Args:
        text: as it came.
        reading: what it means without the step.
        asked: what they were asked.
    """
    if reading.kind in _BEFORE_ALL:
        return None
    if not asked.newest:
        return None  # court reminders ask for a 1 as well: a reply is about what was said last
    chosen = _by_digit(text) or _by_phrase(text) or _by_reading(text, reading, asked)
    if chosen is not None and chosen.kind is ReplyKind.STEP_WENT and asked.to_come:
        return StepReply(ReplyKind.STEP_PLANNED)
    return chosen


def _by_digit(text: str) -> StepReply | None:
    found = _DIGIT.match(text)
    if found is None:
        return None
    kind, rest = _KINDS[found[1]], found[2].strip()
    if rest and _plain(rest) in _PHRASES[kind]:
        rest = ""
    if rest and kind is ReplyKind.STEP_WENT:
        return None  # "1 question": a person reads it
    return StepReply(kind, _kept(rest) if kind is ReplyKind.STEP_COULD_NOT else "")


def _by_phrase(text: str) -> StepReply | None:
    plain = _plain(text)
    for kind, phrases in _PHRASES.items():
        if plain and plain in phrases:
            return StepReply(kind)
    return None


def _by_reading(text: str, reading: Reading, asked: StepAsked) -> StepReply | None:
    """Without a digit: a yes before the day, a no, or the answer to "what got in the way?"."""
    if reading.kind is ReplyKind.CANNOT_COME:
        return StepReply(ReplyKind.STEP_COULD_NOT, _kept(text))
    if reading.kind is ReplyKind.CONFIRMED:
        planned = asked.step != QUESTION and asked.to_come
        return StepReply(ReplyKind.STEP_PLANNED) if planned else None
    wondered = asked.step == QUESTION or asked.asked_why
    told = reading.kind in (ReplyKind.FOR_A_PERSON, ReplyKind.RIDE)
    if wondered and told and not _asks(text):
        return StepReply(ReplyKind.STEP_WHY, _kept(text))
    return None


def _asks(text: str) -> bool:
    return "?" in text or not any(letter.isalpha() for letter in text)


def _plain(text: str) -> str:
    """Lower case, without accents, marks and doubled spaces."""
    return " ".join(re.sub(r"[^\w\s]", "", folded(text)).split())


def _kept(text: str) -> str:
    return text.strip()[:MOST_WORDS]
