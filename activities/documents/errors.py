"""What can go wrong with documents. No message carries a name, a text or any other personal value.

```
DocumentError
├── StoreError
│   ├── StoreFull            no room: nothing was written
│   ├── StoreAway            the store is another machine, and it does not do its part
│   ├── DocumentMissing      no document under this key
│   └── DocumentDamaged      the file cannot be opened: damage, or a key this machine lacks
├── TemplateError
│   ├── NotADocx             not a Word document, too large, or not safe to open
│   ├── TemplateSyntax       a tag that cannot be read
│   ├── UnknownPlaceholder   a placeholder that the packet does not have
│   ├── UnsafeExpression     an expression that templates may not use
│   ├── TemplateRefused      an uploaded template that cannot be used, whatever the reason
│   └── RenderingTooLarge    the result would be larger than any packet
├── PacketIncomplete         a packet without a name, a court, a hub or an ask
├── PhotographUnreadable     a photograph that is no picture, or is damaged
├── ConversionError
│   ├── ConverterMissing     LibreOffice is not installed
│   ├── ConversionFailed     LibreOffice made no usable PDF
│   ├── ConversionTimeout    LibreOffice took too long and was stopped
│   └── PartUnreadable       a letter or an exhibit that cannot be bound
├── PdfUnreadable            not a PDF, or broken
└── UploadRefused            a file that someone sent cannot go into a packet
```
"""

from __future__ import annotations

from collections.abc import Sequence


class DocumentError(Exception):
    """Root of every error in this package."""


class StoreError(DocumentError):
    """The document store could not do what was asked."""


class StoreFull(StoreError):
    """There is no room for a document of `size` bytes. Nothing half-written was left behind."""

    def __init__(self, size: int, free: int | None) -> None:
        self.size = size
        self.free = free
        left = "" if free is None else f" ({_megabytes(free)} free)"
        super().__init__(
            f"The document store has no room for {_megabytes(size)}{left}. Free space on its disk, "
            "raise the quota, or move the store to a larger disk; then try again. "
            "Nothing was stored."
        )


class StoreAway(StoreError):
    """The store is on another machine, which does not answer, or refuses.

    `reason` completes "The document store …" and says what to do where something can be done.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The document store {reason}")


class DocumentMissing(StoreError):
    """No document has this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"No document is stored under {key[:12]!r}. It was deleted, or the store's folder is "
            "not the one it was stored in: check the folder, or restore it from a backup."
        )


class DocumentDamaged(StoreError):
    """The stored file cannot be opened with the keys of this machine."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"The stored document {key[:12]!r} cannot be opened: the file was damaged or changed, "
            "or it was encrypted with a key that is not in the key ring. "
            "Add the older key, or restore the file from a backup."
        )


class TemplateError(DocumentError):
    """A packet template cannot be used."""


class NotADocx(TemplateError):
    """The file is not a Word document (.docx) that can be opened safely."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This file cannot be used as a Word document: {reason}.")


class TemplateSyntax(TemplateError):
    """A tag between braces cannot be read. `detail` quotes the template, never the packet."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"A tag in the template cannot be read: {detail}. Look for an `if` or `for` without "
            "its end, and for a brace too many or too few."
        )


class UnknownPlaceholder(TemplateError):
    """The template asks for something that this kind of packet does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"The template asks for {name!r}, which this kind of packet does not have. "
            "Correct the spelling, or take the placeholder out."
        )


class UnsafeExpression(TemplateError):
    """The template uses something other than placeholders, loops, conditions and plain filters."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"The template uses {what}, which templates may not. Use placeholders, "
            "`if`, `for` and the plain filters only."
        )


class TemplateRefused(TemplateError):
    """An uploaded template cannot be used; the message says why and what to do."""


class RenderingTooLarge(TemplateError):
    """The rendered text passes the size limit (bytes of markup or of one value)."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"The document would be larger than {_megabytes(limit)}. Look for a loop inside a "
            "loop in the template, or for a very long text in the packet."
        )


class PacketIncomplete(DocumentError):
    """The packet lacks what no packet can do without. `missing` names fields, never values."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(f"The packet still needs: {', '.join(self.missing)}.")


class PhotographUnreadable(DocumentError):
    """The photograph at this `position` (from 1) cannot be shown."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(
            f"Photograph {position} of the packet cannot be read. Take it out, and add it again "
            "from the original."
        )


class ConversionError(DocumentError):
    """No PDF was made. The Word document is not affected."""


class ConverterMissing(ConversionError):
    """LibreOffice cannot be found. `MARK` stands in every such message and in no other."""

    MARK = "PDFs are made by LibreOffice"

    def __init__(self, looked_for: str) -> None:
        super().__init__(
            f"{self.MARK}, and {looked_for!r} was not found. Install it: "
            "apt-get install libreoffice-writer-nogui fonts-liberation fonts-crosextra-carlito. "
            "Word documents are made without it."
        )


class ConversionFailed(ConversionError):
    """LibreOffice refused the document or produced nothing usable. `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The document could not be turned into a PDF: {reason}.")


class ConversionTimeout(ConversionError):
    """LibreOffice was stopped after `seconds`, with every process it had started."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The document was not a PDF after {seconds:g} seconds; the conversion was stopped. "
            "Try again; if it happens twice, open the document in Word, save it anew and retry."
        )


class PartUnreadable(ConversionError):
    """A part is not a PDF with pages, asks for a password, or is broken. `where` names it by its
    place in the packet ("Exhibit B"), never by its title."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(
            f"{where} cannot be bound: it is not a PDF that can be read without a password. "
            "Open it, print it to a new PDF, upload that one and build the packet again."
        )


class PdfUnreadable(DocumentError):
    """The bytes are not a PDF, or the PDF is broken beyond repair."""

    def __init__(self) -> None:
        super().__init__("This file is not a PDF that can be read. Export it again and retry.")


class UploadRefused(DocumentError):
    """A file that someone sent cannot go into a packet.

    `code` names the reason for programs, `reason` completes "This file cannot be used: …" and
    `remedy` is one sentence about what to do. Neither quotes the file.
    """

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code = code
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"This file cannot be used: {reason}. {remedy}")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
