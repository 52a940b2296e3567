"""What a filing desk would find, told in words."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String

from activities.documents import preflight
from activities.documents.binding import BoundPart, Finding, bind, check_for_filing, letter_pdf
from activities.documents.binding.fonts import misses_letters
from activities.documents.binding.typesetting import typeset
from tests.activities.documents.binding.pdfs import (
    BODY,
    LETTER,
    drawn,
    job,
    note,
    saved,
    scan,
    script,
)
from tests.activities.documents.binding.reading import opened

MB = 1_000_000


def found(pdf: bytes, limit_mb: int = 25, *, refuses_links: bool = True) -> dict[str, Finding]:
    findings = check_for_filing(pdf, limit_mb=limit_mb, refuses_links=refuses_links)
    return {finding.code: finding for finding in findings}


def changed(change: object) -> bytes:
    """A page of text that was changed before it was saved."""
    pdf = opened(letter_pdf(LETTER))
    change(pdf)  # type: ignore[operator]  # a function of the document
    return saved(pdf)


def test_a_bound_packet_of_searchable_parts_has_nothing_to_find() -> None:
    whole = bind(job(exhibits=[BoundPart("Certificate", BODY, label="A")])).pdf

    assert check_for_filing(whole, limit_mb=25, refuses_links=True) == ()


def test_scans_are_named_by_their_pages_although_these_bear_numbers() -> None:
    whole = bind(job()).pdf

    finding = found(whole)["not_searchable"]
    assert finding.words.startswith("Pages 10–11 and 13 are without text")
    assert not finding.blocking
    assert preflight(whole).pages_without_text == (10, 11, 13)


def test_a_read_scan_counts_as_searchable() -> None:
    pdf = opened(scan())
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources.Font = Dictionary(F1=font)
    unseen = pdf.make_stream(b"BT 3 Tr /F1 12 Tf 72 700 Td (Lease) Tj ET")
    pdf.pages[0].contents_add(unseen)

    whole = bind(job(letters=(), exhibits=[BoundPart("Lease", saved(pdf), label="A")])).pdf

    assert "not_searchable" not in found(whole)


def test_the_courts_limit_is_kept_to_the_byte() -> None:
    pdf = opened(letter_pdf(LETTER))
    pdf.Root.Filler = pdf.make_stream(bytes(range(256)) * 8000)
    output = io.BytesIO()
    pdf.save(output, compress_streams=False)
    size = len(output.getvalue())
    assert 2 * MB < size < 3 * MB

    assert "too_large" not in found(output.getvalue(), 3)
    assert "too_large" not in found(output.getvalue(), 0)
    finding = found(output.getvalue(), 2)["too_large"]
    assert finding.blocking
    assert finding.words.startswith("The file has 2.1 MB and this court takes 2 MB.")


def test_other_paper_is_blocking_and_named_by_page() -> None:
    pdf = opened(drawn())
    for width, height in ((595, 842), (792, 612), (612, 1008), (612, 1008)):
        pdf.add_blank_page(page_size=(width, height))

    finding = found(saved(pdf))["page_size"]

    assert finding == Finding(
        "page_size", "Pages 2 and 4–5 are not letter size (8.5 by 11 inches).", True
    )


def test_encryption_is_blocking_with_and_without_a_password() -> None:
    for user in ("", "u"):
        output = io.BytesIO()
        opened(drawn()).save(output, encryption=pikepdf.Encryption(owner="o", user=user))
        finding = found(output.getvalue())["encrypted"]
        assert finding.blocking
        assert ("password" in finding.words) is (user == "u")


def test_links_matter_only_where_the_court_refuses_them() -> None:
    def link(pdf: pikepdf.Pdf) -> None:
        away = Dictionary(S=Name.URI, URI=String("https://example.org"))
        note(pdf, pdf.pages[0], "/Link", A=away)

    finding = found(changed(link))["links"]

    assert finding.words == "Page 1 has links to the web, which this court refuses."
    assert finding.blocking
    assert "links" not in found(changed(link), refuses_links=False)


def opens_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = script(pdf)


def named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script(pdf)])))


def page_script(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=script(pdf))


def chained_script(pdf: pikepdf.Pdf) -> None:
    away = Dictionary(S=Name.URI, URI=String("https://example.org"), Next=script(pdf))
    note(pdf, pdf.pages[0], "/Link", A=away)


def starts_program(pdf: pikepdf.Pdf) -> None:
    note(pdf, pdf.pages[0], "/Link", A=Dictionary(S=Name.Launch, F=String("calc.exe")))


def attached_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = AttachedFileSpec(
        pdf,
        b"a",
        description="",
        filename="a.txt",
        mime_type="",
        creation_date="",
        mod_date="",
    )


def form_field(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([note(pdf, pdf.pages[0], "/Widget")]))


def film(pdf: pikepdf.Pdf) -> None:
    note(pdf, pdf.pages[0], "/RichMedia")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (opens_script, "scripts"),
        (named_script, "scripts"),
        (page_script, "scripts"),
        (chained_script, "scripts"),
        (starts_program, "actions that start other programs or open other files"),
        (attached_file, "attached files"),
        (form_field, "form fields"),
        (film, "sound or film"),
    ],
)
def test_what_could_act_is_blocking_and_named(change: object, words: str) -> None:
    finding = found(changed(change))["active_content"]

    assert finding.words == f"The file holds {words}; courts refuse that. Print it to a new PDF."
    assert finding.blocking


def test_jumps_within_the_document_are_fine() -> None:
    def jump(pdf: pikepdf.Pdf) -> None:
        place = Array([pdf.pages[0].obj, Name.Fit])
        pdf.Root.OpenAction = place
        note(pdf, pdf.pages[0], "/Link", A=Dictionary(S=Name.GoTo, D=place))

    assert found(changed(jump)) == {}


def test_a_font_that_is_not_in_the_file_is_told() -> None:
    whole = bind(job(letters=(), exhibits=[BoundPart("Form", drawn(), label="A")])).pdf

    finding = found(whole)["fonts"]

    assert finding.words.startswith("Page 7 uses letters whose font is not in the file")
    assert not finding.blocking


def test_letters_that_no_font_has_are_told() -> None:
    # A character for private use: no installed font can be expected to have it.
    with opened(letter_pdf(LETTER)) as letter:
        assert not misses_letters(letter.pages[0])
    line = {"title": "A \U000f1234", "note": "", "label": "", "offset": 1, "level": 1}
    sheet = typeset("contents", {"title": "", "language": "en", "before": 0, "lines": [line]})

    finding = found(sheet)["missing_letters"]

    assert finding.words.startswith("Page 1 shows boxes in place of letters")
    assert not finding.blocking


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_told_and_not_raised(content: bytes) -> None:
    assert found(content)["unreadable"].blocking


def test_a_pdf_without_pages_is_told() -> None:
    assert found(saved(pikepdf.Pdf.new()))["unreadable"].blocking


WHOLE = bind(job()).pdf


@given(at=st.integers(0, len(WHOLE)), junk=st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_never_raises(at: int, junk: bytes) -> None:
    check_for_filing(WHOLE[:at] + junk + WHOLE[at + len(junk) :], limit_mb=1, refuses_links=True)


def test_a_font_whose_parts_are_gone_is_told_and_does_not_raise() -> None:
    pdf = pikepdf.open(io.BytesIO(WHOLE))
    for page in pdf.pages:
        page.obj.Resources = Dictionary(
            Font=Dictionary(
                F1=Dictionary(
                    Type=Name.Font,
                    Subtype=Name.Type0,
                    DescendantFonts=Array([None]),
                )
            )
        )
    assert "fonts" in found(saved(pdf))


def test_the_findings_name_no_person() -> None:
    words = " ".join(finding.words for finding in found(WHOLE, 1).values())

    assert "Johnson" not in words
