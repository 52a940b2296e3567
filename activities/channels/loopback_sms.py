"""A stateful, Twilio-compatible SMS and voice provider on 127.0.0.1, for the demo and for tests.

It speaks the Messages and Calls parts of the API over real sockets, remembers every text and call
it accepted, reports statuses to their StatusCallback with a valid signature, and misbehaves when
told to. Nothing ever leaves the machine: it calls back loopback addresses only.

In a process of its own: `python -m activities.channels.loopback_sms --port N --state FILE`. There,
`POST /loopback/behave` takes a behaviour as JSON (with an optional `number`), and
`GET /loopback/accepted` lists which texts arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from activities.channels.base import Clock, read_clock, wall_clock
from activities.channels.loopback_behaviour import Behaviour, Drop, Rules
from activities.channels.loopback_calls import Calls, call_fault, call_resource, new_call
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_messages import as_resource, fault, page, problem
from activities.channels.loopback_reports import Callback, Reports
from activities.channels.loopback_server import LoopbackServer
from activities.channels.loopback_store import (
    AcceptedCall,
    AcceptedText,
    TextStore,
    read_accepted,
    read_calls,
)

__all__ = [
    "ACCOUNT",
    "AUTH_TOKEN",
    "AcceptedCall",
    "AcceptedText",
    "Behaviour",
    "Callback",
    "Drop",
    "LoopbackSmsProvider",
    "read_accepted",
    "read_calls",
]

ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "loopback"  # noqa: S105
"""Opens nothing but this provider."""

_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START_WORDS = frozenset({"START", "UNSTOP", "YES"})


class LoopbackSmsProvider(LoopbackServer):
    """The provider. Use it as `async with`, or call `start` and `stop`.

    `state`: a file that outlives the process. `clock` dates the texts, so that they follow a
    time-skipping server. `port` 0 takes a free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state: Path | None = None,
        clock: Clock = wall_clock,
        account_sid: str = ACCOUNT,
        auth_token: str = AUTH_TOKEN,
    ) -> None:
        super().__init__(port)
        self.account_sid = account_sid
        self.auth_token = auth_token
        self._clock = clock
        self._store = TextStore(state)
        self._rules = Rules()
        self._reports = Reports(account_sid, auth_token, self._store)
        self._calls = Calls(account_sid, self._store, self._reports)

    async def stop(self) -> None:
        """Hang up on everybody and close the state file."""
        await super().stop()
        await self._reports.stop()
        self._store.close()

    def accepted(self) -> list[AcceptedText]:
        """Every text accepted so far, oldest first, also by an earlier process."""
        return self._store.all()

    def calls(self) -> list[AcceptedCall]:
        """Every call accepted so far, oldest first, also by an earlier process."""
        return self._store.calls()

    @property
    def said(self) -> list[str]:
        """What our webhook answered to each pressed key, in order."""
        return self._calls.said

    def behave(self, number: str | None = None, **values: Any) -> None:
        """Behave so for one number, or for every number; see `Behaviour` for the values.

        `behave()` with nothing else goes back to usual. Raises ValueError for an unknown value.
        """
        self._rules.set(number, Behaviour.parse(values))

    @property
    def callbacks(self) -> list[Callback]:
        """Every status report that was sent, in order."""
        return self._reports.sent

    async def settle(self) -> None:
        """Wait until every status report under way has been sent."""
        await self._reports.settle()

    async def text_in(self, number: str, body: str, webhook: str, *, to: str) -> int:
        """A person at `number` writes to our sender `to`: a signed request to our webhook.

        Like the provider, takes STOP and START as opting out and in. Returns the HTTP status
        of the webhook's answer, 0 without one.
        """
        word = body.strip().upper()
        if word in _STOP_WORDS | _START_WORDS:
            self._store.opt(number, out=word in _STOP_WORDS)
        sid = "SM" + uuid4().hex
        form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": self.account_sid}
        form |= {"From": number, "To": to, "Body": body, "NumMedia": "0", "SmsStatus": "received"}
        answer = await self._reports.signed(webhook, form)
        return answer.status_code if answer is not None else 0

    async def answer(self, request: Request) -> Answer | None:
        """The answer to one request; None: hang up without any."""
        if request.credentials != (self.account_sid, self.auth_token):
            return problem(401, 20003, "Authenticate")
        if request.path.startswith("/loopback/"):
            return self._own(request)
        part = request.path.removeprefix(f"/2010-04-01/Accounts/{self.account_sid}/")
        making = request.method == "POST"
        if part == "Messages.json":
            return await self._create(request) if making else self._list(request)
        if part == "Calls.json":
            if making:
                return await self._create_call(request)
            return self._calls.page(request.path, request.query)
        return self._one(part.removesuffix(".json"))

    def _one(self, path: str) -> Answer:
        """One text or call by its sid."""
        resource, _, sid = path.partition("/")
        text, call = self._store.get(sid), self._store.call(sid)
        if resource == "Messages" and text is not None:
            return Answer(200, as_resource(text, self.account_sid))
        if resource == "Calls" and call is not None:
            return Answer(200, call_resource(call, self.account_sid))
        return problem(404, 20404, "The requested resource was not found")

    def _own(self, request: Request) -> Answer:
        """The two addresses that Twilio does not have."""
        if request.path == "/loopback/accepted":
            return Answer(200, [as_resource(t, self.account_sid) for t in self.accepted()])
        if request.path != "/loopback/behave" or request.method != "POST":
            return problem(404, 20404, "The requested resource was not found")
        try:
            self.behave(**json.loads(request.body))
        except (TypeError, ValueError) as exc:
            return problem(400, 0, str(exc))
        return Answer(200, {})

    def _list(self, request: Request) -> Answer:
        number = request.query.get("To")
        texts = self._store.all() if number is None else self._store.to_number(number)
        return page(texts, request.path, request.query, self.account_sid)

    async def _create(self, request: Request) -> Answer | None:
        """Accept a text, or do with it what was asked for its number."""
        form = request.form
        to = form.get("To", "")
        behaviour = self._rules.take(to)
        if behaviour.drop is Drop.BEFORE:
            return None
        no = _no(behaviour, 21610 if self._store.opted_out(to) else fault(form))
        if no is not None:
            return no
        sender = form.get("From") or form.get("MessagingServiceSid", "")
        text = self._store.accept(
            to, sender, form["Body"], await read_clock(self._clock), form.get("StatusCallback", "")
        )
        self._reports.play(text, behaviour.callbacks, behaviour.error_code)
        return await _yes(behaviour, as_resource(text, self.account_sid))

    async def _create_call(self, request: Request) -> Answer | None:
        """Accept a call, or do with it what was asked for its number."""
        behaviour = self._rules.take(request.form.get("To", ""))
        if behaviour.drop is Drop.BEFORE:
            return None
        no = _no(behaviour, call_fault(request.form))
        if no is not None:
            return no
        call = new_call(request, await read_clock(self._clock))
        self._calls.accept(call, behaviour)
        return await _yes(behaviour, call_resource(call, self.account_sid))


