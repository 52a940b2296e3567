"""What may not come along does not, and what could be seen still can."""

from __future__ import annotations

import io
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, Stream, String

from activities.documents.binding import BoundPart, PartUnreadable, bind, check_for_filing
from activities.documents.binding.parts import open_part
from tests.activities.documents.binding.pdfs import drawn, job, note, saved, scan, script
from tests.activities.documents.binding.reading import opened, text_of, texts_of


def bound_with(pdf: bytes) -> bytes:
    return bind(job(letters=(), exhibits=[BoundPart("Strange", pdf, label="A")])).pdf


def everything_in(pdf: bytes) -> bytes:
    document = opened(pdf)
    whole = [b""]
    for one in document.objects:
        if isinstance(one, Stream):
            with suppress(pikepdf.PdfError):
                whole.append(one.read_bytes())
        if isinstance(one, Dictionary | Stream | Array):
            whole.append(one.unparse(resolved=False))
    return b"\n".join(whole)


def armed() -> bytes:
    """A page with everything that a filed document may not have."""
    pdf = opened(drawn())
    page = pdf.pages[0]
    alert = script(pdf)
    launch = pdf.make_indirect(Dictionary(S=Name.Launch, F=String("calc.exe")))
    away = pdf.make_indirect(Dictionary(S=Name.URI, URI=String("https://tracker.example.org")))
    pdf.attachments["evil.exe"] = AttachedFileSpec(
        pdf,
        b"MZ evil",
        description="",
        filename="evil.exe",
        mime_type="",
        creation_date="",
        mod_date="",
    )
    pdf.Root.OpenAction = alert
    pdf.Root.AA = Dictionary(WC=alert)
    pdf.Root.Names.JavaScript = Dictionary(Names=Array([String("go"), alert]))
    page.obj.AA = Dictionary(O=alert)
    note(pdf, page, "/Link", A=away)
    note(pdf, page, "/Link", A=launch)
    note(pdf, page, "/Link", A=alert)
    note(pdf, page, "/FileAttachment", FS=pdf.attachments["evil.exe"].obj)
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp>evil</xdp>"))
    return saved(pdf)


@pytest.mark.parametrize("place", ["body", "letter", "exhibit"])
def test_nothing_that_acts_is_carried_over(place: str) -> None:
    strange = BoundPart("Strange", armed(), label="A")
    if place == "body":
        whole = bind(job(body=armed())).pdf
    elif place == "letter":
        whole = bind(job(letters=[strange])).pdf
    else:
        whole = bind(job(exhibits=[strange])).pdf

    content = everything_in(whole)
    for trace in (b"app.alert", b"calc.exe", b"tracker", b"MZ evil", b"JavaScript", b"xdp"):
        assert trace not in content
    codes = {finding.code for finding in check_for_filing(whole, limit_mb=25, refuses_links=True)}
    assert codes.isdisjoint({"active_content", "links"})
    assert "DearJudge" in "".join(texts_of(whole))


def form(*, drawn_already: bool) -> bytes:
    pdf = opened(drawn(b"BT /F1 12 Tf 72 700 Td (Employee:) Tj ET"))
    page = pdf.pages[0]
    font = page.obj.Resources.Font
    field = note(
        pdf, page, "/Widget", FT=Name.Tx, T=String("name"), V=String("Marcus"), F=4,
        DA=String("/F1 12 Tf 0 g"),
    )  # fmt: skip
    if drawn_already:
        looks = pdf.make_stream(
            b"/Tx BMC BT /F1 12 Tf 2 5 Td (Marcus) Tj ET EMC",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, 228, 20],
            Resources=Dictionary(Font=font),
        )
        field.AP = Dictionary(N=looks)
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]),
        NeedAppearances=not drawn_already,
        DR=Dictionary(Font=font),
        DA=String("/F1 12 Tf 0 g"),
    )
    return saved(pdf)


@pytest.mark.parametrize("drawn_already", [True, False])
def test_a_filled_in_field_is_still_read_and_no_longer_a_field(drawn_already: bool) -> None:
    whole = bound_with(form(drawn_already=drawn_already))

    document = opened(whole)
    assert "Employee:" in text_of(document.pages[-1])
    assert "Marcus" in text_of(document.pages[-1])
    assert Name.Annots not in document.pages[-1].obj
    assert Name.AcroForm not in document.Root


