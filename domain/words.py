"""The words of every message: rendered from a language's folder, never more than they must be.

Rules: the hub says who it is, names the person, the weekday, date, time and place, one thing to
plan, a person's phone and how to stop. No charge, no docket number, no threat. A text is at
most two SMS segments (`domain.segments`) wherever its shorter forms allow that; nothing in it is
ever respelled to save a segment. Consequence and plan-making together are the wording that cut
missed court dates most (Fishbane, Ouss and Shah, Science 2020).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from domain.language_words import (
    SMS_FORMS,
    LanguageWords,
    StepWords,
    read_language,
)
from domain.message_choice import best_language, template_of, variant_of
from domain.message_facts import (
    HearingWords,
    ListedDate,
    MessageFacts,
    MissingFact,
    SilentInCustody,
    UnknownLanguage,
    UnknownWords,
    WordsError,
)
from domain.message_values import MessageValues, Thrift
from domain.placeholders import BadTemplate, Template
from domain.segments import Segments, count_segments

__all__ = [
    "BadTemplate",
    "Catalog",
    "HearingWords",
    "ListedDate",
    "MessageFacts",
    "MissingFact",
    "Rendered",
    "SilentInCustody",
    "UnknownLanguage",
    "UnknownWords",
    "WordsError",
    "best_language",
    "template_of",
    "variant_of",
]

MAX_SEGMENTS: Final = 2
_TWICE_ENDED = re.compile(r"\.\.(?=\s|$)")


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
    """

    everything: Mapping[str, LanguageWords]

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

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are complete, and may therefore be offered."""
        return tuple(code for code, words in self.everything.items() if not words.lacks())

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

        A text (channel "sms" or "outbox") takes the fullest form that fits `MAX_SEGMENTS`. If
        none does, one of those that cost least goes out as it is, and `segments` tells.

        Args:
            detained: whether the defendant is in custody now.
            language: one of `languages`; see `best_language`.
            channel: "email" gets a subject and whole sentences.

        Raises:
            WordsError: no such text, a fact is missing, or nothing is to be said in custody.
        """
        name = template_of(step)
        words, texts = self._language(language), self._step(language, name)
        variant = variant_of(name, audience, detained=detained, facts=facts)
        forms = texts.variants.get(variant, {})
        if not forms.keys() & ({"email"} if channel == "email" else {*SMS_FORMS}):
            raise UnknownWords(language, name, variant)
        values = MessageValues(words, name, facts)
        if channel == "email":
            form, subject = "email", (texts.subject or words.subject).fill(values)
            values["body"] = forms["email"].fill(values)
            text = _tidy_letter(words.frame.fill(values))
        else:
            subject = ""
            form, text = _fitting(name, forms, values)
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


def _fitting(step: str, forms: Mapping[str, Template], values: MessageValues) -> tuple[str, str]:
    """The fullest wording that fits; if none does, the first of those that cost least."""
    too_long: list[tuple[int, str, str]] = []
    for thrift in Thrift:
        hopeless = set()
        for form, linked in _wordings(step, forms):
            if form in hopeless:
                continue
            values.say(linked=False, thrift=thrift)
            segments, text = _said(forms[form], values)
            if segments > MAX_SEGMENTS:
                hopeless.add(form)
                too_long.append((segments, form, text))
                continue
            if linked:
                values.say(linked=True, thrift=thrift)
                segments, text = _said(forms[form], values)
            if segments <= MAX_SEGMENTS:
                return form, text
    _, form, text = min(too_long, key=lambda wording: wording[0])
    return form, text


def _said(template: Template, values: MessageValues) -> tuple[int, str]:
    text = _begun(_tidy(template.fill(values)), values)
    return count_segments(text).segments, text


def _begun(text: str, values: MessageValues) -> str:
    """A sentence that begins with "your loved one" in place of a name begins with a capital."""
    someone = values.words.words["someone"].text
    large = someone[:1].upper() + someone[1:]
    for end in (". ", "! ", "? "):
        text = text.replace(end + someone, end + large)
    return text


def _wordings(step: str, forms: Mapping[str, Template]) -> list[tuple[str, bool]]:
    """The forms with and without the link, from the one most wished for to the shortest.

    The first message of all shows the link even if it costs long words: with it comes
    everything else. Later ones rather keep whole sentences.
    """
    held = [form for form in SMS_FORMS if form in forms]
    wordings = [(form, linked) for form in held for linked in (True, False)]
    if step == "enrolled":
        wordings.sort(key=lambda wording: not wording[1])
    return [(form, link) for form, link in wordings if not link or "more" in forms[form].names]


def _tidy(line: str) -> str:
    """Close the gaps that absent facts leave, and end no sentence twice ("a.m..")."""
    return _TWICE_ENDED.sub(".", " ".join(line.split()))


def _tidy_letter(text: str) -> str:
    """Trim each line and close the gaps that absent facts leave."""
    lines = "\n".join(_tidy(line) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
