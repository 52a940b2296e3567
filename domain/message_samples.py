"""Made-up facts for previews, checks and measurements: long real-world names and places, nobody's.

What fits for "Ana" may not fit for "María de los Ángeles" in a building whose name fills a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.message_facts import HearingWords, ListedDate, MessageFacts
from domain.message_steps import LINKED, VARIANTS

LINK: Final = "https://homeward.example.org/counsel/k3J9x0aB2cD4eF6gH8iJ1k"

_GERSTEIN: Final = "Richard E. Gerstein Justice Building, 1351 NW 12th St, Miami"
_CHILDREN: Final = "Miami-Dade Children's Courthouse, 155 NW 3rd St, Miami, FL 33128"
_NORTH: Final = "North Dade Justice Center, 15555 Biscayne Blvd, North Miami Beach"


def _wall(text: str) -> datetime:
    """A court's wall time."""
    return datetime.fromisoformat(text)


def _at(local: datetime, room: str, address: str) -> HearingWords:
    return HearingWords(local, room, address, "arraignment")


SAMPLE: Final = MessageFacts(
    hub_name="Liberty City Hub",
    hub_phone="+13055550123",
    first_name="Denise",
    participant_first_name="Marcus",
    hearing=_at(_wall("2026-12-08 09:00"), "3A", _GERSTEIN),
    old_hearing=_at(_wall("2026-12-01 13:30"), "2-10", _GERSTEIN),
    step_words="First visit at the clinic",
    due=date(2026, 12, 11),
    link=LINK,
    counsel_phone="+13055550177",
    choices=("Marcus", "Andre"),
    words="We found a ride. Lee picks you up at 7:30.\nIs that all right?",
    listed=(
        ListedDate("Marcus", _wall("2026-12-08 09:00"), "3A", "1351 NW 12th St, Miami"),
        ListedDate("Ana", _wall("2026-12-09 13:30")),
        ListedDate("Dre", _wall("2026-12-10 10:00"), "4-1", "1351 NW 12th St, Miami"),
    ),
)
"""An ordinary message."""

_LONG: Final = replace(
    SAMPLE,
    hub_name="Healing and Justice Center of Miami",
    first_name="Maria de los Angeles",
    participant_first_name="Juan Bautista",
    hearing=_at(_wall("2026-09-23 10:30"), "Courtroom 4-1", _GERSTEIN),
    old_hearing=_at(_wall("2026-09-16 10:30"), "Courtroom 2-10", _GERSTEIN),
    step_words="First visit at Jessie Street Community Health Center",
    due=date(2026, 9, 25),
    choices=("Juan Bautista", "Jean-Baptiste", "Christopher"),
    listed=tuple(
        ListedDate(name, _wall(f"2026-09-{day} 10:30"), "Courtroom 4-1", _GERSTEIN)
        for name, day in (
            ("Juan Bautista", 21),
            ("Jean-Baptiste", 22),
            ("Christopher", 22),
            ("Marie-Ange", 23),
            ("Alejandra", 24),
            ("Dieudonne", 25),
            ("Guadalupe", 25),
        )
    ),
)

LONG_SAMPLES: Final[Mapping[str, MessageFacts]] = {
    "long": _LONG,
    "Hispanic": replace(
        _LONG,
        first_name="María de los Ángeles",
        participant_first_name="Jesús Ramón",
        choices=("Jesús Ramón", "Andrés", "Óscar"),
        listed=(*_LONG.listed, ListedDate("Jesús Ramón", _wall("2026-09-21 09:00"), "3A", _NORTH)),
    ),
    "Saturday": replace(
        _LONG,
        first_name="Encarnación",
        participant_first_name="José Ángel",
        hearing=_at(_wall("2026-09-26 13:00"), "Courtroom 4-1", _CHILDREN),
        due=date(2026, 9, 26),
    ),
    "Haitian": replace(
        _LONG,
        hub_name="Sant Fanm Ayisyèn nan Miyami",
        first_name="Marie-Thérèse",
        participant_first_name="Jean-François",
        hearing=_at(_wall("2026-11-25 13:15"), "Courtroom 5-3", _NORTH),
        old_hearing=_at(_wall("2026-11-18 09:00"), "Courtroom 5-3", _NORTH),
        choices=("Jean-François", "Dieudonné", "Rosemène"),
        listed=(
            ListedDate("Jean-François", _wall("2026-11-25 13:15"), "Courtroom 5-3", _NORTH),
            ListedDate("Dieudonné", _wall("2026-11-24 09:00")),
            ListedDate("Rosemène", _wall("2026-11-23 09:00")),
        ),
    ),
    "accented hub": replace(SAMPLE, hub_name="Casa Corazón", first_name="María"),
    "accented hub, long": replace(_LONG, hub_name="Corazón de Hialeah", first_name="María"),
    "no names": replace(_LONG, first_name="", participant_first_name="", link=""),
    "no place": replace(SAMPLE, hearing=_at(_wall("2026-12-08 09:00"), "", ""), counsel_phone=""),
}
"""Names and places that are hard on a text, by what makes them so."""


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a variant of a step is written."""

    step: str
    variant: str
    audience: str
    detained: bool


def readers(step: str = "") -> Iterator[Reader]:
    """Every variant of every step, or of one."""
    for name in (step,) if step else VARIANTS:
        for variant in VARIANTS.get(name, ()):
            audience = variant.partition("_")[0]
            yield Reader(name, variant, audience, "_detained" in variant)


def facts_for(reader: Reader, facts: MessageFacts) -> MessageFacts:
    """The facts that lead to this variant: without a date, or with a new place alone.

    A request to write comes with its link always.
    """
    if reader.step in LINKED:
        return replace(facts, link=LINK)
    if reader.variant.endswith("_no_date"):
        return replace(facts, hearing=None)
    if reader.variant.endswith("_place") and facts.hearing and facts.old_hearing:
        moved = replace(facts.old_hearing, local=facts.hearing.local, room="Courtroom 2-10")
        return replace(facts, old_hearing=moved)
    return facts
