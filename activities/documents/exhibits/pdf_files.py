"""PDFs that someone sends: refused when they can do something, cleaned of what they carry along."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf
from pikepdf import Pdf

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.pdf_cleaning import clean
from activities.documents.exhibits.pdf_dangers import check
from activities.documents.exhibits.pdf_objects import TooManyObjects

_PRINT_ANEW = "Open it, print it to a new PDF, and add that."
_END = b"%%EOF"
_MENDED = "It was slightly damaged and was mended: look through its pages."


def clean_pdf(content: bytes) -> tuple[bytes, int, tuple[str, ...]]:
    """The PDF without what it carries along, its number of pages, and notes for the reader.

    What it can do (scripts, starting programs, sending forms), what it holds besides pages
    (attachments, films), a password, damage, too many or too large pages: `UploadRefused`.
    What is written in it stays: form fields and marks become part of the page. Notes that only
    open with a click, properties, and the hidden data of its pictures go.
    """
    with _readable(), Pdf.open(io.BytesIO(content)) as document:
        if document.is_encrypted:
            raise _locked()
        notes = _repairs(document, content)
        pages = len(document.pages)
        check(document)
        notes += clean(document)
        if document.get_warnings() and _MENDED not in notes:
            notes.append(_MENDED)
        cleaned = _written(document)
        _check_written(cleaned, pages)
    return cleaned, pages, tuple(notes)


def _written(document: Pdf) -> bytes:
    output = io.BytesIO()
    document.save(
        output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
    )
    return output.getvalue()


def _check_written(cleaned: bytes, pages: int) -> None:
    """What was mended may still not hold: only a file that opens without a word is believed."""
    with Pdf.open(io.BytesIO(cleaned)) as document:
        if len(document.pages) != pages or document.get_warnings():
            raise _broken()


def _repairs(document: Pdf, content: bytes) -> list[str]:
    """What the reader should know when the file was mended. Raises `UploadRefused` when cut."""
    if not document.get_warnings():
        return []
    if _END not in content[-2_048:]:
        raise _broken()
    return [_MENDED]


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except UploadRefused:
        raise
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (TooManyObjects, MemoryError) as error:
        raise UploadRefused(
            "too_large_inside", "it is far larger inside than any document", _PRINT_ANEW
        ) from error
    # qpdf meets a stranger's file here; through pikepdf it raises many kinds of error.
    except Exception as error:
        raise _broken() from error


def _broken() -> UploadRefused:
    return UploadRefused(
        "broken",
        "the PDF is broken or was cut short on its way",
        f"Send it again. If that fails too: {_PRINT_ANEW[0].lower()}{_PRINT_ANEW[1:]}",
    )


def _locked() -> UploadRefused:
    return UploadRefused(
        "locked",
        "the PDF is protected by a password or against changes, and courts refuse such files",
        f"Ask for it without protection, or: {_PRINT_ANEW[0].lower()}{_PRINT_ANEW[1:]}",
    )
