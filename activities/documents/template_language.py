"""The small language of packet templates: placeholders, `if`, `for` and a few plain filters.

Hubs upload their own templates, so a template is treated as a stranger's. Three fences, each
enough for the common attack:

1. the syntax tree may hold only the nodes listed here: no calls, no assignments, no macros, no
   multiplication (`"x" * 10**9`), no `%` formatting, no filter that writes markup or repeats text;
2. placeholders read only mappings, list positions and a loop's counters, never a Python attribute;
3. the result is bounded, whatever loops a template puts inside loops.

Values are made safe as they are printed: XML escaped, characters that XML forbids removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from activities.documents.errors import RenderingTooLarge, TemplateSyntax, UnsafeExpression
from activities.documents.pictures import Picture

MAX_MARKUP = 10_000_000
"""Characters of markup that one rendered part may have; a 17-page packet has some 200 000."""

MAX_VALUE = 1_000_000
"""Characters that one value may have: the XML parser drops texts over ten million unasked."""

FILTERS = frozenset(
    {"capitalize", "count", "d", "default", "first", "join", "last", "length", "lower"}
    | {"title", "trim", "upper"}
)
"""The filters that a template may use."""

_MAX_LOOP_DEPTH = 3
_TOO_DEEP = "too many tags or brackets inside each other"
_MOST_KEPT = 500_000
_ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.For, nodes.If),
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# XML 1.0, section 2.2 (Char), and the five controls that turn the direction of a whole line.
_FORBIDDEN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e]"
)


def clean_text(text: str) -> str:
    """`text` as a document can hold it.

    Every kind of line end becomes a newline. Removed: control characters and lone surrogates
    (XML forbids them; one would cost the whole paragraph) and the direction overrides U+202A to
    U+202E, by which one name could turn the rest of its line around. Right-to-left scripts need
    none of these.
    """
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


class PacketEnvironment(SandboxedEnvironment):
    """Jinja for packets: sandboxed, strict about missing values, escaping, bounded.

    `place` puts a picture into the document and answers with its markup; without it, as in the
    document's properties, a picture is refused.
    """

    def __init__(
        self, *, escape_xml: bool = True, place: Callable[[Picture], str] | None = None
    ) -> None:
        self._escape_xml = escape_xml
        self._place = place
        super().__init__(undefined=StrictUndefined, autoescape=escape_xml, finalize=self._finalized)
        self.globals.clear()
        self.template_class = BoundedTemplate

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """As Jinja's, of templates inside the language only: all roads to running lead here."""
        if not isinstance(source, str) or args or kwargs:
            raise NotImplementedError("Packet templates are compiled from their text alone.")
        if len(source) > _MOST_KEPT:
            return _code(source, self._escape_xml)
        return _kept_code(source, self._escape_xml)

    def _finalized(self, value: Any) -> Any:
        """A value as it is printed. Rich text made by this program carries its own markup."""
        if isinstance(value, Picture) and self._place:
            return _Placed(self._place(value))
        if not self._escape_xml:
            return _plain(value)
        return value if hasattr(value, "__html__") else _printable(value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`a.b`: a key of a mapping, or a counter of the loop; everything else is refused."""
        if isinstance(obj, Mapping):
            return self.getitem(obj, attribute)
        if isinstance(obj, LoopContext) and not attribute.startswith("_"):
            return super().getattr(obj, attribute)
        if obj is None or isinstance(obj, Undefined):
            return self.undefined(obj=obj, name=attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`a["b"]` of a mapping and `a[0]` of a list; a missing one is undefined."""
        if isinstance(obj, Mapping | list | tuple):
            with suppress(TypeError, LookupError):
                return obj[argument]
        elif obj is not None and not isinstance(obj, Undefined):
            return self.unsafe_undefined(obj, str(argument))
        return self.undefined(obj=obj, name=argument)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Markup of this program's own making, which Jinja prints as it is."""

    markup: str

    def __html__(self) -> str:
        return self.markup


class BoundedTemplate(Template):
    """A template that stops at `MAX_MARKUP` characters of output."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        return "".join(_bounded(self.generate(*args, **kwargs)))


def _code(source: str, escape_xml: bool) -> CodeType:
    """The code of a part of a template. Raises `TemplateSyntax` or `UnsafeExpression`."""
    environment = PacketEnvironment(escape_xml=escape_xml)
    tree = parsed(source, environment)
    try:
        return SandboxedEnvironment.compile(environment, tree)
    # Python's own compiler gives up on code that is too deep for it, in one of three ways.
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise TemplateSyntax(_TOO_DEEP) from error


_kept_code = lru_cache(maxsize=64)(_code)
"""A hub fills the same few templates again and again."""


def forget_compiled() -> None:
    """Compile every template anew: for measuring."""
    _kept_code.cache_clear()


def parsed(source: str, environment: PacketEnvironment) -> nodes.Template:
    """The syntax tree of `source`, when it stays inside the language.

    Raises `TemplateSyntax` or `UnsafeExpression`, each naming the place.
    """
    try:
        tree = environment.parse(source)
        _check(tree, 0)
    except TemplateSyntaxError as error:
        raise TemplateSyntax(readable(error.message or "")) from error
    except RecursionError as error:
        raise TemplateSyntax(_TOO_DEEP) from error
    return tree


def readable(message: str) -> str:
    """A template engine's message without the markup that surrounds tags in a Word file."""
    return re.sub(r"<[^>]*>", "", message)[:200]


def _check(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
        raise UnsafeExpression(_words_for(node))
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise UnsafeExpression(f"the filter {node.name!r}")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise UnsafeExpression(f"the private name {node.attr!r}")
    loops += isinstance(node, nodes.For)
    if loops > _MAX_LOOP_DEPTH:
        raise UnsafeExpression("too many loops inside each other")
    for child in node.iter_child_nodes():
        _check(child, loops)


def _words_for(node: nodes.Node) -> str:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name | nodes.Getattr):
        called = node.node.name if isinstance(node.node, nodes.Name) else node.node.attr
        return f"the call {called + '()'!r}"
    return f"{type(node).__name__.lower()!r}"


def _printable(value: Any) -> Markup:
    """A value as XML text."""
    # docxtpl turns "{_{" into "{{" after rendering; as a character reference "_" is left alone.
    return escape(_plain(value)).replace("_", Markup("&#95;"))


def _plain(value: Any) -> str:
    """A value as text; what is absent (None) leaves nothing, what is undefined raises."""
    if value is None:
        return ""
    if isinstance(value, Picture):
        raise UnsafeExpression("a picture where only text can stand")
    if not isinstance(value, str | int | float | Undefined):
        raise UnsafeExpression(f"a whole {type(value).__name__!r} where a text belongs")
    text = str(value)
    if len(text) > MAX_VALUE:
        raise RenderingTooLarge(MAX_VALUE)
    return clean_text(text)


def _bounded(pieces: Iterable[str]) -> Iterable[str]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_MARKUP:
            raise RenderingTooLarge(MAX_MARKUP)
        yield piece
