"""Looking over all words at once: every text to every reader, with names that are hard on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.message_facts import MessageFacts
from domain.message_samples import LONG_SAMPLES, Reader, facts_for, readers
from domain.message_wording import MAX_SEGMENTS
from domain.words import Catalog, Rendered


@dataclass(frozen=True, slots=True)
class TooDear:
    """A text that costs more than two segments.

    Attributes:
        sample: which names made it so.
    """

    sample: str
    rendered: Rendered


def told_to(
    catalog: Catalog, reader: Reader, language: str, channel: str, facts: MessageFacts
) -> Rendered:
    """What one reader would get if these were the facts.

    Raises:
        WordsError: there is no such text.
    """
    return catalog.render(
        step=reader.step,
        audience=reader.audience,
        detained=reader.detained,
        language=language,
        channel=channel,
        facts=facts_for(reader, facts),
    )


def too_dear(
    catalog: Catalog, samples: Mapping[str, MessageFacts] = LONG_SAMPLES
) -> Iterator[TooDear]:
    """The texts of complete languages that cost too much; an advocate's own words may."""
    for language in catalog.languages:
        for reader in readers():
            if reader.step == "answer":
                continue
            for name, facts in samples.items():
                rendered = told_to(catalog, reader, language, "sms", facts)
                if rendered.segments.segments > MAX_SEGMENTS:
                    yield TooDear(name, rendered)
