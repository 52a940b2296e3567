"""The consent form to sign on paper: one Word template for every language.

Its words are those of `templates/links/consent`, so that paper and page say the same. Built by
`python -m templates.consents.build`.
"""

from __future__ import annotations

from pathlib import Path


def consent_template() -> Path:
    """The template of the form."""
    return Path(__file__).parent / "consent.docx"
