"""One language of the messages: its folder of TOML files, read, checked and kept.

`language.toml` holds what all messages share; `<step>.toml` holds the texts of one step, one
table per variant (`defendant`, `family`, `family_detained`, …), each with `sms`, `short`,
`shortest` (tried in this order until a text fits two segments) and `email`. Adding a language
is adding a folder; `lacks` says what is still to be written.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.dates_in_words import DateWords, date_words
from domain.placeholders import BadTemplate, Template, compile_template

COMMON_FILE: Final = "language.toml"
SMS_FORMS: Final = ("sms", "short", "shortest")

_FAMILY_TOO: Final = ("defendant", "family")
_CUSTODY_TOO: Final = (*_FAMILY_TOO, "family_detained")
VARIANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "enrolled": tuple(v + no_date for v in _CUSTODY_TOO for no_date in ("", "_no_date")),
    "before_7": _CUSTODY_TOO,
    "before_3": _CUSTODY_TOO,
    "before_1": _CUSTODY_TOO,
    "morning": _CUSTODY_TOO,
    "changed": tuple(v + place for v in _CUSTODY_TOO for place in ("", "_place")),
    "cancelled": _CUSTODY_TOO,
    "post_miss": _FAMILY_TOO,
    "plan_step": _FAMILY_TOO,
    "plan_step_missed": _FAMILY_TOO,
    "digest": ("agency",),
}
"""The steps and, for each, the variants that every language must have."""

PLACEHOLDERS: Final = frozenset(
    {
        "hub",
        "phone",
        "hello",
        "who",
        "day",
        "day_short",
        "date",
        "at",
        "clock",
        "place",
        "place_short",
        "kind",
        "old_day",
        "old_day_short",
        "old_at",
        "old_clock",
        "old_place",
        "old_place_short",
        "step",
        "by",
        "by_short",
        "more",
        "page",
        "counsel",
        "listed",
        "stop",
        "stop_short",
    }
)
"""What a text of a message may hold; `domain.words` says what each becomes."""

_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "hello": frozenset({"name"}),
    "hello_nameless": frozenset(),
    "someone": frozenset(),
    "room": frozenset({"room"}),
    "place_unknown": frozenset(),
    "by": frozenset({"due"}),
    "more": frozenset({"link"}),
    "page": frozenset({"link"}),
    "counsel": frozenset({"counsel_phone"}),
    "stop": frozenset(),
    "stop_short": frozenset(),
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """The texts of one step, by variant and form.

    Attributes:
        subject: of its e-mails; None for the language's own.
        version: short SHA-256 over this file and the language's common one.
    """

    variants: Mapping[str, Mapping[str, Template]]
    subject: Template | None
    version: str


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """Everything that one language says."""

    code: str
    name: str
    dates: DateWords
    words: Mapping[str, Template]
    kinds: Mapping[str, str]
    subject: Template
    frame: Template
    steps: Mapping[str, StepWords]

    def lacks(self) -> tuple[str, ...]:
        """What is missing for this language to be complete, one line each."""
        gaps = []
        for step, variants in VARIANTS.items():
            held = self.steps[step].variants if step in self.steps else {}
            for variant in variants:
                forms = held.get(variant, {})
                gaps += [
                    f"{self.code}/{step}.toml [{variant}] {form}"
                    for form in (*SMS_FORMS, "email")
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
    common = _toml(files[COMMON_FILE], where)
    _refuse_unknown(common, {"name", "dates", "words", "kinds", "email"}, where)
    words, email = _table(common, "words", where), _table(common, "email", where)
    _refuse_unknown(words, set(_WORDS), f"{where} [words]")
    frame = PLACEHOLDERS | {"body"}
    return LanguageWords(
        code=code,
        name=_string(common, "name", where),
        dates=date_words(_table(common, "dates", where), f"{where} [dates]"),
        words={key: _template(words, key, names, where) for key, names in _WORDS.items()},
        kinds=_kinds(_table(common, "kinds", where), where),
        subject=_template(email, "subject", {"hub"}, where),
        frame=_template(email, "frame", frame, where),
        steps={
            name.removesuffix(".toml"): _step(code, name, source, files[COMMON_FILE])
            for name, source in sorted(files.items())
            if name != COMMON_FILE
        },
    )


def _step(code: str, name: str, source: str, common: str) -> StepWords:
    where, step = f"{code}/{name}", name.removesuffix(".toml")
    if step not in VARIANTS:
        raise BadTemplate(where, f"no such step; there are {', '.join(VARIANTS)}.")
    table = _toml(source, where)
    _refuse_unknown(table, {"subject", *VARIANTS[step]}, where)
    variants = {}
    for variant in table:
        if variant == "subject":
            continue
        forms = _table(table, variant, where)
        _refuse_unknown(forms, {*SMS_FORMS, "email"}, f"{where} [{variant}]")
        variants[variant] = {
            form: _template(forms, form, PLACEHOLDERS, f"{where} [{variant}]") for form in forms
        }
    subject = _template(table, "subject", {"hub"}, where) if "subject" in table else None
    digest = hashlib.sha256(f"{common}\0{source}".encode()).hexdigest()
    return StepWords(variants, subject, digest[:12])


def _toml(source: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(where, f"is not valid TOML: {error}.") from error


def _refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise BadTemplate(where, f"unknown entry {key!r}; known: {', '.join(sorted(known))}.")


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = table.get(key)
    if not isinstance(value, dict):
        raise BadTemplate(where, f"needs a table [{key}].")
    return value


def _string(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadTemplate(where, f"needs a text {key!r}.")
    return value.strip()


def _template(
    table: Mapping[str, Any], key: str, allowed: frozenset[str] | set[str], where: str
) -> Template:
    return compile_template(_string_kept(table, key, where), allowed, f"{where} {key}")


def _string_kept(table: Mapping[str, Any], key: str, where: str) -> str:
    """As `_string`, but a clause such as ", by {due}" keeps its place in the sentence."""
    _string(table, key, where)
    return str(table[key]).strip("\n")


def _kinds(table: Mapping[str, Any], where: str) -> Mapping[str, str]:
    _string(table, "other", f"{where} [kinds]")
    return {key: _string(table, key, f"{where} [kinds]") for key in table}
