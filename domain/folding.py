"""Words for comparing: without case, accents and punctuation."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """A text for comparing: without case and accents."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in their order: "Café-Bar" has "cafe" and "bar"."""
    return _WORD.findall(folded(text))


def line_of_words(*texts: str) -> str:
    """All words of some texts, once each, as " cafe bar ": a word that begins with `ba` is then
    wherever " ba" is, in any database."""
    found = dict.fromkeys(word for text in texts for word in words_of(text))
    return f" {' '.join(found)} " if found else ""
