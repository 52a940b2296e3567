"""Telephone calls through Twilio's Calls API, or a compatible provider, that read a message aloud.

For phones that get no texts: landlines, and people who do not read. Somebody who picks up hears
the words twice and can answer with a key; an answering machine gets the words after its tone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from activities.channels.base import (
    Ambiguous,
    CannotAsk,
    ChannelKind,
    Fate,
    Misconfigured,
    NotAStatus,
    Outgoing,
    Receipt,
)
from activities.channels.twilio_account import TwilioAccount, created_at, earliest_of
from activities.channels.twilio_codes import call_fate_of, failed_code
from activities.channels.voice_script import call_script

__all__ = ["TwilioVoiceChannel", "parse_call_report"]

RING_SECONDS = 30
"""About six rings: longer than most machines wait, so that the words are left with them."""
MOST_CALL_SECONDS = 180
"""No call lasts longer, whatever keeps the line open."""
EVENTS = ("initiated", "answered", "completed")
_WHOLE = re.compile(r"[0-9]{1,9}")


class TwilioVoiceChannel:
    """Calls for one account from one number of its own.

    `keys_url` is where pressed keys are told, or empty: then none are offered. `timeout` is the
    whole time one request may take, in seconds. Raises `Misconfigured` when a setting is missing
    or when the credentials would cross a network unencrypted.
    """

    kind = ChannelKind.VOICE

    def __init__(
        self,
        base_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        keys_url: str = "",
        timeout: float = 15.0,
    ) -> None:
        if not sender.startswith("+"):
            raise Misconfigured("Calls need a number of their own to come from, like +13055550100.")
        self._account = TwilioAccount(base_url, account_sid, auth_token, timeout)
        self._sender = sender
        self._keys_url = keys_url

    async def send(self, out: Outgoing) -> Receipt:
        """Ask the provider to call once. Asks once; raises as `Channel.send` says."""
        form: dict[str, Any] = {
            "To": out.to,
            "From": self._sender,
            "Twiml": call_script(out, self._keys_for(out.message_id)),
            "MachineDetection": "DetectMessageEnd",
            "Timeout": str(RING_SECONDS),
            "TimeLimit": str(MOST_CALL_SECONDS),
        }
        if out.status_callback:
            form |= {"StatusCallback": out.status_callback, "StatusCallbackEvent": list(EVENTS)}
        receipt = _receipt(await self._account.create("Calls", form, Ambiguous))
        if receipt is None:
            raise Ambiguous("the provider's answer could not be read")
        return receipt

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """The newest call to this number since `since` (aware).

        The provider keeps no words of a call, so any call of this account to the number counts;
        the records know which of them are another message's. Asks twice before it says None: a
        call still queued has no start, and a search by start may leave it out.
        """
        earliest = earliest_of(since)
        started = {"To": to, "StartTime>": earliest.date().isoformat()}
        for search in (started, {"To": to}):
            newest: Mapping[str, Any] | None = None
            async with aclosing(self._account.listed("Calls", search)) as calls:
                async for call in calls:
                    if _ours(call) and created_at(call) >= earliest:
                        newest = max(newest or call, call, key=created_at)
            if newest is not None:
                return _found(newest)
        return None

    async def check(self) -> None:
        """Ask for one page of calls: proves address, account and token. Calls nobody."""
        await self._account.check("Calls")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._account.aclose()

    def _keys_for(self, message_id: str) -> str:
        """Where the keys of this message are told."""
        return f"{self._keys_url}?{urlencode({'message': message_id})}" if self._keys_url else ""


def parse_call_report(form: Mapping[str, str]) -> tuple[str, Fate, str]:
    """The call's sid, its fate and the error code (or empty) of a report's form.

    Raises `NotAStatus` for anything else, such as an incoming call or a status unknown here.
    """
    sid = form.get("CallSid") or ""
    told = call_fate_of(
        form.get("CallStatus") or "",
        form.get("AnsweredBy") or "",
        _seconds(form.get("CallDuration")),
        failed_code(form.get("ErrorCode") or "", form.get("SipResponseCode") or ""),
    )
    if not sid or told is None or form.get("Direction", "").startswith("inbound"):
        raise NotAStatus("This request carries no status of an outgoing call.")
    return sid, *told


def _receipt(call: Mapping[str, Any]) -> Receipt | None:
    sid = call.get("sid")
    if not isinstance(sid, str) or not sid:
        return None
    fate, code = call_fate_of(
        str(call.get("status")),
        str(call.get("answered_by") or ""),
        _seconds(call.get("duration")),
    ) or (Fate.QUEUED, "")
    return Receipt(provider_id=sid, fate=fate, error_code=code)


def _found(call: Mapping[str, Any]) -> Receipt:
    """The receipt of a listed call; one without a sid proves nothing, least of all a denial."""
    receipt = _receipt(call)
    if receipt is None:
        raise CannotAsk("a call in the list has no sid")
    return receipt


def _ours(call: Mapping[str, Any]) -> bool:
    return not str(call.get("direction") or "").startswith("inbound")


def _seconds(duration: object) -> int | None:
    return int(str(duration)) if _WHOLE.fullmatch(str(duration)) else None
