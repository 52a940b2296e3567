"""What a stranger's Word file may not hold: anything that runs, fetches, or hides another file.

Word documents can carry macros, controls and objects, name files on the network, pull text in by
field codes, and swallow whole web pages (altChunk). A packet template needs none of these, so an
uploaded one that has any is refused, by name, with what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from activities.documents.docx_package import (
    field_codes,
    markup_parts,
    outside_links,
    parse_markup,
    relationships,
)
from activities.documents.errors import NotADocx

_RUNNING: Mapping[str, str] = {
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "extensibility": "buttons of its own in Word's ribbon",
    "userCustomization": "buttons of its own in Word's ribbon",
    "attachedToolbars": "toolbars of its own",
    "keyMapCustomizations": "keyboard shortcuts of its own",
    "control": "an ActiveX control",
    "activeXControlBinary": "an ActiveX control",
    "webextension": "an Office add-in",
    "webextensiontaskpanes": "an Office add-in",
    "oleObject": "an embedded object (OLE)",
    "package": "an embedded file, as charts do",
    "aFChunk": "another document inside it (altChunk)",
    "subDocument": "a subdocument",
    "frame": "a frame",
    "mailMergeSource": "a mail merge",
    "mailMergeHeaderSource": "a mail merge",
    "recipientData": "a mail merge",
    "audio": "sound or video",
    "video": "sound or video",
    "media": "sound or video",
}
"""By the last word of a relationship's type."""
_ELEMENTS: Mapping[str, str] = {
    "altChunk": _RUNNING["aFChunk"],
    "control": _RUNNING["control"],
    "OLEObject": _RUNNING["oleObject"],
    "subDoc": _RUNNING["subDocument"],
    "mailMerge": "a mail merge",
    "frameset": "frames",
}
_FOLDERS = re.compile(
    r"word/(embeddings|activeX)/|customUI/|.*\.(exe|dll|js|vbs|bat|cmd|hta)$", re.IGNORECASE
)
_TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo", "delText", "delInstrText"})
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_NUMBERING = (
    "PAGE NUMPAGES SECTIONPAGES SECTION PAGEREF REF NOTEREF STYLEREF SEQ TOC TC XE INDEX LISTNUM "
    "AUTONUM AUTONUMLGL AUTONUMOUT HYPERLINK CITATION BIBLIOGRAPHY"
)
_ABOUT = (
    "TITLE SUBJECT AUTHOR KEYWORDS COMMENTS DOCPROPERTY FILENAME DATE TIME CREATEDATE SAVEDATE "
    "PRINTDATE NUMWORDS NUMCHARS REVNUM EDITTIME"
)
_SHAPING = "SYMBOL QUOTE IF COMPARE SET ADVANCE EQ FORMTEXT FORMCHECKBOX FORMDROPDOWN ="
FIELDS = frozenset(f"{_NUMBERING} {_ABOUT} {_SHAPING}".split())
"""Word's fields that a template may use: they number, refer, and tell the date."""
_LINKS = ("http://", "https://", "mailto:", "tel:")
_CLICK = re.compile(r'HYPERLINK\s+(?!\\)"?([^"\s]+)', re.IGNORECASE)


def refuse_active_content(parts: Mapping[str, bytes]) -> None:
    """Refuse a template that holds any of it. Raises `NotADocx`, which says what and what to do."""
    for what in (*_things_that_run(parts), *_in_the_markup(parts)):
        raise NotADocx(f"it holds {what}; take it out and save it again")
    if links := outside_links(parts):
        raise NotADocx(f"it fetches things kept elsewhere ({', '.join(links)}); put them into it")
    for code in field_codes(parts):
        _check_field(code)


def _things_that_run(parts: Mapping[str, bytes]) -> Iterator[str]:
    for link in relationships(parts):
        if what := _RUNNING.get(link.kind):
            yield what
        if link.kind == "hyperlink" and link.external and not _may_be_clicked(link.target):
            yield "a link that leads to neither a web page nor a mailbox"
    for name in parts:
        if _FOLDERS.match(name):
            yield f"a file of another kind ({name.rpartition('/')[2][:40]!r})"


def _in_the_markup(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name in markup_parts(parts):
        for element in parse_markup(parts[name]).iter("{*}*"):
            local = element.tag.rpartition("}")[2]
            if local in _ELEMENTS:
                yield _ELEMENTS[local]
            if local in _TRACKED and element.tag.startswith(_WORD):
                raise NotADocx(
                    "it has tracked changes; in Word, accept them all (Review) and save it again"
                )
            if _shows_an_address(element):
                yield "a picture that is kept elsewhere"


def _shows_an_address(element: Any) -> bool:
    """Old drawings (VML) name their pictures by address, without any relationship."""
    return any(
        name.rpartition("}")[2] in {"src", "href", "althref"}
        and "schemas-microsoft-com" in (name + element.tag)
        and ("/" in value or "\\" in value)
        for name, value in element.attrib.items()
    )


def _check_field(code: str) -> None:
    word = code.split(maxsplit=1)[0].upper() if code.strip() else "?"
    word = "=" if word.startswith("=") else word
    if word not in FIELDS:
        raise NotADocx(
            f"it uses the Word field {word[:40]!r}, which templates may not; write a placeholder "
            "such as {{ person.name }} in its place"
        )
    target = _CLICK.match(code.strip())
    if target and not _may_be_clicked(target[1]):
        raise NotADocx("it holds a link that leads to neither a web page nor a mailbox")


def _may_be_clicked(target: str) -> bool:
    return target.lower().startswith((*_LINKS, "#"))
