"""Reading a PDF's facts, from PDFs that scanners, offices and accidents make."""

from __future__ import annotations

import io
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from activities.documents import PdfUnreadable, preflight


def new_pdf(*contents: bytes, size: tuple[int, int] = (612, 792)) -> Pdf:
    pdf = Pdf.new()
    for content in contents:
        page = pdf.add_blank_page(page_size=size)
        page.obj.Contents = pdf.make_stream(content)
    return pdf


def as_bytes(pdf: Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    output = io.BytesIO()
    pdf.save(output, encryption=encryption or False)
    return output.getvalue()


TEXT = b"BT /F1 12 Tf (Dear Judge) Tj ET"


def test_pages_with_and_without_text_are_told_apart() -> None:
    facts = preflight(as_bytes(new_pdf(TEXT, b"0 0 10 10 re f", b"BT [(A) 3 (B)] TJ ET", b"")))

    assert facts.pages == 4
    assert facts.has_text
    assert facts.pages_without_text == (2, 4)


def test_text_in_a_form_counts_and_spaces_do_not() -> None:
    pdf = new_pdf(b"/Fm Do", b"BT (   ) Tj () Tj ET")
    form = pdf.make_stream(TEXT, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fm=form))

    assert preflight(as_bytes(pdf)).pages_without_text == (2,)


def test_a_form_that_holds_itself_ends() -> None:
    pdf = new_pdf(b"/Fm Do")
    form = pdf.make_stream(b"/Fm Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form = pdf.make_indirect(form)
    form.Resources = Dictionary(XObject=Dictionary(Fm=form))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fm=form))

    assert not preflight(as_bytes(pdf)).has_text


def test_title_language_and_tags_are_read_when_said() -> None:
    plain = preflight(as_bytes(new_pdf(TEXT)))
    assert (plain.title, plain.language, plain.tagged) == (None, None, False)

    pdf = new_pdf(TEXT)
    pdf.docinfo[Name.Title] = String("Release packet: Zoë")
    pdf.Root.Lang = String("en-US")
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)
    facts = preflight(as_bytes(pdf))

    assert (facts.title, facts.language, facts.tagged) == ("Release packet: Zoë", "en-US", True)


@pytest.mark.parametrize(
    ("size", "letter"), [((612, 792), True), ((792, 612), True), ((595, 842), False)]
)
def test_letter_size_is_told_from_other_paper(size: tuple[int, int], letter: bool) -> None:
    assert preflight(as_bytes(new_pdf(TEXT, size=size))).letter_size is letter


def test_links_to_the_web_are_found() -> None:
    pdf = new_pdf(TEXT, TEXT)
    action = Dictionary(S=Name.URI, URI=String("https://example.org"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[1].obj.Annots = Array([pdf.make_indirect(link)])

    assert preflight(as_bytes(pdf)).pages_with_web_links == (2,)


def test_encryption_is_seen_with_and_without_a_password() -> None:
    printable = as_bytes(new_pdf(TEXT), pikepdf.Encryption(owner="o", user=""))
    locked = as_bytes(new_pdf(TEXT), pikepdf.Encryption(owner="o", user="u"))

    assert (preflight(printable).encrypted, preflight(printable).pages) == (True, 1)
    assert (preflight(locked).encrypted, preflight(locked).pages) == (True, 0)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0 jpeg"])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(PdfUnreadable):
        preflight(content)


WHOLE = as_bytes(new_pdf(TEXT, TEXT))


@given(at=st.integers(0, len(WHOLE)), junk=st.binary(max_size=40))
@settings(max_examples=80, deadline=None)
def test_a_damaged_pdf_gives_facts_or_the_one_error(at: int, junk: bytes) -> None:
    with suppress(PdfUnreadable):
        assert preflight(WHOLE[:at] + junk + WHOLE[at + len(junk) :]).size > 0
