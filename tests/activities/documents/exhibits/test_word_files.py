"""Word documents: nothing runs, hides, or comes from elsewhere; who wrote them is gone."""

from __future__ import annotations

import io
import zipfile

import pytest

from activities.documents.docx_package import unpack
from activities.documents.errors import UploadRefused
from activities.documents.exhibits.checking import judge
from activities.documents.exhibits.values import DOCX
from tests.activities.documents.exhibits import uploads
from tests.activities.documents.exhibits.uploads import docx

RELS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(kind: str, target: str, *, outside: bool = False) -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    ).encode()


def refused(content: bytes) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        judge(content)
    return caught.value


def test_a_word_document_is_taken_without_pages_of_its_own() -> None:
    upload = judge(docx())

    assert upload.media_type == DOCX
    assert upload.extension == "docx"
    assert upload.pages is None
    assert upload.pdf is None
    assert b"Ana is a good neighbour" in unpack(upload.content)["word/document.xml"]


def test_its_author_and_its_pictures_places_are_gone() -> None:
    core = (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        b'core-properties"><cp:lastModifiedBy>HIDDEN</cp:lastModifiedBy></cp:coreProperties>'
    )
    sent = docx(
        {
            "docProps/core.xml": core,
            "docProps/thumbnail.jpeg": b"HIDDEN",
            "word/media/image1.jpeg": uploads.jpeg(),
        }
    )

    parts = unpack(judge(sent).content)

    assert not any(b"HIDDEN" in part for part in parts.values())
    assert b"Example Phones" not in parts["word/media/image1.jpeg"]
    assert uploads.opened(parts["word/media/image1.jpeg"]).size == (400, 300)


def test_the_template_that_it_was_begun_from_is_forgotten() -> None:
    """Word fetches it when the document is opened: a way to know who opened it, and worse."""
    sent = docx(
        {
            "word/_rels/settings.xml.rels": rels(
                "attachedTemplate", "http://example.org/t.dotm", outside=True
            ),
            "word/settings.xml": (
                b'<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/'
                b'main" xmlns:r="' + OFFICE.encode() + b'"><w:attachedTemplate r:id="rId9"/>'
                b"<w:zoom/></w:settings>"
            ),
        }
    )

    parts = unpack(judge(sent).content)

    assert b"example.org" not in parts["word/_rels/settings.xml.rels"]
    assert b"attachedTemplate" not in parts["word/settings.xml"]
    assert b"zoom" in parts["word/settings.xml"]


ACTIVE = {
    "macros": {"word/vbaProject.bin": b"x"},
    "an embedded workbook": {"word/embeddings/sheet.xlsx": b"x"},
    "an embedded object": {RELS: rels("oleObject", "embeddings/a.bin")},
    "a control": {"word/activeX/activeX1.xml": b"<a/>"},
    "a page of another format": {RELS: rels("aFChunk", "page.html")},
    "a program": {"word/media/a.exe": b"MZ"},
    "buttons of its own": {"customUI/customUI14.xml": b"<a/>"},
}


@pytest.mark.parametrize("name", ACTIVE)
def test_what_can_run_or_hides_is_refused(name: str) -> None:
    assert refused(docx(ACTIVE[name])).code == "active_content"


@pytest.mark.parametrize("kind", ["image", "oleObject", "frame", "subDocument"])
def test_what_is_kept_elsewhere_is_refused(kind: str) -> None:
    sent = docx({RELS: rels(kind, "http://example.org/x", outside=True)})

    assert refused(sent).code in ("outside_content", "active_content")


def test_a_link_to_click_is_no_harm() -> None:
    assert judge(docx({RELS: rels("hyperlink", "https://example.org", outside=True)}))


def test_tracked_changes_and_comments_are_pointed_out() -> None:
    body = unpack(docx())["word/document.xml"]
    marked = body.replace(b"<w:r>", b'<w:ins w:id="1" w:author="x"><w:r>', 1).replace(
        b"</w:r>", b"</w:r></w:ins>", 1
    )

    notes = judge(docx({"word/document.xml": marked, "word/comments.xml": b"<c/>"})).notes

    assert any("tracked changes" in note for note in notes)
    assert any("comments" in note for note in notes)


def test_a_zip_before_the_document_does_not_come_along() -> None:
    upload = judge(docx() + b"HIDDEN")

    assert b"HIDDEN" not in upload.content


def zipped(*names: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return output.getvalue()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
        (("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint presentation"),
        (("mimetype", "META-INF/manifest.xml"), "an OpenDocument file"),
    ],
)
def test_other_office_files_are_refused_by_their_name(names: tuple[str, ...], said: str) -> None:
    refusal = refused(zipped(*names))

    assert said in refusal.reason
    assert "PDF" in refusal.remedy


def test_any_other_zip_is_no_word_document() -> None:
    assert refused(zipped("letter.txt")).code == "broken"


def test_markup_that_is_damaged_is_refused() -> None:
    assert refused(docx({"word/document.xml": b"<w:document"})).code == "broken"


def test_markup_that_multiplies_itself_is_refused() -> None:
    body = (
        b'<!DOCTYPE a [<!ENTITY b "' + b"b" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">'
        b'<!ENTITY d "' + b"&c;" * 1000 + b'">]><a>&d;</a>'
    )
    assert refused(docx({"word/document.xml": body})).code == "broken"


def test_a_zip_that_unpacks_to_a_mountain_is_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in unpack(docx()).items():
            archive.writestr(name, part)
        archive.writestr("word/media/a.png", bytes(250_000_000))

    refusal = refused(output.getvalue())

    assert refusal.code == "too_large_inside"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_document_that_was_cut_short_is_refused(share: float) -> None:
    sent = docx()

    assert refused(sent[: int(len(sent) * share)]).code == "broken"
