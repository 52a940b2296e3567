"""Packet templates: Word documents with placeholders, one per kind of packet and language.

Each is built by a script beside it (`python -m templates.packets.build`), so that a change can be
reviewed as text; a hub may replace it with its own, made in Word. `release.docx` is English, as
every name without a language is; another language stands beside it as `release.es.docx`.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def packet_template(kind: str, language: str = "en") -> Path:
    """The template of this kind in this language, or else in English.

    Raises `LookupError` when this kind of packet has no template.
    """
    for name in (f"{kind}.{language}.docx", f"{kind}.docx"):
        if name in {path.name for path in _FOLDER.glob("*.docx")}:
            return _FOLDER / name
    raise LookupError(f"No template for packets of the kind {kind!r} in {_FOLDER.name}/.")
