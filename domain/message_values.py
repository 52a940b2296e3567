"""What each {placeholder} of a message becomes, worked out only when a text asks for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from domain.language_words import LanguageWords
from domain.message_facts import HearingWords, MessageFacts, MissingFact
from domain.segments import is_gsm

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_NORTH_AMERICAN = re.compile(r"\+1([2-9]\d{2})([2-9]\d{2})(\d{4})")
_STREET = re.compile(r"\d+-?\w?\s")
_HAS_A_WORD = re.compile(r"[^\W\d_]{3}")


class Thrift(IntEnum):
    """What a text leaves out rather than cost a third segment.

    One "í" in a name halves the room of the whole text, so that place or phone would not fit.
    """

    NOTHING = 0
    ACCENTED_NAMES = 1
    """Names of people, and the weekday, if they lie outside of GSM-7."""
    GREETING = 2
    """The greeting as well."""
    ALL_NAMES = 3


class MessageValues(dict[str, str]):
    """The values of one message, found on demand and kept until `say` changes how to tell it.

    Attributes:
        linked: whether {more} shows the recipient's link.
        thrift: what to leave out.
    """

    def __init__(self, words: LanguageWords, step: str, facts: MessageFacts) -> None:
        super().__init__()
        self.words, self.step = words, step
        self.facts = _settled(step, _cleaned(facts))
        self.linked, self.thrift = True, Thrift.NOTHING

    def say(self, *, linked: bool, thrift: Thrift) -> None:
        """Tell the same facts in another way from here on."""
        if thrift is not self.thrift:
            self.clear()
        elif linked is not self.linked:
            self.pop("more", None)
        self.linked, self.thrift = linked, thrift

    def __missing__(self, name: str) -> str:
        self[name] = value = FINDERS[name](self)
        return value

    def need(self, fact: str) -> str:
        """A fact without which there is no message."""
        value: str = getattr(self.facts, fact)
        if not value:
            raise MissingFact(fact, self.step)
        return value

    def name(self, name: str) -> str:
        """A person's name, or nothing where it is to be left out."""
        if self.thrift is Thrift.ALL_NAMES or (self.thrift and not is_gsm(name)):
            return ""
        return name

    def named(self, day: date, *, short: bool = False) -> str:
        """Weekday and date."""
        return self.words.dates.named(day, short=short, plain=self.thrift > Thrift.NOTHING)

    def hearing(self) -> HearingWords:
        """The hearing that the message is about."""
        if self.facts.hearing is None:
            raise MissingFact("hearing", self.step)
        return self.facts.hearing

    def old(self) -> HearingWords:
        """What was told before."""
        if self.facts.old_hearing is None:
            raise MissingFact("old_hearing", self.step)
        return self.facts.old_hearing

    def clause(self, key: str, name: str, value: str) -> str:
        """A clause of the language around `value`, or nothing when there is no value."""
        return self.words.words[key].fill({name: value}) if value else ""

    def day(self, hearing: HearingWords, *, short: bool = False) -> str:
        """Weekday and date, with "today" or "tomorrow" where that is true."""
        day = hearing.local.date()
        said = self.named(day, short=short)
        return self.words.dates.adverb(said, day, self.facts.today, short=short)

    def place(self, hearing: HearingWords, *, short: bool = False) -> str:
        """Room and address in one line; in short only the street of a longer address."""
        room = hearing.room.rstrip(" .,")
        if room and not _HAS_A_WORD.search(room):
            room = self.clause("room", "room", room)
        address = hearing.address.rstrip(" .,")
        if short:
            parts = [part.strip() for part in address.split(",")]
            address = next(filter(_STREET.match, parts), address)
        known = ", ".join(part for part in (room, address) if part)
        return known or self.words.words["place_unknown"].text


def _hello(values: MessageValues) -> str:
    if values.thrift >= Thrift.GREETING:
        return ""
    name = values.name(values.facts.first_name)
    words = values.words.words
    return words["hello"].fill({"name": name}) if name else words["hello_nameless"].text


def _who(values: MessageValues) -> str:
    name = values.name(values.facts.participant_first_name)
    return name or values.words.words["someone"].text


def _by(values: MessageValues, *, short: bool = False) -> str:
    due = values.facts.due
    return values.clause("by", "due", values.named(due, short=short) if due else "")


