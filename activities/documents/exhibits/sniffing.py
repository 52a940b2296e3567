"""What a file is, by its first bytes. Its name and what the browser says of it do not count."""

from __future__ import annotations

from enum import StrEnum

from activities.documents.errors import UploadRefused

_TAKEN = "Homeward takes PDF, JPEG, PNG, HEIC and Word (.docx) files."
_BLANK = b"\xef\xbb\xbf \t\r\n\x00\x0c"
_HEIC_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)


class Kind(StrEnum):
    """A kind of file that a packet can hold."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    WORD = "word"


def kind_of(content: bytes) -> Kind:
    """The kind of this file. Raises `UploadRefused` for every other one, by its name if known."""
    if not content.strip(b"\x00 \r\n\t"):
        raise UploadRefused("empty", "it is empty", "Choose the file again, or send another copy.")
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"PK\x03\x04"):
        return Kind.WORD
    # A mail program or a web server may leave a blank line before the header; anything else
    # there means that the file is also something other than a PDF.
    if content[:64].lstrip(_BLANK).startswith(b"%PDF-"):
        return Kind.PDF
    if content[4:8] == b"ftyp":
        return _in_boxes(content)
    raise _refusal(content)


def _in_boxes(content: bytes) -> Kind:
    """HEIC, AVIF, MP4 and others share one container; its brands tell them apart."""
    size = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, size, 4))}
    if b"avif" in brands or b"avis" in brands:
        raise _not_taken("an AVIF picture", "Save it as JPEG or PNG and add that.")
    if brands & _HEIC_BRANDS:
        return Kind.HEIC
    raise _not_taken("a video", "Add a photograph, or a page that describes it.")


def _refusal(content: bytes) -> UploadRefused:
    start = content[:64].lstrip(_BLANK)
    for what, remedy, found in (
        ("a GIF picture", "Save it as JPEG or PNG and add that.", start.startswith(b"GIF8")),
        (
            "a WebP picture",
            "Save it as JPEG or PNG and add that.",
            start.startswith(b"RIFF") and content[8:12] == b"WEBP",
        ),
        (
            "a TIFF picture",
            "Save it as PDF, JPEG or PNG and add that.",
            start.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")),
        ),
        ("a BMP picture", "Save it as JPEG or PNG and add that.", start.startswith(b"BM")),
        (
            "an old Office file, or one with a password",
            "Open it, take the password out, and save it as .docx or PDF.",
            start.startswith(b"\xd0\xcf\x11\xe0"),
        ),
        ("a rich text file", "Save it as .docx or PDF and add that.", start.startswith(b"{\\rtf")),
        ("a web page", "Print it to PDF and add that.", start[:1] == b"<"),
    ):
        if found:
            return _not_taken(what, remedy)
    return UploadRefused(
        "unknown_kind", "its content is none that a packet can hold, whatever its name says", _TAKEN
    )


def _not_taken(what: str, remedy: str) -> UploadRefused:
    return UploadRefused("unknown_kind", f"it is {what}", f"{remedy} {_TAKEN}")
