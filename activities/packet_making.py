"""From what a packet is made of to its files: DOCX, bound PDF, the exhibits as a zip."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from activities.documents.binding import (
    BindingJob,
    Bound,
    BoundPart,
    FrontMatter,
    bind,
    check_for_filing,
    exhibits_zip,
)
from activities.documents.docx_rendering import render_docx
from activities.documents.errors import ConversionError
from activities.documents.exhibits import photograph
from activities.documents.packet_context import hearing_words, long_date, packet_context
from activities.documents.packet_values import MitigationPacket, Photograph
from activities.documents.pdf_conversion import convert_to_pdf
from activities.documents.store import StoredDocument
from activities.house import House
from activities.packet_inputs import Gathered, built_in_template, exhibit_label
from activities.packet_parts import exhibit_pages, letter_pages, pages_in, translation_pages
from domain.packet_sections import TITLES
from domain.vocabulary import PacketKind

MOST_PREFIX = 20
"""Letters of a name that stands before the pages' numbers."""
SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


@dataclass(frozen=True, slots=True)
class Made:
    """The files of one version; `problem` says why there is no PDF, `preflight` is JSON."""

    docx: StoredDocument
    pdf: StoredDocument | None
    exhibits: StoredDocument | None
    pages: int
    problem: str
    preflight: str


@dataclass(frozen=True, slots=True)
class _Behind:
    """The pages behind the packet's own; `problem` names what could not be turned into pages."""

    letters: tuple[BoundPart, ...] = ()
    exhibits: tuple[BoundPart, ...] = ()
    problem: str = ""


async def make_packet(house: House, hub_id: str, gathered: Gathered) -> Made:
    """Make and store the files of one version. Blocking work is done in threads.

    Raises:
        StoreFull: there is no room; nothing half-written remains.
        StoreError: a document that the packet is made from cannot be read.
        TemplateError, PacketIncomplete: the DOCX cannot be made.
    """
    behind = await _behind(house, hub_id, gathered)
    packet = await asyncio.to_thread(_complete, house, gathered, behind)
    docx = await asyncio.to_thread(_docx, house, gathered, packet)
    stored = await asyncio.to_thread(house.store.put, docx)
    to_bind = await asyncio.to_thread(_docx, house, gathered, packet, bound=True)
    zipped = await asyncio.to_thread(_zipped, house, gathered)
    if behind.problem:
        return Made(stored, None, zipped, 0, behind.problem, "[]")
    try:
        body = await convert_to_pdf(
            to_bind, profile_dir=house.soffice_profile, converter=house.soffice or None
        )
        bound, findings = await asyncio.to_thread(_bound, gathered, packet, behind, body)
    except ConversionError as error:
        return Made(stored, None, zipped, 0, str(error), "[]")
    pdf = await asyncio.to_thread(house.store.put, bound.pdf)
    return Made(stored, pdf, zipped, bound.pages, "", findings)


async def _behind(house: House, hub_id: str, gathered: Gathered) -> _Behind:
    letters: list[BoundPart] = []
    exhibits: list[BoundPart] = []
    what = ""
    try:
        both = zip(gathered.letters, gathered.packet.letters, strict=True)
        for number, (letter, shown) in enumerate(both, start=1):
            what = f"Letter {number}"
            pages = await letter_pages(house, hub_id, gathered, letter, shown)
            translation = await translation_pages(gathered, letter, shown)
            letters.append(BoundPart(shown.writer, pages, shown.relationship, behind=translation))
        for index, exhibit in enumerate(gathered.exhibits):
            label = exhibit_label(index)
            what = f"Exhibit {label}"
            pages = await exhibit_pages(house, hub_id, exhibit)
            exhibits.append(BoundPart(exhibit.title, pages, exhibit.caption, label))
    except ConversionError as error:
        return _Behind(problem=f"{what} could not be turned into pages. {error}")
    return _Behind(tuple(letters), tuple(exhibits))


