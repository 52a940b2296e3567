"""Text messages through Twilio's Messages API, or a compatible gateway, over one httpx client.

The whole art is in telling "certainly not accepted" from "perhaps accepted". The rule: before the
first byte of the request leaves, nothing can have been accepted; after it, silence proves nothing
and only the provider's own list (`find`) settles the matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from activities.channels.base import (
    Ambiguous,
    CannotAsk,
    ChannelKind,
    Fate,
    Misconfigured,
    Outgoing,
    Receipt,
    Unavailable,
    is_this_machine,
)
from activities.channels.twilio_codes import fate_of
from activities.channels.twilio_http import Wire, json_of, provider_address, raise_for

__all__ = ["NotAStatus", "TwilioChannel", "parse_status_callback"]

PAGE_SIZE = 200
MAX_PAGES = 20
CLOCK_SLACK = timedelta(seconds=60)
"""How far the provider's clock may be behind ours. The same words to the same number within it
count as received: the person has them."""
TRIAL_PREFIX = "Sent from your Twilio trial account - "
"""What a trial account puts before every body."""


class NotAStatus(ValueError):
    """A request to the status webhook that is no delivery receipt of an outgoing message."""


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
        url = provider_address(base_url)
        here = is_this_machine(url.host)
        self._messages = f"{url}/2010-04-01/Accounts/{quote(account_sid, safe='')}/Messages.json"
        self._origin = (url.scheme, url.host, url.port)
        self._sender_field = "MessagingServiceSid" if sender.startswith("MG") else "From"
        self._sender = sender
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            auth=(account_sid, auth_token),
            timeout=httpx.Timeout(timeout, connect=min(5.0, timeout)),
            trust_env=not here,  # a proxy has no business with a server on this machine
        )

    async def send(self, out: Outgoing) -> Receipt:
        """Ask the provider to carry one text. Asks once; raises as `Channel.send` says."""
        form = {"To": out.to, self._sender_field: self._sender, "Body": out.text}
        form["SmartEncoded"] = "false"  # what was previewed is what arrives, letter for letter
        if out.status_callback:
            form["StatusCallback"] = out.status_callback
        response = await self._request("POST", self._messages, Ambiguous, data=form)
        receipt = _receipt(json_of(response))
        if receipt is None:
            raise Ambiguous("the provider's answer could not be read")
        return receipt

    async def find(self, to: str, text: str, since: datetime) -> Receipt | None:
        """What the provider accepted for this number with these words since `since` (aware).

        Asks twice before it says None: messages still queued have no sending date, and a search
        by date may leave them out. The list may lag behind: ask some seconds after the loss.
        """
        if since.tzinfo is None:
            raise ValueError("`since` needs a time zone.")
        earliest = since.astimezone(UTC) - CLOCK_SLACK
        dated = {"To": to, "DateSent>": earliest.date().isoformat()}
        for search in (dated, {"To": to}):
            async with aclosing(self._list(search)) as messages:
                async for message in messages:
                    if _created(message) >= earliest and _same_words(message, text):
                        return _found(message)
        return None

    async def check(self) -> None:
        """Ask for one page of messages: proves address, account and token. Sends nothing."""
        response = await self._request("GET", self._messages, Unavailable, params={"PageSize": 1})
        if "messages" not in json_of(response):
            raise Misconfigured("The SMS address does not answer like Twilio; check it.")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _list(self, search: Mapping[str, str]) -> AsyncGenerator[dict[str, Any], None]:
        """Every message of a search, page by page, never leaving the provider's host."""
        url = httpx.URL(self._messages, params={**search, "PageSize": str(PAGE_SIZE)})
        for _ in range(MAX_PAGES):
            page = json_of(await self._request("GET", str(url), Unavailable))
            if not isinstance(page.get("messages"), list):
                raise CannotAsk("the list of messages could not be read")
            for message in page["messages"]:
                yield message
            following = page.get("next_page_uri")
            if not following:
                return
            url = _joined(url, following)
            if (url.scheme, url.host, url.port) != self._origin:
                raise CannotAsk("the list of messages continues at another host")
        raise CannotAsk("too many messages to search")

    async def _request(
        self, method: str, url: str, lost: type[Ambiguous] | type[Unavailable], **parts: Any
    ) -> httpx.Response:
        """One request, one answer. `lost`: what an answer that never came means."""
        wire = Wire()
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.request(
                    method, url, extensions={"trace": wire.note}, **parts
                )
        except (TimeoutError, httpx.RequestError) as exc:
            if wire.written:
                raise lost(f"the answer was lost ({type(exc).__name__})") from None
            raise Unavailable(f"no connection to the provider ({type(exc).__name__})") from None
        raise_for(response, lost)
        return response


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


def _joined(url: httpx.URL, following: object) -> httpx.URL:
    try:
        return url.join(str(following))
    except httpx.InvalidURL:
        raise CannotAsk("the list of messages continues at no address") from None


def _created(message: Mapping[str, Any]) -> datetime:
    """When the provider accepted a message (RFC 2822, GMT, whole seconds)."""
    try:
        moment = parsedate_to_datetime(str(message.get("date_created")))
    except ValueError:
        raise CannotAsk("a message in the list has no readable date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _same_words(message: Mapping[str, Any], text: str) -> bool:
    if str(message.get("direction") or "").startswith("inbound"):
        return False
    body = message.get("body")
    if not body:
        raise CannotAsk("the account hides the words of its messages")
    return body in (text, TRIAL_PREFIX + text)
