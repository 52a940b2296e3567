"""A letter of support as it is set on paper: what its page says, and until when it is wanted."""

from datetime import date

from activities.documents.binding import LetterPage
from activities.documents.packet_context import long_date
from activities.documents.packet_values import MitigationPacket
from activities.notices import the_phrases
from activities.packet_facts import leads_of
from domain.letters import Draft
from domain.packets import letters_due, milestones, wanted_by
from records.database import HubSession
from records.hubs import the_hub
from records.letter_writing import translation_now
from records.packets import hearing_of
from records.tables import Letter, Packet

TO_THE_JUDGE = "The Honorable Judge of this Court"
"""How a letter is addressed while the judge's name is not known."""


def letter_page(packet: MitigationPacket, letter: Letter, writer: str) -> LetterPage:
    """A letter that is in, as the judge reads it; of an uploaded one, its translation alone.

    Args:
        packet: for the judge and whom it is about.
        writer: their name.
    """
    return LetterPage(
        to=packet.court.judge or TO_THE_JUDGE,
        person=packet.person.name,
        writer=writer,
        relationship=letter.relationship,
        date=long_date(letter.signed_on) if letter.signed_on else "",
        body=letter.body,
        signed_as=signature(letter),
        contact=letter.contact,
        language=letter.language,
        translation=translation_now(letter),
        translated_by=letter.translated_by,
    )


def draft_page(
    packet: MitigationPacket, letter: Letter, writer: str, draft: Draft, today: date
) -> LetterPage:
    """A letter as it would be, were it signed today (a local date)."""
    return LetterPage(
        to=packet.court.judge or TO_THE_JUDGE,
        person=packet.person.name,
        writer=writer,
        relationship=letter.relationship,
        date=long_date(today),
        body=draft.body,
        signed_as="",
        contact=draft.contact,
        language=letter.language,
    )


def signature(letter: Letter) -> str:
    """What stands as the signature: the typed name, and who wrote the letter down for somebody on
    the telephone."""
    if not letter.taken_down_by:
        return letter.signed_as
    phrases = the_phrases("letter")
    return phrases.say(
        phrases.language(letter.language),
        "sheet.by_telephone",
        name=letter.signed_as,
        writer=letter.taken_down_by,
    )


def letter_due(session: HubSession, packet: Packet, letter: Letter) -> date | None:
    """Until which day (local to the hub) a letter is wanted; None while there is no hearing."""
    hearing = hearing_of(session, packet)
    if hearing is None:
        return None
    hub = the_hub(session)
    times = milestones(packet.requested_at, hearing.starts_at, leads_of(hub))
    return wanted_by(letters_due(letter.asked_at, times), hub.zone, letter.asked_at)
