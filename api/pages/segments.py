"""A template's English, message by message: found in its source, and said in another language.

A message is a run of text with the inline tags and `{{ values }}` in it, between blocks of the
page and `{% statements %}`. Tags become `<1>…</1>`, values `{1}`, in the order of the English. The
attributes that people read or hear (`aria-label`, `title`, `alt`, `placeholder`) are messages, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], str]

_JINJA = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
_TOKEN = re.compile(
    rf"(?P<value>\{{\{{.*?\}}\}})|(?P<statement>\{{%.*?%\}})|(?P<note>\{{\#.*?\#\}}|<!.*?>)"
    rf"|(?P<raw><(?:svg|script|style)\b.*?</(?:svg|script|style)>)"
    rf"|(?P<tag></?[a-zA-Z](?:{_JINJA}|[^<>])*>)",
    re.DOTALL,
)
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_INLINE = frozenset(
    {"a", "abbr", "b", "br", "cite", "code", "em", "i", "kbd", "s", "small", "span", "strong"}
    | {"sub", "sup", "time", "wbr"}
)
_EMPTY = frozenset({"br", "wbr"})
_SHAPE = re.compile(r"\{\{-?\s*shape\(")
_ATTRIBUTE = re.compile(
    rf'(?P<head>\s(?:aria-label|title|alt|placeholder)=")(?P<text>(?:{_JINJA}|[^"])*)"', re.DOTALL
)
_UNREAD = re.compile(rf'(?P<name>(?<![\w-])[a-z][a-z-]*)="(?P<text>(?:{_JINJA}|[^"])*)"', re.DOTALL)
_READ_ATTRIBUTES = frozenset(
    {"aria-label", "title", "alt", "placeholder", "data-stopped", "data-twice", "data-failed"}
)
_SAID_VALUE = re.compile(r"\{\{(-?)(.*?)(-?)\}\}", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_ENTITY = re.compile(r"&#?\w+;")
_NO_WORDS = re.compile(r"[\w-]+=\"[^\"]*|^-[a-z-]+\"?$")
"""Pieces of markup that a macro writes into a tag: ` aria-describedby="`, `-hint`."""
_PLACE = re.compile(r"\{([0-9]+)\}|<(/?)([0-9]+)>")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a template: `kind` is text, value, tag or wall (what ends a message)."""

    kind: str
    source: str

    @property
    def name(self) -> str:
        """A tag's name."""
        found = _NAME.match(self.source)
        return found[1].lower() if found else ""

    @property
    def closes(self) -> bool:
        """Whether it is a closing tag."""
        return self.source.startswith("</")


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its text with places, and what stands in the places."""

    text: str
    places: dict[str, str]

    def fill(self, text: str) -> str:
        """A text of the same places, as template source."""
        return _PLACE.sub(lambda place: self.places[place[0]], text)


def places_of(text: str) -> list[str]:
    """The places of a message, in no order: `{1}`, `<1>`, `</1>`."""
    return sorted(place[0] for place in _PLACE.finditer(text))


def translate(source: str, say: Say) -> str:
    """A template's source with every message said by `say` (message → message)."""
    out: list[str] = []
    run: list[Token] = []
    for token in _tokens(source):
        if token.kind == "wall":
            out += [_said(run, say), _attributes(token.source, say)]
            run = []
        else:
            run.append(token)
    return "".join([*out, _said(run, say)])


