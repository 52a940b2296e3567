"""Text on the wire of iCalendar: cleaned, escaped, quoted, folded (RFC 5545, 3.1 and 3.3.11)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from ics.utils import escape_string

FOLD_OCTETS: Final = 75

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NAMED_ADDRESS = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]+)>", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@<>\"\x00-\x1f\x7f]+@[^\s@<>\"\x00-\x1f\x7f]+")


def clean(text: str) -> str:
    """Text that may stand in a value: any line end becomes a newline, controls go."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", text)


def escape(text: str) -> str:
    """A cleaned value of type TEXT: no raw newline can remain, so no line can be smuggled in."""
    return str(escape_string(clean(text)))


def quoted(text: str) -> str:
    """A parameter value in quotes, its own quotes and line ends encoded (RFC 6868)."""
    text = clean(text).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{text}"'


def address_line(name: str, person: str, parameters: str = "") -> str:
    """An ORGANIZER or ATTENDEE line for "name@example.org" or "Name <name@example.org>".

    Raises:
        ValueError: this is no mail address.
    """
    shown, address = _parted(person)
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{name} needs a mail address such as name@example.org.")
    line = name + (f";CN={quoted(shown)}" if shown else "")
    line += f";{parameters}" if parameters else ""
    return f"{line}:mailto:{quote(address, safe='@!$*+-/=_.~')}"


def bare_address(person: str) -> str:
    """The mail address of "name@example.org" or "Name <name@example.org>"; "" where there is
    none."""
    _, address = _parted(person)
    return address if _ADDRESS.fullmatch(address) else ""


def _parted(person: str) -> tuple[str, str]:
    """The name that is shown, and the address."""
    match = _NAMED_ADDRESS.fullmatch(person.strip())
    shown, address = (match["name"], match["address"]) if match else ("", person)
    return shown.strip().strip('"'), address.strip()


def fold(line: str) -> str:
    """A line cut into pieces of at most 75 octets, never inside a character."""
    data = line.encode("utf-8")
    if len(data) <= FOLD_OCTETS:
        return line
    pieces, start, room = [], 0, FOLD_OCTETS
    while start < len(data):
        end = min(start + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end].decode("utf-8"))
        start, room = end, FOLD_OCTETS - 1
    return "\r\n ".join(pieces)


def finish(serialized: str) -> bytes:
    """The bytes of a calendar of CRLF-separated lines: folded, with CRLF after the last, too."""
    return "".join(f"{fold(line)}\r\n" for line in serialized.split("\r\n") if line).encode("utf-8")
