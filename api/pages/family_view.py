"""A family page in the words of its reader: days and hours, places, masked phones, addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from api.calendar_feeds import feed_address
from api.pages.private import LANGUAGES, PrivateVisit
from domain.consents import HEALTH, kind_of_step
from domain.court_time import wall_time
from domain.language_words import LanguageWords
from domain.message_choice import best_language
from domain.message_facts import HearingWords, MessageFacts
from domain.message_values import MessageValues, phone_words
from domain.vocabulary import Channel
from records.family_page import CourtDate, FamilyPage
from records.own_steps import OwnStep
from records.tables import ContactPoint, CourtRide

MAP = "https://www.google.com/maps/dir/?api=1&"
"""Opens the map app of a phone, or a page, with the way to a place. It learns the court's address
alone: no page of ours is named to it."""
DONE = frozenset({"coming", "ride", "cannot", "many", "stop", "language"})
"""What the page thanks for."""
_SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class DateView:
    """One hearing as it is read.

    Attributes:
        day: "tomorrow, Tuesday, December 8", beginning a line.
        away: whole days from today at the court.
        map: where the way there is shown; "" where no address is known.
    """

    id: str
    at: datetime
    day: str
    clock: str
    away: int
    room: str
    place: str
    map: str
    way: str
    ics: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One step; `when` is "" where no day is known."""

    title: str
    day: date | None
    when: str
    missed: bool


@dataclass(frozen=True, slots=True)
class RideView:
    """Who takes them, when, from where, and how to call the driver."""

    words: str
    place: str
    dial: str
    phone: str


@dataclass(frozen=True, slots=True)
class WayView:
    """How messages come, and whether they were stopped there."""

    words: str
    stopped: bool


def family_view(visit: PrivateVisit, page: FamilyPage, done: str) -> Mapping[str, Any]:
    """What the template shows.

    Args:
        visit: whose page, in which language.
        page: what the records say.
        done: what a form did just now; "" for nothing.
    """
    words = visit.desk.catalog.everything[visit.language]
    dates = [_date(visit, words, one) for one in page.dates]
    feed = feed_address(visit.desk.settings, page.feed) if page.feed else ""
    return {
        "own": page.tie.own,
        "name": page.participant or words.words["someone"].text,
        "next": dates[0] if dates else None,
        "later": dates[1:],
        "asks": page.asks,
        "answer": page.answer,
        "ride": _ride(visit, words, page.ride) if page.ride else None,
        "thanks": done if done in DONE else "",
        "steps": [_step(visit, words, one) for one in page.steps],
        "ways": [_way(visit, one) for one in page.ways],
        "running": any(one.opted_out_at is None for one in page.ways),
        "counsel": _dialled(page.counsel_phone),
        "counsel_words": phone_words(page.counsel_phone),
        "hub_dialled": _dialled(visit.hub.phone),
        "feed": feed,
        "webcal": "webcal:" + feed.partition(":")[2] if feed else "",
        "languages": LANGUAGES,
        "keeps": _written_in(visit, page) == visit.language,
    }


def _written_in(visit: PrivateVisit, page: FamilyPage) -> str:
    """The language in which this person's messages come."""
    wanted = page.tie.person.language
    return best_language(wanted, visit.desk.catalog.languages, visit.hub.default_language)


def _date(visit: PrivateVisit, words: LanguageWords, one: CourtDate) -> DateView:
    hearing, court = one.hearing, one.court
    day, today = hearing.local_time.date(), wall_time(visit.now, hearing.zone).date()
    told = HearingWords(hearing.local_time, hearing.room)
    values = MessageValues(words, "enrolled", MessageFacts(visit.hub.name, "", "", "", told))
    return DateView(
        id=hearing.id,
        at=hearing.local_time,
        day=_capital(words.dates.adverb(words.dates.named(day), day, _near(day, today))),
        clock=words.dates.clock(hearing.local_time.time()),
        away=(day - today).days,
        room=_capital(values.known_place(told)),
        place=one.place,
        map=MAP + urlencode({"destination": one.place}) if one.place else "",
        way=court.directions if court else "",
        ics=f"{visit.path}/{hearing.id}.ics?lang={visit.language}",
    )


def _ride(visit: PrivateVisit, words: LanguageWords, ride: CourtRide) -> RideView:
    clock = words.dates.clock(ride.leaves_local.time())
    said = visit.say("ride.who", driver=ride.driver, clock=clock)
    return RideView(said, ride.leaves_from, _dialled(ride.phone), phone_words(ride.phone))


def _near(day: date, today: date) -> date | None:
    """Today, where the day is today or tomorrow: other days are said by themselves."""
    return today if 0 <= (day - today).days <= 1 else None


def _step(visit: PrivateVisit, words: LanguageWords, one: OwnStep) -> StepView:
    step = one.step
    care = kind_of_step(step.kind, treatment=step.treatment) in HEALTH
    when = words.dates.named(step.due_on) if step.due_on else ""
    title = visit.say("steps.care") if care else step.title
    return StepView(title, step.due_on, when, one.missed)


def _way(visit: PrivateVisit, contact: ContactPoint) -> WayView:
    said = visit.say(f"ways.{contact.channel}", where=_masked(contact))
    return WayView(said, contact.opted_out_at is not None)


def _masked(contact: ContactPoint) -> str:
    """As much of an address as its owner needs to know it by: others may hold the phone."""
    if contact.channel == Channel.EMAIL:
        name, _, domain = contact.address.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"…{contact.address[-_SHOWN_DIGITS:]}"


def _dialled(phone: str) -> str:
    """A number as a phone dials it: without blanks and brackets."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
