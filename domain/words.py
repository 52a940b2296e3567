"""The words of every message: rendered from a language's folder, never more than they must be.

Rules: the hub says who it is, names the person, the weekday, date, time and place, one thing to
plan, a person's phone and how to stop. No charge, no docket number, no threat. A text is at
most two SMS segments (`domain.segments`) wherever its shorter forms allow that; nothing in it is
ever respelled to save a segment. Consequence and plan-making together are the wording that cut
missed court dates most (Fishbane, Ouss and Shah, Science 2020).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable

from domain.language_words import LanguageWords, StepWords, read_language
from domain.message_choice import best_language, template_of, variant_of
from domain.message_facts import (
    HearingWords,
    ListedDate,
    MessageFacts,
    MissingFact,
    SilentInCustody,
    TooLong,
    UnknownLanguage,
    UnknownWords,
    WordsError,
)
from domain.message_steps import EMAIL, VOICE
from domain.message_values import MessageValues
from domain.message_wording import as_call, as_letter, as_text
from domain.placeholders import BadTemplate
from domain.segments import Segments, count_segments
from domain.spoken_values import SpokenValues

__all__ = [
    "BadTemplate",
    "Catalog",
    "HearingWords",
    "ListedDate",
    "MessageFacts",
    "MissingFact",
    "Rendered",
    "SilentInCustody",
    "TooLong",
    "UnknownLanguage",
    "UnknownWords",
    "WordsError",
    "best_language",
    "template_of",
    "variant_of",
]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready to be sent, and where its words come from.

    Attributes:
        subject: for e-mail; "" otherwise.
        template: e.g. "en/before_7/family/short".
        version: of the template's source, pinned on the message.
        segments: what the text costs as an SMS, whatever the channel.
    """

    text: str
    subject: str
    template: str
    version: str
    segments: Segments


@dataclass(frozen=True, slots=True)
class Catalog:
    """The words of all languages.

    Attributes:
        everything: by language code, unfinished languages included.
        languages: those that are complete, and may therefore be offered.
    """

    everything: Mapping[str, LanguageWords]
    languages: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        complete = tuple(code for code, words in self.everything.items() if not words.lacks())
        object.__setattr__(self, "languages", complete)

    @classmethod
    def load(cls, folder: Traversable) -> Catalog:
        """Read a folder with one sub-folder of TOML files per language (a `Path` will do).

        Raises:
            BadTemplate: a file cannot be used.
        """
        sources = {
            language.name: {
                file.name: file.read_text(encoding="utf-8")
                for file in language.iterdir()
                if file.name.endswith(".toml")
            }
            for language in folder.iterdir()
            if language.is_dir() and not language.name.startswith(("_", "."))
        }
        if not sources:
            raise BadTemplate(folder.name, "holds no language; add a folder such as en.")
        return cls.from_sources(sources)

    @classmethod
    def from_sources(cls, sources: Mapping[str, Mapping[str, str]]) -> Catalog:
        """The same from texts: language code → file name → source."""
        return cls({code: read_language(code, sources[code]) for code in sorted(sources)})

    def problems(self) -> tuple[str, ...]:
        """What each language still lacks, one line each."""
        kinds = {kind for words in self.everything.values() for kind in words.kinds}
        lines: list[str] = []
        for code, words in self.everything.items():
            lines += words.lacks()
            lines += [
                f"{code}/language.toml [kinds] {kind}" for kind in sorted(kinds - {*words.kinds})
            ]
        return tuple(lines)

    def version(self, language: str, step: str) -> str:
        """A short SHA-256 over all sources from which this step is written."""
        return self._step(language, template_of(step)).version

    def render(
        self,
        *,
        step: str,
        audience: str,
        detained: bool,
        language: str,
        channel: str,
        facts: MessageFacts,
    ) -> Rendered:
        """Write one message.

        A text (channel "sms" or "outbox") takes the fullest form that fits two segments. If none
        does, one of those that cost least goes out as it is, and `segments` tells. An advocate's
        own words (step "answer") go out unchanged, whatever they cost.

        Args:
            detained: whether the defendant is in custody now.
            language: one of `languages`; see `best_language`.
            channel: "email" gets a subject and whole sentences, "voice" what a call says.

        Raises:
            WordsError: no such text, a fact is missing, or nothing is to be said in custody.
        """
        name = template_of(step)
        words, texts = self._language(language), self._step(language, name)
        variant = variant_of(name, audience, detained=detained, facts=facts)
        forms = texts.variants.get(variant, {})
        kind = channel if channel in (EMAIL, VOICE) else "sms"
        if kind not in forms or (kind == VOICE and words.voice is None):
            raise UnknownWords(language, name, variant)
        subject = ""
        if kind == VOICE and words.voice is not None:
            form, text = as_call(forms, SpokenValues(words, words.voice, name, facts))
        elif kind == EMAIL:
            values = MessageValues(words, name, facts)
            subject = (texts.subject or words.subject).fill(values)
            form, text = as_letter(name, texts, forms, values)
        else:
            form, text = as_text(name, forms, MessageValues(words, name, facts))
        source = f"{language}/{name}/{variant}/{form}"
        return Rendered(text, subject, source, texts.version, count_segments(text))

    def _language(self, language: str) -> LanguageWords:
        try:
            return self.everything[language]
        except KeyError:
            raise UnknownLanguage(language, self.everything) from None

    def _step(self, language: str, name: str) -> StepWords:
        try:
            return self._language(language).steps[name]
        except KeyError:
            raise UnknownWords(language, name, "anyone") from None
