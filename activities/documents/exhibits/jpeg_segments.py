"""A JPEG without what travels along with the picture, its picture data untouched.

For JPEGs inside PDF and Word files: scanning apps leave a phone's location in them, and coding
them anew would cost sharpness.
"""

from __future__ import annotations

_START = b"\xff\xd8"
_SCAN = 0xDA
_END = 0xD9
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))
# What a decoder needs: JFIF, the colour profile (APP2), and Adobe's note on the colour space.
_KEPT_APPS = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}


def without_metadata(jpeg: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC, thumbnails, comments, or anything after its end.

    Bytes that cannot be followed as JPEG come back as they are.
    """
    if not jpeg.startswith(_START):
        return jpeg
    kept, at = bytearray(_START), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            return bytes(kept) + jpeg[at : at + 2]
        end = at + 2 if marker in _STANDALONE else at + 2 + _length(jpeg, at)
        if end > len(jpeg):
            break
        if _is_kept(marker, jpeg[at + 4 : end]):
            kept += jpeg[at:end]
        if marker == _SCAN:
            following = _end_of_scan(jpeg, end)
            kept += jpeg[end:following]
            end = following
        at = end
    return bytes(kept) + jpeg[at:]


def _length(jpeg: bytes, at: int) -> int:
    return max(2, int.from_bytes(jpeg[at + 2 : at + 4], "big"))


def _is_kept(marker: int, payload: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        name = _KEPT_APPS.get(marker)
        return name is not None and payload.startswith(name)
    return marker != 0xFE


def _end_of_scan(jpeg: bytes, at: int) -> int:
    """Where the next marker stands that is no restart marker and no stuffed byte."""
    while (at := jpeg.find(b"\xff", at)) != -1:
        following = jpeg[at + 1] if at + 1 < len(jpeg) else _END
        if following != 0 and following not in _STANDALONE and following != 0xFF:
            return at
        at += 1
    return len(jpeg)
