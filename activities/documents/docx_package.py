"""The zip file that a Word document is: opened with limits, hashed by its parts, packed evenly.

Two renderings of one packet differ only in the clock times inside the zip. `pack` writes the
parts in a fixed order with a fixed time, and `parts_hash` looks at the parts alone, so that "did
anything change since counsel approved?" has a true answer even after Word saved the file anew.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from activities.documents.errors import NotADocx

_CONTENT_TYPES = "[Content_Types].xml"
DOCUMENT = "word/document.xml"
"""The part that holds the document's own words."""

_MAX_PARTS = 2_000
_MAX_UNPACKED = 100_000_000
_MAX_MARKUP = 20_000_000
_DENSE = (".jpg", ".jpeg", ".png")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0"
_FETCHING_FIELD = re.compile(
    r"^\s*(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|DDEAUTO|DDE|LINK)\b",
    re.MULTILINE | re.IGNORECASE,
)
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What Python's zip reader raises over a damaged file."""
_TOO_LARGE = "it is far larger inside than any letter or packet"
_DECLARES = "its markup declares entities of its own, which Word never does"
_MACROS = frozenset({"word/vbaProject.bin", "word/vbaData.xml"})
_PICTURES = (*_DENSE, ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".odttf", ".ttf")
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relationship:
    """A tie from one part to another, or to something outside. `kind` is the last word of its
    type: "image", "hyperlink", "oleObject"."""

    kind: str
    target: str
    external: bool

    @property
    def is_main(self) -> bool:
        """Whether it leads to the document's own words."""
        return self.kind == "officeDocument"


def unpack(docx: bytes) -> dict[str, bytes]:
    """The parts of a Word document by name.

    Raises `NotADocx` for anything else: another format, a broken or password-protected file, a
    zip bomb (over 100 MB unpacked, or 20 MB without its pictures), a file with macros, markup
    that declares entities.
    """
    if docx.startswith(_ENCRYPTED_OFFICE):
        raise NotADocx("it is an old .doc file or has a password; save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            _check_entries(archive.infolist())
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
    except _DAMAGE as error:
        raise NotADocx("it is not a .docx file, or it is damaged") from error
    if DOCUMENT not in parts or _CONTENT_TYPES not in parts:
        raise NotADocx("it holds no Word document; save it in Word as .docx")
    _check_types(parts)
    return parts


def _check_types(parts: Mapping[str, bytes]) -> None:
    types = parts[_CONTENT_TYPES]
    if any(mark in types for mark in (b"macroEnabled", b"vbaProject")) or _MACROS & parts.keys():
        raise NotADocx("it contains macros; save it as .docx without macros")
    if b"template.main+xml" in types:
        raise NotADocx("it is a Word template (.dotx); save it in Word as .docx")
    written = [content for content in parts.values() if _is_markup(content)]
    if sum(map(len, written)) > _MAX_MARKUP:
        raise NotADocx(_TOO_LARGE)
    if any(mark in content for content in written for mark in _DECLARATIONS):
        raise NotADocx(_DECLARES)
    mains = {link.target for link in _ties(parts.get("_rels/.rels", b"")) if link.is_main}
    if mains and {main.lstrip("/") for main in mains} != {DOCUMENT}:
        raise NotADocx("its text is not where Word keeps it; save it anew in Word as .docx")


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
        root = etree.fromstring(markup, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotADocx("its markup is damaged") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotADocx(_DECLARES)
    return root


def markup_of(root: Any) -> bytes:
    """The part of which `root` is the root element."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def relationships(parts: Mapping[str, bytes]) -> Iterator[Relationship]:
    """Every tie between parts and to the outside. Raises `NotADocx` when the markup is damaged."""
    for name in parts:
        if name.lower().endswith(".rels"):
            yield from _ties(parts[name])


def _ties(markup: bytes) -> Iterator[Relationship]:
    for link in parse_markup(markup).iter(_RELATIONSHIP) if markup else ():
        kind, outside = link.get("Type", "").rpartition("/")[2], link.get("TargetMode")
        yield Relationship(kind, link.get("Target", ""), outside == "External")


def markup_parts(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Names of the parts that hold markup, whatever they are called."""
    for name, content in parts.items():
        if _is_markup(content):
            yield name


def _is_markup(content: bytes) -> bool:
    return content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def outside_links(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Kinds of things that the document fetches from elsewhere when it is opened.

    Examples are "image", "oleObject" and "attachedTemplate"; links that only a reader's click
    follows are left out. Raises `NotADocx` when the markup is damaged.
    """
    kinds = {link.kind for link in relationships(parts) if link.external} - {"hyperlink"}
    for name in markup_parts(parts):
        if b":link=" in parts[name]:
            kinds.update(_linked_pictures(parts[name]))
    for code in field_codes(parts):
        kinds.update(word.upper() for word in _FETCHING_FIELD.findall(code))
    return tuple(sorted(kinds))


def _linked_pictures(markup: bytes) -> set[str]:
    linked = parse_markup(markup).xpath("//*[@*[local-name()='link' and namespace-uri()=$r]]", r=_R)
    return {"image"} if linked else set()


def field_codes(parts: Mapping[str, bytes]) -> Iterator[str]:
    """The code of every Word field: `PAGE`, `INCLUDETEXT "..."`; whatever its runs are cut into.

    A field inside the code of another is told apart from it: where a code begins with one, the
    name of the outer field is only known when Word computes it, and is told as "?".
    Raises `NotADocx` when the markup is damaged.
    """
    for name in markup_parts(parts):
        if b"instrText" in parts[name] or b"fldSimple" in parts[name]:
            yield from _codes_in(parse_markup(parts[name]))


def _codes_in(root: Any) -> Iterator[str]:
    open_codes: list[str] = []
    for element in root.iter("{*}fldChar", "{*}instrText", "{*}fldSimple"):
        local = etree.QName(element).localname
        values = {etree.QName(key).localname: value for key, value in element.attrib.items()}
        if local == "fldSimple":
            yield values.get("instr", "")
        elif local == "instrText":
            if not open_codes:
                open_codes.append("")
            open_codes[-1] += element.text or ""
        elif values.get("fldCharType") == "begin":
            if open_codes and not open_codes[-1].strip():
                open_codes[-1] = "? "
            open_codes.append("")
        elif values.get("fldCharType") == "end" and open_codes:
            yield open_codes.pop()
    # A field that is never closed is read by some programs all the same.
    yield from open_codes


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    markup = sum(entry.file_size for entry in entries if not _is_picture(entry.filename))
    if len(entries) > _MAX_PARTS or unpacked > _MAX_UNPACKED or markup > _MAX_MARKUP:
        raise NotADocx(_TOO_LARGE)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise NotADocx("it holds two parts of one name")
    for name in (entry.filename for entry in entries):
        if not name.isprintable() or "\\" in name or {"", ".."} & set(name[:-1].split("/")):
            raise NotADocx("it holds a part with an impossible name")


def _is_picture(name: str) -> bool:
    return name.lower().endswith(_PICTURES)
