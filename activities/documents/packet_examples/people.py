"""Made-up people and places that the example packets share, and stand-ins for their photographs."""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from activities.documents.packet_values import (
    Approval,
    CounselOfRecord,
    CourtRoom,
    Hearing,
    HubLetterhead,
    MitigationPacket,
    Person,
)

_MARCUS = Person("Marcus Johnson", called="Mr. Johnson")
_COURT = CourtRoom(
    "Circuit Court of the Eleventh Judicial Circuit, Miami-Dade County, Florida",
    judge="Hon. Alicia Rivera",
    room="4-2",
    address="100 Courthouse Plaza, Miami, Florida",
)
_HUB = HubLetterhead(
    "Liberty City Community Defense",
    phone="(305) 555-0123",
    email="office@libertycity.example.org",
    about="Liberty City Community Defense is a hub of families and neighbors who stand beside a "
    "person from arrest to the end of the case: we remind of court dates, ride along, and sit in "
    "the courtroom.",
)
_COUNSEL = CounselOfRecord(
    "Elena Torres", "Assistant Public Defender", "(305) 555-0144", "torres@example.org"
)
_TODAY = date(2026, 11, 17)
CHARGES = ("Battery, first-degree misdemeanor",)

UPRIGHT = (900, 1200)
LYING = (1200, 900)
_SKIES = (
    ((244, 205, 160), (120, 144, 178)),
    ((206, 222, 230), (108, 142, 140)),
    ((236, 214, 190), (160, 120, 104)),
    ((214, 218, 200), (104, 124, 92)),
)


def full(
    kind: str,
    hearing: Hearing,
    prepared_on: date,
    ask: str,
    *,
    person: Person = _MARCUS,
    docket_numbers: tuple[str, ...] = ("F26-004417",),
    **said: Any,
) -> MitigationPacket:
    """A packet of the hub's, for Marcus Johnson unless it is for somebody else; `said` are further
    fields of `MitigationPacket`."""
    return MitigationPacket(
        kind,
        person,
        _COURT,
        hearing,
        _HUB,
        prepared_on,
        ask,
        docket_numbers=docket_numbers,
        counsel=_COUNSEL,
        prepared_by="Rosa Delgado, advocate",
        **said,
    )


def sparse(kind: str, hearing: Hearing, ask: str) -> MitigationPacket:
    """A packet for Ana Ruiz with nothing but what is required, approved."""
    return MitigationPacket(
        kind,
        Person("Ana Ruiz"),
        CourtRoom("County Court, Miami-Dade County"),
        hearing,
        HubLetterhead("Liberty City Community Defense"),
        _TODAY,
        ask,
        approval=Approval("Elena Torres", _TODAY),
    )


@lru_cache(maxsize=16)
def stand_in(size: tuple[int, int], number: int) -> bytes:
    """A scene out of focus, drawn here, where a real packet has a photograph (a JPEG)."""
    width, height = size
    above, below = _SKIES[number % len(_SKIES)]
    image = Image.new("RGB", (1, height))
    for y in range(height):
        mix = y / height
        image.putpixel((0, y), _mixed(above, below, mix))
    image = image.resize(size)
    draw = ImageDraw.Draw(image)
    sun, far = width // 7, (number * 211) % (width // 2)
    draw.ellipse(
        (far + 120, 130, far + 120 + sun, 130 + sun), fill=_mixed(above, (255, 246, 226), 0.8)
    )
    for step, left in enumerate(range(-width // 4, width, width // 3)):
        top = height * (5 + (step + number) % 3) // 9
        hill = (left, top, left + width * 2 // 3, height * 2)
        draw.ellipse(hill, fill=_mixed(below, (38, 52, 56), 0.25 + 0.2 * (step % 3)))
    for step in range(2 + number % 3):
        _figure(draw, width * (4 + 3 * step) // 15, height, step)
    output = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(width / 90)).save(output, "JPEG", quality=80)
    return output.getvalue()


def _figure(draw: ImageDraw.ImageDraw, left: int, height: int, step: int) -> None:
    """Somebody, as a lens out of focus sees them."""
    coat = ((58, 66, 84), (136, 84, 70), (84, 104, 88))[step % 3]
    tall = height * (52 - 9 * (step % 2)) // 100
    head = tall // 5
    top = height - tall
    draw.ellipse((left + head // 2, top, left + head * 3 // 2, top + head), fill=(96, 66, 52))
    draw.rounded_rectangle((left, top + head, left + head * 2, height + head), head, fill=coat)


_Colour = tuple[int, int, int]


def _mixed(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
