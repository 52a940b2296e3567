"""What a checked upload is, and how much of everything one may hold."""

from __future__ import annotations

from dataclasses import dataclass, field

PDF = "application/pdf"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MOST_BYTES = 25_000_000
"""Bytes of one uploaded file: the filing limit of the large state courts."""
MOST_PAGES = 300
"""Pages of one PDF."""

EXTENSIONS = {PDF: "pdf", JPEG: "jpg", DOCX: "docx"}
"""How a checked upload's file name ends, by its media type."""


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that may go into a packet, cleaned.

    media_type: `PDF`, `JPEG` (every picture becomes one) or `DOCX`. content: the bytes to keep.
    pages: how many there will be; None until LibreOffice made them. pdf: the pages to bind; None
    for a Word document (see `upload_pdf`). notes: what was changed or should be looked at, as
    English sentences that quote nothing from the file.
    """

    media_type: str
    content: bytes = field(repr=False)
    pages: int | None
    pdf: bytes | None = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def extension(self) -> str:
        """The ending of its file name, without a dot."""
        return EXTENSIONS[self.media_type]
