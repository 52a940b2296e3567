"""A picture as a page: letter size, centred between margins, never blown up until it blurs."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

_PAGE_PT = (612.0, 792.0)
_SIDE_PT = 54.0
_TOP_PT = 54.0
# The foot is left to the page's number and label.
_FOOT_PT = 72.0
_LEAST_DOTS_AN_INCH = 120


def picture_page(jpeg: bytes) -> bytes:
    """A PDF of one upright letter page that shows `jpeg`; the same bytes every time.

    `jpeg` is one that `clean_picture` made.
    """
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        size = image.size
    document = Pdf.new()
    picture = Stream(
        document,
        jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    page = document.add_blank_page(page_size=_PAGE_PT)
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=document.make_indirect(picture)))
    page.obj.Contents = document.make_stream(_drawing(*size))
    page.obj.MediaBox = Array([0, 0, 612, 792])
    output = io.BytesIO()
    document.save(
        output,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return output.getvalue()


def _drawing(width_px: int, height_px: int) -> bytes:
    room = (_PAGE_PT[0] - 2 * _SIDE_PT, _PAGE_PT[1] - _TOP_PT - _FOOT_PT)
    scale = min(room[0] / width_px, room[1] / height_px, 72 / _LEAST_DOTS_AN_INCH)
    width, height = width_px * scale, height_px * scale
    left = (_PAGE_PT[0] - width) / 2
    bottom = _FOOT_PT + (room[1] - height) / 2
    return f"q {width:.3f} 0 0 {height:.3f} {left:.3f} {bottom:.3f} cm /Picture Do Q".encode()
