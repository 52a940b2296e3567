"""Word documents that someone sends: nothing in them runs, hides or comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from activities.documents.docx_package import (
    DOCUMENT,
    markup_of,
    outside_links,
    pack,
    parse_markup,
    unpack,
)
from activities.documents.errors import NotADocx, UploadRefused
from activities.documents.exhibits.jpeg_segments import without_metadata

_OTHER_OFFICE = (
    ("xl/", "an Excel workbook"),
    ("ppt/", "a PowerPoint presentation"),
    ("META-INF/manifest.xml", "an OpenDocument file"),
    ("Index/", "an Apple Pages document"),
)
_RUNS_OR_HIDES = re.compile(
    r"word/(embeddings|activeX|ctrls|vba)|customUI|\.(bin|exe|dll|js|vbs|htm|html|mht|mhtml)$",
    re.IGNORECASE,
)
_HARMLESS_BINARY = re.compile(r"word/printerSettings/[^/]+\.bin$")
_LINKS_INWARD = ("/oleObject", "/package", "/aFChunk", "/control", "/vbaProject")
_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>'
)
_NO_OWN_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_PROPERTIES = {
    "docProps/core.xml": _NO_PROPERTIES,
    "docProps/custom.xml": _NO_OWN_PROPERTIES,
}
_SETTINGS = "word/settings.xml"
_TRACKED = re.compile(rb"<w:(ins|del|moveFrom|moveTo)\b")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def clean_word_file(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The document without its properties (author, company) and its pictures' hidden data.

    Returns its bytes, the same for the same parts, and notes for the reader. Raises
    `UploadRefused`.
    """
    try:
        parts = unpack(content)
        links = [kind for kind in outside_links(parts) if kind != "attachedTemplate"]
        parse_markup(parts[DOCUMENT])
        inward = _inward_links(parts)
    except NotADocx as error:
        raise _no_word_document(content, error) from error
    # The zip reader meets a stranger's file here and raises whatever it stumbles over.
    except Exception as error:
        raise _broken() from error
    if links:
        raise UploadRefused(
            "outside_content",
            "it shows things that are kept elsewhere, on another computer or on the web",
            "Put the pictures or texts themselves into it, or save it as PDF.",
        )
    if inward or any(_runs_or_hides(name) for name in parts):
        raise UploadRefused(
            "active_content",
            "it holds other files or things that run when it is opened",
            "Save it as PDF and add that.",
        )
    return pack(_without_traces(parts)), _notes(parts)


def _runs_or_hides(name: str) -> bool:
    return bool(_RUNS_OR_HIDES.search(name)) and not _HARMLESS_BINARY.search(name)


def _inward_links(parts: Mapping[str, bytes]) -> bool:
    return any(
        link.get("Type", "").endswith(_LINKS_INWARD)
        for name in parts
        if name.endswith(".rels")
        for link in parse_markup(parts[name]).iter(_RELATIONSHIP)
    )


def _without_traces(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    kept = {
        name: without_metadata(content) if name.startswith("word/media/") else content
        for name, content in parts.items()
        if not name.startswith("docProps/thumbnail")
    }
    kept.update({name: empty for name, empty in _PROPERTIES.items() if name in kept})
    for name in [part for part in kept if part.endswith(".rels")]:
        kept[name] = _without(kept[name], _is_dead_link)
    # The Word template that a letter was once begun from: a path on someone's computer at best.
    if _SETTINGS in kept:
        kept[_SETTINGS] = _without(kept[_SETTINGS], _is_template)
    return kept


def _without(markup: bytes, unwanted: Callable[[Any], bool]) -> bytes:
    root = parse_markup(markup)
    found = [element for element in root.iter("{*}*") if unwanted(element)]
    for element in found:
        element.getparent().remove(element)
    return markup_of(root) if found else markup


def _is_dead_link(element: Any) -> bool:
    return str(element.get("Type", "")).endswith(("/thumbnail", "/attachedTemplate"))


def _is_template(element: Any) -> bool:
    return str(element.tag).endswith("}attachedTemplate")


def _notes(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    notes = []
    if _TRACKED.search(parts[DOCUMENT]):
        notes.append("It has tracked changes: accept or refuse them in Word if they may not show.")
    if "word/comments.xml" in parts:
        notes.append("It has comments: they stay in the Word file, but are not printed.")
    return tuple(notes)


def _no_word_document(content: bytes, error: NotADocx) -> UploadRefused:
    for name, what in _OTHER_OFFICE:
        # Names of a zip's entries stand in the open, in its directory at the end.
        if name.encode() in content[-200_000:] and DOCUMENT.encode() not in content:
            return UploadRefused("unknown_kind", f"it is {what}", "Save it as PDF and add that.")
    reason = str(error).partition(": ")[2].rstrip(".") or "it is not a .docx file, or it is damaged"
    if "macros" in reason:
        return UploadRefused(
            "active_content", "it contains macros", "Save it as .docx without macros, or as PDF."
        )
    if "larger inside" in reason:
        return UploadRefused("too_large_inside", reason, "Save it as PDF and add that.")
    return _broken()


def _broken() -> UploadRefused:
    return UploadRefused(
        "broken",
        "it is no Word document that can be opened: another kind of file, or damaged",
        "Open it in Word and save it anew as .docx, or save it as PDF.",
    )
