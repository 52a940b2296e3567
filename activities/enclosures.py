"""What an e-mail carries besides its words: the hearing as an invitation, and the way to stop."""

from dataclasses import replace
from urllib.parse import quote, urlsplit

from activities.calendar_events import Title, feed_event
from activities.channels import Outgoing
from activities.channels.base import is_this_machine
from activities.house import House
from activities.invitations import invitation, invites
from domain.calendar_feed import BadFeed
from domain.ics_text import bare_address
from domain.vocabulary import Channel
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Case, Defendant, Hearing, Message, Person
from records.unsubscribing import unsubscribe_token

STOP_PATH = "/u/"
"""Where e-mail is ended; the token follows."""


def enclose(session: HubSession, house: House, message: Message, out: Outgoing) -> Outgoing:
    """The same message with what only an e-mail can carry. Anything else stays as it is.

    An e-mail whose invitation cannot be made goes without: its words say everything.
    """
    if message.channel != Channel.EMAIL:
        return out
    return replace(
        out,
        invitation=_invitation(session, house, message, out.to),
        unsubscribe_url=way_out(house, message.contact_id or ""),
    )


def way_out(house: House, contact_id: str) -> str:
    """How the holder of a mailbox ends e-mail: one click where the pages can be reached from
    outside, otherwise a mail with the word STOP. "" where there is neither."""
    host = urlsplit(house.public_url).hostname or ""
    if contact_id and host and not is_this_machine(host):
        return f"{house.public_url}{STOP_PATH}{unsubscribe_token(contact_id)}"
    address = bare_address(house.mail_sender)
    return f"mailto:{quote(address, safe='@')}?subject=STOP" if address else ""


def _invitation(session: HubSession, house: House, message: Message, to: str) -> bytes | None:
    if not house.mail_sender or not invites(message.step):
        return None
    hearing = session.get(Hearing, message.subject_id) if message.subject_id else None
    if hearing is None or hearing.revision != message.subject_revision:
        return None
    case = session.get_one(Case, hearing.case_id)
    person = session.get_one(Person, session.get_one(Defendant, case.defendant_id).person_id)
    title = Title.OWN if person.id == message.person_id else Title.COURT_DATE
    words = house.catalog.everything[message.language]
    event = feed_event(hearing, person.first_name, words, the_hub(session), title)
    try:
        return invitation(event, organizer=house.mail_sender, attendee=to)
    except BadFeed:
        return None
