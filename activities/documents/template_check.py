"""The check of an uploaded packet template, before it replaces the one in use.

It finds what rendering one packet would not: a misspelt placeholder inside a condition that is
false today, a tag in a corner of the document that is never filled, a picture kept elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import nodes

from activities.documents.active_content import refuse_active_content
from activities.documents.docx_package import parts_hash, unpack
from activities.documents.docx_rendering import (
    PROPERTIES,
    PacketDocument,
    open_template,
    render_docx,
)
from activities.documents.errors import TemplateSyntax, UnknownPlaceholder
from activities.documents.template_language import PacketEnvironment, parsed

_LOOP = object()
_TEXT = object()


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """A template fit for use: its hash, the placeholders that it uses, and a filled preview."""

    parts_hash: str
    placeholders: frozenset[str]
    preview: bytes = field(repr=False)


def check_template(
    template: bytes | Path, full: Mapping[str, Any], *others: Mapping[str, Any]
) -> CheckedTemplate:
    """Check `template` against a context in which everything is filled, and render it.

    `full` decides which placeholders exist (a list needs one element or more); `others`, such as
    a sparse context, must render as well. Raises what `render_docx` raises, and `NotADocx` for a
    template that fetches things from elsewhere or has tags where none are filled.
    """
    content = template.read_bytes() if isinstance(template, Path) else template
    refuse_active_content(unpack(content))
    used: set[str] = set()
    environment = PacketEnvironment()
    for source in _sources(open_template(content)):
        _Walk(full, used).visit(parsed(source, environment), {})
    preview = render_docx(content, full)
    for context in others:
        render_docx(content, context)
    _refuse_unfilled(content)
    return CheckedTemplate(parts_hash(content), frozenset(used), preview)


def _sources(document: PacketDocument) -> Iterator[str]:
    """Every text that rendering fills, with its tags made readable."""
    core = document.get_docx().core_properties
    yield from (getattr(core, name) for name in PROPERTIES)
    yield document.patch_xml(document.get_xml())
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            yield document.patch_xml(document.get_part_xml(part))
    for part in document.docx.part.package.iter_parts():
        if str(part.content_type).endswith(".footnotes+xml"):
            yield document.patch_xml(part.blob.decode())


def _refuse_unfilled(template: bytes) -> None:
    for name, content in unpack(template).items():
        corner = re.search(r"word/(comments|endnotes|charts|diagrams|glossary)", name)
        if corner and re.search(rb"\{[{%]", content):
            raise TemplateSyntax(f"it stands in the {corner[1]}, which are not filled")


class _Walk:
    """Follows each placeholder through the full context, loops included, and notes its path."""

    def __init__(self, full: Mapping[str, Any], used: set[str]) -> None:
        self._full = full
        self._used = used

    def visit(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        """The example's value at `node` where it has one; `scope` holds the loops' names."""
        match node:
            case nodes.Name():
                return self._name(node, scope)
            case nodes.Getattr():
                return self._part(self.visit(node.node, scope), node.attr, node)
            case nodes.Getitem(arg=nodes.Const(value=str(key))):
                return self._part(self.visit(node.node, scope), key, node)
            case nodes.Getitem():
                self.visit(node.arg, scope)
                return _element(self.visit(node.node, scope))
            case nodes.For():
                self._loop(node, scope)
            case nodes.Filter(name="first" | "last", node=nodes.Expr() as filtered):
                return _element(self.visit(filtered, scope))
            case _:
                for child in node.iter_child_nodes():
                    self.visit(child, scope)
        return _TEXT

    def _name(self, node: nodes.Name, scope: Mapping[str, Any]) -> Any:
        if node.name in scope:
            return scope[node.name]
        if node.name not in self._full:
            raise UnknownPlaceholder(node.name)
        self._used.add(node.name)
        return self._full[node.name]

    def _part(self, whole: Any, key: str, node: nodes.Expr) -> Any:
        if whole is _LOOP:
            return _TEXT
        if not isinstance(whole, Mapping) or key not in whole:
            raise UnknownPlaceholder(_path(node))
        self._used.add(_path(node))
        return whole[key]

    def _loop(self, node: nodes.For, scope: Mapping[str, Any]) -> None:
        if not isinstance(node.target, nodes.Name):
            raise TemplateSyntax("a loop gives several names to one element")
        inner = {**scope, node.target.name: _element(self.visit(node.iter, scope)), "loop": _LOOP}
        if node.test is not None:
            self.visit(node.test, inner)
        for child in node.body:
            self.visit(child, inner)
        for child in node.else_:
            self.visit(child, scope)


def _element(values: Any) -> Any:
    return values[0] if isinstance(values, list | tuple) and values else _TEXT


def _path(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_path(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=key)):
            return f"{_path(node.node)}.{key}"
    return "…"
