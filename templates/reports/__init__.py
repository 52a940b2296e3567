"""Reports on a support plan: one Word template for letters and memos, one for certificates.

Built by `python -m templates.reports.build`; the placeholders are those of
`activities.plan_report_papers`.
"""

from __future__ import annotations

from pathlib import Path


def report_template(*, certificate: bool = False) -> Path:
    """The template of a report, or of a certificate."""
    name = "certificate.docx" if certificate else "report.docx"
    return Path(__file__).parent / name
