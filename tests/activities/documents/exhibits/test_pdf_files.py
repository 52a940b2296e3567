"""PDFs: what can do something is refused, what travels along is taken out, pages stay."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.checking import judge
from activities.documents.exhibits.values import MOST_PAGES, PDF
from tests.activities.documents.exhibits import uploads
from tests.activities.documents.exhibits.uploads import annotated, pdf, text_of, unpacked

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert('hello')"))


def refused(content: bytes) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        judge(content)
    return caught.value


def test_a_plain_pdf_is_taken_with_its_pages() -> None:
    upload = judge(pdf(pages=3))

    assert upload.media_type == PDF
    assert upload.pages == 3
    assert upload.pdf is upload.content
    assert upload.notes == ()
    assert "Certificate of completion 3" in text_of(upload.content)


def test_the_same_pdf_gives_the_same_bytes() -> None:
    """Each program that saves a file gives it another ID; that is no other document."""

    def called(name: str) -> Callable[[Pdf], None]:
        def call(document: Pdf) -> None:
            document.trailer.ID = Array([String(name), String(name)])

        return call

    first, second = pdf(called("a" * 16)), pdf(called("b" * 16))
    assert first != second
    assert judge(first).content == judge(second).content


def test_a_blank_line_before_the_header_does_no_harm() -> None:
    assert judge(b"\r\n" + pdf()).pages == 1


@pytest.mark.parametrize("user", ["", "secret"])
def test_a_protected_pdf_is_refused(user: str) -> None:
    locked = pikepdf.Encryption(owner="owner", user=user)

    refusal = refused(pdf(encryption=locked))

    assert refusal.code == "locked"
    assert "print it to a new PDF" in refusal.remedy


def root_entry(**entries: Dictionary | Array) -> Callable[[Pdf], None]:
    def add(document: Pdf) -> None:
        for name, entry in entries.items():
            document.Root[f"/{name}"] = entry

    return add


def attach(document: Pdf) -> None:
    document.attachments["list.txt"] = b"a file in a file"


def attach_without_a_name(document: Pdf) -> None:
    stream = document.make_stream(b"a file in a file", Type=Name.EmbeddedFile)
    spec = Dictionary(Type=Name.Filespec, F=String("x"), EF=Dictionary(F=stream))
    document.pages[0].obj.AF = Array([document.make_indirect(spec)])


def page_action(document: Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)


def bookmark_action(document: Pdf) -> None:
    item = document.make_indirect(Dictionary(Title=String("x"), A=Dictionary(S=Name.Launch)))
    document.Root.Outlines = document.make_indirect(Dictionary(First=item, Last=item, Count=1))


def behind_a_harmless_one(document: Pdf) -> None:
    action = Dictionary(S=Name.GoTo, D=Array([]), Next=Array([SCRIPT]))
    document.Root.OpenAction = action


def dressed_as_structure(document: Pdf) -> None:
    action = Dictionary(Type=Name.StructElem, S=Name.Launch, Pg=document.pages[0].obj)
    document.Root.OpenAction = action


ACTIVE: dict[str, bytes] = {
    "script when opened": pdf(root_entry(OpenAction=SCRIPT)),
    "script by name": pdf(
        root_entry(Names=Dictionary(JavaScript=Dictionary(Names=[String("a"), SCRIPT])))
    ),
    "script when a page is shown": pdf(page_action),
    "script behind a click": annotated(Dictionary(Subtype=Name.Link, A=SCRIPT)),
    "script after a harmless action": pdf(behind_a_harmless_one),
    "program to start": annotated(
        Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe")))
    ),
    "program behind a bookmark": pdf(bookmark_action),
    "program dressed as structure": pdf(dressed_as_structure),
    "form to send": annotated(
        Dictionary(
            Subtype=Name.Widget, A=Dictionary(S=Name.SubmitForm, F=String("http://example.org"))
        )
    ),
    "form of Adobe's own": pdf(
        root_entry(AcroForm=Dictionary(XFA=Array([String("template")]), Fields=Array([])))
    ),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_what_can_do_something_is_refused(name: str) -> None:
    refusal = refused(ACTIVE[name])

    assert refusal.code == "active_content"
    assert "print it to a new PDF" in refusal.remedy


HOLDING: dict[str, bytes] = {
    "attachment": pdf(attach),
    "attachment of a page": pdf(attach_without_a_name),
    "portfolio": pdf(root_entry(Collection=Dictionary(View=Name.D))),
    "attachment behind a pin": annotated(Dictionary(Subtype=Name.FileAttachment)),
    "film": annotated(Dictionary(Subtype=Name.RichMedia)),
    "sound": annotated(Dictionary(Subtype=Name.Sound)),
}


@pytest.mark.parametrize("name", HOLDING)
def test_what_holds_other_files_is_refused(name: str) -> None:
    assert refused(HOLDING[name]).code == "holds_files"


def test_pages_kept_in_another_file_are_refused() -> None:
    def elsewhere(document: Pdf) -> None:
        document.pages[0].obj.Contents.F = String("other.pdf")

    assert refused(pdf(elsewhere)).code == "outside_content"


def test_a_kind_of_structure_that_is_named_like_an_action_is_no_action() -> None:
    def add(document: Pdf) -> None:
        element = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Launch))
        document.Root.StructTreeRoot = document.make_indirect(
            Dictionary(Type=Name.StructTreeRoot, K=Array([element]))
        )

    upload = judge(pdf(add))

    with pikepdf.open(io.BytesIO(upload.content)) as document:
        assert Name.StructTreeRoot in document.Root


def test_what_was_filled_in_becomes_part_of_the_page() -> None:
    upload = judge(uploads.filled_form("Harbor Bakery"))

    assert "Harbor Bakery" in text_of(upload.content)
    assert b"/AcroForm" not in unpacked(upload.content)
    assert b"/Widget" not in unpacked(upload.content)
    assert "What was filled in is now part of its pages and cannot be changed." in upload.notes


def test_a_field_that_cannot_be_drawn_is_pointed_out() -> None:
    """Viewers show it, and qpdf, which draws it into the page, passes over it."""
    with pikepdf.open(io.BytesIO(uploads.filled_form("Harbor Bakery"))) as document:
        document.Root.AcroForm.Fields = Array([Dictionary(**document.pages[0].obj.Annots[0])])
        sent = uploads.written(document)

    assert any("look through its pages" in note for note in judge(sent).notes)


def test_a_note_that_opens_with_a_click_is_removed() -> None:
    upload = judge(annotated(Dictionary(Subtype=Name.Text, Contents=String("HIDDEN note"))))

    assert b"HIDDEN" not in unpacked(upload.content)
    assert "Notes that opened with a click were removed." in upload.notes


def test_a_mark_on_the_page_stays_visible() -> None:
    def add(document: Pdf) -> None:
        look = document.make_stream(
            b"0 0 128 20 re S",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 128, 20]),
        )
        document.pages[0].obj.Annots = Array(
            [
                document.make_indirect(
                    Dictionary(
                        Type=Name.Annot,
                        Subtype=Name.Square,
                        Rect=Array([72, 500, 200, 520]),
                        AP=Dictionary(N=look),
                        T=String("HIDDEN author"),
                    )
                )
            ]
        )

    upload = judge(pdf(add))

    assert "0 0 128 20 re S" in text_of(upload.content)
    assert b"HIDDEN" not in unpacked(upload.content)


@pytest.mark.parametrize(
    ("action", "kept"),
    [
        (Dictionary(S=Name.URI, URI=String("https://example.org/program")), True),
        (Dictionary(S=Name.URI, URI=String("javascript:alert(1)")), False),
        (Dictionary(S=Name.URI, URI=String("file:///etc/passwd")), False),
        (Dictionary(S=Name.GoToR, F=String("other.pdf")), False),
        (Dictionary(S=Name.Named, N=Name.Print), False),
    ],
)
def test_links_stay_when_they_lead_to_the_web(action: Dictionary, kept: bool) -> None:
    upload = judge(annotated(Dictionary(Subtype=Name.Link, A=action)))

    with pikepdf.open(io.BytesIO(upload.content)) as document:
        assert (Name.Annots in document.pages[0].obj) is kept


def test_who_made_it_and_when_is_gone() -> None:
    def add(document: Pdf) -> None:
        document.docinfo[Name.Author] = "HIDDEN author"
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = ["HIDDEN creator"]
        document.pages[0].obj.PieceInfo = Dictionary(App=String("HIDDEN editor"))
        document.pages[0].obj.Thumb = document.make_stream(b"HIDDEN preview")
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])

    sent = pdf(add)
    assert unpacked(sent).count(b"HIDDEN") == 4

    upload = judge(sent)

    assert b"HIDDEN" not in unpacked(upload.content)
    assert b"OpenAction" not in unpacked(upload.content)


def test_a_phones_scan_loses_its_place_and_keeps_its_picture() -> None:
    photograph = uploads.jpeg()
    assert b"Example Phones" in uploads.scan(photograph)

    upload = judge(uploads.scan(photograph))

    assert b"Example Phones" not in upload.content
    with pikepdf.open(io.BytesIO(upload.content)) as document:
        (image,) = document.pages[0].get_images().values()
        assert isinstance(image, pikepdf.Stream)
        shown = pikepdf.PdfImage(image).as_pil_image()
    assert shown.tobytes() == uploads.opened(photograph).tobytes()
    assert "Hidden data of its pictures, such as the place, was removed." in upload.notes


def test_a_pdf_that_is_also_a_zip_is_a_pdf_only_afterwards() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("program.exe", b"MZ")
    both = pdf() + packed.getvalue() + b"\n%%EOF\n"
    assert zipfile.is_zipfile(io.BytesIO(both))

    upload = judge(both)

    assert not zipfile.is_zipfile(io.BytesIO(upload.content))
    assert b"program.exe" not in upload.content


@pytest.mark.parametrize("start", [b"GIF89a", b"<html><script>", b"MZ\x90\x00", b"#!/bin/sh\n"])
def test_a_pdf_that_begins_as_something_else_is_refused(start: bytes) -> None:
    assert refused(start + b"\n" + pdf()).code == "unknown_kind"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_pdf_that_was_cut_short_is_refused(share: float) -> None:
    sent = pdf(pages=20)

    refusal = refused(sent[: int(len(sent) * share)])

    assert refusal.code == "broken"
    assert "Send it again" in refusal.remedy


def test_a_pdf_with_a_wrong_table_is_mended_and_says_so() -> None:
    sent = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    shifted = sent.replace(b"startxref\n", b"startxref\n9")

    upload = judge(shifted)

    assert upload.notes == ("It was slightly damaged and was mended: look through its pages.",)
    assert "Certificate of completion 1" in text_of(upload.content)


def test_a_page_whose_content_is_damaged_is_refused() -> None:
    def damage(document: Pdf) -> None:
        squeezed = bytearray(zlib.compress(b"0 0 10 10 re f " * 200))
        squeezed[10:30] = b"x" * 20
        document.pages[0].obj.Contents = document.make_stream(
            bytes(squeezed), Filter=Name.FlateDecode
        )

    assert refused(pdf(damage)).code == "broken"


def test_more_pages_than_a_judge_will_read_are_refused() -> None:
    assert judge(pdf(pages=MOST_PAGES)).pages == MOST_PAGES

    refusal = refused(pdf(pages=MOST_PAGES + 1))

    assert refusal.code == "too_many_pages"
    assert f"{MOST_PAGES + 1} pages" in refusal.reason


def test_a_pdf_without_pages_is_refused() -> None:
    assert refused(pdf(pages=0)).code == "broken"


@pytest.mark.parametrize("size", [(20_000.0, 792.0), (10.0, 10.0), (612.0, 0.0)])
def test_pages_that_are_no_sheet_of_paper_are_refused(size: tuple[float, float]) -> None:
    def resize(document: Pdf) -> None:
        document.pages[0].obj.MediaBox = Array([0, 0, *size])

    refusal = refused(pdf(resize))

    assert refusal.code == "page_size"
    assert "page 1" in refusal.reason


def test_a_unit_that_makes_pages_huge_counts() -> None:
    def enlarge(document: Pdf) -> None:
        document.pages[0].obj.UserUnit = 100

    assert refused(pdf(enlarge)).code == "page_size"


def test_a_phone_apps_large_pages_are_taken() -> None:
    assert judge(pdf(size=(3024, 4032))).pages == 1


def bomb(levels: int) -> bytes:
    def add(document: Pdf) -> None:
        data = zlib.compress(bytes(200_000_000), 9)
        filters = [Name.FlateDecode]
        for _ in range(levels - 1):
            data = zlib.compress(data, 9)
            filters.append(Name.FlateDecode)
        stream = document.make_stream(data)
        stream.Filter = Array(filters)
        document.pages[0].obj.Contents = stream

    return pdf(add, recompress_flate=False)


@pytest.mark.parametrize("levels", [1, 2])
def test_a_page_that_unpacks_to_a_mountain_is_refused(levels: int) -> None:
    sent = bomb(levels)
    assert len(sent) < 400_000

    assert refused(sent).code == "too_large_inside"


def test_a_picture_of_impossible_size_is_refused() -> None:
    def enlarge(document: Pdf) -> None:
        picture = document.pages[0].obj.Resources.XObject.Im
        picture.Width = 100_000
        picture.Height = 100_000

    with pikepdf.open(io.BytesIO(uploads.scan(uploads.jpeg()))) as document:
        enlarge(document)
        sent = uploads.written(document)

    assert refused(sent).code == "too_large_inside"


def test_pages_knotted_into_a_circle_end() -> None:
    def knot(document: Pdf) -> None:
        pages = document.Root.Pages
        pages.Kids = Array([pages, *pages.Kids.as_list()])

    assert refused(pdf(knot)).code == "broken"
