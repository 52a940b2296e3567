"""A heading never stays alone at the foot of a page."""

from __future__ import annotations

import io

import pytest
from docx import Document
from pikepdf import Array, Dictionary, Name, Pdf

from activities.documents.docx_package import pack, unpack
from activities.documents.heading_repair import without_stranded_heading
from tests.activities.documents.words import opened, saved


def tagged_pdf(*blocks: tuple[str, int]) -> bytes:
    """A PDF with these blocks, each a structure tag and the page on which its words are."""
    pdf = Pdf.new()
    for _ in range(max(page for _, page in blocks)):
        pdf.add_blank_page()
    elements = [
        Dictionary(Type=Name.StructElem, S=Name(tag), Pg=pdf.pages[page - 1].obj, K=Array([order]))
        for order, (tag, page) in enumerate(blocks)
    ]
    document = Dictionary(Type=Name.StructElem, S=Name.Document, K=Array(elements))
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=document)
    output = io.BytesIO()
    pdf.save(output)
    return output.getvalue()


def docx_from(*blocks: str) -> dict[str, bytes]:
    """A document of these paragraphs; those that begin with "#" are headings."""
    document = Document()
    for text in blocks:
        if text.startswith("#"):
            document.add_heading(text[1:], 1)
        else:
            document.add_paragraph(text)
    return unpack(saved(document))


def pushed(parts: dict[str, bytes] | None) -> list[str]:
    """The paragraphs that begin a page."""
    if parts is None:
        return []
    return [
        paragraph.text
        for paragraph in opened(pack(parts)).paragraphs
        if paragraph.paragraph_format.page_break_before
    ]


HOME_AND_WORK = docx_from("#Home", "He rents.", "#Work", "He cooks.")


def test_a_stranded_heading_moves_to_the_next_page() -> None:
    pdf = tagged_pdf(("/H1", 1), ("/P", 1), ("/H1", 1), ("/P", 2))

    assert pushed(without_stranded_heading(HOME_AND_WORK, pdf)) == ["Work"]


def test_headings_above_it_move_along() -> None:
    parts = docx_from("Before.", "#Plan", "#Steps", "First.")
    pdf = tagged_pdf(("/P", 1), ("/H1", 1), ("/H2", 1), ("/P", 2))

    assert pushed(without_stranded_heading(parts, pdf)) == ["Plan"]


@pytest.mark.parametrize(
    "blocks",
    [
        [("/H1", 1), ("/P", 1), ("/H1", 2), ("/P", 2)],
        [("/H1", 1), ("/P", 2), ("/P", 2)],
        [("/P", 1), ("/P", 2)],
        [("/H1", 1), ("/P", 1), ("/H1", 1)],
    ],
    ids=["nothing stranded", "other headings than the document", "no headings", "last of all"],
)
def test_otherwise_the_document_stays(blocks: list[tuple[str, int]]) -> None:
    assert without_stranded_heading(HOME_AND_WORK, tagged_pdf(*blocks)) is None


def test_a_heading_that_already_begins_a_page_is_left_alone() -> None:
    pdf = tagged_pdf(("/H1", 1), ("/P", 1), ("/H1", 1), ("/P", 2))
    once = without_stranded_heading(HOME_AND_WORK, pdf)

    assert once is not None
    assert without_stranded_heading(once, pdf) is None


def test_an_untagged_pdf_says_nothing() -> None:
    pdf = Pdf.new()
    pdf.add_blank_page()
    output = io.BytesIO()
    pdf.save(output)

    assert without_stranded_heading(HOME_AND_WORK, output.getvalue()) is None
