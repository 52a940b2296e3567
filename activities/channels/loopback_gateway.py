"""A stateful Android gateway on 127.0.0.1, for tests: its API, its phone, and bad days of both.

It keeps every message under the id it was given, refuses a repeated one, moves messages through
their states and tells the registered webhooks, signed. Told by `behave` it delays, refuses, hangs
up before or after accepting, and repeats or reorders its events. Nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from activities.channels.base import Clock, read_clock, wall_clock
from activities.channels.gateway_signature import sign
from activities.channels.loopback_behaviour import Behaviour, Drop, Rules
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_server import LoopbackServer
from activities.channels.loopback_webhooks import Webhooks

__all__ = ["SIGNING_KEY", "GatewayText", "LoopbackGateway"]

USER, PASSWORD = "hub", "loopback"
SIGNING_KEY = "loopback-key"
"""Opens nothing but this gateway's events."""
DEVICE = "PhoneOfTheHub00000001"
_STATES = ("Pending", "Processed", "Sent", "Delivered", "Failed")
_EVENTS = {"sent": "Sent", "delivered": "Delivered", "failed": "Failed"}
_TIMES = {"sent": "sentAt", "delivered": "deliveredAt", "failed": "failedAt"}


@dataclass(frozen=True, slots=True)
class GatewayText:
    """One text that the gateway accepted. `state`: its own word."""

    id: str
    to: str
    text: str
    ttl: int | None
    at: datetime
    state: str = "Pending"


