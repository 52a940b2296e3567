"""Words that pages take from Python are known in Spanish, also where no scene meets them."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import api.pages
from api.pages.own_words import Phrases, Words
from api.pages.translating import catalog

PHRASES = Phrases(catalog("es").words)
MODULES = sorted(one.name for one in pkgutil.iter_modules(api.pages.__path__))
ASKS = frozenset({"line", "text", "choice", "day", "clock", "refuse"})
"""What a form calls with what it says about a mistake."""
BY_LINK = frozenset({"counsel_pages"})
"""What counsel reads by link, in English."""


def marked_words(value: object, depth: int = 0) -> Iterator[str]:
    """The words of our own in a table, however deep."""
    if type(value) is Words:
        yield value
    elif depth < 4:
        for inner in _inside(value):
            yield from marked_words(inner, depth + 1)


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, tuple | list | set | frozenset):
        yield from value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (getattr(value, one.name, None) for one in fields(value))


def mistakes(module: str) -> Iterator[str]:
    """What the forms of a module say about mistakes, as far as it stands there word for word."""
    source = Path(next(iter(api.pages.__path__)), f"{module}.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in ASKS and getattr(node.func.value, "id", "") == "form":
            for said in node.args[1:]:
                if isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value:
                    yield said.value


@pytest.mark.parametrize("module", MODULES)
def test_a_table_of_our_own_words_is_known(module: str) -> None:
    held = vars(importlib.import_module(f"api.pages.{module}")).values()
    said = {word for value in held for word in marked_words(value)}
    assert [word for word in sorted(said) if PHRASES.known(word) is None] == []


@pytest.mark.parametrize("module", sorted(set(MODULES) - BY_LINK))
def test_what_a_form_says_about_a_mistake_is_known(module: str) -> None:
    assert [said for said in mistakes(module) if PHRASES.known(said) is None] == []


def test_mistakes_are_found_where_they_are() -> None:
    assert "Say whose it is." in [*mistakes("hub_page")]
    assert sum(len([*mistakes(module)]) for module in MODULES) > 80
