"""Whatever is done to a file, it is taken and clean, or refused: no other error, no waiting."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from functools import lru_cache

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.checking import judge
from activities.documents.exhibits.values import CheckedUpload
from tests.activities.documents.exhibits import uploads
from tests.activities.documents.exhibits.uploads import quarters

MOST_SECONDS = 10.0
STARTS = (
    b"%PDF-1.7\n",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"\x00\x00\x00\x18ftypheic",
    b"\xd0\xcf\x11\xe0",
    b"GIF89a",
    b"RIFF",
    b"II*\x00",
)


def _old_pdf() -> bytes:
    return uploads.pdf(
        pages=2, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False
    )


SEEDS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: uploads.jpeg(quarters(64, 48), progressive=True),
    "png": lambda: uploads.png(quarters(64, 48), exif=uploads.camera_notes()),
    "heic": lambda: uploads.heic(quarters(64, 48), exif=uploads.camera_notes()),
    "pdf": uploads.pdf,
    "old pdf": _old_pdf,
    "form": lambda: uploads.filled_form("Harbor Bakery"),
    "scan": lambda: uploads.scan(uploads.jpeg(quarters(64, 48))),
    "word": uploads.docx,
}


@lru_cache
def seed(name: str) -> bytes:
    """The file that is spoilt."""
    return SEEDS[name]()


@st.composite
def spoilt(draw: st.DrawFn, name: str) -> bytes:
    """A file with bytes changed, cut out, put in, doubled, or its end missing."""
    content = bytearray(seed(name))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.sampled_from(("flip", "set", "cut", "put", "double", "end", "number"))):
            case "flip":
                content[at : at + 1] = bytes([content[at] ^ (1 << draw(st.integers(0, 7)))])
            case "set":
                content[at : at + 4] = draw(st.binary(min_size=4, max_size=4))
            case "cut":
                del content[at : at + draw(st.integers(1, 64))]
            case "put":
                content[at:at] = draw(st.binary(min_size=1, max_size=64))
            case "double":
                content[at:at] = content[at : at + draw(st.integers(1, 512))]
            case "end":
                del content[at:]
            case "number":
                content[at : at + 4] = b"9999"
        if not content:
            break
    return bytes(content)


@pytest.mark.parametrize("name", SEEDS)
def test_a_spoilt_file_is_taken_or_refused(name: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(content=spoilt(name))
    def spoil(content: bytes) -> None:
        taken_or_refused(content)

    spoil()


@given(content=st.binary(max_size=2_000))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_taken_or_refused(content: bytes) -> None:
    taken_or_refused(content)


@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=500))
@settings(max_examples=150, deadline=None)
def test_any_bytes_behind_a_known_start_are_taken_or_refused(start: bytes, rest: bytes) -> None:
    taken_or_refused(start + rest)


def taken_or_refused(content: bytes) -> None:
    begun = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        upload = taken(content)
        if upload is not None:
            assert judge(upload.content).media_type == upload.media_type
    assert time.monotonic() - begun < MOST_SECONDS


def taken(content: bytes) -> CheckedUpload | None:
    try:
        return judge(content)
    except UploadRefused:
        return None
