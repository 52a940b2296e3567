"""Zones whose rules we write ourselves, so that a government can change its mind in a test."""

import io
import struct
from zoneinfo import ZoneInfo


def made_up_zone(rule: str, offset_hours: int, name: str) -> ZoneInfo:
    """A zone from a POSIX rule such as `EST5EDT,M3.2.0,M11.1.0`, as a compiled TZif file.

    Args:
        rule: POSIX TZ string (RFC 9636, section 3.3), which holds from 1970 on.
        offset_hours: standard time's offset from UTC.
        name: what the zone calls itself.
    """
    abbreviation = b"STD\0"
    kind = struct.pack(">lbB", offset_hours * 3600, 0, 0)
    first = struct.pack(">6l", 0, 0, 0, 0, 1, len(abbreviation))
    second = struct.pack(">6l", 0, 0, 0, 1, 1, len(abbreviation))
    head = b"TZif2" + bytes(15)
    body = head + first + kind + abbreviation
    body += head + second + struct.pack(">q", 0) + b"\0" + kind + abbreviation
    body += b"\n" + rule.encode() + b"\n"
    return ZoneInfo.from_file(io.BytesIO(body), key=name)
