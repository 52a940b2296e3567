"""Photographs: opened with limits, turned upright, in plain colours, and only the picture kept.

A phone writes where and when a photograph was taken, on which device, and often a small second
picture of what was cropped away. Every picture is therefore drawn anew on an empty canvas and
saved from there: what is not a pixel cannot come along.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.sniffing import Kind

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
# Sizes are checked here, before anything is decoded, and more strictly than by Pillow's warning.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

MOST_PX = 2_400
"""The longer side of an exhibit: 240 dots an inch on a letter page, enough for small print."""

_FORMATS = {Kind.JPEG: ("JPEG", "MPO"), Kind.PNG: ("PNG",), Kind.HEIC: ("HEIF",)}
# A JPEG of 108 megapixels is decoded at a fraction of its size; the others as they are.
_MOST_PIXELS = {Kind.JPEG: 120_000_000, Kind.PNG: 64_000_000, Kind.HEIC: 64_000_000}
_MOST_SIDE = 30_000
_LEAST_SIDE = 16
_MOST_STRETCHED = 40
_WHITE = (255, 255, 255)
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_ORIENTATION = 0x0112
_PLACE = 0x8825
# How a camera was held (EXIF 2.3, tag Orientation), and what turns the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG in sRGB with nothing in it but the picture, and what was done to get there."""

    jpeg: bytes
    notes: tuple[str, ...]


def clean_picture(content: bytes, kind: Kind, *, most_px: int = MOST_PX) -> Picture:
    """The picture alone: upright, in sRGB, at most `most_px` on its longer side.

    Raises `UploadRefused` when it is broken, cut short, or has more pixels than any camera makes.
    """
    with _readable():
        image = Image.open(io.BytesIO(content), formats=_FORMATS[kind])
        _check_size(image, kind)
        exif = _exif(image)
        notes = _what_travels_along(image, exif)
        if max(image.size) > most_px:
            notes.append("It was made smaller, to what a letter page can show.")
        canvas = _drawn(image, _UPRIGHT.get(exif.get(_ORIENTATION, 1)), most_px)
        # Text on a screen has hard edges, for which a camera's settings are too coarse.
        fine = {"quality": 92, "subsampling": 0} if kind is Kind.PNG else {"quality": 86}
        output = io.BytesIO()
        canvas.save(output, "JPEG", optimize=True, **fine)
    return Picture(output.getvalue(), tuple(notes))


def _drawn(image: Image.Image, turn: Image.Transpose | None, most_px: int) -> Image.Image:
    image.draft(image.mode, (most_px, most_px))
    profile = image.info.get("icc_profile")
    even = _in_whole_channels(image)
    even.thumbnail((most_px, most_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    upright = even if turn is None else even.transpose(turn)
    plain = _in_srgb(_on_white(upright), profile)
    canvas = Image.new("RGB", plain.size, _WHITE)
    canvas.paste(plain)
    return canvas


def _in_whole_channels(image: Image.Image) -> Image.Image:
    """Without a palette, with 8 bits a channel: what can be made smaller without going jagged."""
    if image.mode.startswith(("I", "F")):
        # 16 bits a pixel: Pillow would cut off everything brighter than 255.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGBA", image.size, (*_WHITE, 255))
    return Image.alpha_composite(ground, image).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
            return changed or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # A profile that does not fit its picture: the colours are taken as they are.
    return image.convert("RGB")


def _exif(image: Image.Image) -> Image.Exif:
    try:
        exif = image.getexif()
        exif.get_ifd(_PLACE)
        return exif
    # A camera's notes may be damaged in every way while its picture is whole.
    except Exception:
        return Image.Exif()


def _what_travels_along(image: Image.Image, exif: Image.Exif) -> list[str]:
    notes = []
    if exif.get_ifd(_PLACE):
        notes.append("The place where it was taken was removed from it.")
    hidden = ("exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp")
    if any(image.info.get(name) for name in hidden) or getattr(image, "text", None):
        notes.append("Hidden data, such as the device and the time, was removed.")
    if exif.get(_ORIENTATION, 1) in _UPRIGHT:
        notes.append("It was turned upright.")
    # Phones keep a second exposure or a depth map in their JPEGs: nobody misses those.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        notes.append("Only its first picture was kept: the file held several.")
    return notes


def _check_size(image: Image.Image, kind: Kind) -> None:
    width, height = image.size
    if width * height > _MOST_PIXELS[kind] or max(width, height) > _MOST_SIDE:
        raise _too_large()
    if min(width, height) < max(_LEAST_SIDE, max(width, height) / _MOST_STRETCHED):
        raise UploadRefused(
            "too_small",
            "the picture is only a few dots wide, or a thin strip",
            "Add the photograph itself rather than its small preview.",
        )


def _too_large() -> UploadRefused:
    return UploadRefused(
        "too_large_inside",
        "the picture has more dots than any camera makes",
        "Make it smaller, or take a photograph of it, and add that.",
    )


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_large() from error
    # Pillow and its decoders meet a stranger's bytes here and raise whatever they stumble over.
    except Exception as error:
        raise UploadRefused(
            "broken",
            "the picture is broken or was cut short on its way",
            "Open it to see that it is whole, then send it again; or take it anew.",
        ) from error