def _no(behaviour: Behaviour, wrong: int) -> Answer | None:
    """The answer to what is not accepted; None: it is. `wrong`: a code, or 0."""
    if behaviour.http_status:
        retry = behaviour.retry_after
        headers = () if retry is None else (("Retry-After", str(retry)),)
        return Answer(behaviour.http_status, headers=headers)
    code = behaviour.refuse_code or wrong
    return problem(400, code, "The request was refused") if code else None


async def _yes(behaviour: Behaviour, resource: dict[str, object]) -> Answer | None:
    """The answer to what was accepted, late or never where it was asked for so."""
    await asyncio.sleep(behaviour.delay)
    return None if behaviour.drop is Drop.AFTER else Answer(201, resource)


async def _run(provider: LoopbackSmsProvider) -> None:
    """Serve until asked to stop by SIGTERM or SIGINT."""
    done = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, done.set)
    async with provider:
        sys.stdout.write(provider.url + "\n")
        sys.stdout.flush()
        await done.wait()


def main(arguments: list[str] | None = None) -> None:
    """The command line; the first line written is the base URL."""
    parser = argparse.ArgumentParser(description="A Twilio-compatible SMS provider on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--state", type=Path, help="JSON-lines file that outlives the process")
    parser.add_argument("--account-sid", default=ACCOUNT)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    asyncio.run(_run(LoopbackSmsProvider(**vars(parser.parse_args(arguments)))))


if __name__ == "__main__":
    main()
