"""One file judged by its content, in this process. `check_upload` does it in another."""

from __future__ import annotations

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.pdf_files import clean_pdf
from activities.documents.exhibits.picture_pages import picture_page
from activities.documents.exhibits.pictures import clean_picture
from activities.documents.exhibits.sniffing import Kind, kind_of
from activities.documents.exhibits.values import DOCX, JPEG, MOST_BYTES, PDF, CheckedUpload
from activities.documents.exhibits.word_files import clean_word_file


def judge(content: bytes) -> CheckedUpload:
    """The upload, cleaned. Raises `UploadRefused`."""
    if len(content) > MOST_BYTES:
        raise too_many_bytes(MOST_BYTES)
    kind = kind_of(content)
    if kind is Kind.PDF:
        pdf, pages, notes = clean_pdf(content)
        return CheckedUpload(PDF, pdf, pages, pdf, notes)
    if kind is Kind.WORD:
        docx, notes = clean_word_file(content)
        return CheckedUpload(DOCX, docx, None, None, notes)
    picture = clean_picture(content, kind)
    return CheckedUpload(JPEG, picture.jpeg, 1, picture_page(picture.jpeg), picture.notes)


def too_many_bytes(most: int) -> UploadRefused:
    """The refusal of a file over `most` bytes."""
    return UploadRefused(
        "too_large",
        f"it is larger than {most / 1_000_000:.0f} MB",
        "Scan it in black and white or at 200 dots an inch, or divide it, and add that.",
    )
