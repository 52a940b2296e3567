"""The pages of a checked upload, as they are bound."""

import io
import shutil
from pathlib import Path

import pikepdf
import pytest

from activities.documents import ConverterMissing
from activities.documents.exhibits import DOCX, JPEG, PDF, check_upload, upload_pdf
from tests.activities.documents.exhibits import uploads

needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


def pages_in(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


async def test_a_pdf_is_its_own_pages(tmp_path: Path) -> None:
    upload = check_upload(uploads.pdf(pages=2))

    assert await upload_pdf(PDF, upload.content, profile_dir=tmp_path) is upload.content


async def test_a_picture_is_one_page(tmp_path: Path) -> None:
    upload = check_upload(uploads.png())

    assert await upload_pdf(JPEG, upload.content, profile_dir=tmp_path) == upload.pdf


@needs_libreoffice
async def test_a_word_document_gets_its_pages_from_libreoffice(tmp_path: Path) -> None:
    upload = check_upload(uploads.docx())

    pdf = await upload_pdf(DOCX, upload.content, profile_dir=tmp_path)

    assert pages_in(pdf) == 1
    again = check_upload(pdf)
    assert again.notes == ()
    assert again.pages == 1


async def test_without_libreoffice_a_word_document_says_what_to_install(tmp_path: Path) -> None:
    upload = check_upload(uploads.docx())

    with pytest.raises(ConverterMissing, match="apt-get install"):
        await upload_pdf(DOCX, upload.content, profile_dir=tmp_path, converter="/nowhere/soffice")
