"""The pages' templates in another language, translated once, when they are compiled.

The English of a template is translated in its source (`segments`). Words in its expressions, such
as a field's label, are marked as our own and are said where they reach the page, as are the marked
words that Python hands over. A request costs what it costs in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.visitor import NodeTransformer

import templates
from api.pages.own_words import Phrases, Words
from api.pages.segments import translate

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""What the staff's pages speak, each by its own name."""


@lru_cache(maxsize=4)
def catalog(language: str) -> Mapping[str, Mapping[str, str]]:
    """A language's catalog: messages of the templates under `pages`, our own words under `words`.

    Raises:
        FileNotFoundError: the language is not spoken here.
    """
    text = (files(templates) / "staff" / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class Spoken(Extension):
    """Translates a template's source before it is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source in the environment's language."""
        said: Callable[[str], str] = self.environment.say_message  # type: ignore[attr-defined]
        return translate(source, said)


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
        self.filters["spoken"] = self.spoken
        for name in ("capitalize", "join", "lower", "trim", "upper"):
            self.filters[name] = self._after_saying(self.filters[name])

    def spoken(self, value: Any) -> Any:
        """What reaches a page: our own words translated, everything else untouched."""
        return self.phrases.say(value) if type(value) is Words else value

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

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        """The name of an item is not said."""
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """What is put together is said first, or the whole would be unknown."""
        parts = [
            nodes.Filter(self.visit(part), "spoken", [], [], None, None, lineno=node.lineno)
            for part in node.nodes
        ]
        return nodes.Concat(parts, lineno=node.lineno)


def spoken_environment(language: str, like: Environment) -> Environment:
    """The environment of a language, with everything that the English one has."""
    book = catalog(language)
    pages = book["pages"]
    made = build(lambda text: pages.get(text, text), Phrases(book["words"]), like)
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
    names = ("own", "spoken", "capitalize", "join", "lower", "trim", "upper")
    return {name: made.filters[name] for name in names}
