"""What each {placeholder} of a message becomes, worked out only when a text asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import IntEnum
from string import ascii_uppercase
from typing import Final

from domain.clean_facts import cleaned
from domain.language_words import LanguageWords
from domain.message_facts import HearingWords, ListedDate, MessageFacts, MissingFact
from domain.segments import is_gsm

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
        roomed: whether the room is told where the street is.
        thrift: what to leave out.
        shown: how many dates of a digest are told.
    """

    def __init__(self, words: LanguageWords, step: str, facts: MessageFacts) -> None:
        super().__init__()
        self.words, self.step = words, step
        self.facts = _settled(step, cleaned(facts))
        self.linked, self.roomed, self.thrift = True, True, Thrift.NOTHING
        self.shown = len(facts.listed)

    def say(self, *, linked: bool, thrift: Thrift, roomed: bool = True) -> None:
        """Tell the same facts in another way from here on."""
        if thrift is not self.thrift or roomed is not self.roomed:
            self.clear()
        elif linked is not self.linked:
            self.pop("more", None)
        self.linked, self.roomed, self.thrift = linked, roomed, thrift

    def show(self, count: int) -> None:
        """Tell only so many dates of a digest from here on."""
        self.clear()
        self.shown = count

    def __missing__(self, name: str) -> str:
        self[name] = value = FINDERS[name](self)
        return value

    def need(self, fact: str) -> str:
        """A fact without which there is no message."""
        value: str = getattr(self.facts, fact)
        if not value or value.isspace():
            raise MissingFact(fact, self.step)
        return value

    def said(self, written: str) -> str:
        """A proper name or a title in the way in which this message tells it."""
        return written

    def name(self, name: str) -> str:
        """A person's name, or nothing where it is to be left out."""
        if self.thrift is Thrift.ALL_NAMES or (self.thrift and not is_gsm(name)):
            return ""
        return self.said(name)

    def named(self, day: date, *, short: bool = False) -> str:
        """Weekday and date."""
        return self.words.dates.named(day, short=short, plain=self.thrift > Thrift.NOTHING)

    def at(self, hearing: HearingWords) -> str:
        """The time of day as an adverb."""
        return self.words.dates.at(hearing.local.time())

    def phone(self, number: str) -> str:
        """A phone number as people write it."""
        return phone_words(number)

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

    def place(self, hearing: HearingWords | ListedDate, *, short: bool = False) -> str:
        """Room and address in one line; in short only the street of a longer address."""
        return self.known_place(hearing, short=short) or self.words.words["place_unknown"].text

    def known_place(self, hearing: HearingWords | ListedDate, *, short: bool = False) -> str:
        """The same, or nothing where no place is known."""
        room = hearing.room.rstrip(" .,")
        if room and not _HAS_A_WORD.search(room):
            room = self.clause("room", "room", room)
        address = hearing.address.rstrip(" .,")
        if short:
            parts = [part.strip() for part in address.split(",")]
            address = next(filter(_STREET.match, parts), address)
        if address and not self.roomed:
            return address
        return ", ".join(part for part in (room, address) if part)

    def listed(self) -> tuple[ListedDate, ...]:
        """The dates of a digest, soonest first."""
        if not self.facts.listed:
            raise MissingFact("listed", self.step)
        return tuple(sorted(self.facts.listed, key=lambda date: (date.local, date.first_name)))

    def told(self) -> tuple[ListedDate, ...]:
        """Those that are shown. Who would have to go unnamed is counted among the rest."""
        listed = self.listed()
        if self.thrift:
            listed = tuple(date for date in listed if self.name(date.first_name))
        return listed[: self.shown]


def _hello(values: MessageValues) -> str:
    if values.thrift >= Thrift.GREETING:
        return ""
    name = values.name(values.facts.first_name)
    words = values.words.words
    return words["hello"].fill({"name": name}) if name else words["hello_nameless"].text


_OUTSIDE = frozenset({"letter_request", "letter_nudge"})
"""Steps that speak to somebody outside of the circle."""


def _who(values: MessageValues) -> str:
    """The defendant; to somebody outside of the circle, somebody whom they know."""
    name = values.name(values.facts.participant_first_name)
    unnamed = "acquaintance" if values.step in _OUTSIDE else "someone"
    return name or values.words.words[unnamed].text


