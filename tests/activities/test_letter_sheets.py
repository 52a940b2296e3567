"""A letter as it is set on paper, and the uploads that stand in place of one."""

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from activities.documents.binding import letter_pdf, letter_versions
from activities.documents.errors import UploadRefused
from activities.documents.packet_values import (
    CourtRoom,
    Hearing,
    HubLetterhead,
    MitigationPacket,
    Person,
)
from activities.documents.store import FolderStore
from activities.letter_sheets import TO_THE_JUDGE, draft_page, letter_page, signature
from activities.letter_uploads import MOST_FILES, SentFile, take_letter
from domain.letters import Draft
from records.crypto import KeyRing
from records.letter_writing import original_hash
from records.tables import Letter

NOW_DAY = date(2026, 12, 2)
PACKET = MitigationPacket(
    kind="release",
    person=Person("Marcus Johnson", "Marcus"),
    court=CourtRoom("Eleventh Judicial Circuit"),
    hearing=Hearing("bail review", date(2026, 12, 29)),
    hub=HubLetterhead("Liberty City Defense"),
    prepared_on=NOW_DAY,
    ask="Release.",
)


def a_letter(**more: object) -> Letter:
    """Lee's letter, in."""
    letter = Letter(
        packet_id="p",
        relationship="pastor",
        asked_at=None,  # type: ignore[arg-type]
        body="He sings.\n\nHe cooks.",
        contact="305-555-0142",
        signed_as="Lee Brown",
        signed_on=NOW_DAY,
    )
    for name, value in more.items():
        setattr(letter, name, value)
    return letter


def a_photograph(width: int = 400, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 500), "white").save(out, kind)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path, KeyRing.fresh())


def test_a_signed_letter_is_addressed_to_the_judge() -> None:
    page = letter_page(PACKET, a_letter(), "Lee Brown")
    assert (page.to, page.person, page.date) == (TO_THE_JUDGE, "Marcus Johnson", "December 2, 2026")
    (shown,) = letter_versions(page)
    assert shown["paragraphs"] == ["Your Honor:", "He sings.", "He cooks."]
    assert shown["signature"] == "/s/ Lee Brown"
    assert shown["about"] == "Pastor · 305-555-0142"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Lee Brown (by telephone, written down by Rosa Diaz)"),
        ("es", "Lee Brown (por teléfono, lo escribió Rosa Diaz)"),
        ("ht", "Lee Brown (nan telefòn, se Rosa Diaz ki ekri l)"),
        ("fr", "Lee Brown (by telephone, written down by Rosa Diaz)"),
    ],
)
def test_a_letter_says_who_wrote_it_down(language: str, said: str) -> None:
    assert signature(a_letter(language=language, taken_down_by="Rosa Diaz")) == said
    assert signature(a_letter(language=language)) == "Lee Brown"


def test_a_draft_is_shown_unsigned_as_it_would_be_today() -> None:
    draft = Draft({"story": "He fixed my roof.", "contact": "lee@example.org"})
    page = draft_page(PACKET, a_letter(), "Lee Brown", draft, NOW_DAY)
    (shown,) = letter_versions(page)
    assert shown["signature"] == ""
    assert shown["paragraphs"][1:] == ["He fixed my roof."]


def test_only_a_translation_of_the_letter_as_it_is_goes_along() -> None:
    letter = a_letter(language="es", body="Él canta.", translation="He sings.")
    letter.translated_by, letter.translated_from = "Ana Ruiz", original_hash(letter)
    pages = letter_versions(letter_page(PACKET, letter, "Lee Brown"))
    assert [one["language"] for one in pages] == ["es", "en"]
    letter.body = "Él cocina."
    assert len(letter_versions(letter_page(PACKET, letter, "Lee Brown"))) == 1
    scan = a_letter(body="", sha256="a" * 64, translation="He sings.", translated_from="a" * 64)
    with pikepdf.open(io.BytesIO(letter_pdf(letter_page(PACKET, scan, "Lee")))) as document:
        assert len(document.pages) == 1, "the translation alone, to follow the scan"


def test_one_photograph_is_kept_as_it_is_with_a_page_to_bind(store: FolderStore) -> None:
    taken = take_letter(store, [SentFile("my letter.png", a_photograph(kind="PNG"))]).document
    assert (taken.media_type, taken.pages, taken.name) == ("image/jpeg", 1, "my letter.png")
    assert taken.key != taken.pdf_key
    assert store.get(taken.pdf_key).startswith(b"%PDF")
    assert store.get(taken.key).startswith(b"\xff\xd8")


def test_several_pages_become_one_document_in_their_order(store: FolderStore) -> None:
    pdf = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(612, 792))
        document.add_blank_page(page_size=(612, 792))
        document.save(pdf)
    files = [
        SentFile("/sdcard/one.jpg", a_photograph()),
        SentFile("two.pdf", pdf.getvalue()),
        SentFile("three.jpg", a_photograph(500)),
    ]
    taken = take_letter(store, files).document
    assert (taken.name, taken.pages, taken.pdf_key) == ("one.jpg + 2", 4, taken.key)
    again = take_letter(store, files).document
    assert again == taken, "the same files are the same document"


def test_a_word_file_waits_for_its_pages(store: FolderStore) -> None:
    word = Path("templates/packets/release.docx").read_bytes()
    taken = take_letter(store, [SentFile("letter.docx", word)]).document
    assert (taken.pdf_key, taken.pages) == ("", 0)
    with pytest.raises(UploadRefused) as refused:
        take_letter(store, [SentFile("a.docx", word), SentFile("b.jpg", a_photograph())])
    assert refused.value.code == "mixed"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "empty"),
        ([SentFile("a.jpg", b"x")] * (MOST_FILES + 1), "many"),
        ([SentFile("a.pdf", b"MZ")], "unknown_kind"),
    ],
)
def test_what_is_no_letter_is_not_stored(
    store: FolderStore, files: list[SentFile], code: str
) -> None:
    with pytest.raises(UploadRefused) as refused:
        take_letter(store, files)
    assert refused.value.code == code
    assert list(store.keys()) == []


def test_pages_that_are_too_large_together_are_refused(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.letter_uploads.MOST_BYTES", 1000)
    with pytest.raises(UploadRefused) as refused:
        take_letter(store, [SentFile("a.jpg", a_photograph())] * 2)
    assert refused.value.code == "too_large"