def _kind(values: MessageValues) -> str:
    kinds = values.words.kinds
    return kinds.get(values.hearing().kind, kinds["other"])


def _listed(values: MessageValues) -> str:
    if not values.facts.listed:
        raise MissingFact("listed", values.step)
    lines = []
    for entry in values.facts.listed:
        place = ", ".join(part for part in (entry.room, entry.address) if part)
        day = values.words.dates.named(entry.local.date(), short=True)
        said = f"{entry.first_name} {day} {values.words.dates.clock(entry.local.time())}"
        lines.append(f"{said}, {place}" if place else said)
    return ";\n".join(lines)


FINDERS: Final[Mapping[str, Callable[[MessageValues], str]]] = {
    "hub": lambda v: v.need("hub_name"),
    "phone": lambda v: phone_words(v.need("hub_phone")),
    "hello": _hello,
    "who": _who,
    "day": lambda v: v.day(v.hearing()),
    "day_short": lambda v: v.day(v.hearing(), short=True),
    "date": lambda v: v.named(v.hearing().local.date()),
    "at": lambda v: v.words.dates.at(v.hearing().local.time()),
    "clock": lambda v: v.words.dates.clock(v.hearing().local.time()),
    "place": lambda v: v.place(v.hearing()),
    "place_short": lambda v: v.place(v.hearing(), short=True),
    "kind": _kind,
    "old_day": lambda v: v.day(v.old()),
    "old_day_short": lambda v: v.named(v.old().local.date(), short=True),
    "old_at": lambda v: v.words.dates.at(v.old().local.time()),
    "old_clock": lambda v: v.words.dates.clock(v.old().local.time()),
    "old_place": lambda v: v.place(v.old()),
    "old_place_short": lambda v: v.place(v.old(), short=True),
    "step": lambda v: v.need("step_words").rstrip(" ."),
    "by": _by,
    "by_short": lambda v: _by(v, short=True),
    "listed": _listed,
    "more": lambda v: v.clause("more", "link", v.facts.link if v.linked else ""),
    "page": lambda v: v.clause("page", "link", v.facts.link),
    "counsel": lambda v: v.clause("counsel", "counsel_phone", phone_words(v.facts.counsel_phone)),
    "stop": lambda v: v.words.words["stop"].text,
    "stop_short": lambda v: v.words.words["stop_short"].text,
}
"""The placeholders that texts may hold, and how each is found."""


def clean(text: str) -> str:
    """One line of composed characters, without invisible controls; every letter stays.

    Composing (Unicode NFC) changes no letter, but "é" written as "e" and an accent would
    otherwise make a text UCS-2.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(_INVISIBLE.sub("", text).split())


def phone_words(number: str) -> str:
    """A phone number as people write it: +1 numbers as 305-555-0123, others as they are."""
    match = _NORTH_AMERICAN.fullmatch(number)
    return "-".join(match.groups()) if match else number


def _cleaned(facts: MessageFacts) -> MessageFacts:
    texts = {
        field.name: clean(value)
        for field in fields(facts)
        if isinstance(value := getattr(facts, field.name), str)
    }
    return replace(
        facts,
        **texts,  # type: ignore[arg-type]
        hearing=_clean_hearing(facts.hearing),
        old_hearing=_clean_hearing(facts.old_hearing),
    )


def _clean_hearing(hearing: HearingWords | None) -> HearingWords | None:
    if hearing is None:
        return None
    return replace(hearing, room=clean(hearing.room), address=clean(hearing.address))


def _settled(step: str, facts: MessageFacts) -> MessageFacts:
    """Facts with the gaps closed that the step itself closes.

    A cancelled hearing may come as the old one. The steps of the last day are planned for one
    calendar day only, so that they know their "today".
    """
    hearing, today = facts.hearing, facts.today
    if step == "cancelled" and hearing is None:
        hearing = facts.old_hearing
    if today is None and hearing is not None:
        today = _planned_day(step, hearing.local.date())
    return replace(facts, hearing=hearing, today=today)


def _planned_day(step: str, hearing: date) -> date | None:
    if step == "morning":
        return hearing
    return hearing - timedelta(days=1) if step == "before_1" else None
