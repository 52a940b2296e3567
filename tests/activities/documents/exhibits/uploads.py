"""Makers of files as people send them, good and bad, for these tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw

from activities.documents.docx_package import pack, unpack
from tests.activities.documents.words import docx_of

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 60, 200), (255, 255, 255)
PLACE = 0x8825
ORIENTATION = 0x0112


def quarters(width: int = 400, height: int = 300) -> Image.Image:
    """Red above left, green above right, blue below left, white below right: shows each turn."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    half = (width // 2, height // 2)
    draw.rectangle((0, 0, half[0] - 1, half[1] - 1), fill=RED)
    draw.rectangle((half[0], 0, width, half[1] - 1), fill=GREEN)
    draw.rectangle((0, half[1], half[0] - 1, height), fill=BLUE)
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    """The image as a file of this format."""
    output = io.BytesIO()
    image.save(output, form, **options)
    return output.getvalue()


def camera_notes(orientation: int = 1) -> Image.Exif:
    """What a phone writes: device, time, how it was held, and where (made up)."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Example Phones"
    exif[0x0132] = "2026:11:02 14:33:07"
    place = exif.get_ifd(PLACE)
    place[1], place[2] = "N", (38.0, 59.0, 12.0)
    place[3], place[4] = "W", (76.0, 30.0, 3.0)
    return exif


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    """A photograph as a phone makes it."""
    options.setdefault("exif", camera_notes())
    return saved(image or quarters(), "JPEG", **options)


def png(image: Image.Image | None = None, **options: Any) -> bytes:
    """A picture of a screen."""
    return saved(image or quarters(), "PNG", **options)


def heic(image: Image.Image | None = None, **options: Any) -> bytes:
    """A photograph as newer phones make it: how it was held stands in the container too."""
    if isinstance(options.get("exif"), Image.Exif):
        options["exif"] = options["exif"].tobytes()
    return saved(image or quarters(), "HEIF", **options)


def opened(content: bytes) -> Image.Image:
    """The picture in these bytes, loaded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[str]:
    """The colours of the four quarters by name: above left, above right, below left, right."""
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    width, height = image.size
    found = []
    for x, y in ((1, 1), (3, 1), (1, 3), (3, 3)):
        pixel = image.convert("RGB").getpixel((width * x // 4, height * y // 4))
        assert isinstance(pixel, tuple)
        near = {
            name: sum(abs(a - b) for a, b in zip(pixel, colour, strict=True))
            for name, colour in names.items()
        }
        found.append(min(near, key=lambda name: near[name]))
    return found


def pdf(
    change: Callable[[Pdf], None] | None = None,
    *,
    pages: int = 1,
    size: tuple[float, float] = (612, 792),
    text: str = "Certificate of completion",
    **options: Any,
) -> bytes:
    """A PDF with a line of text on each page; `change` does to it what the test is about."""
    document = Pdf.new()
    font = document.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(1, pages + 1):
        page = document.add_blank_page(page_size=size)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        words = f"BT /F1 14 Tf 72 600 Td ({text} {number}) Tj ET"
        page.obj.Contents = document.make_stream(words.encode())
    if change is not None:
        change(document)
    return written(document, **options)


def written(document: Pdf, **options: Any) -> bytes:
    """The bytes of a document."""
    output = io.BytesIO()
    document.save(output, **options)
    return output.getvalue()


def annotated(annotation: Dictionary, **options: Any) -> bytes:
    """A PDF whose only page has this annotation."""

    def add(document: Pdf) -> None:
        annotation.Type = Name.Annot
        annotation.Rect = Array([72, 500, 200, 520])
        document.pages[0].obj.Annots = Array([document.make_indirect(annotation)])

    return pdf(add, **options)


def filled_form(value: str) -> bytes:
    """A form with one text field, filled in, that asks viewers to draw it."""

    def add(document: Pdf) -> None:
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("employer"),
                V=String(value),
                Rect=[72, 500, 300, 520],
                DA=String("/F1 12 Tf 0 g"),
                F=4,
            )
        )
        page = document.pages[0].obj
        page.Annots = Array([field])
        document.Root.AcroForm = Dictionary(
            Fields=Array([field]),
            NeedAppearances=True,
            DA=String("/F1 12 Tf 0 g"),
            DR=Dictionary(Font=page.Resources.Font),
        )

    return pdf(add)


def scan(picture: bytes) -> bytes:
    """A PDF whose page is a photograph, put in as it is: what scanning apps make."""

    def add(document: Pdf) -> None:
        image = opened(picture)
        stream = document.make_stream(
            picture,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page = document.pages[0].obj
        page.Resources = Dictionary(XObject=Dictionary(Im=stream))
        page.Contents = document.make_stream(b"q 400 0 0 300 100 300 cm /Im Do Q")

    return pdf(add)


def docx(parts: dict[str, bytes] | None = None) -> bytes:
    """A Word document, with these parts added or replaced."""
    return pack({**unpack(docx_of("To the court: Ana is a good neighbour.")), **(parts or {})})


def text_of(content: bytes) -> str:
    """What the pages of a PDF, and the forms drawn on them, are told to draw."""
    pieces = []
    with Pdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            page.contents_coalesce()
            streams = [page.obj.get(Name.Contents)]
            forms = page.obj.get(Name.Resources, Dictionary()).get(Name.XObject, Dictionary())
            streams += [form for _, form in forms.items() if form.get(Name.Subtype) == Name.Form]
            pieces += [stream.read_bytes() for stream in streams if stream is not None]
    return b"\n".join(pieces).decode("latin-1")


def unpacked(content: bytes) -> bytes:
    """A PDF's bytes with nothing compressed in them: what a search of the file would find."""
    output = io.BytesIO()
    with Pdf.open(io.BytesIO(content)) as document:
        document.save(
            output,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
    return output.getvalue()
