"""What each {placeholder} becomes in a call: the same facts, said for the ear."""

from __future__ import annotations

from datetime import date

from domain.language_words import LanguageWords
from domain.message_facts import HearingWords, ListedDate, MessageFacts
from domain.message_values import MessageValues, phone_words
from domain.voice_words import VoiceWords, digits


class SpokenValues(MessageValues):
    """Dates and times in words, phone numbers digit by digit, addresses in full.

    Of an address only the street is said: the rest can be asked for by phone.
    """

    def __init__(
        self, words: LanguageWords, voice: VoiceWords, step: str, facts: MessageFacts
    ) -> None:
        super().__init__(words, step, facts)
        self.voice = voice

    def said(self, written: str) -> str:
        """Without symbols and abbreviations."""
        return self.voice.said(written)

    def named(self, day: date, *, short: bool = False) -> str:
        """Weekday and date, never in short."""
        return self.words.dates.named(day, first=self.voice.first)

    def at(self, hearing: HearingWords) -> str:
        """The time of day as it is said."""
        return self.voice.at(hearing.local.time())

    def phone(self, number: str) -> str:
        """Digit by digit."""
        return digits(phone_words(number))

    def known_place(self, hearing: HearingWords | ListedDate, *, short: bool = False) -> str:
        """Room and street."""
        return self.said(super().known_place(hearing, short=True))
