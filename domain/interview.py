"""The biography interview: what is asked for each section of a packet, and whom it may be asked.

The questions go from what is easy to what is hard, ask for strengths first, and let everything be
skipped (SAMHSA, Trauma-Informed Approach: safety, choice, voice). None asks about the alleged
offence, the arrest, police, victims, drugs or immigration: an answer to those could be used
against the person. Their words are in `templates/links/interview`, in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.packet_sections import Section, sections_of

WORDS: Final = "interview"
"""The folder of `templates/links` with the words of the questions and of the family's pages."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a section.

    Attributes:
        section: whose.
        key: its name in that section, in records and in the files of words.
        family: it may be asked of family through their link. Others are for an advocate alone:
            they need a consent (health, treatment), counsel's eye (a violation, insight) or a
            talk in which somebody is there (harm, loss).
        many: it takes several answers, one for each year or page.
    """

    section: str
    key: str
    family: bool = False
    many: bool = False

    @property
    def words(self) -> str:
        """Where its words stand: `question.residence.now`, with `ask`, `why` and `example`."""
        return f"question.{self.section}.{self.key}"


def _asked(section: str, keys: str, *, family: str = "", many: bool = False) -> list[Question]:
    told = set(family.split())
    return [Question(section, key, key in told, many) for key in keys.split()]


def _every_question() -> Iterable[Question]:
    for section, keys, family in (
        ("ties", "here people belongs gives", "here people belongs gives"),
        ("residence", "now ready way lease", "now ready way"),
        ("occupation", "doing well waiting lost", "doing well waiting lost"),
        ("caregiving", "who does without", "who does without"),
        ("who", "words good joy kind own", "words good joy kind"),
        ("family", "raised close children counts loss", "raised close children counts"),
        ("background", "place home lookout hard harm", "place home lookout hard"),
        ("education", "schools liked next support", "schools liked next"),
        ("employment", "jobs way skills speaks", "jobs way skills"),
        ("health", "told care missing", ""),
        ("circumstances", "life weight sought different", ""),
        ("needs", "most helped wants barrier", ""),
        ("alternative", "plan fits checks start help", "help"),
        ("acceptance", "place work word", ""),
        ("growth", "seen weekly done says", "seen weekly"),
        ("goals", "year step help own", "year step help"),
        ("compliance", "kept well ahead", ""),
        ("cause", "way shows", ""),
        ("cure", "done guard", ""),
        ("institutional", "work study trust contact", "contact"),
        ("insight", "learned tools gives", ""),
        ("release_plan", "live work week call care", "live work week call"),
        ("sponsors", "known will able", "known will able"),
        ("progress", "done now change next", "change"),
    ):
        yield from _asked(section, keys, family=family)
    yield from _asked("timeline", "years moves steps turns", family="years moves steps", many=True)
    yield from _asked("corrections", "wrong missing", many=True)


def _by_section() -> dict[str, tuple[Question, ...]]:
    found: dict[str, tuple[Question, ...]] = {}
    for question in _every_question():
        found[question.section] = (*found.get(question.section, ()), question)
    return found


QUESTIONS: Final[Mapping[str, tuple[Question, ...]]] = MappingProxyType(_by_section())
"""The questions of each section, in the order in which they are asked and in which a packet tells
the answers."""


def question_of(section: str, key: str) -> Question | None:
    """The question of this name; None where there is none, as for a free paragraph."""
    return next((asked for asked in QUESTIONS.get(section, ()) if asked.key == key), None)


def takes_many(section: str, key: str) -> bool:
    """Whether several passages of one teller may stand under this; free paragraphs ("") may."""
    asked = question_of(section, key)
    return asked.many if asked is not None else not key


def rank(section: str, key: str) -> int:
    """Where a question stands in its section, from 0; free paragraphs stand behind them all."""
    keys = [asked.key for asked in QUESTIONS.get(section, ())]
    return keys.index(key) if key in keys else len(keys)


def asked_of_family(section: str) -> tuple[Question, ...]:
    """What family may be asked in a section."""
    return tuple(asked for asked in QUESTIONS.get(section, ()) if asked.family)


def family_sections(kind: str) -> tuple[Section, ...]:
    """The sections of a kind of packet that have something to ask of family.

    Raises:
        ValueError: no such kind.
    """
    return tuple(section for section in sections_of(kind) if asked_of_family(section.key))
