"""The zip file that a Word document is: opened with limits, hashed by its parts, packed evenly.

Two renderings of one packet differ only in the clock times inside the zip. `pack` writes the
parts in a fixed order with a fixed time, and `parts_hash` looks at the parts alone, so that "did
anything change since counsel approved?" has a true answer even after Word saved the file anew.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from activities.documents.errors import NotADocx

_CONTENT_TYPES = "[Content_Types].xml"
DOCUMENT = "word/document.xml"
"""The part that holds the document's own words."""

_MAX_PARTS = 2_000
_MAX_UNPACKED = 200_000_000
_MAX_MARKUP = 20_000_000
_DENSE = (".jpg", ".jpeg", ".png")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0"
_FETCHING_FIELD = re.compile(
    r"^\s*(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|DDEAUTO|DDE|LINK)\b",
    re.MULTILINE | re.IGNORECASE,
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def unpack(docx: bytes) -> dict[str, bytes]:
    """The parts of a Word document by name.

    Raises `NotADocx` for anything else: another format, a broken or password-protected file, a
    zip bomb (over 200 MB unpacked, or 20 MB of text markup), a file with macros.
    """
    if docx.startswith(_ENCRYPTED_OFFICE):
        raise NotADocx("it is an old .doc file or has a password; save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            _check_sizes(archive.infolist())
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
            if len(parts) != len(archive.infolist()):
                raise NotADocx("it holds two parts of one name")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotADocx("it is not a .docx file, or it is damaged") from error
    if DOCUMENT not in parts or _CONTENT_TYPES not in parts:
        raise NotADocx("it holds no Word document; save it in Word as .docx")
    if b"macroEnabled" in parts[_CONTENT_TYPES] or "word/vbaProject.bin" in parts:
        raise NotADocx("it contains macros; save it as .docx without macros")
    return parts


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A .docx whose bytes depend on the parts alone (and on the zlib that compresses them)."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in sorted(parts, key=lambda part: (part != _CONTENT_TYPES, part)):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            dense = name.lower().endswith(_DENSE)
            info.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, parts[name])
    return output.getvalue()


def repack(docx: bytes) -> bytes:
    """A .docx of this program's own making, packed as `pack` does."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def parts_hash(docx: bytes) -> str:
    """SHA-256 (hex) over names and contents of the parts, whatever their order and zip times.

    Raises `NotADocx`.
    """
    digest = hashlib.sha256()
    for name, content in sorted(unpack(docx).items()):
        for piece in (name.encode(), content):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()


def parse_markup(markup: bytes) -> Any:
    """The root element, read strictly: no entities, no network, nothing mended by guessing.

    Raises `NotADocx`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(markup, parser)
    except etree.XMLSyntaxError as error:
        raise NotADocx("its markup is damaged") from error


def markup_of(root: Any) -> bytes:
    """The part of which `root` is the root element."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def outside_links(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Kinds of things that the document fetches from elsewhere when it is opened.

    Examples are "image", "oleObject" and "attachedTemplate"; links that only a reader's click
    follows are left out. Raises `NotADocx` when the markup is damaged.
    """
    kinds: set[str] = set()
    for name in (part for part in parts if part.endswith(".rels")):
        for link in parse_markup(parts[name]).iter(_RELATIONSHIP):
            kind = link.get("Type", "")
            if link.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
                kinds.add(kind.rpartition("/")[2])
    for name in (part for part in parts if re.fullmatch(r"word/[^/]+\.xml", part)):
        kinds.update(_fetching_fields(parts[name]))
    return tuple(sorted(kinds))


def _fetching_fields(markup: bytes) -> set[str]:
    """Word fields that pull in another file: `INCLUDEPICTURE "..."`, `INCLUDETEXT`, `DDE`, …"""
    if b"instrText" not in markup and b"fldSimple" not in markup:
        return set()
    # Word splits an instruction over runs where it likes: pieces are joined, fields kept apart.
    instructions = ""
    for element in parse_markup(markup).iter("{*}fldChar", "{*}instrText", "{*}fldSimple"):
        if etree.QName(element).localname == "instrText":
            instructions += element.text or ""
        else:
            instructions += "\n" + "".join(str(value) for value in element.attrib.values()) + "\n"
    return set(_FETCHING_FIELD.findall(instructions))


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    markup = sum(entry.file_size for entry in entries if entry.filename.endswith(".xml"))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_PARTS or unpacked > _MAX_UNPACKED or markup > _MAX_MARKUP:
        raise NotADocx("it is far larger inside than any letter or packet")
