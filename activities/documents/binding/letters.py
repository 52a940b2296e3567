"""A letter of support as pages: addressed to the judge, signed, with its translation behind it."""

from __future__ import annotations

import re
from typing import Any

from babel import Locale, UnknownLocaleError

from activities.documents.binding.typesetting import HAS_MARGINS, language_code, one_line, typeset
from activities.documents.binding.values import LetterPage
from activities.documents.template_language import clean_text

_SALUTATION = {"en": "Your Honor:", "es": "Su Señoría:", "ht": "Onorab Jij,"}
_CLOSING = {"en": "Respectfully,", "es": "Respetuosamente,", "ht": "Avèk respè,"}
_REGARDING = {"en": "Regarding {}", "es": "Asunto: {}", "ht": "Konsènan {}"}
_LONGEST_GREETING = 70
_LONGEST_HEAD = 60
_COMMAS = (",", "，", "،", "、")


def letter_pdf(page: LetterPage) -> bytes:
    """The letter's pages: letter size, tagged, each language marked; same letter, same bytes.

    A greeting and a closing are added where the letter has none of its own, in its own language
    as far as known (English, Spanish, Haitian Creole). A translation begins a page of its own.
    """
    title = one_line(f"Letter of {page.writer}")
    versions = letter_versions(page)
    return typeset("letter", {"title": title, "mark": HAS_MARGINS, "versions": versions})


def letter_versions(page: LetterPage) -> list[dict[str, Any]]:
    """What stands on the letter's pages, part by part: the original, then its translation. For
    whoever shows the letter otherwise than on paper."""
    original, translated = bool(page.body.strip()), bool(page.translation.strip())
    versions = []
    if original or not translated:
        versions.append(_version(page, page.body, language_code(page.language)))
        if translated:
            versions[0]["banner"] = (
                f"Original in {_language_name(page)}. An English translation follows."
            )
    if translated:
        versions.append(_version(page, page.translation, "en") | _translators_words(page))
    return versions


def _version(page: LetterPage, body: str, language: str) -> dict[str, Any]:
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", clean_text(body)) if part.strip()]
    greeting = _SALUTATION.get(language, "")
    if greeting and not (paragraphs and _is_greeting(paragraphs[0].split("\n")[0])):
        paragraphs.insert(0, greeting)
    closes_itself, signed = _is_closing(paragraphs[-1:]), one_line(page.signed_as)
    return {
        "language": language,
        "banner": "",
        "writer": one_line(page.writer),
        "about": _about_writer(page),
        "date": page.date,
        "to": page.to,
        "regarding": _regarding(page, language),
        "paragraphs": paragraphs,
        "closing": "" if closes_itself else _CLOSING.get(language, ""),
        "signature": f"/s/ {signed}" if signed else "",
        "under": _under_signature(page),
        "remark": "" if signed else "This letter has not been signed yet.",
        "running": f"{_short(page.writer)}, page",
    }


def _translators_words(page: LetterPage) -> dict[str, Any]:
    signed = one_line(page.signed_as)
    by = f" by {one_line(page.translated_by)}" if page.translated_by.strip() else ""
    return {
        "banner": f"Translated from {_language_name(page)}{by}",
        # Nobody signs a translation: the name is told, not given as a signature.
        "signature": "",
        "under": [f"Signed in the original: {signed}"] if signed else [],
        "running": f"{_short(page.writer)}, translation, page",
    }


def _short(name: str) -> str:
    """A name for the head of the later pages, where there is one line."""
    whole = one_line(name)
    return whole if len(whole) <= _LONGEST_HEAD else f"{whole[:_LONGEST_HEAD]}…"


def _regarding(page: LetterPage, language: str) -> str:
    if not page.person.strip():
        return ""
    return _REGARDING.get(language, "Re: {}").format(one_line(page.person))


def _about_writer(page: LetterPage) -> str:
    relationship = one_line(page.relationship)
    about = (relationship[:1].upper() + relationship[1:], one_line(page.contact))
    return " · ".join(filter(None, about))


def _under_signature(page: LetterPage) -> list[str]:
    """The printed name, unless it is the signature once more."""
    signed, writer = one_line(page.signed_as), one_line(page.writer)
    return [writer] if writer and writer.casefold() != signed.casefold() else []


def _is_greeting(line: str) -> bool:
    return len(line) <= _LONGEST_GREETING and line.rstrip().endswith((*_COMMAS, ":", "："))


def _is_closing(last: list[str]) -> bool:
    """Whether the last paragraph is the letter's own "Sincerely," with or without a name."""
    lines = [line.strip() for line in "".join(last).split("\n")]
    short = len(lines) <= 2 and sum(map(len, lines)) <= _LONGEST_GREETING
    return short and lines[0].endswith(_COMMAS)


def _language_name(page: LetterPage) -> str:
    try:
        name = Locale.parse(language_code(page.language)).get_display_name("en")
    except (UnknownLocaleError, ValueError):
        name = None
    return str(name or page.language)
