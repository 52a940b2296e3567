"""One language of the messages: its folder of TOML files, read, checked and kept.

`language.toml` holds what all messages share; `<step>.toml` holds the texts of one step, one
table per variant (`defendant`, `family`, `family_detained`, …), each with `sms`, `short`,
`shortest` (tried in this order until a text fits two segments), `email`, and `voice` for what a
call says. Adding a language is adding a folder; `lacks` says what is still to be written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.dates_in_words import DateWords, date_words
from domain.message_steps import (
    BARE,
    PLACEHOLDERS,
    SHORTEST,
    SPOKEN_PLACEHOLDERS,
    VARIANTS,
    VOICE,
    forms_of,
)
from domain.placeholders import BadTemplate, Template, compile_template, without_extras
from domain.voice_words import VoiceWords, voice_words
from domain.word_tables import refuse_unknown, subtable, template, text, toml

COMMON_FILE: Final = "language.toml"

_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "hello": frozenset({"name"}),
    "hello_nameless": frozenset(),
    "someone": frozenset(),
    "acquaintance": frozenset(),
    "room": frozenset({"room"}),
    "place_unknown": frozenset(),
    "by": frozenset({"due"}),
    "more": frozenset({"link"}),
    "care": frozenset(),
    "steps_page": frozenset({"link"}),
    "page": frozenset({"link"}),
    "counsel": frozenset({"counsel_phone"}),
    "choice": frozenset({"letter", "name"}),
    "listed": frozenset({"day", "at", "name"}),
    "listed_short": frozenset({"day_short", "clock", "name"}),
    "rest": frozenset({"count"}),
    "stop": frozenset(),
    "stop_short": frozenset(),
}
_FRAME: Final = PLACEHOLDERS | {"body"}


@dataclass(frozen=True, slots=True)
class StepWords:
    """The texts of one step, by variant and form.

    Attributes:
        subject: of its e-mails; None for the language's own.
        frame: of its e-mails, where the reader is not one of the circle; None likewise.
        version: short SHA-256 over this file and the language's common one.
    """

    variants: Mapping[str, Mapping[str, Template]]
    subject: Template | None
    frame: Template | None
    version: str


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """Everything that one language says.

    Attributes:
        voice: how a call says it; None until that table is written.
    """

    code: str
    name: str
    dates: DateWords
    words: Mapping[str, Template]
    kinds: Mapping[str, str]
    subject: Template
    frame: Template
    voice: VoiceWords | None
    steps: Mapping[str, StepWords]

    def lacks(self) -> tuple[str, ...]:
        """What is missing for this language to be complete, one line each."""
        gaps = [] if self.voice else [f"{self.code}/{COMMON_FILE} [{VOICE}]"]
        for step, variants in VARIANTS.items():
            held = self.steps[step].variants if step in self.steps else {}
            for variant in variants:
                forms = held.get(variant, {})
                gaps += [
                    f"{self.code}/{step}.toml [{variant}] {form}"
                    for form in forms_of(step)
                    if form not in forms
                ]
        return tuple(gaps)


def read_language(code: str, files: Mapping[str, str]) -> LanguageWords:
    """Make a language of the sources of its files, by file name.

    Raises:
        BadTemplate: a file is not what it should be; the message names file and place.
    """
    if COMMON_FILE not in files:
        raise BadTemplate(f"{code}/{COMMON_FILE}", "is missing; every language needs one.")
    where = f"{code}/{COMMON_FILE}"
    common = toml(files[COMMON_FILE], where)
    refuse_unknown(common, {"name", "dates", "words", "kinds", "email", VOICE}, where)
    words, email = subtable(common, "words", where), subtable(common, "email", where)
    refuse_unknown(words, _WORDS, f"{where} [words]")
    return LanguageWords(
        code=code,
        name=text(common, "name", where),
        dates=date_words(subtable(common, "dates", where), f"{where} [dates]"),
        words={key: template(words, key, names, where) for key, names in _WORDS.items()},
        kinds=_kinds(subtable(common, "kinds", where), f"{where} [kinds]"),
        subject=template(email, "subject", {"hub"}, where),
        frame=template(email, "frame", _FRAME, where),
        voice=_voice(common, where),
        steps={
            name.removesuffix(".toml"): _step(code, name, source, files[COMMON_FILE])
            for name, source in sorted(files.items())
            if name != COMMON_FILE
        },
    )


def _voice(common: Mapping[str, Any], where: str) -> VoiceWords | None:
    if VOICE not in common:
        return None
    return voice_words(subtable(common, VOICE, where), f"{where} [{VOICE}]")


def _kinds(table: Mapping[str, Any], where: str) -> Mapping[str, str]:
    text(table, "other", where)
    return {key: text(table, key, where) for key in table}


def _step(code: str, name: str, source: str, common: str) -> StepWords:
    where, step = f"{code}/{name}", name.removesuffix(".toml")
    if step not in VARIANTS:
        raise BadTemplate(where, f"no such step; there are {', '.join(VARIANTS)}.")
    table = toml(source, where)
    refuse_unknown(table, {"subject", "frame", *VARIANTS[step]}, where)
    variants = {
        variant: _forms(step, subtable(table, variant, where), f"{where} [{variant}]")
        for variant in table
        if variant in VARIANTS[step]
    }
    digest = hashlib.sha256(f"{common}\0{source}".encode()).hexdigest()
    return StepWords(
        variants,
        subject=template(table, "subject", {"hub"}, where) if "subject" in table else None,
        frame=template(table, "frame", _FRAME, where) if "frame" in table else None,
        version=digest[:12],
    )


def _forms(step: str, forms: Mapping[str, Any], where: str) -> Mapping[str, Template]:
    refuse_unknown(forms, forms_of(step), where)
    made = {
        form: template(forms, form, SPOKEN_PLACEHOLDERS if form == VOICE else PLACEHOLDERS, where)
        for form in forms
        if form != SHORTEST
    }
    if SHORTEST in forms:
        whole, bare = without_extras(text(forms, SHORTEST, where))
        for form, said in ((SHORTEST, whole), (BARE, bare)):
            made[form] = compile_template(said, PLACEHOLDERS, f"{where} {SHORTEST}")
    return made