class LoopbackGateway(LoopbackServer):
    """The gateway and its phone. Use it as `async with`, or call `start` and `stop`.

    `clock` dates and signs its events. `phones`: how many are connected.
    """

    def __init__(self, *, port: int = 0, clock: Clock = wall_clock, phones: int = 1) -> None:
        super().__init__(port)
        self.phones = phones
        self.healthy = True
        self.answered: list[int] = []
        """The HTTP status of our webhook's answer to each event, in order; 0: none."""
        self._clock = clock
        self._texts: dict[str, GatewayText] = {}
        self._hooks: dict[str, dict[str, str]] = {}
        self._rules = Rules()
        self._webhooks = Webhooks()

    @property
    def login(self) -> tuple[str, str]:
        """User and password."""
        return USER, PASSWORD

    def accepted(self) -> list[GatewayText]:
        """Every text accepted so far, oldest first."""
        return list(self._texts.values())

    def behave(self, number: str | None = None, **values: Any) -> None:
        """Behave so for one number, or for every number; see `Behaviour` for the values.

        `callbacks` are the events `sent`, `delivered` and `failed`; the same one twice is one
        event told again. Raises ValueError for an unknown value.
        """
        self._rules.set(number, Behaviour.parse(values))

    async def settle(self) -> None:
        """Wait until every event under way has been told."""
        await self._webhooks.settle()

    async def stop(self) -> None:
        """Hang up on everybody and give up what is under way."""
        await super().stop()
        await self._webhooks.stop()

    async def text_in(self, number: str, words: str, *, event_id: str = "") -> list[int]:
        """Somebody texts the phone: the HTTP statuses of the webhooks' answers (0: none)."""
        payload = {
            "messageId": sha256(f"{number}{words}".encode()).hexdigest()[:8],
            "message": words,
            "phoneNumber": number,
            "sender": number,
            "recipient": None,
            "simNumber": 1,
            "receivedAt": (await read_clock(self._clock)).isoformat(),
        }
        return await self._tell("sms:received", payload, event_id or uuid4().hex[:21])

    async def answer(self, request: Request) -> Answer | None:
        """The answer to one request; None: hang up without any."""
        if request.path == "/health":
            return self._health()
        if request.credentials != self.login:
            return _problem(401, "Unauthorized")
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["messages"]:
                return await self._enqueue(request)
            case "GET", ["messages", own_id]:
                text = self._texts.get(own_id)
                return _problem(404, "Message not found") if text is None else _shown(text, 200)
            case "GET", ["devices"]:
                return Answer(200, [_device(number) for number in range(self.phones)])
            case "GET", ["webhooks"]:
                return Answer(200, list(self._hooks.values()))
            case "POST", ["webhooks"]:
                return self._register(request)
        return _problem(404, f"Cannot {request.method} {request.path}")

    def _health(self) -> Answer:
        status = "pass" if self.healthy else "fail"
        checks = {
            "db:ping": {"status": status, "observedValue": 0, "description": "", "observedUnit": ""}
        }
        said = {"status": status, "version": "1", "releaseId": 1, "checks": checks}
        return Answer(200 if self.healthy else 503, said)

    def _register(self, request: Request) -> Answer:
        """A webhook for one event; the same id again takes the place of the one before."""
        wanted = json.loads(request.body)
        hook = {"id": wanted.get("id") or uuid4().hex, "deviceId": DEVICE} | wanted
        self._hooks[hook["id"]] = hook
        return Answer(201, hook)

    async def _enqueue(self, request: Request) -> Answer | None:
        """Accept a text, or do with it what was asked for its number."""
        wanted = json.loads(request.body)
        numbers = wanted.get("phoneNumbers") or [""]
        own_id = wanted.get("id") or uuid4().hex[:21]
        if own_id in self._texts:
            return _problem(409, "Message with such ID already exists")
        behaviour = self._rules.take(numbers[0])
        if behaviour.drop is Drop.BEFORE:
            return None
        if behaviour.http_status:
            return _problem(behaviour.http_status, "Refused", behaviour.retry_after)
        words = (wanted.get("textMessage") or {}).get("text")
        if not words or not numbers[0].startswith("+") or not self.phones:
            return _problem(400, "Invalid request")
        now = await read_clock(self._clock)
        text = GatewayText(own_id, numbers[0], words, wanted.get("ttl"), now)
        self._texts[own_id] = text
        self._webhooks.later(self._play(text, behaviour.callbacks))
        await asyncio.sleep(behaviour.delay)
        return None if behaviour.drop is Drop.AFTER else _shown(text, 202)

    async def _play(self, text: GatewayText, events: Sequence[str]) -> None:
        """Move a text on and tell each event; one that comes again keeps its id."""
        ids = {event: uuid4().hex[:21] for event in events}
        for event in events:
            known = self._texts[text.id]
            state = max(known.state, _EVENTS[event], key=_STATES.index)
            self._texts[text.id] = replace(known, state=state)
            payload = {
                "messageId": text.id,
                "phoneNumber": text.to,
                "recipient": text.to,
                "sender": None,
                "simNumber": 1,
                _TIMES[event]: text.at.isoformat(),
            } | ({"reason": "RESULT_ERROR_NO_SERVICE"} if event == "failed" else {})
            await self._tell(f"sms:{event}", payload, ids[event])

    async def _tell(self, event: str, payload: Mapping[str, object], event_id: str) -> list[int]:
        statuses = []
        for hook in self._hooks.values():
            if hook["event"] != event:
                continue
            said = {
                "id": event_id,
                "webhookId": hook["id"],
                "deviceId": DEVICE,
                "event": event,
                "payload": payload,
            }
            statuses.append(await self._post(hook["url"], json.dumps(said).encode()))
        self.answered += statuses
        return statuses

    async def _post(self, url: str, body: bytes) -> int:
        """POST an event, signed at this moment."""
        stamp = str(int((await read_clock(self._clock)).timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": stamp,
            "X-Signature": sign(SIGNING_KEY, body, stamp),
        }
        answer = await self._webhooks.post(url, headers, content=body)
        return answer.status_code if answer is not None else 0


def _shown(text: GatewayText, status: int) -> Answer:
    failed = {"error": "RESULT_ERROR_NO_SERVICE"} if text.state == "Failed" else {}
    recipient = {"phoneNumber": text.to, "state": text.state} | failed
    said = {
        "id": text.id,
        "deviceId": DEVICE,
        "state": text.state,
        "isHashed": False,
        "isEncrypted": False,
        "recipients": [recipient],
        "states": {"Pending": text.at.isoformat()},
    }
    return Answer(status, said)


def _device(number: int) -> dict[str, object]:
    moment = "2026-03-04T17:00:00Z"
    times = dict.fromkeys(("createdAt", "updatedAt", "lastSeen"), moment)
    return {"id": DEVICE, "name": f"Phone {number + 1}", **times}


def _problem(status: int, message: str, retry_after: int | None = None) -> Answer:
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Answer(status, {"code": status, "message": message}, headers)
