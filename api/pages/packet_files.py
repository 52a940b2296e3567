"""Which file stands behind a name in a form or a ticket, and who may take it."""

from typing import Any

from sqlmodel import select

from activities.packet_inputs import exhibit_label, exhibits_of, letters_sent, load_inputs
from api.pages.forms import Form
from api.pages.tickets import Thing
from api.version_files import Make, OneFile, file_of, piece_name
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import HubSession
from records.packets import get_packet
from records.tables import (
    Case,
    Counsel,
    Exhibit,
    Letter,
    Packet,
    PacketVersion,
    PrivateLink,
)

PDF_TYPE = "application/pdf"
PAGES = "pages"
"""A letter or an exhibit as its pages are bound."""
UPLOADED = "uploaded"
"""The same as it was uploaded, cleaned."""
LETTER = "letter:"
"""How the inputs of a version name a letter."""


def thing_in(form: Form) -> tuple[Thing, str, str]:
    """What a button asks for: `take` holds "version", "letter" or "exhibit", an id, and a form.

    Raises:
        NotFound: it asks for nothing that there is.
    """
    thing, _, rest = form.secret("take").partition(" ")
    thing_id, _, what = rest.partition(" ")
    if thing not in set(Thing):
        raise NotFound("file")
    return Thing(thing), thing_id, what


def find_file(
    session: HubSession, packet_id: str, thing: Thing, thing_id: str, form: str
) -> OneFile:
    """A file of this packet.

    Raises:
        NotFound: the packet has no such file.
    """
    finders = {
        Thing.VERSION: _of_version,
        Thing.LETTER: _of_letter,
        Thing.EXHIBIT: _of_exhibit,
    }
    found = finders[thing](session, get_packet(session, packet_id), thing_id, form)
    if found is None or not found.key:
        raise NotFound("file")
    return found


def packet_of(session: HubSession, thing: Thing, thing_id: str) -> str:
    """The id of the packet that a thing belongs to.

    Raises:
        NotFound: not in this hub.
    """
    table: Any = {Thing.VERSION: PacketVersion, Thing.LETTER: Letter, Thing.EXHIBIT: Exhibit}[thing]
    row = session.get(table, thing_id)
    if row is None:
        raise NotFound("file")
    return str(row.packet_id)


def may_take(
    session: HubSession, link: PrivateLink, thing: Thing, thing_id: str, form: str
) -> bool:
    """Whether the holder of a link may take a file of the link's own packet.

    Counsel takes everything. The participant takes the bound PDF, unless it holds letters: a
    letter is read by counsel and the judge, and by nobody else.
    """
    if link.purpose == LinkPurpose.COUNSEL:
        return True
    if link.purpose != LinkPurpose.REVIEW or thing is not Thing.VERSION or form != Make.PDF:
        return False
    version = session.get(PacketVersion, thing_id)
    return version is not None and not holds_letters(version)


def still_theirs(session: HubSession, link: PrivateLink) -> bool:
    """Whether a reader's link may still be used: counsel's ends with the brief."""
    if link.purpose != LinkPurpose.COUNSEL:
        return True
    packet = session.get(Packet, link.packet_id or "")
    case = session.get(Case, packet.case_id) if packet else None
    counsel = session.get(Counsel, case.counsel_id) if case and case.counsel_id else None
    return counsel is not None and counsel.person_id == link.person_id


def holds_letters(version: PacketVersion) -> bool:
    """Whether letters are bound into a version."""
    return any(one.key.startswith(LETTER) for one in load_inputs(version.inputs))


def _of_version(session: HubSession, packet: Packet, version_id: str, form: str) -> OneFile | None:
    version = session.exec(
        select(PacketVersion).where(
            PacketVersion.id == version_id, PacketVersion.packet_id == packet.id
        )
    ).first()
    if version is None or form not in set(Make):
        return None
    return file_of(version, packet.kind, Make(form))


def _of_letter(session: HubSession, packet: Packet, letter_id: str, form: str) -> OneFile | None:
    """A letter that is in; one that is still being written is its writer's alone."""
    for number, letter in enumerate(letters_sent(session, packet.id), start=1):
        if letter.id != letter_id:
            continue
        if form == PAGES:
            return _pages("letter", str(number), letter.pdf_key)
        if form == UPLOADED:
            name = piece_name("letter", str(number), letter.media_type)
            return OneFile(letter.document_key, letter.sha256, letter.size, letter.media_type, name)
    return None


def _of_exhibit(session: HubSession, packet: Packet, exhibit_id: str, form: str) -> OneFile | None:
    for index, exhibit in enumerate(exhibits_of(session, packet.id)):
        if exhibit.id != exhibit_id:
            continue
        label = exhibit_label(index)
        if form == PAGES:
            return _pages("exhibit", label, exhibit.pdf_key)
        if form == UPLOADED:
            name = piece_name("exhibit", label, exhibit.media_type)
            kept = (exhibit.document_key, exhibit.sha256, exhibit.size, exhibit.media_type)
            return OneFile(*kept, name)
    return None


def _pages(what: str, label: str, key: str) -> OneFile:
    return OneFile(key, "", 0, PDF_TYPE, piece_name(what, label, PDF_TYPE))
