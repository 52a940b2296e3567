"""Languages by their English names, for what English readers are shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "English",
        "es": "Spanish",
        "ht": "Haitian Creole",
        "ar": "Arabic",
        "zh": "Chinese",
        "fr": "French",
        "ko": "Korean",
        "pt": "Portuguese",
        "ru": "Russian",
        "so": "Somali",
        "tl": "Tagalog",
        "vi": "Vietnamese",
    }
)
"""Tag → name, those that people of a hub are asked for."""


def is_english(language: str) -> bool:
    """Whether a language tag is English, which packets are written in; "" counts as English."""
    return _base(language) in ("", "en")


def language_name(language: str) -> str:
    """A language's English name; "another language" for a tag that is not known here."""
    return LANGUAGES.get(_base(language), "another language")


def _base(language: str) -> str:
    return language.strip().lower().replace("_", "-").partition("-")[0]
