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
from PIL import Image, ImageCms, ImageOps

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.sniffing import Kind

pillow_heif.register_heif_opener(thumbnails=False)
# Sizes are checked here, before anything is decoded, and more strictly than by Pillow's warning.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

MOST_PX = 2_400
"""The longer side of an exhibit: 240 dots an inch on a letter page, enough for small print."""

_FORMATS = {Kind.JPEG: ("JPEG", "MPO"), Kind.PNG: ("PNG",), Kind.HEIC: ("HEIF",)}
# A JPEG of 108 megapixels is decoded at a fraction of its size; the others as they are.
_MOST_PIXELS = {Kind.JPEG: 120_000_000, Kind.PNG: 64_000_000, Kind.HEIC: 64_000_000}
_MOST_SIDE = 30_000
_LEAST_SIDE = 16
_WHITE = (255, 255, 255)
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


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
        notes = _what_travels_along(image)
        canvas = _drawn(image, most_px)
        # Text on a screen has hard edges, for which a camera's settings are too coarse.
        fine = {"quality": 92, "subsampling": 0} if kind is Kind.PNG else {"quality": 86}
        output = io.BytesIO()
        canvas.save(output, "JPEG", optimize=True, **fine)
    if max(canvas.size) < max(image.size):
        notes.append("It was made smaller to fit a letter page.")
    return Picture(output.getvalue(), tuple(notes))


def _drawn(image: Image.Image, most_px: int) -> Image.Image:
    image.draft(image.mode, (most_px, most_px))
    profile = image.info.get("icc_profile")
    image.load()
    small = image.copy() if image.mode == "P" else image
    small.thumbnail((most_px, most_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    upright = ImageOps.exif_transpose(small)
    plain = _in_srgb(_flat(upright), profile)
    canvas = Image.new("RGB", plain.size, _WHITE)
    canvas.paste(plain)
    return canvas


def _flat(image: Image.Image) -> Image.Image:
    """Without palette and transparency (white shows through), in 8 bits a channel."""
    if image.mode.startswith(("I", "F")):
        # 16 bits a pixel: Pillow would cut off everything brighter than 255.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (*_WHITE, 255))
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
            return changed or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # A profile that does not fit its picture: the colours are taken as they are.
    return image.convert("RGB")


def _what_travels_along(image: Image.Image) -> list[str]:
    notes = []
    exif = image.getexif()
    if exif.get_ifd(0x8825):
        notes.append("The place where it was taken was removed from it.")
    hidden = ("exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp", "mp")
    if exif or any(image.info.get(name) for name in hidden) or getattr(image, "text", None):
        notes.append("Hidden data, such as the device and the time, was removed.")
    if exif.get(0x0112, 1) not in (0, 1):
        notes.append("It was turned upright.")
    if getattr(image, "n_frames", 1) > 1:
        notes.append("Only its first picture was kept: the file held several.")
    return notes


def _check_size(image: Image.Image, kind: Kind) -> None:
    width, height = image.size
    if width * height > _MOST_PIXELS[kind] or max(width, height) > _MOST_SIDE:
        raise _too_large()
    if min(width, height) < _LEAST_SIDE:
        raise UploadRefused(
            "too_small",
            "the picture is only a few dots wide",
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
