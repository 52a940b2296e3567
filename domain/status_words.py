"""What became of a message, in plain words: for pages, programs and the command line.

Codes are those of the providers (the public error dictionary of Twilio, RFC 3261 for calls,
RFC 5321 and RFC 3463 for mail) and a few of our own. A code without words here is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.vocabulary import Channel, MessageState

KEPT_HERE: Final = "kept here, not sent"
KEPT_BACK: Final = "kept back: trial"
EXAMPLE: Final = "kept back: example"
VOICEMAIL: Final = "voicemail"

FATES: Mapping[str, str] = MappingProxyType(
    {
        MessageState.CLAIMED: "about to leave",
        MessageState.QUEUED: "on its way",
        MessageState.SENDING: "on its way",
        MessageState.SENT: "sent, no receipt yet",
        MessageState.DELIVERED: "delivered",
        MessageState.UNDELIVERED: "not delivered",
        MessageState.FAILED: "could not be sent",
        MessageState.WITHDRAWN: "withdrawn before it left",
    }
)
"""Each state, where nothing more is known."""

_OFF = "the phone was switched off or out of reach"
_STOPPED = "they asked for no more texts"
_NO_NUMBER = "there is no such number"
_FILTERED = "the phone company blocked it: see the task on Today"
_ACCOUNT = "the provider refuses our account: see the task on Today"
_NETWORK = "the phone network failed"
_OUR_SETTINGS = "our own settings at the provider do not allow it: see the task on Today"
_CALL_FAILED = "the call did not go through"

_WHY: Mapping[str, str] = MappingProxyType(
    {
        # Our account, and the provider.
        "20003": _ACCOUNT,
        "20005": _ACCOUNT,
        "30002": _ACCOUNT,
        "30001": "the provider had too much to do",
        # Texts.
        "21211": "this is not a phone number",
        "21610": _STOPPED,
        "21614": "this phone takes no texts",
        "30003": _OFF,
        "30004": _FILTERED,
        "30005": _NO_NUMBER,
        "30006": "the number is a landline",
        "30007": _FILTERED,
        "30008": _NETWORK,
        "30032": _FILTERED,
        "30034": _FILTERED,
        "gateway-failed": "the hub's own phone could not send it",
        # Calls.
        "13223": "this is not a phone number",
        "13224": "no calls reach this number",
        "13225": _FILTERED,
        "13226": _NO_NUMBER,
        "13227": _OUR_SETTINGS,
        "21210": _OUR_SETTINGS,
        "21214": "no calls reach this number",
        "21215": _OUR_SETTINGS,
        "21216": _FILTERED,
        "21217": "this is not a phone number",
        "21219": _OUR_SETTINGS,
        "21220": _CALL_FAILED,
        "busy": "the line was busy",
        "call-failed": _CALL_FAILED,
        "fax": "a fax machine answered",
        "hung-up": "they hung up before the words began",
        "no-answer": "nobody picked up",
        VOICEMAIL: "left on a voicemail",
        "sip-404": _NO_NUMBER,
        "sip-410": "the number is gone",
        "sip-484": "the number is not complete",
        "sip-604": _NO_NUMBER,
        "sip-607": _FILTERED,
        "sip-608": _FILTERED,
        # Our own.
        "fate-unknown": "nobody knows whether it arrived",
        "wrong-number": "somebody else has this number",
        "unsubscribed": "they asked for no more e-mail",
    }
)
_NO_CARRIER: Mapping[str, str] = MappingProxyType(
    {
        Channel.SMS: "no provider for texts is set up",
        Channel.VOICE: "no provider for calls is set up",
        Channel.EMAIL: "no mail server is set up",
    }
)
_MAIL: Mapping[str, str] = MappingProxyType(
    {
        "5.1": "there is no such e-mail address",
        "5.2.2": "the mailbox is full",
        "5.2": "the mailbox takes no mail",
        "5.3": "their mail server could not take it",
        "5.4": "their mail server cannot be found",
        "5.5": "their mail server did not understand ours",
        "5.6": "their mail server did not accept its form",
        "5.7": "their mail server refused it",
        "4.2.2": "the mailbox is full",
        "4": "their mail server could not take it for now",
        "421": "their mail server could not take it for now",
        "450": "the mailbox was busy",
        "451": "their mail server could not take it for now",
        "452": "the mailbox is full",
        "530": _ACCOUNT,
        "534": _ACCOUNT,
        "535": _ACCOUNT,
        "538": _ACCOUNT,
        "550": "there is no such e-mail address",
        "551": "the mailbox has moved",
        "552": "the mailbox is full",
        "553": "there is no such e-mail address",
        "554": "their mail server refused it",
    }
)
"""By enhanced status (RFC 3463), its first two parts, or the reply code (RFC 5321)."""

_CLOSED: Mapping[str, str] = MappingProxyType(
    {
        "opted-out": "asked for no more messages",
        "not-agreed": "has not agreed to messages",
        "unreachable": "the provider says it cannot be reached",
    }
)

_MAIL_CODE = re.compile(r"(?:(\d{3})(?:\s+|$))?([245](?:\.\d{1,3}){2})?")
_NOT_ARRIVED = frozenset({MessageState.UNDELIVERED, MessageState.FAILED})


def why(code: str, channel: str = "") -> str:
    """Why a message did not arrive, or a phone or mailbox is not used; "" when nobody said.

    Args:
        code: the provider's word, or ours.
        channel: how it went; mail servers and phone networks use the same digits differently.
    """
    if not code:
        return ""
    if code == "no-carrier":
        return _NO_CARRIER.get(channel, "nothing is set up that could carry it")
    if channel == Channel.EMAIL:
        found = _why_mail(code)
        if found:
            return found
    return _WHY.get(code) or f"the provider says {code}"


def closed_words(code: str, channel: str = "") -> str:
    """Why nothing goes to a phone or mailbox, in plain words.

    Args:
        code: `opted-out`, `not-agreed`, `unreachable`, or what the provider said of it.
        channel: how it would go.
    """
    return _CLOSED.get(code) or why(code, channel)


def _why_mail(code: str) -> str:
    match = _MAIL_CODE.fullmatch(code.strip())
    if match is None:
        return ""
    basic, enhanced = match[1] or "", match[2] or ""
    known = (enhanced, enhanced.rpartition(".")[0], basic, (enhanced or basic)[:1])
    return next((_MAIL[part] for part in known if part in _MAIL), "")


def status_words(
    state: str, transport: str, code: str = "", channel: str = "", *, again: str = ""
) -> str:
    """What became of a message, in one line.

    Args:
        state: a `MessageState`; another word is shown with spaces.
        transport: what carried it; what the outbox or a trial kept is never called sent.
        code: the provider's word for what went wrong.
        channel: how it went.
        again: when the same was tried once more, in words; "" when it was not.
    """
    if transport == "trial":
        return KEPT_BACK
    if transport == "example":
        return EXAMPLE
    if transport == "outbox" and state in (MessageState.SENT, MessageState.DELIVERED):
        return KEPT_HERE
    if code == VOICEMAIL:
        return _WHY[VOICEMAIL]
    words = FATES.get(state, state.replace("_", " "))
    reason = why(code, channel) if state in _NOT_ARRIVED else ""
    if reason:
        words = f"{words}: {reason}"
    return f"{words}; tried again at {again}" if again else words
