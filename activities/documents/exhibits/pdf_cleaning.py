"""What goes from a PDF, although it does no harm: everything that is not on its pages.

Who made it, when and on what; what an editor left in it for itself; small previews; a scan's
hidden data with the place where it was taken. Form fields and marks are drawn into the page, so
that what someone filled in stays when the pages move into another file.
"""

from __future__ import annotations

from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from activities.documents.exhibits.jpeg_segments import without_metadata
from activities.documents.exhibits.pdf_objects import (
    filters_of,
    inflated,
    reachable,
    zipped_filters,
)

_ROOT_KEPT = frozenset(
    ("/Type", "/Version", "/Extensions", "/Pages", "/Outlines", "/Lang", "/MarkInfo")
) | frozenset(
    ("/StructTreeRoot", "/PageLabels", "/OCProperties", "/OutputIntents", "/Dests", "/Names")
)
_LEFT_BEHIND = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/OPI", "/Ref")
_CLICKED = frozenset(("/Text", "/Popup"))
_MOST_PICTURE = 60_000_000
_LINKS = ("http://", "https://", "mailto:", "tel:")


def clean(document: Pdf) -> list[str]:
    """Clean the opened document, which `check` passed; returns notes for the reader."""
    notes = _flatten(document)
    _strip_root(document)
    removed = False
    for found in reachable(document.Root):
        for name in _LEFT_BEHIND:
            if name in found:
                del found[name]
        if Name.Title in found and not _is_inner(found.get(Name.A)):
            del found[Name.A]
        if isinstance(found, Stream) and filters_of(found)[-1:] == [Name.DCTDecode]:
            removed |= _strip_picture(found)
    if removed:
        notes.append("Hidden data of its pictures, such as the place, was removed.")
    return notes


def _flatten(document: Pdf) -> list[str]:
    """Draw form fields and marks into their pages; drop notes that open with a click."""
    dropped = False
    for page in document.pages:
        dropped |= _keep_annotations(page.obj, lambda note: note.get(Name.Subtype) not in _CLICKED)
    form = document.Root.get(Name.AcroForm)
    has_fields = isinstance(form, Dictionary) and bool(form.get(Name.Fields))
    if has_fields:
        document.generate_appearance_streams()
    document.flatten_annotations("screen")
    for page in document.pages:
        _keep_annotations(page.obj, _is_plain_link)
    notes = []
    if has_fields:
        notes.append("What was filled in is now part of its pages and cannot be changed.")
    if dropped:
        notes.append("Notes that opened with a click were removed.")
    return notes


def _keep_annotations(page: Object, wanted: Callable[[Object], bool]) -> bool:
    """Keep the annotations that are `wanted`; whether any went."""
    annotations = page.get(Name.Annots)
    if not isinstance(annotations, Array):
        if Name.Annots in page:
            del page[Name.Annots]
        return False
    everything = annotations.as_list()
    kept = [note for note in everything if isinstance(note, Dictionary) and wanted(note)]
    if kept:
        page.Annots = Array(kept)
    else:
        del page[Name.Annots]
    return len(kept) < len(everything)


def _is_plain_link(note: Object) -> bool:
    if note.get(Name.Subtype) != Name.Link:
        return False
    action = note.get(Name.A)
    if action is None:
        return True
    if not isinstance(action, Dictionary) or Name.Next in action:
        return False
    if action.get(Name.S) == Name.GoTo:
        return True
    address = str(action.get(Name.URI, "")).strip().lower()
    return action.get(Name.S) == Name.URI and address.startswith(_LINKS)


def _is_inner(action: Object | None) -> bool:
    """Whether a bookmark's action, if it has one, does no more than to show a page."""
    if action is None:
        return True
    return (
        isinstance(action, Dictionary)
        and action.get(Name.S) == Name.GoTo
        and Name.Next not in action
    )


def _strip_root(document: Pdf) -> None:
    root = document.Root
    for name in [key for key, _ in root.items() if key not in _ROOT_KEPT]:
        del root[name]
    names = root.get(Name.Names)
    if isinstance(names, Dictionary):
        for name in [key for key, _ in names.items() if key != "/Dests"]:
            del names[name]
    # The ID tells copies of one file from each other; the same pages are to give the same bytes.
    for entry in (Name.Info, Name.ID):
        if entry in document.trailer:
            del document.trailer[entry]


def _strip_picture(stream: Stream) -> bool:
    zipped = zipped_filters(stream)
    if len(zipped) + 1 != len(filters_of(stream)):
        return False
    raw = stream.read_raw_bytes()
    for _ in zipped:
        raw = inflated(raw, _MOST_PICTURE)
    stripped = without_metadata(raw)
    if stripped == raw or not stripped:
        return False
    parameters = stream.get(Name.DecodeParms)
    if isinstance(parameters, Array):
        parameters = parameters[-1]
    stream.write(
        stripped,
        filter=Name.DCTDecode,
        decode_parms=parameters if isinstance(parameters, Dictionary) else None,
    )
    return True
