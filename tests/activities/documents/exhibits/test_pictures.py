"""Photographs: upright, in plain colours, and nothing but the picture."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.checking import judge
from activities.documents.exhibits.pages import photograph
from activities.documents.exhibits.picture_pages import picture_page
from activities.documents.exhibits.values import JPEG, CheckedUpload
from tests.activities.documents.exhibits import uploads
from tests.activities.documents.exhibits.uploads import corners, opened, quarters

UPRIGHT = ["red", "green", "blue", "white"]
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def refused(content: bytes) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        judge(content)
    return caught.value


def holds_only_a_picture(upload: CheckedUpload) -> bool:
    """No segment but those that a decoder needs, and nothing after the end."""
    jpeg, at, seen = upload.content, 2, set()
    while jpeg[at + 1] != 0xDA:
        seen.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return seen <= {0xE0, 0xDB, 0xC0, 0xC4} and jpeg.endswith(b"\xff\xd9")


@pytest.mark.parametrize("orientation", TURNS)
def test_a_photograph_is_turned_upright(orientation: int) -> None:
    turn = TURNS[orientation]
    held = quarters() if turn is None else quarters().transpose(turn)

    upload = judge(uploads.jpeg(held, exif=uploads.camera_notes(orientation)))

    assert corners(opened(upload.content)) == UPRIGHT
    assert opened(upload.content).size == (400, 300)
    assert ("It was turned upright." in upload.notes) is (orientation > 1)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_photograph_is_turned_once(orientation: int) -> None:
    turn = TURNS[orientation]
    held = quarters() if turn is None else quarters().transpose(turn)

    upload = judge(uploads.heic(held, exif=uploads.camera_notes(orientation)))

    assert upload.media_type == JPEG
    assert corners(opened(upload.content)) == UPRIGHT


@pytest.mark.parametrize("maker", [uploads.jpeg, uploads.png, uploads.heic])
def test_where_and_when_it_was_taken_is_gone(maker: Any) -> None:
    sent = maker(exif=uploads.camera_notes())
    assert b"Example Phones" in sent

    upload = judge(sent)

    assert b"Example Phones" not in upload.content
    assert not opened(upload.content).getexif()
    assert holds_only_a_picture(upload)
    assert "The place where it was taken was removed from it." in upload.notes


def test_whatever_else_travels_in_a_jpeg_is_gone() -> None:
    sent = uploads.jpeg(comment=b"HIDDEN comment", xmp=b"<x:xmpmeta>HIDDEN</x:xmpmeta>")
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x06HIDDEN"
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    sent = sent[:2] + segment + sent[2:] + b"HIDDEN behind the end"

    upload = judge(sent)

    assert b"HIDDEN" not in upload.content
    assert holds_only_a_picture(upload)


def test_texts_in_a_png_are_gone() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "HIDDEN")
    info.add_itxt("XML:com.adobe.xmp", "<x>HIDDEN</x>", zip=False)
    sent = uploads.png(pnginfo=info)
    assert sent.count(b"HIDDEN") == 2

    upload = judge(sent)

    assert b"HIDDEN" not in upload.content
    assert "Hidden data, such as the device and the time, was removed." in upload.notes


def test_a_second_exposure_in_a_phones_jpeg_is_left_behind() -> None:
    other = Image.new("RGB", (400, 300), (1, 2, 3))
    sent = uploads.saved(quarters(), "MPO", save_all=True, append_images=[other])

    upload = judge(sent)

    assert corners(opened(upload.content)) == UPRIGHT
    assert len(upload.content) < len(sent)
    assert upload.notes == ()


def test_of_a_moving_picture_the_first_is_kept() -> None:
    other = Image.new("RGB", (400, 300), (1, 2, 3))
    sent = uploads.png(save_all=True, append_images=[other, other])

    upload = judge(sent)

    assert corners(opened(upload.content)) == UPRIGHT
    assert "Only its first picture was kept: the file held several." in upload.notes


def test_a_large_photograph_is_made_smaller() -> None:
    upload = judge(uploads.jpeg(quarters(6_000, 4_000)))

    assert opened(upload.content).size == (2_400, 1_600)
    assert corners(opened(upload.content)) == UPRIGHT
    assert "It was made smaller, to what a letter page can show." in upload.notes


def test_a_small_one_keeps_its_size() -> None:
    assert opened(judge(uploads.jpeg(quarters(90, 60))).content).size == (90, 60)


def test_a_printers_colours_become_a_screens() -> None:
    upload = judge(uploads.jpeg(quarters().convert("CMYK")))

    assert corners(opened(upload.content)) == UPRIGHT


def test_a_colour_profile_is_applied() -> None:
    linear = Image.new("RGB", (64, 64), (64, 64, 64))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    plain = judge(uploads.jpeg(linear, exif=b"", icc_profile=profile.tobytes()))
    assert opened(plain.content).getpixel((9, 9)) == (64, 64, 64)
    assert "icc_profile" not in opened(plain.content).info

    wide = judge(uploads.jpeg(linear, exif=b"", icc_profile=_linear_profile(profile.tobytes())))

    pixel = opened(wide.content).getpixel((9, 9))
    assert isinstance(pixel, tuple)
    assert all(130 <= value <= 145 for value in pixel)  # 64/255 of the light is 137/255 in sRGB


def _linear_profile(srgb: bytes) -> bytes:
    """The sRGB profile with straight curves in place of its own."""
    count = int.from_bytes(srgb[128:132], "big")
    profile = bytearray(srgb)
    for number in range(count):
        at = 132 + 12 * number
        name, start = bytes(srgb[at : at + 4]), int.from_bytes(srgb[at + 4 : at + 8], "big")
        if name in (b"rTRC", b"gTRC", b"bTRC"):
            profile[start : start + 12] = b"curv" + bytes(8)
            profile[at + 8 : at + 12] = (12).to_bytes(4, "big")
    return bytes(profile)


def test_a_profile_that_does_not_fit_is_left_aside() -> None:
    upload = judge(uploads.jpeg(icc_profile=b"no profile at all" * 20))

    assert corners(opened(upload.content)) == UPRIGHT


def test_damaged_camera_notes_do_not_cost_the_picture() -> None:
    upload = judge(uploads.jpeg(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\xff"))

    assert corners(opened(upload.content)) == UPRIGHT


def test_what_is_see_through_becomes_white() -> None:
    image = quarters().convert("RGBA")
    image.putalpha(0)

    assert corners(opened(judge(uploads.png(image)).content)) == ["white"] * 4


@pytest.mark.parametrize("mode", ["P", "L", "LA", "1", "RGBA", "PA"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    image = quarters().convert(mode if mode != "PA" else "P")

    upload = judge(uploads.png(image))

    assert opened(upload.content).size == (400, 300)
    if mode in ("P", "RGBA"):
        assert corners(opened(upload.content)) == UPRIGHT


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    deep = Image.new("I;16", (64, 64), 32_768)

    grey = opened(judge(uploads.png(deep)).content).convert("L").getpixel((9, 9))

    assert isinstance(grey, int | float)
    assert abs(grey - 127) <= 2


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing: a decompression bomb."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    squeezed = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", squeezed)


@pytest.mark.parametrize("size", [(20_000, 20_000), (2_000_000_000, 2), (30_001, 100)])
def test_a_picture_with_more_dots_than_any_camera_makes_is_refused(size: tuple[int, int]) -> None:
    assert refused(png_header(*size)).code == "too_large_inside"


def test_a_jpeg_that_claims_to_be_huge_is_refused() -> None:
    sent = bytearray(uploads.jpeg(exif=b""))
    at = sent.index(b"\xff\xc0") + 5
    sent[at : at + 4] = struct.pack(">HH", 60_000, 60_000)

    assert refused(bytes(sent)).code == "too_large_inside"


def test_texts_that_unpack_to_a_mountain_are_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Comment", "x" * 80_000_000, zip=True)

    assert refused(uploads.png(pnginfo=info)).code == "broken"


@pytest.mark.parametrize("maker", [uploads.jpeg, uploads.png, uploads.heic])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_was_cut_short_is_refused(maker: Any, share: float) -> None:
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    sent = maker(noise)

    refusal = refused(sent[: int(len(sent) * share)])

    assert refusal.code == "broken"
    assert "send it again" in refusal.remedy


def test_a_dot_is_no_picture() -> None:
    assert refused(uploads.png(Image.new("RGB", (1, 1)))).code == "too_small"


def test_the_same_photograph_gives_the_same_bytes() -> None:
    sent = uploads.jpeg()

    assert judge(sent) == judge(sent)


def test_its_page_is_a_letter_page_with_the_picture_in_its_middle() -> None:
    upload = judge(uploads.jpeg(quarters(2_000, 1_000)))

    assert upload.pages == 1
    assert upload.pdf is not None
    with pikepdf.open(io.BytesIO(upload.pdf)) as document:
        (page,) = document.pages
        assert [float(edge) for edge in page.mediabox.as_list()] == [0, 0, 612, 792]
        (matrix,) = (
            [float(number) for number in instruction.operands]
            for instruction in pikepdf.parse_content_stream(page, "cm")
        )
    width, _, _, height, left, bottom = matrix
    assert width == pytest.approx(2 * height, rel=0.01)
    assert left == pytest.approx((612 - width) / 2, abs=0.1)
    assert left >= 50
    assert bottom >= 70
    assert bottom + height <= 792 - 50
    assert picture_page(upload.content) == upload.pdf


def test_a_small_picture_is_not_blown_up() -> None:
    with pikepdf.open(io.BytesIO(picture_page(uploads.jpeg(quarters(240, 120))))) as document:
        (instruction,) = pikepdf.parse_content_stream(document.pages[0], "cm")
        assert float(instruction.operands[0]) == pytest.approx(144)


def test_a_photograph_for_the_packets_own_pages_is_smaller() -> None:
    upload = judge(uploads.jpeg(quarters(4_000, 3_000)))

    small = photograph(upload.content)

    assert opened(small).size == (1_600, 1_200)
    assert corners(opened(small)) == UPRIGHT
    assert photograph(upload.content) == small
    assert opened(photograph(upload.content, most_px=300)).size == (300, 225)


def test_one_that_is_small_enough_stays_as_it_is() -> None:
    upload = judge(uploads.jpeg())

    assert photograph(upload.content) is upload.content
