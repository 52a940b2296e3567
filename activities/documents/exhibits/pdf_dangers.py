"""What a PDF may not have when it goes into a packet.

Names and places are those of the PDF standard, ISO 32000-1: actions (12.6), annotations (12.5),
embedded files (7.11.4), forms (12.7), streams in other files (7.3.8).
"""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.pdf_objects import inflated, reachable, zipped_filters
from activities.documents.exhibits.values import MOST_PAGES

_PRINT_ANEW = "Open it, print it to a new PDF, and add that."
_SCRIPTS = (Name.JavaScript, Name.Rendition)
_STARTS = (Name.Launch, Name.SubmitForm, Name.ImportData, Name.RichMediaExecute, Name.GoToE)
_HOLDS = tuple(
    Name(f"/{kind}") for kind in ("FileAttachment", "Movie", "Sound", "Screen", "RichMedia", "3D")
)
_MOST_SIDE_PT = 14_400.0
_LEAST_SIDE_PT = 36.0
_MOST_IMAGE_PIXELS = 250_000_000
_MOST_STREAM = 60_000_000
_MOST_STREAMS = 400_000_000


def check(document: Pdf) -> None:
    """Raises `UploadRefused` with the first thing that may not be."""
    _check_root(document.Root)
    unpacked = 0
    for found in reachable(document.Root):
        _check_object(found)
        if isinstance(found, Stream):
            unpacked += _check_stream(found)
            if unpacked > _MOST_STREAMS:
                raise _too_large()
    for found in reachable(*_what_can_act(document.Root)):
        _check_action(found)
    _check_pages(document)


def _what_can_act(root: Object) -> list[Object]:
    """All but the structure for screen readers, whose elements have kinds (/S) of any name."""
    return [
        part
        for name, part in root.items()
        if name != "/StructTreeRoot" and isinstance(part, Array | Dictionary | Stream)
    ]


def _check_root(root: Object) -> None:
    names = root.get(Name.Names)
    if isinstance(names, Dictionary):
        if Name.JavaScript in names:
            raise _active("it runs a script when it is opened")
        if Name.EmbeddedFiles in names:
            raise _holds_files()
    if Name.Collection in root:
        raise _holds_files()
    form = root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and Name.XFA in form:
        raise UploadRefused(
            "active_content",
            "it is a form that only Adobe's own program can show (XFA)",
            _PRINT_ANEW,
        )


def _check_object(found: Dictionary | Stream) -> None:
    if Name.JS in found:
        raise _active("it runs a script")
    if Name.EF in found or found.get(Name.Type) == Name.EmbeddedFile:
        raise _holds_files()
    if Name.Rect in found and found.get(Name.Subtype) in _HOLDS:
        raise _holds_files()
    if Name.XFA in found:
        raise _active("it is a form that only Adobe's own program can show (XFA)")


def _check_action(found: Dictionary | Stream) -> None:
    kind = found.get(Name.S)
    if kind in _SCRIPTS:
        raise _active("it runs a script")
    if kind in _STARTS:
        raise _active("it can start a program or send a form")


def _check_stream(stream: Stream) -> int:
    """Bytes that the stream unpacks to, as far as they were counted."""
    if Name.F in stream:
        raise UploadRefused("outside_content", "parts of it are kept in other files", _PRINT_ANEW)
    if stream.get(Name.Subtype) == Name.Image:
        pixels = abs(int(stream.get(Name.Width, 0))) * abs(int(stream.get(Name.Height, 0)))
        if pixels > _MOST_IMAGE_PIXELS:
            raise _too_large()
        return 0
    return _unpacked_size(stream)


def _unpacked_size(stream: Stream) -> int:
    data = stream.read_raw_bytes()
    size = len(data)
    for _ in zipped_filters(stream):
        data = inflated(data, _MOST_STREAM + 1)
        if len(data) > _MOST_STREAM:
            raise _too_large()
        size += len(data)
    return size


def _check_pages(document: Pdf) -> None:
    pages = len(document.pages)
    if pages == 0:
        raise UploadRefused("broken", "the PDF has no pages", "Open it and save it anew.")
    if pages > MOST_PAGES:
        raise UploadRefused(
            "too_many_pages",
            f"it has {pages} pages; at most {MOST_PAGES} are taken",
            "Choose the pages that the judge should read, and add those.",
        )
    for number, page in enumerate(document.pages, start=1):
        _check_page(page, number)


def _check_page(page: Page, number: int) -> None:
    unit = float(page.obj.get(Name.UserUnit, 1))
    left, bottom, right, top = (float(edge) for edge in page.mediabox.as_list())
    sides = (abs(right - left) * unit, abs(top - bottom) * unit)
    # Written so that a side that is not a number is refused too.
    if not (min(sides) >= _LEAST_SIDE_PT and max(sides) <= _MOST_SIDE_PT):
        raise UploadRefused(
            "page_size",
            f"page {number} is smaller or larger than any sheet of paper",
            _PRINT_ANEW,
        )
    _check_contents(page.obj, number)


def _check_contents(page: Object, number: int) -> None:
    contents = page.get(Name.Contents)
    streams = contents.as_list() if isinstance(contents, Array) else [contents]
    for stream in streams:
        if isinstance(stream, Stream):
            try:
                stream.read_bytes()
            # pikepdf raises several kinds of error for a stream that does not unpack.
            except Exception as error:
                raise UploadRefused(
                    "broken", f"page {number} of the PDF is damaged", _PRINT_ANEW
                ) from error


def _active(what: str) -> UploadRefused:
    return UploadRefused("active_content", what, _PRINT_ANEW)


def _holds_files() -> UploadRefused:
    return UploadRefused(
        "holds_files",
        "it holds other files, films or sounds",
        "Save those by themselves and add each; print the pages to a new PDF and add that.",
    )


def _too_large() -> UploadRefused:
    return UploadRefused(
        "too_large_inside", "it is far larger inside than any document", _PRINT_ANEW
    )
