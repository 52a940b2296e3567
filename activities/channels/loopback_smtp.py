"""A mail server on 127.0.0.1 that keeps what it is given, for the demo and for tests."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from types import TracebackType
from typing import Any, cast
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from activities.channels.loopback_behaviour import Drop

__all__ = ["CapturedEmail", "LoopbackMailServer"]


@dataclass(frozen=True, slots=True)
class CapturedEmail:
    """One message as it arrived: the envelope's two sides, and the message."""

    mail_from: str
    recipients: tuple[str, ...]
    message: EmailMessage


class LoopbackMailServer:
    """Listens on loopback; use it as `async with`, or call `start` and `stop`.

    `login`: user and password that it asks for. `tls_context`: offers STARTTLS with it. `port` 0
    takes a free one. Told by `refuse`, `greylist` and `drop` it plays a bad day.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        login: tuple[str, str] | None = None,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self.port = port
        self.messages: list[CapturedEmail] = []
        self._login = login
        self._tls_context = tls_context
        self._replies: dict[str, str] = {}
        self._greylisted: dict[str, int] = {}
        self._drop = Drop.NEVER
        self._content_reply = ""
        self._server: asyncio.Server | None = None
        self._talks: WeakSet[SMTP] = WeakSet()  # a talk that ended is forgotten

    def refuse(self, recipient: str, reply: str = "550 5.1.1 No such mailbox") -> None:
        """Answer so for this recipient from now on."""
        self._replies[recipient] = reply

    def refuse_content(self, reply: str = "554 5.7.1 Looks like spam") -> None:
        """Answer so after every message; an empty reply accepts again."""
        self._content_reply = reply

    def greylist(self, recipient: str, times: int = 1) -> None:
        """Send this recipient's mail away with a 451, so many times."""
        self._greylisted[recipient] = times

    def drop(self, when: Drop) -> None:
        """Hang up before the text is taken, after it was kept, or never again."""
        self._drop = when

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._talk, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for talk in list(self._talks):
            _hang_up(talk)

    async def __aenter__(self) -> LoopbackMailServer:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def _talk(self) -> SMTP:
        talk = SMTP(
            self,
            hostname="loopback.example.org",
            tls_context=self._tls_context,
            auth_required=self._login is not None,
            auth_require_tls=self._tls_context is not None,
            authenticator=self._authenticate,
        )
        self._talks.add(talk)
        return talk

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        given = cast(LoginPassword, data)
        login = (given.login.decode(), given.password.decode())
        return AuthResult(success=login == self._login, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for a recipient."""
        if self._drop is Drop.BEFORE:
            _hang_up(server)
        if self._greylisted.get(address, 0) > 0:
            self._greylisted[address] -= 1
            return "451 4.7.1 Greylisted, please try again later"
        if address in self._replies:
            return self._replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook for a message."""
        if self._content_reply:
            return self._content_reply
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        message = message_from_bytes(raw, policy=WIRE)
        self.messages.append(
            CapturedEmail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
        )
        if self._drop is Drop.AFTER:
            _hang_up(server)
        return "250 2.0.0 Kept"


def _hang_up(talk: SMTP) -> None:
    if isinstance(talk.transport, asyncio.WriteTransport):
        talk.transport.abort()
