"""What a person wrote in an e-mail, without what they answered to and without their signature.

Works line by line and takes seconds at most, whatever a stranger sends. Words below a quotation
are kept: many people answer underneath.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

MOST_LINES: Final = 2000
MOST_HTML: Final = 40_000
"""Python's HTML parser takes time in the square of a text that never closes its tags."""
_LINE: Final = 300
_HEADER_LINES: Final = 6

_ATTRIBUTION = re.compile(
    r"(?=.*\d)(?:on\b.{4,400}\bwrote|el\b.{4,400}\bescribi[oó]|le\b.{4,400}\ba écrit"
    r"|em\b.{4,400}\bescreveu|.{4,400}\bte ekri)\s?:",
    re.IGNORECASE,
)
"""The line above a quotation, by English, Spanish, French, Portuguese and Creole programs."""
_SEPARATOR = re.compile(
    r"_{8,}|-{2,}\s*(?:original message|mensaje original|message d'origine|message original"
    r"|mensagem original|mesaj orijinal|forwarded message|mensaje reenviado)\s*-{2,}",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"--\s?")
_PHONE_SIGNATURE = re.compile(
    r"(?:sent (?:from|via)|get outlook for|sent with|enviado (?:desde|por|con)|obten(?:er|ga)"
    r" outlook|envoyé (?:de|depuis|à partir)|télécharger outlook|voye (?:depi|sou))\b.{0,80}",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:from|de|desde)\s?:\*?\s?\S.*", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"\*?(?:sent|date|to|subject|enviado|fecha|para|asunto|envoyé|à|objet)\s?:\*?\s?\S.*",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The lines that the sender wrote themselves."""
    lines = [line.strip()[:_LINE] for line in text.splitlines()[:MOST_LINES]]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        length = _attribution_at(lines, at)
        if length and _next(lines, at + length).startswith(">"):
            at += length
            continue
        if length or _ends_here(lines, at):
            break
        if not line.startswith(">") and not _PHONE_SIGNATURE.fullmatch(line):
            kept.append(line)
        at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _attribution_at(lines: list[str], at: int) -> int:
    """How many lines the "On …, … wrote:" that begins here takes; 0 for none."""
    for length in (1, 2, 3):
        taken = lines[at : at + length]
        if not all(taken):
            return 0
        if _ATTRIBUTION.fullmatch(" ".join(taken)):
            # Words such as "On Tuesday I can" just above it are not part of it.
            later = (" ".join(taken[begin:]) for begin in range(1, length))
            return 0 if any(map(_ATTRIBUTION.fullmatch, later)) else length
    return 0


def _ends_here(lines: list[str], at: int) -> bool:
    """Whether all that follows is a signature or somebody else's words."""
    line = lines[at]
    if _SIGNATURE.fullmatch(line) or _SEPARATOR.fullmatch(line):
        return True
    if not _FROM.fullmatch(line):
        return False
    after = lines[at + 1 : at + _HEADER_LINES]
    return sum(_OTHER_HEADER.fullmatch(other) is not None for other in after) >= 2


def _next(lines: list[str], at: int) -> str:
    return next((line for line in lines[at : at + 3] if line), "")


def words_of_html(page: str) -> str:
    """The words of an e-mail that came as HTML alone, without quotations that its markup names."""
    body = re.search("<body", page, re.IGNORECASE)
    reader = _Words()
    reader.feed(page[body.start() if body else 0 :][:MOST_HTML])
    reader.close()
    return "".join(reader.said)


class _Words(HTMLParser):
    """Collects words until the quotation begins."""

    _HIDDEN: Final = frozenset({"head", "style", "script", "title", "blockquote"})
    _BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3"})
    _QUOTES: Final = ("gmail_quote", "yahoo_quoted", "appendonsend", "divrplyfwdmsg", "moz-cite")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden: list[str] = []
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = " ".join(value or "" for name, value in attrs if name in ("class", "id")).lower()
        self._ended = self._ended or any(quote in named for quote in self._QUOTES)
        if tag in self._HIDDEN:
            self._hidden.append(tag)
        if tag in self._BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        if tag in ("p", "div", "tr"):
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden and not self._ended:
            self.said.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))
