"""What the loopback SMS provider sends to webhooks: delivery reports, texts, news of calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from activities.channels.base import Fate
from activities.channels.loopback_store import AcceptedText, TextStore
from activities.channels.loopback_webhooks import Webhooks
from activities.channels.twilio_codes import fate_of
from activities.channels.twilio_signature import sign

__all__ = ["Callback", "Reports"]


@dataclass(frozen=True, slots=True)
class Callback:
    """One status report that was sent, and the answer's HTTP status (0: no answer)."""

    sid: str
    status: str
    answered: int


class Reports(Webhooks):
    """Moves texts through their statuses and tells the webhooks, signed with the auth token."""

    def __init__(self, account_sid: str, auth_token: str, store: TextStore) -> None:
        super().__init__()
        self.sent: list[Callback] = []
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._store = store

    def play(self, text: AcceptedText, statuses: Sequence[str], error_code: int) -> None:
        """Report these statuses in this order, beginning soon."""
        self.later(self._report(text, statuses, error_code))

    async def signed(self, url: str, form: Mapping[str, str]) -> httpx.Response | None:
        """POST a signed form; the answer, or None without one. Loopback addresses only."""
        headers = {"X-Twilio-Signature": sign(self._auth_token, url, form)}
        return await self.post(url, headers, data=form)

    async def tell(self, sid: str, status: str, url: str, form: Mapping[str, str]) -> None:
        """Send one report, and remember that it was sent."""
        answer = await self.signed(url, form)
        self.sent.append(Callback(sid, status, answer.status_code if answer is not None else 0))

    async def _report(self, text: AcceptedText, statuses: Sequence[str], error_code: int) -> None:
        for status in statuses:
            error = error_code if status in ("undelivered", "failed") else 0
            self._move(text.sid, status, error)
            if text.status_callback:
                form = self._form(text, status, error)
                await self.tell(text.sid, status, text.status_callback, form)

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