def messages(source: str) -> list[str]:
    """The messages of a template, in the order in which they stand there."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    translate(source, note)
    return found


def keep_attributes(source: str) -> str:
    """A template's source in which no value of an attribute is said that nobody reads or hears.

    A field is called "password" in every language: its name, its id, what points to it.
    """

    def kept(found: re.Match[str]) -> str:
        if found["name"] in _READ_ATTRIBUTES or "{{" not in found["text"]:
            return found[0]
        text = _SAID_VALUE.sub(r"{{\1 (\2) | unsaid \3}}", found["text"])
        return f'{found["name"]}="{text}"'

    return _UNREAD.sub(kept, source)


def _tokens(source: str) -> list[Token]:
    tokens, at = [], 0
    for match in _TOKEN.finditer(source):
        if match.start() > at:
            tokens.append(Token("text", source[at : match.start()]))
        tokens.append(_token(match))
        at = match.end()
    if at < len(source):
        tokens.append(Token("text", source[at:]))
    return tokens


def _token(match: re.Match[str]) -> Token:
    kind, piece = match.lastgroup, match[0]
    if kind == "value":
        return Token("value", piece)
    tag = Token("tag", piece)
    return tag if kind == "tag" and tag.name in _INLINE else Token("wall", piece)


def _said(run: list[Token], say: Say) -> str:
    """A run of inline pieces, in which tags that are open at one end stand between messages."""
    loose = _loose(run)
    out: list[str] = []
    part: list[Token] = []
    for at, token in enumerate(run):
        if at in loose:
            out += [_part(part, say), _attributes(token.source, say)]
            part = []
        else:
            part.append(token)
    return "".join([*out, _part(part, say)])


def _loose(run: list[Token]) -> set[int]:
    """Where the tags stand that are not both opened and closed in one part of a run: those without
    the other one, and those with such a tag between them, which parts them."""
    loose: set[int] = set()
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for at, token in enumerate(run):
        if token.kind != "tag" or token.name in _EMPTY:
            continue
        if not token.closes:
            opened.append(at)
        elif opened and run[opened[-1]].name == token.name:
            pairs.append((opened.pop(), at))
        else:
            loose.add(at)
    loose |= set(opened)
    for start, end in pairs:  # the inner before the outer, so one walk is enough
        if any(start < at < end for at in loose):
            loose |= {start, end}
    return loose


def _part(part: list[Token], say: Say) -> str:
    if not any(token.kind == "text" and _has_letters(token.source) for token in part):
        return "".join(_attributes(token.source, say) for token in part)
    start, end = _core(part)
    if start == 0 and end == len(part):
        return _message(part, say)
    return _part(part[:start], say) + _part(part[start:end], say) + _part(part[end:], say)


def _core(part: list[Token]) -> tuple[int, int]:
    """The part without what only surrounds it: shapes, space, and a tag around the whole."""
    start, end = 0, len(part)
    while start < end and _is_edge(part[start]):
        start += 1
    while start < end and _is_edge(part[end - 1]):
        end -= 1
    if end - start > 1 and _pair(part[start:end]):
        return start + 1, end - 1
    return start, end


def _is_edge(token: Token) -> bool:
    if token.kind == "text":
        return not token.source.strip()
    return (token.kind == "value" and bool(_SHAPE.match(token.source))) or token.name in _EMPTY


def _pair(part: list[Token]) -> bool:
    """Whether the first and the last piece are one tag around all between them."""
    first, last = part[0], part[-1]
    if first.kind != "tag" or first.closes or not last.closes:
        return False
    return first.name == last.name and not _loose(part[1:-1])


def _message(part: list[Token], say: Say) -> str:
    message = _build(part, say)
    text = message.text
    core = " ".join(text.split())
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    said = say(core)
    return before + message.fill(core if said == core else said) + after


def _build(part: list[Token], say: Say) -> Message:
    texts: list[str] = []
    places: dict[str, str] = {}
    opened: list[str] = []
    for token in part:
        place = token.source
        if token.kind == "value":
            place = f"{{{sum(key[0] == '{' for key in places) + 1}}}"
        elif token.kind == "tag":
            if token.closes:
                place = f"</{opened.pop()}>"
            else:
                number = str(sum(key[0] == "<" and key[1] != "/" for key in places) + 1)
                place = f"<{number}>"
                if token.name not in _EMPTY:
                    opened.append(number)
        if token.kind != "text":
            places[place] = _attributes(token.source, say)
        texts.append(place)
    return Message("".join(texts), places)


def _attributes(source: str, say: Say) -> str:
    """A tag with what people read or hear of it said; anything else as it is."""
    if not source.startswith("<") or source.startswith(("<svg", "<script", "<style", "<!")):
        return source
    return _ATTRIBUTE.sub(lambda found: f'{found["head"]}{_plain(found["text"], say)}"', source)


def _plain(text: str, say: Say) -> str:
    tokens = _tokens(text)
    if any(token.kind in {"wall", "tag"} for token in tokens):
        return _said(tokens, say) if "{%" in text else text
    return _part(tokens, say)


def _has_letters(text: str) -> bool:
    return bool(_LETTER.search(_NO_WORDS.sub("", _ENTITY.sub("", text))))