def test_a_hidden_note_stays_hidden() -> None:
    pdf = opened(drawn())
    looks = pdf.make_stream(
        b"BT /F1 12 Tf (Secret) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=[0, 0, 100, 20],
        Resources=Dictionary(Font=pdf.pages[0].obj.Resources.Font),
    )
    note(pdf, pdf.pages[0], "/FreeText", F=2, AP=Dictionary(N=looks))

    assert b"Secret" not in everything_in(bound_with(saved(pdf)))


def layered(base_state: Name | None = None) -> bytes:
    """A page with two layers, one of which is off."""
    pdf = opened(drawn(b"/OC /Shown BDC BT /F1 12 Tf (Open) Tj ET EMC /OC /Off BDC 1 0 0 rg EMC"))
    shown, off = (
        pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("on", "off")
    )
    pdf.pages[0].obj.Resources.Properties = Dictionary(Shown=shown, Off=off)
    default = Dictionary(ON=Array([shown]))
    if base_state is None:
        default.OFF = Array([off])
    else:
        default.BaseState = base_state
    pdf.Root.OCProperties = Dictionary(OCGs=Array([shown, off]), D=default)
    return saved(pdf)


@pytest.mark.parametrize("base_state", [None, Name.OFF])
def test_a_layer_that_is_off_stays_off(base_state: Name | None) -> None:
    document = opened(bound_with(layered(base_state)))

    layers = document.Root.OCProperties
    properties = document.pages[-1].obj.Resources.Properties
    assert [layer.objgen for layer in layers.OCGs] == [
        properties.Shown.objgen,
        properties.Off.objgen,
    ]
    assert [layer.objgen for layer in layers.D.OFF] == [properties.Off.objgen]


def test_a_packet_without_layers_has_none() -> None:
    assert Name.OCProperties not in opened(bind(job()).pdf).Root


def test_a_named_destination_of_the_body_still_gives_its_heading() -> None:
    pdf = opened(drawn())
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("By name", String("home")))
        outline.root.append(pikepdf.OutlineItem("Nowhere", String("gone")))
        action = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.FitH, 500]))
        outline.root.append(pikepdf.OutlineItem("By action", action=action))
    place = Array([pdf.pages[0].obj, Name.XYZ, 72, 700, 0])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("home"), place])))

    headings = open_part(saved(pdf), "The body", keeps_margins=True).headings

    assert [(one.title, one.page, one.top) for one in headings] == [
        ("By name", 0, 700),
        ("By action", 0, 500),
    ]


# --- what cannot be bound


def locked() -> bytes:
    output = io.BytesIO()
    opened(scan()).save(output, encryption=pikepdf.Encryption(owner="o", user="u"))
    return output.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF", scan()[:300], locked()]
)
def test_what_cannot_be_read_is_refused_with_its_place_and_what_to_do(content: bytes) -> None:
    with pytest.raises(PartUnreadable, match=r"Letter 2 cannot be bound: .* upload that one"):
        bind(job(letters=[BoundPart("A", drawn()), BoundPart("Diagnosis", content)]))


def test_a_pdf_without_pages_is_refused() -> None:
    with pytest.raises(PartUnreadable, match="Exhibit A"):
        bound_with(saved(Pdf.new()))


def test_a_pdf_that_only_forbids_printing_is_bound_unlocked() -> None:
    output = io.BytesIO()
    opened(drawn()).save(output, encryption=pikepdf.Encryption(owner="o", user=""))

    assert not opened(bound_with(output.getvalue())).is_encrypted


def test_a_page_whose_names_are_no_text_is_refused_by_its_place() -> None:
    document = opened(drawn())
    document.pages[0].obj[pikepdf.Name.Resources] = pikepdf.Object.parse(b"<< /#80\x80 1 >>")
    with pytest.raises(PartUnreadable, match="Exhibit A"):
        bound_with(saved(document))


ARMED = armed()


@given(at=st.integers(0, len(ARMED)), junk=st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_damaged_exhibit_is_bound_or_refused_by_its_place(at: int, junk: bytes) -> None:
    damaged = ARMED[:at] + junk + ARMED[at + len(junk) :]
    with suppress(PartUnreadable):
        whole = bound_with(damaged)
        assert opened(whole).pages
        assert b"app.alert" not in everything_in(whole)
