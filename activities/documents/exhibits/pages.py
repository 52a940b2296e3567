"""A checked upload's pages, and a photograph for the packet's own pages."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from activities.documents.exhibits.picture_pages import picture_page
from activities.documents.exhibits.values import DOCX, PDF
from activities.documents.pdf_conversion import convert_to_pdf

_PHOTOGRAPH_PX = 1_600


async def upload_pdf(
    media_type: str, content: bytes, *, profile_dir: Path, converter: str | None = None
) -> bytes:
    """The pages of a checked upload as a PDF, for binding.

    Args:
        media_type, content: of a `CheckedUpload`.
        profile_dir, converter: as `convert_to_pdf` takes them; used for Word documents only.

    Raises what `convert_to_pdf` raises: `ConverterMissing`, `ConversionFailed` or
    `ConversionTimeout`.
    """
    if media_type == PDF:
        return content
    if media_type == DOCX:
        return await convert_to_pdf(content, profile_dir=profile_dir, converter=converter)
    return picture_page(content)


def photograph(content: bytes, *, most_px: int = _PHOTOGRAPH_PX) -> bytes:
    """A checked picture as a JPEG of at most `most_px` on its longer side.

    `content` is that of a `CheckedUpload` whose media type is `JPEG`, so it opens, is upright and
    holds nothing but the picture; the same content gives the same bytes.
    """
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        if max(image.size) <= most_px:
            return content
        image.draft("RGB", (most_px, most_px))
        image.thumbnail((most_px, most_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
        output = io.BytesIO()
        image.save(output, "JPEG", quality=85, optimize=True)
        return output.getvalue()
