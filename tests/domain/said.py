"""All words once, and what a reader would get."""

from pathlib import Path

from domain.message_checking import told_to
from domain.message_facts import MessageFacts
from domain.message_samples import SAMPLE, Reader, readers
from domain.words import Catalog, Rendered

FOLDER = Path(__file__).parents[2] / "templates" / "messages"
CATALOG = Catalog.load(FOLDER)
LANGUAGES = CATALOG.languages
READERS = tuple(readers())
STOP = {"en": "STOP", "es": "ALTO", "ht": "SISPANN"}


def sources(language: str) -> dict[str, str]:
    """The files of a language, by name."""
    return {file.name: file.read_text("utf-8") for file in (FOLDER / language).glob("*.toml")}


def reader_of(step: str, variant: str = "") -> Reader:
    """The reader of a step; the first one unless it is named."""
    return next(
        reader for reader in READERS if reader.step == step and variant in ("", reader.variant)
    )


def said(
    language: str, reader: Reader, channel: str = "sms", facts: MessageFacts = SAMPLE
) -> Rendered:
    """What this reader gets."""
    return told_to(CATALOG, reader, language, channel, facts)


def text_of(language: str, step: str, facts: MessageFacts = SAMPLE, channel: str = "sms") -> str:
    """What the first reader of a step reads."""
    return said(language, reader_of(step), channel, facts).text
