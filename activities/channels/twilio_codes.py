"""What the words and numbers of Twilio's messaging API mean to Homeward.

Statuses: `message_enum_status` of the provider's OpenAPI description. Error codes: the
provider's public error dictionary. A code arrives either in the answer to a request or, later,
in a delivery receipt; it means the same in both.
"""

from __future__ import annotations

from activities.channels.base import Fate, RefusalKind

__all__ = ["OUR_OWN_RATE", "fate_of", "kind_of"]

_FATES: dict[str, Fate] = {
    "accepted": Fate.QUEUED,
    "scheduled": Fate.QUEUED,
    "queued": Fate.QUEUED,
    "sending": Fate.SENDING,
    "sent": Fate.SENT,
    "partially_delivered": Fate.SENT,
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "undelivered": Fate.UNDELIVERED,
    "failed": Fate.FAILED,
    "canceled": Fate.FAILED,
}

_KINDS: dict[str, RefusalKind] = {
    "20003": RefusalKind.UNAUTHORIZED,  # wrong credentials
    "20005": RefusalKind.UNAUTHORIZED,  # account not active
    "30002": RefusalKind.UNAUTHORIZED,  # account suspended
    "21211": RefusalKind.PERMANENT,  # not a phone number
    "21614": RefusalKind.PERMANENT,  # not a mobile number
    "30005": RefusalKind.PERMANENT,  # unknown number
    "30006": RefusalKind.PERMANENT,  # landline
    "30001": RefusalKind.TEMPORARY,  # queue overflow
    "30003": RefusalKind.TEMPORARY,  # handset unreachable
    "30008": RefusalKind.TEMPORARY,  # unknown error
    "21610": RefusalKind.OPTED_OUT,
    "30004": RefusalKind.FILTERED,  # blocked
    "30007": RefusalKind.FILTERED,  # carrier filtering
    "30032": RefusalKind.FILTERED,  # toll-free number not verified
    "30034": RefusalKind.FILTERED,  # number not registered for 10DLC
}

OUR_OWN_RATE = frozenset({"20429", "21611", "63038"})
"""Too many from us at once, whatever the HTTP status: the recipient has nothing to do with it."""


def fate_of(status: str) -> Fate | None:
    """The fate a status stands for; None for a status of an incoming or unknown message."""
    return _FATES.get(status)


def kind_of(code: str) -> RefusalKind:
    """What an error code asks of us; an unlisted code is a fault of the request."""
    return _KINDS.get(code, RefusalKind.BAD_REQUEST)
