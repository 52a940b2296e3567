"""The link that ends e-mail to one mailbox: a contact's id and its seal, and nothing to look up.

The seal is made with the index key, which is never rotated: links in old e-mails go on working.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.vocabulary import Channel
from records.casework import Source
from records.circle import opt_out
from records.crypto import keys
from records.database import HubSession, Records
from records.hubs import the_hub
from records.tables import ContactPoint, Hub, Person

PURPOSE: Final = "unsubscribe"
THEMSELVES: Final = Source("themselves", "email")
_ID_BYTES: Final = 16
_SEAL_DIGITS: Final = 40
_TOKEN_BYTES: Final = _ID_BYTES + _SEAL_DIGITS // 2


@dataclass(frozen=True, slots=True)
class WayOut:
    """Whose e-mail a link ends.

    Attributes:
        language: of the person.
        ended: e-mail to that mailbox has ended already.
    """

    hub_name: str
    hub_phone: str
    hub_language: str
    language: str
    ended: bool


def unsubscribe_token(contact_id: str) -> str:
    """The secret part of a contact's link: 48 characters for an address on the web."""
    sealed = bytes.fromhex(contact_id + keys().index(contact_id, PURPOSE))
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def find_way_out(records: Records, token: str) -> WayOut | None:
    """What a link would end; None when it is not one of ours. Changes nothing."""
    contact = _contact_of(records, token)
    if contact is None:
        return None
    with records.reading(contact.hub_id) as session:
        return _told(session, contact)


def take_way_out(records: Records, token: str, now: datetime) -> WayOut | None:
    """End e-mail to the mailbox of a link, at once; a second time changes nothing.

    Returns:
        What ended; None when the link is not one of ours.
    """
    known = _contact_of(records, token)
    if known is None:
        return None
    with records.writing(known.hub_id) as session:
        contact = session.get_one(ContactPoint, known.id)
        session.lock(contact)
        if contact.opted_out_at is None:
            opt_out(session, contact, THEMSELVES, now)
        session.flush()
        return _told(session, contact)


def _contact_of(records: Records, token: str) -> ContactPoint | None:
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    if len(raw) != _TOKEN_BYTES:
        return None
    contact_id, seal = raw[:_ID_BYTES].hex(), raw[_ID_BYTES:].hex()
    if not hmac.compare_digest(seal, keys().index(contact_id, PURPOSE)):
        return None
    with records.reading("") as session:
        contact = session.get(ContactPoint, contact_id)
    return contact if contact is not None and contact.channel == Channel.EMAIL else None


def _told(session: HubSession, contact: ContactPoint) -> WayOut:
    hub: Hub = the_hub(session)
    person = session.get_one(Person, contact.person_id)
    return WayOut(
        hub_name=hub.name,
        hub_phone=hub.phone,
        hub_language=hub.default_language,
        language=person.language,
        ended=contact.opted_out_at is not None,
    )
