"""JPEGs inside other files: what travels along goes, the picture stays as it was coded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from activities.documents.exhibits.jpeg_segments import without_metadata
from tests.activities.documents.exhibits import uploads
from tests.activities.documents.exhibits.uploads import opened, quarters


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_picture_is_the_same_to_the_dot(mode: str, progressive: bool) -> None:
    image = Image.effect_noise((160, 120), 90).convert(mode)
    sent = uploads.jpeg(image, progressive=progressive, comment=b"HIDDEN")

    kept = without_metadata(sent)

    assert opened(kept).tobytes() == opened(sent).tobytes()
    assert opened(kept).mode == mode
    assert b"HIDDEN" not in kept
    assert b"Example Phones" not in kept


def test_a_colour_profile_stays() -> None:
    sent = uploads.jpeg(icc_profile=b"profile" * 20)

    assert opened(without_metadata(sent)).info["icc_profile"] == b"profile" * 20


def test_what_follows_the_end_goes() -> None:
    sent = uploads.jpeg(exif=b"") + b"HIDDEN"

    assert without_metadata(sent).endswith(b"\xff\xd9")


def test_restart_markers_are_no_segments() -> None:
    sent = uploads.jpeg(quarters(400, 300), exif=b"", restart_marker_blocks=4)
    assert b"\xff\xd0" in sent

    assert opened(without_metadata(sent)).tobytes() == opened(sent).tobytes()


def test_a_second_time_changes_nothing() -> None:
    once = without_metadata(uploads.jpeg())

    assert without_metadata(once) == once


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_what_is_no_jpeg_is_left_alone_or_shortened(rest: bytes) -> None:
    assert len(without_metadata(b"\xff\xd8" + rest)) <= len(rest) + 2
    if not rest.startswith(b"\xff\xd8"):
        assert without_metadata(rest) == rest
