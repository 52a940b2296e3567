"""What a hub's name costs in texts: an accent outside of the phones' alphabet halves the room."""

from dataclasses import dataclass
from datetime import datetime

from api.pages import wording
from domain.segments import count_segments
from domain.vocabulary import Audience, Channel
from domain.words import Catalog, HearingWords, MessageFacts, WordsError

_SAMPLE = HearingWords(
    datetime.fromisoformat("2026-12-08 09:00"),
    room="4-1",
    address="1351 NW 12th St, Miami",
    kind="arraignment",
)
"""Nobody's hearing."""


@dataclass(frozen=True, slots=True)
class NameCost:
    """What texts cost that begin with a name.

    Attributes:
        dear: characters of the name that halve what a part of a text holds.
        reminders: language → parts of a reminder to a mother, three days before.
    """

    name: str
    dear: tuple[str, ...]
    reminders: tuple[tuple[str, int], ...]


def cost_of(catalog: Catalog, name: str, phone: str) -> NameCost:
    """What a name costs in every language of the catalog."""
    facts = MessageFacts(
        hub_name=name,
        hub_phone=phone,
        first_name="Denise",
        participant_first_name="Marcus",
        hearing=_SAMPLE,
    )
    reminders = []
    for language in catalog.languages:
        try:
            text = catalog.render(
                step="before_3",
                audience=Audience.FAMILY,
                detained=False,
                language=language,
                channel=Channel.SMS,
                facts=facts,
            )
        except WordsError:
            continue  # a language without these words is told by `homeward doctor`
        reminders.append((wording.language(language), text.segments.segments))
    return NameCost(name, count_segments(name).offending, tuple(reminders))
