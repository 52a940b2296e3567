"""Messages rendered per second on one core: every language, step, reader and channel in turn.

Every message has names, a place and a date of its own, a fifth of them accented, so that none is
merely found again.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count, cycle

from benchmarks.result import Result
from domain.message_checking import told_to
from domain.message_facts import HearingWords, ListedDate, MessageFacts
from domain.message_samples import SAMPLE, Reader, readers
from domain.message_steps import SPOKEN
from domain.words import Catalog
from engine.building import WORDS

WANTED = 2000.0
_STREETS = ("NW 12th St", "Biscayne Blvd", "SW 8th St", "NE 2nd Ave")
_GIVEN = ("Marcus", "Guerline", "Ana María", "Dieudonné", "Lee")
_FIRST_DAY = datetime.fromisoformat("2026-12-01 09:00")


def facts_of(number: int) -> MessageFacts:
    """Facts that no other number has."""
    local = _FIRST_DAY + timedelta(days=number % 365, minutes=15 * (number % 28))
    place = f"{number} {_STREETS[number % 4]}, Miami"
    name = f"{_GIVEN[number % 5]} {number}"
    return replace(
        SAMPLE,
        hub_name=f"Hub {number % 97} of Miami-Dade",
        first_name=f"{_GIVEN[(number + 1) % 5]} {number}",
        participant_first_name=name,
        hearing=HearingWords(local, f"{number % 12}-{number % 7}", place, "status"),
        old_hearing=HearingWords(local - timedelta(days=7), f"{number % 9}A", place, "status"),
        step_words=f"Visit number {number} at the clinic",
        due=date.fromordinal(local.toordinal()),
        link=f"https://hub.example.org/f/{number:043d}",
        choices=(name, f"Andre {number}"),
        words=f"See you at {number} Oak St. Call if anything comes up.",
        listed=tuple(ListedDate(f"{name}-{day}", local, "", "") for day in range(5)),
    )


def combinations(catalog: Catalog) -> Iterator[tuple[str, Reader, str]]:
    """Language, reader and channel of everything that can be said."""
    for language in catalog.languages:
        for reader in readers():
            for channel in ("sms", "email", "voice"):
                if channel != "voice" or reader.step in SPOKEN:
                    yield language, reader, channel


def measure(seconds: float = 3.0) -> Result:
    """Render one after the other until the time is up."""
    catalog = Catalog.load(WORDS)
    every = list(combinations(catalog))
    rendered, numbers, kinds = 0, count(), cycle(every)
    worst, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for _ in range(100):
            language, reader, channel = next(kinds)
            said = told_to(catalog, reader, language, channel, facts_of(next(numbers)))
            if channel == "sms":
                worst = max(worst, said.segments.segments)
        rendered += 100
    rate = rendered / (time.process_time() - started)
    return Result(
        name="rendering",
        value=round(rate),
        unit="messages/s",
        floor=WANTED,
        ratio=round(rate / WANTED, 2),
        wanted=f"at least {WANTED:g} messages a second on one core",
        ok=rate >= WANTED,
        details={
            "languages": ", ".join(catalog.languages),
            "combinations": len(every),
            "most segments of a text": worst,
        },
    )
