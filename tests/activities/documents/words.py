"""Small makers and readers of Word documents for these tests."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from typing import Any

from docx import Document

from activities.documents.docx_package import pack

WORD_XML = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx_of(*paragraphs: str) -> bytes:
    """The smallest Word document that holds these paragraphs: quick to open and to fill."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text in paragraphs
    )
    return pack(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{_CONTENT}"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
                f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
            ).encode(),
            "word/document.xml": (
                f'<w:document xmlns:w="{WORD_XML[1:-1]}"><w:body>{body}<w:sectPr/></w:body>'
                "</w:document>"
            ).encode(),
        }
    )


def docx_with(text: str, *, title: str = "", header: str = "") -> bytes:
    """A Word document as Word would make it, with a title property and a page header."""
    document = Document()
    document.core_properties.title = title
    document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    return saved(document)


def saved(document: Any) -> bytes:
    """A python-docx document as bytes."""
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def opened(docx: bytes) -> Any:
    """The bytes as a python-docx document."""
    return Document(io.BytesIO(docx))


def paragraphs(docx: bytes) -> list[str]:
    """The texts of the body's paragraphs outside tables."""
    return [paragraph.text for paragraph in opened(docx).paragraphs]


def all_text(docx: bytes) -> str:
    """Every text of body, tables, headers and footers, in the order of the parts."""
    texts = []
    for name, markup in parts(docx).items():
        if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
            texts.append(re.sub(r"<[^>]+>", "\n", markup.decode()))
    return "\n".join(texts)


def parts(docx: bytes) -> dict[str, bytes]:
    """The parts of the zip by name."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(docx: bytes, name: str, content: bytes) -> bytes:
    """The document with one part added or replaced."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for known, markup in {**parts(docx), name: content}.items():
            archive.writestr(known, markup)
    return output.getvalue()
