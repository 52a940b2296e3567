"""Exhibits as a zip, one file each, under names that every computer can open."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence

_LONGEST_STEM = 180
_LONGEST_SUFFIX = 10
_SEPARATORS = re.compile(r"\s*[/\\:|]+\s*")
# What Windows does not allow, and marks that hide or turn around the rest of a name.
_FORBIDDEN = re.compile('[<>"?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\b", re.IGNORECASE)
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def exhibits_zip(items: Sequence[tuple[str, bytes]]) -> bytes:
    """The files in their order under safe names; same items, same bytes.

    A name loses its folders and whatever Windows, macOS or Linux would not take; two of one name
    get numbers. Nothing is compressed: photographs and PDFs already are, and so the bytes do not
    hang on the version of zlib.
    """
    packed = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in items:
            entry = zipfile.ZipInfo(_unused(safe_name(name), taken), _NO_DATE)
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def safe_name(name: str) -> str:
    """The name as a file can have it on Windows, macOS and Linux; "file" when nothing is left.

    It is no path: what separates folders becomes a hyphen, and no dot stands in front.
    """
    known = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    plain = " ".join(_FORBIDDEN.sub(" ", _SEPARATORS.sub("-", known)).split()).strip(" .-")
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX or " " in suffix:
        stem, dot, suffix = plain, "", ""
    stem = stem.encode()[:_LONGEST_STEM].decode("utf-8", "ignore").strip(" .-") or "file"
    return f"{'_' if _DEVICES.match(stem) else ''}{stem}{dot}{suffix}"


def _unused(name: str, taken: set[str]) -> str:
    """The name, with a number when it was given out already; capitals make no difference."""
    stem, dot, suffix = name.rpartition(".")
    stem, ending = (stem, dot + suffix) if dot else (name, "")
    number = 1
    while (unused := f"{stem} ({number}){ending}" if number > 1 else name).casefold() in taken:
        number += 1
    taken.add(unused.casefold())
    return unused
