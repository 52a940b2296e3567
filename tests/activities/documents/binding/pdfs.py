"""PDFs to bind: a packet's own pages as LibreOffice would make them, and exhibits of every kind."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace

import typst
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String
from PIL import Image

from activities.documents.binding import BindingJob, BoundPart, FrontMatter, LetterPage, letter_pdf

_BODY = b"""
#let pages = json(bytes(sys.inputs.pages))
#set document(title: "Release packet", date: none)
#set page(paper: "us-letter")
#for (n, page) in pages.enumerate() {
  if n > 0 { pagebreak() }
  for (level, words) in page { heading(level: level, words) }
  [Page #(n + 1) speaks.]
}
"""


def body(*pages: Sequence[tuple[int, str]]) -> bytes:
    """A packet's own pages, tagged and with bookmarks: for each page its headings with levels."""
    words = json.dumps([[list(heading) for heading in page] for page in pages])
    made = typst.compile(_BODY, sys_inputs={"pages": words}, format="pdf")
    assert isinstance(made, bytes)
    return made


BODY = body(
    [(1, "Ties to the community"), (2, "Family")],
    [(1, "Home"), (1, "Work and school")],
    [(1, "Conditions offered")],
)


def saved(pdf: Pdf) -> bytes:
    output = io.BytesIO()
    pdf.save(output)
    return output.getvalue()


def scan(pages: int = 1, size: tuple[int, int] = (850, 1100), dpi: int = 100) -> bytes:
    """A scan: pictures without text, as a scanner makes them."""
    pictures = [Image.new("RGB", size, (240, 240, 200 - n % 100)) for n in range(pages)]
    output = io.BytesIO()
    pictures[0].save(output, "PDF", resolution=dpi, save_all=True, append_images=pictures[1:])
    return output.getvalue()


def drawn(
    content: bytes = b"BT /F1 12 Tf 72 700 Td (Dear Judge) Tj ET",
    *,
    box: Sequence[float] = (0, 0, 612, 792),
    **keys: object,
) -> bytes:
    """One page with this content, set in Helvetica, which is not in the file."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    page.obj.MediaBox = Array(list(box))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    page.obj.Contents = pdf.make_stream(content)
    for key, value in keys.items():
        page.obj[f"/{key}"] = value
    return saved(pdf)


def script(pdf: Pdf) -> Object:
    return pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def note(pdf: Pdf, page: Page, subtype: str, **keys: object) -> Object:
    """An annotation on the page."""
    made = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=[72, 600, 300, 620])
    for key, value in keys.items():
        made[f"/{key}"] = value
    indirect = pdf.make_indirect(made)
    page.obj.Annots = Array([*page.obj.get(Name.Annots, []), indirect])
    return indirect


LETTER = LetterPage(
    to="The Honorable Alicia Rivera",
    person="Marcus Johnson",
    writer="Denise Johnson",
    relationship="mother",
    date="November 9, 2026",
    body="I raised Marcus.\n\nHe takes his daughter to school.",
    signed_as="Denise Johnson",
)
SPANISH = replace(
    LETTER,
    writer="Ramón Ortega",
    relationship="grandfather",
    body="Soy el abuelo de Marcus.",
    signed_as="Ramon Ortega",
    language="es",
    translation="I am Marcus's grandfather.",
    translated_by="Lucía Campos",
)
FRONT = FrontMatter(
    kind_title="Release packet",
    person="Marcus Johnson",
    court="Circuit Court of the Eleventh Judicial Circuit, Miami-Dade County, Florida",
    court_address="100 Courthouse Plaza, Miami, Florida",
    judge="Hon. Alicia Rivera",
    room="Courtroom 4-2",
    hearing="Bail review, Thursday, November 19, 2026, 9:00 a.m.",
    docket_numbers="F26-004417",
    counsel="Elena Torres, Assistant Public Defender",
    hub="Liberty City Community Defense",
    hub_contact="(305) 555-0123 · office@libertycity.example.org",
    prepared_on="November 16, 2026",
    prepared_by="Rosa Delgado, advocate",
    version=2,
)


def job(**changes: object) -> BindingJob:
    """A draft with two letters and three exhibits."""
    whole = BindingJob(
        body=BODY,
        front=FRONT,
        letters=(
            BoundPart("Denise Johnson", letter_pdf(LETTER), "mother"),
            BoundPart("Ramón Ortega", letter_pdf(SPANISH), "grandfather"),
        ),
        exhibits=(
            BoundPart("Lease of March 2, 2025", scan(2), label="A"),
            BoundPart("Pay stub", scan(size=(1100, 850)), "October 2026", "B", "In color."),
            BoundPart("Certificate", body([(1, "Food safety")]), label="C"),
        ),
        draft=True,
        number_prefix="JOHNSON",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # the tests name the fields
