"""The hearing inside an e-mail about it, as an iCalendar invitation (RFC 5546). Pure.

The same UID as in the feeds, and the revision as SEQUENCE: whichever comes first, the calendar
app holds one event. The bytes hang on the hearing's revision alone, so that an e-mail that is
sent again carries them unchanged.
"""

import re
from typing import Final

from domain.calendar_feed import FeedEvent, calendar_bytes

_STEPS: Final = re.compile(r"enrolled|before_\d+|morning|changed|cancelled")


def invites(step: str) -> bool:
    """Whether a message of this step tells of a hearing to come, or of one that is off."""
    return _STEPS.fullmatch(step) is not None


def invitation(event: FeedEvent, *, organizer: str, attendee: str) -> bytes:
    """One person's invitation to one hearing; a cancelled one calls its event off.

    Args:
        event: at the revision that the e-mail tells of, in the recipient's language.
        organizer: the hub's mailbox, `name@host` or `Name <name@host>`.
        attendee: the recipient's mailbox.

    Raises:
        BadFeed: one of the mailboxes cannot be written into a calendar.
    """
    method = "CANCEL" if event.cancelled else "REQUEST"
    return calendar_bytes([event], method=method, organizer=organizer, attendee=attendee)
