"""Delivery receipts: the provider's signed word that a text reached a phone.

A listener on loopback takes them as the provider sends them. `settle` writes them into the
records by the same rules as in service, a step of the story later: receipts are often late.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from activities.channels import Fate, NotAStatus, parse_status_callback, valid_signature
from activities.channels.loopback_http import Answer, Request, read_request
from activities.reports import message_reported, note_report
from records.database import Records

_PATH = "/receipts"


@dataclass(frozen=True, slots=True)
class _Report:
    sid: str
    message_id: str
    fate: Fate
    code: str


class Receipts:
    """Listens between `start` and `stop`. `refused` counts requests with a wrong signature."""

    def __init__(self, auth_token: str) -> None:
        self.refused = 0
        self._token = auth_token
        self._server: asyncio.Server | None = None
        self._waiting: list[_Report] = []

    @property
    def url(self) -> str:
        """Where the provider reports to."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}{_PATH}"

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def settle(self, records: Records, hub_id: str, now: datetime) -> None:
        """Write what came into the records."""
        reports, self._waiting = self._waiting, []
        if not reports:
            return
        with records.writing(hub_id) as session:
            for report in reports:
                message = message_reported(session, report.sid, report.message_id)
                if message is not None:
                    note_report(session, message, report.sid, report.fate, report.code, now)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            while request := await read_request(reader):
                writer.write(Answer(self._take(request)).as_bytes())
                await writer.drain()
        writer.close()

    def _take(self, request: Request) -> int:
        called = f"{self.url}?{urlencode(request.query)}" if request.query else self.url
        signature = request.headers.get("x-twilio-signature", "")
        if not valid_signature(self._token, called, request.form, signature):
            self.refused += 1
            return 403
        try:
            sid, fate, code = parse_status_callback(request.form)
        except NotAStatus:
            return 400
        self._waiting.append(_Report(sid, request.query.get("message", ""), fate, code))
        return 204
