"""Text messages through a self-hosted Android gateway: a telephone of the hub's, and its own plan.

The gateway keeps our id of a message. So a repeated request is refused by it, what became of a
lost answer is asked for exactly, and nothing is ever sent twice on a guess.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from activities.channels.base import (
    Ambiguous,
    CannotAsk,
    ChannelError,
    ChannelKind,
    Fate,
    Misconfigured,
    NotAStatus,
    Outgoing,
    Receipt,
    RefusalKind,
    Refused,
    Unavailable,
)
from activities.channels.provider_http import Lost, ProviderClient, json_of, retry_after

__all__ = ["EVENTS", "AndroidGatewayChannel", "our_id", "parse_event"]

USEFUL_SECONDS = 3600
"""A phone that was off or out of reach for longer does not send any more: the hour may be one of
quiet by then, and the ladder has gone on."""
MOST_TRIES = 9
"""How often one message may be handed over anew after the phone said that it failed."""
EVENTS = ("sms:received", "sms:sent", "sms:delivered", "sms:failed")
_FAILED_CODE = "gateway-failed"
_STATES: dict[str, Fate] = {
    "Pending": Fate.QUEUED,
    "Processed": Fate.SENDING,
    "Sent": Fate.SENT,
    "Delivered": Fate.DELIVERED,
    "Failed": Fate.UNDELIVERED,  # the phone names no lasting reason: another time may do
}
_EVENT_FATES: dict[str, Fate] = {
    "sms:sent": Fate.SENT,
    "sms:delivered": Fate.DELIVERED,
    "sms:failed": Fate.UNDELIVERED,
}
_TRY = re.compile(r"\.[0-9]$")


class AndroidGatewayChannel:
    """SMS through one gateway and one login.

    `report_to` is where the phone must tell what becomes of texts and what people answer, or
    empty when nobody looks after it. `timeout` is the whole time that a request, or the sending
    of a text, may take, in seconds. Raises `Misconfigured` when a setting is missing or when the
    credentials would cross a network unencrypted.
    """

    kind = ChannelKind.SMS

    def __init__(
        self, base_url: str, user: str, password: str, *, report_to: str = "", timeout: float = 15.0
    ) -> None:
        if not (user and password):
            raise Misconfigured("Set the gateway's user and password.")
        self._client = ProviderClient(base_url, (user, password), timeout, "Android gateway")
        self._base = str(self._client.url)
        self._report_to = report_to
        self._timeout = timeout

    async def send(self, out: Outgoing) -> Receipt:
        """Hand over one text under our own id. A text that it has already is not sent again.

        After a failure that the phone reported, the same message goes under the next id.
        """
        try:
            async with asyncio.timeout(self._timeout):
                for number in range(1, MOST_TRIES + 1):
                    receipt = await self._hand_over(out, _id_of(out.message_id, number))
                    if receipt is not None:
                        return receipt
        except TimeoutError:
            raise Ambiguous("the gateway takes too long") from None
        raise Refused(_FAILED_CODE, RefusalKind.TEMPORARY)

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """What the gateway has of this message, by our own id: exact, at any time.

        Of several tries the last one counts; there is another only after one that failed.
        """
        if not message_id:
            raise CannotAsk("the gateway is asked by our own id of a message")
        last: Receipt | None = None
        for number in range(1, MOST_TRIES + 1):
            receipt = await self._state(_id_of(message_id, number))
            last = receipt or last
            if receipt is None or receipt.fate is not Fate.UNDELIVERED:
                break
        return last

    async def check(self) -> None:
        """Is it well, is the login right, is a phone there, and does it report to us?"""
        health = await self._client.ask("GET", f"{self._base}/health", Unavailable)
        if json_of(health).get("status") not in ("pass", "warn"):
            raise Unavailable(f"the gateway is not well ({health.status_code})")
        if not await self._rows("devices"):
            raise Misconfigured("No phone is connected to the gateway; open its app and sign in.")
        hooks = {(hook.get("event"), hook.get("url")) for hook in await self._rows("webhooks")}
        missing = [event for event in EVENTS if (event, self._report_to) not in hooks]
        if self._report_to and missing:
            raise Misconfigured(
                f"The gateway does not report {', '.join(missing)} to {self._report_to}: answers "
                "like STOP would not be heard. Register it as a webhook for each of these events."
            )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _hand_over(self, out: Outgoing, own_id: str) -> Receipt | None:
        """One try. None: this id belongs to an earlier try, which failed."""
        wanted = {
            "id": own_id,
            "textMessage": {"text": out.text},
            "phoneNumbers": [out.to],
            "withDeliveryReport": True,
            "ttl": USEFUL_SECONDS,
        }
        response = await self._client.ask("POST", f"{self._base}/messages", Ambiguous, json=wanted)
        if response.status_code == 409:
            return await self._known(own_id)
        _raise_for(response, Ambiguous)
        receipt = _receipt(json_of(response))
        if receipt is None:
            raise Ambiguous("the gateway's answer could not be read")
        return receipt

    async def _known(self, own_id: str) -> Receipt | None:
        """What became of a text that the gateway has already; None when it failed."""
        try:
            receipt = await self._state(own_id)
        except ChannelError as error:
            raise Ambiguous("the gateway has it and does not say more") from error
        if receipt is None:
            raise Ambiguous("the gateway has it, and then denies it")
        return None if receipt.fate is Fate.UNDELIVERED else receipt

    async def _state(self, own_id: str) -> Receipt | None:
        """The receipt of one id; None: never accepted."""
        url = f"{self._base}/messages/{quote(own_id, safe='')}"
        response = await self._client.ask("GET", url, Unavailable)
        if response.status_code == 404:
            if response.content and not json_of(response):
                raise CannotAsk("something else than the gateway answered")
            return None
        _raise_for(response, Unavailable)
        receipt = _receipt(json_of(response))
        if receipt is None or receipt.provider_id != own_id:
            raise CannotAsk("the gateway's answer could not be read")
        return receipt

    async def _rows(self, resource: str) -> list[dict[str, Any]]:
        response = await self._client.ask("GET", f"{self._base}/{resource}", Unavailable)
        _raise_for(response, Unavailable)
        try:
            rows = response.json()
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise Misconfigured("The gateway's address does not answer like one; check it.")
        return [row for row in rows if isinstance(row, dict)]


def parse_event(event: str, gateway_id: str) -> tuple[str, Fate, str]:
    """The gateway's id of a text, its fate and the error code (or empty) of a webhook's event.

    Raises `NotAStatus` for every event that is no report of an outgoing text.
    """
    fate = _EVENT_FATES.get(event)
    if fate is None or not gateway_id:
        raise NotAStatus("This event reports nothing about an outgoing text.")
    return gateway_id, fate, _code(fate)


def our_id(gateway_id: str) -> str:
    """Our id of the message that the gateway knows under this one."""
    return _TRY.sub("", gateway_id)


def _id_of(message_id: str, number: int) -> str:
    return message_id if number == 1 else f"{message_id}.{number}"


def _code(fate: Fate) -> str:
    return _FAILED_CODE if fate is Fate.UNDELIVERED else ""


def _receipt(message: Mapping[str, Any]) -> Receipt | None:
    own_id, state = message.get("id"), message.get("state")
    if not isinstance(own_id, str) or not own_id:
        return None
    fate = _STATES.get(str(state), Fate.QUEUED)
    return Receipt(provider_id=own_id, fate=fate, error_code=_code(fate))


def _raise_for(response: httpx.Response, lost: Lost) -> None:
    """Turn every answer but success into its error.

    `lost` is what a broken answer means. Never repeats the gateway's words: they name the number.
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    if status in (429, 503):
        why = f"the gateway is busy ({status})"
        raise Unavailable(why, retry_after(response), busy=status != 503)
    if status >= 500 or status == 408:
        raise lost(f"the gateway failed ({status})")
    unknown = status in (401, 403)
    raise Refused(str(status), RefusalKind.UNAUTHORIZED if unknown else RefusalKind.BAD_REQUEST)