def _by(values: MessageValues, *, short: bool = False) -> str:
    due = values.facts.due
    return values.clause("by", "due", values.named(due, short=short) if due else "")


def _kind(values: MessageValues) -> str:
    kinds = values.words.kinds
    return kinds.get(values.hearing().kind, kinds["other"])


def _choices(values: MessageValues) -> str:
    if not values.facts.choices:
        raise MissingFact("choices", values.step)
    choice = values.words.words["choice"]
    lettered = zip(ascii_uppercase, values.facts.choices, strict=False)
    return ", ".join(choice.fill({"letter": letter, "name": name}) for letter, name in lettered)


def _listed(values: MessageValues) -> str:
    """Every date on a line of its own."""
    return "\n".join(
        _entry(values, "listed", entry, values.known_place(entry)) for entry in values.listed()
    )


def _listed_short(values: MessageValues, *, places: bool = False) -> str:
    told = values.told()
    ways = [values.known_place(entry, short=True) if places else "" for entry in told]
    return "; ".join(
        _entry(values, "listed_short", entry, place)
        for entry, place in zip(told, ways, strict=True)
    )


def _entry(values: MessageValues, pattern: str, entry: ListedDate, place: str) -> str:
    words, at = values.words, entry.local.time()
    said = words.words[pattern].fill(
        {
            "name": entry.first_name or words.words["acquaintance"].text,
            "day": values.named(entry.local.date()),
            "day_short": values.named(entry.local.date(), short=True),
            "at": words.dates.at(at),
            "clock": words.dates.clock(at),
        }
    )
    return f"{said}, {place}" if place else said


def _rest(values: MessageValues) -> str:
    rest = len(values.listed()) - len(values.told())
    return values.clause("rest", "count", str(rest) if rest else "")


def _plan_step(v: MessageValues) -> str:
    """The title of a step; health care is an appointment, whatever its title says: others may read
    the phone (42 CFR part 2)."""
    title = v.need("step_words").rstrip(" .")
    return v.words.words["care"].text if v.facts.care else v.said(title)


FINDERS: Final[Mapping[str, Callable[[MessageValues], str]]] = {
    "hub": lambda v: v.said(v.need("hub_name")),
    "phone": lambda v: v.phone(v.need("hub_phone")),
    "hello": _hello,
    "who": _who,
    "day": lambda v: v.day(v.hearing()),
    "day_short": lambda v: v.day(v.hearing(), short=True),
    "date": lambda v: v.named(v.hearing().local.date()),
    "at": lambda v: v.at(v.hearing()),
    "clock": lambda v: v.words.dates.clock(v.hearing().local.time()),
    "place": lambda v: v.place(v.hearing()),
    "place_short": lambda v: v.place(v.hearing(), short=True),
    "kind": _kind,
    "old_day": lambda v: v.day(v.old()),
    "old_day_short": lambda v: v.named(v.old().local.date(), short=True),
    "old_at": lambda v: v.at(v.old()),
    "old_clock": lambda v: v.words.dates.clock(v.old().local.time()),
    "old_place": lambda v: v.place(v.old()),
    "old_place_short": lambda v: v.place(v.old(), short=True),
    "step": _plan_step,
    "by": _by,
    "by_short": lambda v: _by(v, short=True),
    "more": lambda v: v.clause("more", "link", v.facts.link if v.linked else ""),
    "page": lambda v: v.clause("page", "link", v.facts.link),
    "steps_page": lambda v: v.clause("steps_page", "link", v.facts.link),
    "link": lambda v: v.need("link"),
    "counsel": lambda v: v.clause("counsel", "counsel_phone", phone_words(v.facts.counsel_phone)),
    "choices": _choices,
    "words": lambda v: v.need("words"),
    "listed": _listed,
    "listed_places": lambda v: _listed_short(v, places=True),
    "listed_short": _listed_short,
    "rest": _rest,
    "count": lambda v: str(len(v.listed())),
    "stop": lambda v: v.words.words["stop"].text,
    "stop_short": lambda v: v.words.words["stop_short"].text,
}
"""The placeholders that texts may hold, and how each is found."""


def phone_words(number: str) -> str:
    """A phone number as people write it: +1 numbers as 305-555-0123, others as they are."""
    match = _NORTH_AMERICAN.fullmatch(number)
    return "-".join(match.groups()) if match else number


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
