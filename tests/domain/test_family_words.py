"""The words of the family page: plain, the same in every language, and silent about the case."""

import re
from importlib.resources import files

import pytest

import templates
from domain.phrases import Phrases
from tests.domain.test_words import BANNED, grade

WORDS = Phrases.load(files(templates) / "links" / "family")
FILLED = {
    "name": "Marcus",
    "count": "6",
    "phone": "305-555-0123",
    "where": "…0111",
    "driver": "Rosa",
    "clock": "8:15",
}
SILENT = re.compile(
    r"custody|jail|prison|detained|charge|docket|arrest|cárcel|detenid|cargos|prizon|akiz|arete",
    re.IGNORECASE,
)


def said(language: str) -> list[str]:
    """Everything that the page may say."""
    return [template.fill(FILLED) for template in WORDS.everything[language].values()]


def test_english_is_readable_at_grade_six() -> None:
    for text in said("en"):
        if len(text.split()) > 5:
            assert grade(text) <= 6, (grade(text), text)


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_nothing_reveals_or_threatens(language: str) -> None:
    for text in said(language):
        assert not BANNED.search(text), text
        assert not SILENT.search(text), text
