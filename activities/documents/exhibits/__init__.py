"""Exhibits and uploaded letters: what someone sends is judged by its content, and cleaned.

`check_upload` takes PDF, JPEG, PNG, HEIC and Word files, refuses what is broken, locked or can do
something (`UploadRefused` says why and what to do), and takes out what travels along: a
photograph's place and time, a document's author. `upload_pdf` gives the pages to bind and
`photograph` a picture for the packet's own pages.
"""

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.apart import check_upload
from activities.documents.exhibits.pages import photograph, upload_pdf
from activities.documents.exhibits.values import (
    DOCX,
    EXTENSIONS,
    JPEG,
    MOST_BYTES,
    MOST_PAGES,
    PDF,
    CheckedUpload,
)

__all__ = [
    "DOCX",
    "EXTENSIONS",
    "JPEG",
    "MOST_BYTES",
    "MOST_PAGES",
    "PDF",
    "CheckedUpload",
    "UploadRefused",
    "check_upload",
    "photograph",
    "upload_pdf",
]
