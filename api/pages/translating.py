"""The pages' templates in another language, translated once, when they are compiled.

The English of a template is translated in its source (`segments`). Words in its expressions, such
as a field's label, are marked as our own and are said where they reach the page, as are the marked
words that Python hands over. A request costs what it costs in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.runtime import markup_join
from jinja2.visitor import NodeTransformer

import templates
from api.pages.own_words import Phrases, Words
from api.pages.segments import keep_attributes, translate

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""What the staff's pages speak, each by its own name."""


@dataclass(frozen=True, slots=True)
class Book:
    """A language's catalog: messages of the templates, and our own words elsewhere."""

    pages: Mapping[str, str]
    words: Mapping[str, str]


class SaidTwice(ValueError):
    """Two files of one catalog say the same English."""


@lru_cache(maxsize=4)
def catalog(language: str) -> Book:
    """The catalog of a language, from every file of its folder.

    Raises:
        SaidTwice: a message stands in two files.
    """
    pages: dict[str, str] = {}
    words: dict[str, str] = {}
    for file in sorted((files(templates) / "staff" / language).iterdir(), key=lambda one: one.name):
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        for known, new in ((pages, read.get("pages", {})), (words, read.get("words", {}))):
            twice = known.keys() & new.keys()
            if twice:
                raise SaidTwice(f"{file.name}: {sorted(twice)} stand in another file, too.")
            known.update(new)
    return Book(pages, words)


class Spoken(Extension):
    """Translates a template's source before it is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source in the environment's language."""
        said: Callable[[str], str] = self.environment.say_message  # type: ignore[attr-defined]
        return keep_attributes(translate(source, said))


class Glued(str):
    """What a template put together: the same text everywhere, and how it is said on a page."""

    said: str

    @classmethod
    def of(cls, text: str, said: str) -> Glued:
        """A text with how it is said."""
        made = cls(text)
        made.said = said
        return made


def _unsaid(value: Any) -> Any:
    """What reaches an attribute that nobody reads: a field's name is no word of a language."""
    return str.__str__(value) if type(value) in (Words, Glued) else value


class SpokenEnvironment(Environment):
    """An environment whose templates speak another language than English.

    Args:
        pages: message → message, for the templates' own English.
        phrases: our own words in that language.
    """

    def __init__(self, pages: Callable[[str], str], phrases: Phrases, **options: Any) -> None:
        self.say_message = pages
        self.phrases = phrases
        super().__init__(**options, extensions=[Spoken], finalize=self.spoken)
        self.filters["own"] = Words
        self.filters["glued"] = self.glued
        self.filters["unsaid"] = _unsaid
        for name in ("capitalize", "join", "lower", "trim", "upper"):
            self.filters[name] = self._after_saying(self.filters[name])

    def spoken(self, value: Any) -> Any:
        """What reaches a page: our own words translated, everything else untouched."""
        if type(value) is Glued:
            return value.said
        return self.phrases.say(value) if type(value) is Words else value

    def glued(self, parts: list[Any]) -> Any:
        """What a template puts together with `~`: one sentence if the language knows it as one."""
        if any(hasattr(part, "__html__") for part in parts):
            return markup_join(self.spoken(part) for part in parts)
        whole = "".join(str(part) for part in parts)
        if self.phrases.known(whole) is not None:
            return Words(whole)
        return Glued.of(whole, "".join(str(self.spoken(part)) for part in parts))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        marked: nodes.Template = _Marking(self.phrases).visit(tree)
        return marked

    def _after_saying(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def filtered(context: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(value, str) and hasattr(value, "__iter__"):
                value = [self.spoken(one) for one in value]
            return work(*context, self.spoken(value), *args, **kwargs)

        return _like(work, filtered)


def _like(work: Callable[..., Any], filtered: Callable[..., Any]) -> Callable[..., Any]:
    """The same calling convention: Jinja hands some filters its evaluation context."""
    kind = getattr(work, "jinja_pass_arg", None)
    if kind is None:
        return lambda value, *args, **kwargs: filtered((), value, *args, **kwargs)

    def with_context(context: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return filtered((context,), value, *args, **kwargs)

    with_context.jinja_pass_arg = kind  # type: ignore[attr-defined]
    return with_context


class _Marking(NodeTransformer):
    """Marks the words in a template's expressions that the language knows."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        """A constant that the catalog has is ours; it still equals itself."""
        if isinstance(node.value, str) and self.phrases.known(node.value) is not None:
            return nodes.Filter(node, "own", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        """What is only compared is not said."""
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        """What a hub calls its participants is one of few words, chosen in its settings."""
        if node.attr == "participant_word":
            return nodes.Filter(node, "own", [], [], None, None, lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        """The name of an item is not said."""
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """A sentence with values, or words beside each other."""
        if not any(_has_words(part) for part in node.nodes):
            return node
        parts = nodes.List([self.visit(part) for part in node.nodes], lineno=node.lineno)
        return nodes.Filter(parts, "glued", [], [], None, None, lineno=node.lineno)


def _has_words(part: nodes.Node) -> bool:
    """Whether something put together can be a sentence: an address has no space and no stop."""
    if not isinstance(part, nodes.Const):
        return False
    text = str(part.value)
    return " " in text or text == "." or any(one.isalpha() for one in text)


def spoken_environment(language: str, like: Environment) -> SpokenEnvironment:
    """The environment of a language, with everything that the English one has."""
    book = catalog(language)
    made = build(lambda text: book.pages.get(text, text), Phrases(book.words), like)
    made.globals["speaks"] = language
    return made


def build(pages: Callable[[str], str], phrases: Phrases, like: Environment) -> SpokenEnvironment:
    """An environment that says everything as it is told, otherwise like another one."""
    made = SpokenEnvironment(
        pages,
        phrases,
        loader=like.loader,
        autoescape=like.autoescape,
        undefined=like.undefined,
        trim_blocks=like.trim_blocks,
        lstrip_blocks=like.lstrip_blocks,
    )
    made.filters = {**like.filters, **_own_filters(made)}
    made.globals.update(like.globals)
    return made


def _own_filters(made: SpokenEnvironment) -> dict[str, Callable[..., Any]]:
    names = ("own", "glued", "unsaid", "capitalize", "join", "lower", "trim", "upper")
    return {name: made.filters[name] for name in names}
