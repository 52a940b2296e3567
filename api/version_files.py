"""The files of a packet: what can be taken, under which name, and with which headers.

A name says the kind of packet and the version, never whose it is; it is plain ASCII whatever
the records hold. A browser saves such a file and never shows it within this site.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from starlette.responses import Response

from records.tables import PacketVersion

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        DOCX_TYPE: "docx",
        "application/pdf": "pdf",
        "application/zip": "zip",
        "image/jpeg": "jpg",
        "image/png": "png",
    }
)
"""The media types that leave, with the end of their file's name; anything else goes as bytes."""
_BYTES = "application/octet-stream"
_SAFE = re.compile(r"[^a-z0-9-]+")


class Make(StrEnum):
    """A make in which a version comes."""

    DOCX = "docx"
    PDF = "pdf"
    EXHIBITS = "exhibits"


MEDIA_TYPES: Mapping[Make, str] = MappingProxyType(
    {Make.DOCX: DOCX_TYPE, Make.PDF: "application/pdf", Make.EXHIBITS: "application/zip"}
)
"""What each make is."""


@dataclass(frozen=True, slots=True)
class OneFile:
    """A file that can be taken.

    Attributes:
        key: in the document store.
        sha256: in hex; "" where nobody noted it.
        size: bytes; 0 where nobody noted it.
        name: without anything personal.
    """

    key: str
    sha256: str
    size: int
    media_type: str
    name: str


def file_of(version: PacketVersion, kind: str, make: Make) -> OneFile | None:
    """A version in one make; None when it was not made, as without LibreOffice or exhibits.

    Args:
        kind: of the packet.
    """
    key = getattr(version, f"{make}_key")
    if not key:
        return None
    return OneFile(
        key,
        getattr(version, f"{make}_sha256"),
        getattr(version, f"{make}_size"),
        MEDIA_TYPES[make],
        version_name(kind, version.number, make),
    )


def version_name(kind: str, number: int, make: Make) -> str:
    """ "release-packet-v2.docx", "release-packet-v2-exhibits.zip"."""
    last = "-exhibits.zip" if make is Make.EXHIBITS else f".{make}"
    return f"{_plain(kind)}-packet-v{number}{last}"


def piece_name(what: str, label: str, media_type: str) -> str:
    """ "exhibit-a.jpg": a single piece by its label, never by the name that it came with."""
    return f"{_plain(what)}-{_plain(label)}.{EXTENSIONS.get(media_type, 'bin')}"


def attachment(file: OneFile, content: bytes, size: int | None = None) -> Response:
    """The answer that hands a file over.

    Args:
        content: its bytes; empty for HEAD.
        size: to announce, where it is not that of `content`.
    """
    known = file.media_type if file.media_type in EXTENSIONS else _BYTES
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(len(content) if size is None else size),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    if file.sha256:
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        # RFC 9530: whoever keeps the file can prove which one it is.
        headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return Response(content, media_type=known, headers=headers)


def _plain(words: str) -> str:
    return _SAFE.sub("-", words.lower()).strip("-") or "file"