def _complete(house: House, gathered: Gathered, behind: _Behind) -> MitigationPacket:
    """The packet with its photographs, and with the pages of what is enclosed counted."""
    packet = gathered.packet
    shown = [exhibit for exhibit in gathered.exhibits if exhibit.in_body]
    photographs = [
        Photograph(photograph(house.store.get(one.document_key)), one.caption or one.title)
        for one in shown
        if one.media_type.startswith("image/")
    ]
    if behind.problem:
        return replace(packet, photographs=photographs)
    letters = [
        replace(letter, pages=_pages(part))
        for letter, part in zip(packet.letters, behind.letters, strict=True)
    ]
    exhibits = [
        replace(exhibit, pages=pages_in(part.pdf))
        for exhibit, part in zip(packet.exhibits, behind.exhibits, strict=True)
    ]
    return replace(packet, photographs=photographs, letters=letters, exhibits=exhibits)


def _pages(part: BoundPart) -> int:
    """Pages of a letter, with those of its translation where that follows it."""
    return pages_in(part.pdf) + (pages_in(part.behind) if part.behind else 0)


def _docx(
    house: House, gathered: Gathered, packet: MitigationPacket, *, bound: bool = False
) -> bytes:
    """The Word file; what is to be bound leaves mark and numbers to the binding."""
    own = gathered.template.document_key
    template = house.store.get(own) if own else built_in_template(gathered.template.kind)[0]
    return render_docx(template, packet_context(packet, bound=bound))


def _zipped(house: House, gathered: Gathered) -> StoredDocument | None:
    """The exhibits and the uploaded letters as they were given, for counsel to use one by one."""
    items: list[tuple[str, bytes]] = []
    for index, exhibit in enumerate(gathered.exhibits):
        suffix = SUFFIXES.get(exhibit.media_type, "bin")
        name = f"Exhibit {exhibit_label(index)} - {exhibit.title}.{suffix}"
        items.append((name, house.store.get(exhibit.document_key)))
    for letter, shown in zip(gathered.letters, gathered.packet.letters, strict=True):
        if letter.document_key:
            suffix = SUFFIXES.get(letter.media_type, "bin")
            content = house.store.get(letter.document_key)
            items.append((f"Letter of {shown.writer}.{suffix}", content))
    return house.store.put(exhibits_zip(items)) if items else None


def _bound(
    gathered: Gathered, packet: MitigationPacket, behind: _Behind, body: bytes
) -> tuple[Bound, str]:
    """The bound PDF, and what the court's filing desk would find, as JSON."""
    job = BindingJob(
        body=body,
        front=_front(packet),
        letters=behind.letters,
        exhibits=behind.exhibits,
        draft=packet.approval is None,
        number_prefix=_number_prefix(packet),
    )
    bound = bind(job)
    findings = check_for_filing(
        bound.pdf,
        limit_mb=gathered.filing_limit_mb,
        refuses_links=gathered.filing_refuses_links,
    )
    told = [{"code": f.code, "words": f.words, "blocking": f.blocking} for f in findings]
    return bound, json.dumps(told)


def _front(packet: MitigationPacket) -> FrontMatter:
    counsel = packet.counsel
    return FrontMatter(
        kind_title=TITLES[PacketKind(packet.kind)],
        person=packet.person.name,
        court=packet.court.court,
        court_address=packet.court.address,
        judge=packet.court.judge,
        room=packet.court.room,
        hearing=hearing_words(packet.hearing),
        docket_numbers=_listed(packet.docket_numbers),
        counsel=_listed([counsel.name, counsel.office]) if counsel else "",
        hub=packet.hub.name,
        hub_contact=" · ".join(text for text in (packet.hub.phone, packet.hub.email) if text),
        prepared_on=long_date(packet.prepared_on),
        prepared_by=packet.prepared_by,
        version=packet.version,
    )


def _number_prefix(packet: MitigationPacket) -> str:
    """ "JOHNSON ", before each page's number; nothing for a name too long for a page's foot."""
    last = packet.person.name.split()[-1].upper()
    return f"{last} " if len(last) <= MOST_PREFIX else ""


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(text for text in texts if text.strip())
