"""Tickets for downloads: for five minutes, one person may take one file.

A ticket names the file and who asked for it, with a seal over both and over the file's hash; it
needs no row in the records. It is worth nothing alone: the browser that uses it must show the same
visit or sign-in that asked for it. So an address that was copied, logged or scanned opens nothing.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from records.crypto import keys

TICKET_LASTS: Final = timedelta(minutes=5)
_SEALED_FOR: Final = "download-ticket"
_HOLDER: Final = "download-holder"
_FILE: Final = "download-file"
_PARTS: Final = 6


class Thing(StrEnum):
    """What a ticket is for."""

    VERSION = "version"
    LETTER = "letter"
    EXHIBIT = "exhibit"


class BadTicket(ValueError):
    """It was not made here, or was altered."""

    def __init__(self) -> None:
        super().__init__("This download ticket was not made here.")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A right to one file.

    Attributes:
        thing: with `thing_id`, whose file it is; `form` says which of its files.
        holder: "link-<id>" of a private link, or "staff-<mark>" of a browser's sign-in.
        file: the beginning of the file's storage key: what is built anew needs a new ticket.
        expires: seconds since 1970 (UTC).
    """

    thing: Thing
    thing_id: str
    form: str
    holder: str
    file: str
    expires: int

    @property
    def link_id(self) -> str:
        """The private link that asked; "" for a member of staff."""
        kind, _, link_id = self.holder.partition("-")
        return link_id if kind == "link" else ""

    def late(self, now: datetime) -> bool:
        """Whether its time is over at `now` (UTC)."""
        return now.timestamp() >= self.expires


def ticket_for(
    thing: Thing, thing_id: str, form: str, holder: str, key: str, now: datetime
) -> Ticket:
    """A ticket from `now` (UTC) on, for the file with this storage key."""
    expires = int((now + TICKET_LASTS).timestamp())
    return Ticket(thing, thing_id, form, holder, file_mark(key), expires)


def file_mark(key: str) -> str:
    """What a ticket keeps of a storage key."""
    return keys().index(key, _FILE)[:16]


def holder_of_link(link_id: str) -> str:
    """The holder that a private link's visit is."""
    return f"link-{link_id}"


def holder_of_session(token: str) -> str:
    """The holder that a browser's sign-in is; the token cannot be read from it."""
    return f"staff-{keys().index(token, _HOLDER)[:24]}"


def dump(ticket: Ticket) -> str:
    """A ticket as it stands in an address."""
    said = ".".join(
        (
            ticket.thing,
            ticket.thing_id,
            ticket.form,
            ticket.holder,
            ticket.file,
            str(ticket.expires),
        )
    )
    return f"{said}.{_seal(said)}"


def load(text: str) -> Ticket:
    """The ticket of an address; whether it is late is for the caller to ask.

    Raises:
        BadTicket: it was not made here.
    """
    said, _, seal = text.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(said).encode()):
        raise BadTicket
    parts = said.split(".")
    if len(parts) != _PARTS:
        raise BadTicket
    thing, thing_id, form, holder, file, expires = parts
    return Ticket(Thing(thing), thing_id, form, holder, file, int(expires))


def _seal(said: str) -> str:
    return keys().index(said, _SEALED_FOR)
