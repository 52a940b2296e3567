"""A report on paper: Word, and from the very same file PDF. Same words, same bytes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from activities.documents.docx_rendering import render_docx
from activities.documents.packet_context import long_date
from activities.documents.pdf_conversion import convert_to_pdf
from activities.plan_report_facts import ReportSheet
from domain.court_time import wall_time
from domain.message_values import phone_words
from domain.plan_reports import FOR_COUNSEL_ALONE, ReportKind
from templates.reports import report_template

DRAFT = "DRAFT: not approved by counsel"
_OPENINGS = {
    ReportKind.SUMMARY: (
        "{hub} supports {called} with the plan below. Each line stands on what was shown to the "
        "hub and checked by the person named at the end."
    ),
    ReportKind.LETTER: (
        "To the Court: {hub} has supported {called} with a plan {since}. We write to tell you what "
        "{called} has done. Each line stands on what was shown to us and checked."
    ),
    ReportKind.CERTIFICATE: "has completed the support plan with {hub}",
    ReportKind.MEMO: (
        "Prepared for counsel alone, to decide what is said to whom. {hub} tells no court, no "
        "prosecutor and no probation office of a missed step. Do not forward this memo."
    ),
}
_CLOSINGS = {
    ReportKind.SUMMARY: "",
    ReportKind.LETTER: (
        "We are proud of this work, and we go on supporting {called}. We answer your questions "
        "through counsel. Respectfully, {hub}"
    ),
    ReportKind.CERTIFICATE: "{day}",
    ReportKind.MEMO: "",
}


def report_docx(sheet: ReportSheet, zone: str, made_at: datetime, approved: str = "") -> bytes:
    """A report as a Word file; blocks for a moment.

    Args:
        sheet: what it says.
        zone: the hub's IANA zone.
        made_at: UTC.
        approved: "Miriam Okafor on May 3, 2027" once counsel has approved it; "" for a draft.
    """
    kind = sheet.report.kind
    template = report_template(certificate=kind is ReportKind.CERTIFICATE)
    return render_docx(template, _context(sheet, zone, made_at, approved))


def _context(sheet: ReportSheet, zone: str, made_at: datetime, approved: str) -> Mapping[str, Any]:
    kind, day = sheet.report.kind, wall_time(made_at, zone).date()
    since = f"since {long_date(sheet.starts_on)}" if sheet.starts_on else ""
    known = {"hub": sheet.hub, "called": sheet.called, "since": since, "day": long_date(day)}
    told = [
        {"text": line.text, "marks": _marks(line.origins)}
        for part in sheet.report.parts
        for line in part.lines
    ]
    lines = iter(told)
    return {
        "bound": False,
        "title": sheet.report.title,
        "hub": sheet.hub,
        "phone": phone_words(sheet.phone),
        "who": sheet.who,
        "given_to": "This certifies that",
        "draft": "" if approved or kind in FOR_COUNSEL_ALONE else DRAFT,
        "facts": [
            {"label": label, "text": text}
            for label, text in (("Of", sheet.who), *sheet.facts, ("Date", long_date(day)))
        ],
        "opening": _filled(_OPENINGS[kind], known),
        "parts": [
            {"heading": part.heading, "lines": [next(lines) for _ in part.lines]}
            for part in sheet.report.parts
        ],
        "closing": _filled(_CLOSINGS[kind], known),
        "notice": sheet.notice,
        "origins": [
            {"number": str(origin.number), "words": origin.words} for origin in sheet.report.origins
        ],
        "foot": f"Approved by counsel: {approved}" if approved else sheet.report.title,
    }


def _marks(numbers: Sequence[int]) -> str:
    """ "1–9, 12": runs of numbers as their ends."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}" for run in runs
    )


def _filled(words: str, known: Mapping[str, str]) -> list[str]:
    return [" ".join(words.format(**known).split())] if words else []


async def report_pdf(docx: bytes, profile_dir: Path, soffice: str = "") -> bytes:
    """The same as a PDF.

    Args:
        docx: of `report_docx`.
        profile_dir: of LibreOffice; one conversion at a time uses it.
        soffice: path of LibreOffice; "" looks for it.

    Raises:
        ConversionError: LibreOffice is missing, too slow or refuses; the Word file is as good.
    """
    return await convert_to_pdf(docx, profile_dir=profile_dir, converter=soffice or None)
