"""What the words and numbers of Twilio's messaging and voice APIs mean to Homeward.

Statuses: `message_enum_status` and `call_enum_status` of the provider's OpenAPI description,
`initiated` of its call reports. Error codes: the provider's public error dictionary. A code
arrives either in the answer to a request or, later, in a report; it means the same in both. What
has no code of the provider has a word of ours: `busy`, `sip-404`.
"""

from __future__ import annotations

from activities.channels.base import Fate, RefusalKind

__all__ = ["OUR_OWN_RATE", "call_fate_of", "failed_code", "fate_of", "kind_of"]

HEARD_SECONDS = 8
"""Who hangs up sooner has heard a greeting at most: telling a person from a machine takes the
provider up to four seconds, and only then the words begin."""

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

_CALL_FATES: dict[str, Fate] = {
    "queued": Fate.QUEUED,
    "initiated": Fate.QUEUED,
    "ringing": Fate.SENDING,
    "in-progress": Fate.SENDING,
    "completed": Fate.SENT,
    "busy": Fate.UNDELIVERED,
    "no-answer": Fate.UNDELIVERED,
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
    # Calls.
    "13223": RefusalKind.PERMANENT,  # not a phone number
    "13224": RefusalKind.PERMANENT,  # invalid, or no carrier carries calls to it
    "13226": RefusalKind.PERMANENT,  # no such country code
    "21214": RefusalKind.PERMANENT,  # cannot be reached
    "21217": RefusalKind.PERMANENT,  # does not look like a phone number
    "13225": RefusalKind.FILTERED,  # call blocked by the provider
    "21216": RefusalKind.FILTERED,  # the same, or our account is not verified for +1
    "13227": RefusalKind.BAD_REQUEST,  # geographic permission is off in our account
    "21210": RefusalKind.BAD_REQUEST,  # our own number is not verified
    "21215": RefusalKind.BAD_REQUEST,  # geographic permission is off in our account
    "21219": RefusalKind.BAD_REQUEST,  # a trial account calls verified numbers only
    "21220": RefusalKind.BAD_REQUEST,  # the call is over and cannot be changed
    "busy": RefusalKind.TEMPORARY,
    "no-answer": RefusalKind.TEMPORARY,
    "call-failed": RefusalKind.TEMPORARY,  # without a reason
    "fax": RefusalKind.TEMPORARY,  # or a person who whistled: detection errs
    "hung-up": RefusalKind.TEMPORARY,
    "voicemail": RefusalKind.TEMPORARY,  # no error: the words wait on a machine
    # RFC 3261, RFC 8197, RFC 8688: how the called network answered.
    "sip-404": RefusalKind.PERMANENT,  # no such number
    "sip-410": RefusalKind.PERMANENT,  # the number is gone
    "sip-484": RefusalKind.PERMANENT,  # the number is not complete
    "sip-604": RefusalKind.PERMANENT,  # no such number anywhere
    "sip-607": RefusalKind.FILTERED,  # unwanted
    "sip-608": RefusalKind.FILTERED,  # rejected by the network's analytics
    # The self-hosted gateway (activities/channels/sms_android.py).
    "gateway-failed": RefusalKind.TEMPORARY,
}

OUR_OWN_RATE = frozenset({"20429", "21611", "63038", "10004"})
"""Too many from us at once, whatever the HTTP status: the recipient has nothing to do with it."""


def fate_of(status: str) -> Fate | None:
    """The fate a status stands for; None for a status of an incoming or unknown message."""
    return _FATES.get(status)


def call_fate_of(
    status: str, answered_by: str = "", seconds: int | None = None, code: str = ""
) -> tuple[Fate, str] | None:
    """The fate of a call and its error code; None for a status unknown here.

    Only a person who stayed on the line was told. What a machine recorded may wait for days.

    Args:
        status: the provider's word.
        answered_by: its guess who answered; "" when it did not guess.
        seconds: how long the call lasted; None when unknown.
        code: why it failed, where the provider says so.
    """
    fate = _CALL_FATES.get(status)
    if fate is None:
        return None
    if status == "completed":
        return _answered(answered_by, seconds)
    if status == "failed":
        code = code or "call-failed"
        lasting = kind_of(code) is not RefusalKind.TEMPORARY
        return (Fate.FAILED if lasting else Fate.UNDELIVERED), code
    return fate, status if fate is Fate.UNDELIVERED else ""


def failed_code(code: str, sip_status: str) -> str:
    """The code of a failed call: the provider's own, or that of the called network if known."""
    network = f"sip-{sip_status}"
    return code or (network if network in _KINDS else "")


def kind_of(code: str) -> RefusalKind:
    """What an error code asks of us; an unlisted code is a fault of the request."""
    return _KINDS.get(code, RefusalKind.BAD_REQUEST)


def _answered(answered_by: str, seconds: int | None) -> tuple[Fate, str]:
    if answered_by.startswith("machine"):
        return Fate.SENT, "voicemail"
    if answered_by == "fax":
        return Fate.UNDELIVERED, "fax"
    if answered_by != "human":
        return Fate.SENT, ""
    if seconds is not None and seconds < HEARD_SECONDS:
        return Fate.SENT, "hung-up"
    return Fate.DELIVERED, ""
