"""Delivery reports and incoming texts, as the loopback SMS provider sends them to webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from activities.channels.base import Fate, is_this_machine
from activities.channels.loopback_store import AcceptedText, TextStore
from activities.channels.twilio_codes import fate_of
from activities.channels.twilio_signature import sign

__all__ = ["Callback", "Reports"]


@dataclass(frozen=True, slots=True)
class Callback:
    """One status report that was sent, and the answer's HTTP status (0: no answer)."""

    sid: str
    status: str
    answered: int


class Reports:
    """Moves texts through their statuses and tells the webhooks, signed with the auth token."""

    def __init__(self, account_sid: str, auth_token: str, store: TextStore) -> None:
        self.sent: list[Callback] = []
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._store = store
        self._under_way: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None

    def later(self, text: AcceptedText, statuses: Sequence[str], error_code: int) -> None:
        """Report these statuses in this order, beginning soon."""
        task = asyncio.create_task(self._report(text, statuses, error_code))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Wait until every report under way has been sent."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def stop(self) -> None:
        """Give up the reports under way and close the connections."""
        for task in self._under_way:
            task.cancel()
        await self.settle()
        if self._client is not None:
            await self._client.aclose()

    async def post(self, url: str, form: Mapping[str, str]) -> int:
        """POST a signed form; its HTTP status, or 0 without an answer. Loopback addresses only."""
        if not is_this_machine(httpx.URL(url).host):
            return 0
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=5.0, trust_env=False)
        signature = sign(self._auth_token, url, form)
        try:
            response = await self._client.post(
                url, data=form, headers={"X-Twilio-Signature": signature}
            )
        except httpx.RequestError:
            return 0
        return response.status_code

    async def _report(self, text: AcceptedText, statuses: Sequence[str], error_code: int) -> None:
        for status in statuses:
            error = error_code if status in ("undelivered", "failed") else 0
            self._move(text.sid, status, error)
            if text.status_callback:
                form = self._form(text, status, error)
                answered = await self.post(text.status_callback, form)
                self.sent.append(Callback(text.sid, status, answered))

    def _move(self, sid: str, status: str, error: int) -> None:
        """Keep the furthest status: the provider itself knows the order."""
        text = self._store.get(sid)
        old, new = fate_of(text.status if text else ""), fate_of(status)
        if old is not None and new is not None and Fate.later(old, new) is not old:
            self._store.set_status(sid, status, error)

    def _form(self, text: AcceptedText, status: str, error: int) -> dict[str, str]:
        form = {"MessageSid": text.sid, "SmsSid": text.sid, "AccountSid": self._account_sid}
        form |= {"MessageStatus": status, "SmsStatus": status, "To": text.to, "From": text.sender}
        return form | ({"ErrorCode": str(error)} if error else {})
