"""The pages of letters and exhibits, as they are bound; made once and kept."""

import asyncio
import io

import pikepdf

from activities.documents.binding import letter_pdf
from activities.documents.exhibits import upload_pdf
from activities.documents.packet_values import EnclosedLetter
from activities.house import House
from activities.letter_sheets import letter_page
from activities.packet_inputs import Gathered
from records.packet_pages import note_pages
from records.tables import Exhibit, Letter


async def exhibit_pages(house: House, hub_id: str, exhibit: Exhibit) -> bytes:
    """The pages of an exhibit.

    Raises:
        ConversionError: LibreOffice is missing, or could not read a Word file.
        StoreError: the document cannot be read or stored.
    """
    return await _kept(house, hub_id, exhibit)


async def letter_pages(
    house: House, hub_id: str, gathered: Gathered, letter: Letter, shown: EnclosedLetter
) -> bytes:
    """The pages of a letter: set from its words, or those of the file that was uploaded.

    Raises:
        ConversionError: LibreOffice is missing, or could not read a Word file.
        StoreError: the document cannot be read or stored.
    """
    if letter.document_key:
        return await _kept(house, hub_id, letter)
    page = letter_page(gathered.packet, letter, shown.writer)
    return await asyncio.to_thread(letter_pdf, page)


async def translation_pages(gathered: Gathered, letter: Letter, shown: EnclosedLetter) -> bytes:
    """The translation of an uploaded letter, as pages that follow it; b"" where there is none."""
    page = letter_page(gathered.packet, letter, shown.writer)
    if not letter.document_key or not page.translation:
        return b""
    return await asyncio.to_thread(letter_pdf, page)


async def _kept(house: House, hub_id: str, row: Exhibit | Letter) -> bytes:
    if row.pdf_key:
        return await asyncio.to_thread(house.store.get, row.pdf_key)
    content = await asyncio.to_thread(house.store.get, row.document_key)
    pdf = await upload_pdf(
        row.media_type,
        content,
        profile_dir=house.soffice_profile,
        converter=house.soffice or None,
    )
    stored = await asyncio.to_thread(house.store.put, pdf)
    pages = await asyncio.to_thread(pages_in, pdf)

    def keep() -> None:
        with house.records.writing(hub_id) as session:
            note_pages(session, type(row), row.id, row.document_key, stored.key, pages)

    await house.records.run(keep)
    return pdf


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
