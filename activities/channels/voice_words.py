"""What is said on the telephone around a message, by language (`templates/voice/`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import templates

__all__ = ["KEYS", "VoiceWords", "voice_words"]

FOLDER = Path(templates.__file__).parent / "voice"
FALLBACK = "en"

KEYS: Mapping[str, str] = {"1": "YES", "2": "RIDE", "3": "call me", "9": "STOP"}
"""What a pressed key says, in the words of a text."""


@dataclass(frozen=True, slots=True)
class VoiceWords:
    """One language on the telephone.

    Attributes:
        voice: the language of the provider's voice (BCP 47); for Haitian Creole a French one.
        note: said first, where the voice is not one of the language; else "".
        offer: which key means what.
        thanks: what is said after a key.
        other: what is said after a key that means nothing.
        goodbye: the end, when no key was pressed.
    """

    voice: str
    note: str
    offer: str
    thanks: Mapping[str, str]
    other: str
    goodbye: str

    def after(self, key: str) -> str:
        """What is said after a key."""
        return self.thanks.get(key, self.other)


def voice_words(language: str) -> VoiceWords:
    """The words for a language tag, in English where there are none."""
    known = _all()
    return known.get(language.partition("-")[0].lower(), known[FALLBACK])


@cache
def _all() -> Mapping[str, VoiceWords]:
    """Every language that there is a file for."""
    return {
        path.stem: VoiceWords(**tomllib.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    }
