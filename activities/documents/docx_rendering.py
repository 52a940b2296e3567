"""Fills a Word template: what a hub designed in Word, with the packet's words in it.

Rendering is pure: same template, same context, same bytes. It blocks for tens of milliseconds,
so call it from a thread. Dates and times arrive as text, formatted by whoever knows the language.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from lxml import etree  # type: ignore[import-untyped]

from activities.documents.docx_package import parse_markup, repack, unpack
from activities.documents.errors import (
    NotADocx,
    TemplateSyntax,
    UnknownPlaceholder,
    UnsafeExpression,
)
from activities.documents.pictures import Picture
from activities.documents.template_language import PacketEnvironment, clean_text, readable

PROPERTIES = ("author", "category", "comments", "identifier", "keywords", "subject", "title")
"""The document properties that may hold placeholders."""

_MAX_PART = 2_000_000
_MAX_TAGS = 2_000
_MAX_PICTURES = 100
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_EMPTY = re.compile(r"<w:([prt])( [^<>]*)?/>")
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)
_PROPERTY_LENGTH = 255


def render_docx(template: bytes | Path, context: Mapping[str, Any]) -> bytes:
    """The template filled with `context`, as the bytes of a .docx that are the same every time.

    Texts are escaped ("Smith & Sons", "<b>" and "{{" print as written) and lose the characters
    that XML forbids (see `clean_text`); newlines become line breaks. None prints nothing.
    Document properties such as the title may hold placeholders too. A `Picture` is shown where its
    placeholder stands, with its description for screen readers.

    Raises `NotADocx`, `TemplateSyntax`, `UnknownPlaceholder`, `UnsafeExpression` or
    `RenderingTooLarge`.
    """
    document = open_template(template)
    output = io.BytesIO()
    with template_errors():
        properties = _take_properties(document)
        environment = PacketEnvironment(place=document.place)
        document.render(dict(context), environment, autoescape=True)
        _put_properties(document, properties, context)
    document.save(output)
    return repack(output.getvalue())


def open_template(template: bytes | Path) -> PacketDocument:
    """The template opened and ready. Raises `NotADocx`."""
    content = template.read_bytes() if isinstance(template, Path) else template
    unpack(content)
    document = PacketDocument(io.BytesIO(content))
    try:
        document.init_docx()
    # python-docx meets a stranger's file here and raises whatever it stumbles over.
    except Exception as error:
        raise NotADocx("Word's own parts are missing or damaged") from error
    return document


class PacketDocument(DocxTemplate):  # type: ignore[misc]  # docxtpl carries no types
    """docxtpl with two refusals: tags left open, over which its search takes minutes (quadratic
    time), and markup torn by a tag, which it would mend by dropping words."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._placed: dict[tuple[int, int], str] = {}

    def patch_xml(self, src_xml: str) -> str:
        if len(src_xml) > _MAX_PART:
            raise NotADocx("its text is far longer than any template's")
        _check_braces(src_xml)
        # docxtpl looks for the end of each of these, to the end of the document where there is
        # none: ten thousand empty ones would take it a minute.
        opened = _EMPTY.sub(r"<w:\1\2></w:\1>", src_xml)
        return str(super().patch_xml(opened))

    def render_xml_part(self, src_xml: str, *args: Any, **kwargs: Any) -> str:
        markup = str(super().render_xml_part(src_xml, *args, **kwargs))
        try:
            parse_markup(markup.encode())
        except NotADocx as error:
            raise TemplateSyntax("a tag cuts a table, row or paragraph in two") from error
        return markup

    def render_properties(self, *_: Any) -> None:
        """Nothing: `render_docx` fills the properties itself."""

    def place(self, picture: Picture) -> str:
        """Take the picture into the part that is being filled; answers with its markup.

        Raises `TemplateSyntax` in footnotes, which cannot hold pictures, and when there are more
        pictures than any packet has.
        """
        part = self.current_rendering_part
        key = (id(part), id(picture))
        if key not in self._placed:
            if len(self._placed) == _MAX_PICTURES:
                raise TemplateSyntax(f"it shows more than {_MAX_PICTURES} pictures")
            if not hasattr(part, "new_pic_inline"):
                raise TemplateSyntax("a picture stands in a footnote")
            self._placed[key] = _picture_markup(part, picture)
        return self._placed[key]


def _picture_markup(part: Any, picture: Picture) -> str:
    inline = part.new_pic_inline(io.BytesIO(picture.jpeg), picture.width, picture.height)
    # Left out, LibreOffice takes the distance of floating pictures: an eighth of an inch.
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    inline.docPr.set("descr", clean_text(picture.description))
    drawing = etree.tostring(inline, encoding="unicode")
    # As in `template_language`: docxtpl turns "{_{" into "{{" after rendering.
    drawing = drawing.replace("{_", "{&#95;").replace("_}", "&#95;}")
    return f'</w:t></w:r><w:r><w:drawing>{drawing}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


@contextmanager
def template_errors() -> Iterator[None]:
    """Turns what the template engine raises into this package's errors."""
    try:
        yield
    except SecurityError as error:
        raise UnsafeExpression(f"the inner name {_quoted(error)[0]!r}") from error
    except UndefinedError as error:
        raise UnknownPlaceholder(_quoted(error)[-1]) from error
    except TemplateSyntaxError as error:
        raise TemplateSyntax(readable(error.message or "")) from error
    except TypeError as error:
        raise TemplateSyntax("a tag expects a list or a number and finds another thing") from error


def _check_braces(markup: str) -> None:
    """Each tag is closed before the next one opens. Raises `TemplateSyntax`."""
    if re.search(r"<[^<>]*\{[{%#]", markup):
        raise TemplateSyntax("it stands where Word keeps its own settings")
    marks = re.findall(r"\{[{%#]|[}%#]\}", re.sub(r"<[^<>]*>", "", markup))
    if len(marks) > 2 * _MAX_TAGS:
        raise TemplateSyntax(f"there are more than {_MAX_TAGS} tags")
    for opening, closing in zip_longest(marks[::2], marks[1::2], fillvalue=""):
        if _CLOSING.get(opening) != closing:
            raise TemplateSyntax(f"after {opening!r} comes {closing or 'nothing'!r}")


def _quoted(error: Exception) -> list[str]:
    """The names in the engine's message, such as "'dict object' has no attribute 'items'"."""
    return re.findall(r"'([^']*)'", str(error)) or ["?"]


def _take_properties(document: PacketDocument) -> dict[str, str]:
    """The properties' placeholders, taken out: docxtpl would escape their values twice."""
    core = document.get_docx().core_properties
    properties = {name: getattr(core, name) for name in PROPERTIES}
    for name in PROPERTIES:
        setattr(core, name, "")
    core.last_modified_by = ""
    # A template without properties, as Google Docs makes them, is given some with today's date.
    core.modified = core.created or _NO_DATE
    return properties


def _put_properties(
    document: PacketDocument, properties: Mapping[str, str], context: Mapping[str, Any]
) -> None:
    environment = PacketEnvironment(escape_xml=False)
    core = document.docx.core_properties
    for name, source in properties.items():
        if "{" in source:
            source = environment.from_string(source).render(context)
        setattr(core, name, " ".join(clean_text(source).split())[:_PROPERTY_LENGTH])
