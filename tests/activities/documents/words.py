"""Small makers and readers of Word documents for these tests."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from docx import Document

WORD_XML = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_of(*paragraphs: str, title: str = "", header: str = "") -> bytes:
    """A Word document of these paragraphs."""
    document = Document()
    document.core_properties.title = title
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
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
