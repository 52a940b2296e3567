"""What the staff's pages do not say in a language yet, as lines for its catalog.

    python -m scripts.staff_words es [template …]

Prints, template by template, every message and every word of a template's expressions that
`templates/staff/<language>/` has no words for.
"""

import json
import sys
from collections.abc import Iterator

from jinja2 import Environment, nodes

from api.pages.desk import FOLDER
from api.pages.own_words import Phrases
from api.pages.segments import messages
from api.pages.translating import catalog

_READ = frozenset({"label", "hint", "empty", "legend", "who", "title"})
"""Arguments of the pages' own macros whose values people read."""
_PARSER = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)


def source_of(template: str) -> str:
    """A page's template as it is written."""
    return (FOLDER / template).read_text(encoding="utf-8")


def words_of(template: str) -> list[str]:
    """The sentences and words in a template's expressions that a person reads.

    A word in small letters alone may be a state, a field's name or an icon, and is left out.
    """
    found = dict.fromkeys(_constants(_PARSER.parse(source_of(template))))
    said = [word for word in found if word[:1].isupper() or " " in word.strip()]
    return [word for word in said if not {"{", "%"} & set(word)]


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        if any(one.isalpha() for one in node.value) and node.value[0] not in "/#?&":
            yield node.value
        return
    for inner in _inside(node):
        yield from _constants(inner)


def _inside(node: nodes.Node) -> Iterator[nodes.Node]:
    """What of a node can reach the page: not what is compared, looked up or imported."""
    if isinstance(
        node, nodes.Compare | nodes.Getitem | nodes.Extends | nodes.Import | nodes.FromImport
    ):
        return
    if isinstance(node, nodes.Concat):
        # A sentence with values is a pattern of the catalog, which a test meets on the page.
        return
    if isinstance(node, nodes.Keyword) and node.key not in _READ:
        return
    if isinstance(node, nodes.Filter):
        if node.node is not None:
            yield node.node
        return
    yield from node.iter_child_nodes()


def missing(language: str, template: str) -> tuple[list[str], list[str]]:
    """The messages and the words of a template that a language does not have."""
    book = catalog(language)
    phrases = Phrases(book.words)
    pages = dict.fromkeys(messages(source_of(template)))
    return (
        [text for text in pages if text not in book.pages],
        [word for word in words_of(template) if phrases.known(word) is None],
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(language: str, *templates: str) -> None:
    """Print what is missing, ready to be translated."""
    every = sorted(one.name for one in FOLDER.iterdir() if one.name.endswith(".html"))
    for template in templates or every:
        for table, texts in zip(("pages", "words"), missing(language, template), strict=True):
            if texts:
                _say(f"# {template}\n[{table}]")
                _say("\n".join(f"{json.dumps(text, ensure_ascii=False)} = " for text in texts))


if __name__ == "__main__":
    main(*sys.argv[1:])
