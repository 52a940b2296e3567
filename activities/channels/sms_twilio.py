"""Text messages through Twilio's Messages API, or a compatible gateway, over one httpx client.

The whole art is in telling "certainly not accepted" from "perhaps accepted". The rule: before the
first byte of the request leaves, nothing can have been accepted; after it, silence proves nothing
and only the provider's own list (`find`) settles the matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any

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
from activities.channels.twilio_codes import fate_of

__all__ = ["TwilioChannel", "parse_status_callback"]

TRIAL_PREFIX = "Sent from your Twilio trial account - "
"""What a trial account puts before every body."""


class TwilioChannel:
    """SMS for one account and one sender (a number, or a Messaging Service, `MG…`).

    `timeout` is the whole time one request may take, in seconds. Raises `Misconfigured` when a
    setting is missing or when the credentials would cross a network unencrypted.
    """

    kind = ChannelKind.SMS

    def __init__(
        self,
        base_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        timeout: float = 15.0,
    ) -> None:
        if not (account_sid and auth_token and sender):
            raise Misconfigured("Set the SMS account, its auth token and the sender.")
        self._account = TwilioAccount(base_url, account_sid, auth_token, timeout)
        self._sender_field = "MessagingServiceSid" if sender.startswith("MG") else "From"
        self._sender = sender

    async def send(self, out: Outgoing) -> Receipt:
        """Ask the provider to carry one text. Asks once; raises as `Channel.send` says."""
        form = {"To": out.to, self._sender_field: self._sender, "Body": out.text}
        form["SmartEncoded"] = "false"  # what was previewed is what arrives, letter for letter
        if out.status_callback:
            form["StatusCallback"] = out.status_callback
        receipt = _receipt(await self._account.create("Messages", form, Ambiguous))
        if receipt is None:
            raise Ambiguous("the provider's answer could not be read")
        return receipt

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """What the provider accepted for this number with these words since `since` (aware).

        Asks twice before it says None: messages still queued have no sending date, and a search
        by date may leave them out. The list may lag behind: ask some seconds after the loss.
        """
        earliest = earliest_of(since)
        dated = {"To": to, "DateSent>": earliest.date().isoformat()}
        for search in (dated, {"To": to}):
            async with aclosing(self._account.listed("Messages", search)) as messages:
                async for message in messages:
                    if created_at(message) >= earliest and _same_words(message, text):
                        return _found(message)
        return None

    async def check(self) -> None:
        """Ask for one page of messages: proves address, account and token. Sends nothing."""
        await self._account.check("Messages")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._account.aclose()


def parse_status_callback(form: Mapping[str, str]) -> tuple[str, Fate, str]:
    """The message's sid, its fate and the error code (or empty) of a status webhook's form.

    Raises `NotAStatus` for anything else, such as an incoming message or a status unknown here.
    """
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    fate = fate_of(form.get("MessageStatus") or form.get("SmsStatus") or "")
    if not sid or fate is None:
        raise NotAStatus("This request carries no status of an outgoing message.")
    return sid, fate, form.get("ErrorCode") or ""


def _receipt(message: Mapping[str, Any]) -> Receipt | None:
    sid = message.get("sid")
    if not isinstance(sid, str) or not sid:
        return None
    fate = fate_of(str(message.get("status"))) or Fate.QUEUED
    return Receipt(provider_id=sid, fate=fate, error_code=str(message.get("error_code") or ""))


def _found(message: Mapping[str, Any]) -> Receipt:
    """The receipt of a listed message; one without a sid proves nothing, least of all a denial."""
    receipt = _receipt(message)
    if receipt is None:
        raise CannotAsk("a message in the list has no sid")
    return receipt


def _same_words(message: Mapping[str, Any], text: str) -> bool:
    if str(message.get("direction") or "").startswith("inbound"):
        return False
    body = message.get("body")
    if not body:
        raise CannotAsk("the account hides the words of its messages")
    return body in (text, TRIAL_PREFIX + text)
