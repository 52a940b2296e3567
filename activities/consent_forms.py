"""The consent form on paper: Word and PDF, to be signed by hand, in the person's language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from activities.consent_sheets import ConsentSheet
from activities.documents.docx_rendering import render_docx
from activities.documents.pdf_conversion import convert_to_pdf
from domain.consents import PART2_NOTICE, ShareKind, needs_notice
from records.tables import ConsentTerms
from templates.consents import consent_template


def form_context(sheet: ConsentSheet, row: ConsentTerms) -> Mapping[str, Any]:
    """What the form's placeholders stand for. The number ties the paper to the records."""
    sign = ("sign", "name", "date", "guardian", "authority", "number")
    notice = PART2_NOTICE if needs_notice(ShareKind(kind) for kind in row.kinds) else ""
    return {
        "title": sheet.title,
        "intro": sheet.say("intro.ask"),
        "hub": sheet.known["hub"],
        "phone": sheet.known["phone"],
        "know": sheet.say("part.know"),
        "parts": [{"heading": part.heading, "text": "\n".join(part.lines)} for part in sheet.parts],
        "statements": list(sheet.statements),
        "sign": {"title": sheet.say("sign.title"), **{n: sheet.say(f"paper.{n}") for n in sign}},
        "number": row.id[:12],
        "notice": notice,
        "bound": False,
    }


def form_docx(sheet: ConsentSheet, row: ConsentTerms) -> bytes:
    """The form as a Word file; the same bytes for the same consent. Blocks for a moment."""
    return render_docx(consent_template(), form_context(sheet, row))


async def form_pdf(docx: bytes, profile_dir: Path, soffice: str = "") -> bytes:
    """The form as a PDF.

    Args:
        docx: of `form_docx`.
        profile_dir: of LibreOffice; one conversion at a time uses it.
        soffice: path of LibreOffice; "" looks for it.

    Raises:
        ConversionError: LibreOffice is missing, too slow or refuses; the Word file is as good.
    """
    return await convert_to_pdf(docx, profile_dir=profile_dir, converter=soffice or None)
