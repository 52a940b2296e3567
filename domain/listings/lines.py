"""From the bytes of a published calendar to lines of text, block by block."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Final, Protocol

from domain.listings.errors import EmptyFile, NotThisFormat, WrongEncoding

BLOCK: Final = 65_536
LONGEST_LINE: Final = 1_000_000
"""Characters; no calendar has such a line, other files do."""

_MARKS: Final = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an Excel workbook or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a text document"),
    (b"<", "a web page or XML"),
)


class ByteSource(Protocol):
    """Anything that bytes can be read from: an open file, an upload, `io.BytesIO`."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


def text_lines(source: ByteSource, encoding: str) -> Iterator[str]:
    """The lines of a text file, each with "\\n" at its end (the last one perhaps without).

    A UTF-8 byte-order mark is taken for what it says, whatever the encoding. Memory: one block
    and one line.

    Raises:
        EmptyFile: there is no byte.
        WrongEncoding: the bytes are not text in `encoding`.
        NotThisFormat: it is evidently another kind of file.
    """
    block = source.read(BLOCK)
    if not block:
        raise EmptyFile
    _refuse_other_files(block, encoding)
    encoding = "utf-8-sig" if block.startswith(codecs.BOM_UTF8) or encoding == "utf-8" else encoding
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    rest = ""
    while block:
        pieces = (rest + _decoded(decoder, block, encoding)).split("\n")
        rest = pieces.pop()
        if len(rest) > LONGEST_LINE:
            raise NotThisFormat("The file has a line of a million characters: it is no calendar.")
        for piece in pieces:
            yield piece + "\n"
        block = source.read(BLOCK)
    rest += _decoded(decoder, b"", encoding)
    if rest:
        yield rest


def _refuse_other_files(head: bytes, encoding: str) -> None:
    start = head[:512].lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    for mark, what in _MARKS:
        if start.startswith(mark):
            raise NotThisFormat(
                f"This looks like {what}. Ask the court for the calendar as a CSV or iCalendar "
                "file, or save it as CSV (UTF-8) and import that."
            )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and encoding != "utf-16":
        raise WrongEncoding(
            "The file is UTF-16 (spreadsheets call it Unicode text). Save it as CSV UTF-8, or set "
            'encoding = "utf-16" in the mapping.'
        )


def _decoded(decoder: io.IncrementalNewlineDecoder, block: bytes, encoding: str) -> str:
    text: str | None
    try:
        text = decoder.decode(block, final=not block)
    except UnicodeError:
        text = None
    if text is None:
        # Raised out here, because a decode error carries the bytes that it met.
        name = encoding.removesuffix("-sig")
        raise WrongEncoding(
            f"The file is not {name} text. Save it as {name}, or set the right encoding in the "
            'mapping (older Windows programs write "cp1252").'
        )
    if "\0" in text:
        raise WrongEncoding(
            "The file holds NUL bytes: it is not text, or it is UTF-16 and the mapping does not "
            "say so. Save it as CSV UTF-8."
        )
    return text
