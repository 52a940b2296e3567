"""E-mail through one SMTP server.

One connection carries one message. Until the server is given the message's text nothing can have
been accepted; after that, only its answer tells, and SMTP has no way to ask later.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import aiosmtplib

from activities.channels.base import (
    Ambiguous,
    CannotAsk,
    ChannelKind,
    Clock,
    Fate,
    Misconfigured,
    Outgoing,
    Receipt,
    RefusalKind,
    Refused,
    Unavailable,
    is_this_machine,
    read_clock,
    wall_clock,
)
from activities.channels.email_message import build_email, mailbox

__all__ = ["SmtpChannel", "Tls"]

Tls = Literal["auto", "always", "never", "implicit"]
"""STARTTLS if the server offers it, required, not used; or TLS from the first byte (port 465)."""

GREYLIST_WAIT = 300.0
"""Seconds to wait after a 4xx about the recipient: what greylisting servers commonly ask for."""

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_Step = Literal["connect", "login", "sender", "recipient", "content"]


class SmtpChannel:
    """Mail from one sender (`name@host` or `Name <name@host>`) through one server.

    `timeout` is the whole time one message may take, in seconds; `clock` dates the messages.
    `tls_context` replaces the system's list of trusted authorities. A password crosses a network
    only encrypted, unless `starttls` is `never`. Raises `Misconfigured` for an unusable sender.
    """

    kind = ChannelKind.EMAIL

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        password: str,
        sender: str,
        starttls: Tls = "auto",
        timeout: float = 30.0,
        *,
        clock: Clock = wall_clock,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        try:
            self._sender = mailbox(sender)
        except Refused:
            raise Misconfigured("Set the sender of e-mail as Name <name@host>.") from None
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._tls: Tls = starttls
        self._tls_context = tls_context
        self._timeout = timeout
        self._clock = clock

    async def send(self, out: Outgoing) -> Receipt:
        """Hand one message to the server. Tries once; raises as `Channel.send` says."""
        message = build_email(out, self._sender, await read_clock(self._clock))
        async with self._session() as session:
            await self._open(session)
            session.step = "sender"
            await session.smtp.mail(self._sender.addr_spec)
            session.step = "recipient"
            await session.smtp.rcpt(mailbox(out.to).addr_spec)
            session.step = "content"
            await session.smtp.data(message.as_bytes())
        return Receipt(provider_id=str(message["Message-ID"]), fate=Fate.SENT)

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """Raises `CannotAsk`: SMTP tells only while the connection stands."""
        raise CannotAsk("SMTP keeps no list of what it accepted")

    async def check(self) -> None:
        """Connect, encrypt and log in as for a message, and send none."""
        async with self._session() as session:
            await self._open(session)
            await session.smtp.noop()

    async def aclose(self) -> None:
        """Nothing to let go of: no connection outlives its message."""

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[_Session]:
        """One connection under one deadline; every fault leaves as one of our errors."""
        session = _Session(self._client())
        try:
            async with asyncio.timeout(self._timeout):
                yield session
            with suppress(aiosmtplib.SMTPException, OSError):
                await session.smtp.quit(timeout=2)  # its answer changes nothing any more
        except aiosmtplib.SMTPResponseException as exc:
            raise _answered(session.step, exc) from None
        except (aiosmtplib.SMTPException, OSError) as exc:
            raise _silence(session.step, exc) from None
        finally:
            session.smtp.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout,
            use_tls=self._tls == "implicit",
            start_tls={"auto": None, "always": True}.get(self._tls, False),
            tls_context=self._tls_context,
            local_hostname=self._sender.domain,
        )

    async def _open(self, session: _Session) -> None:
        """Connect, encrypt, log in."""
        smtp = session.smtp
        await smtp.connect()
        if not self._username:
            return
        session.step = "login"
        await smtp.ehlo()
        encrypted = smtp.get_transport_info("sslcontext") is not None
        if not (encrypted or self._tls == "never" or is_this_machine(self._host)):
            raise Unavailable("the mail server offered no encryption, the password stays here")
        if not smtp.supports_extension("auth"):
            raise Refused("no-auth", RefusalKind.UNAUTHORIZED)
        await smtp.login(self._username, self._password)


@dataclass(slots=True)
class _Session:
    """A connection and the step it has reached: the step says what silence means."""

    smtp: aiosmtplib.SMTP
    step: _Step = "connect"


def _silence(step: _Step, exc: Exception) -> Ambiguous | Unavailable:
    """No answer: what it means depends on whether the text had been handed over."""
    if step == "content":
        return Ambiguous(f"the mail server's answer was lost ({type(exc).__name__})")
    return Unavailable(f"no answer from the mail server ({type(exc).__name__})")


def _answered(step: _Step, exc: aiosmtplib.SMTPResponseException) -> Unavailable | Refused:
    """What a reply code (RFC 5321) and its enhanced status (RFC 3463) mean at this step.

    The server's words are left out: they often contain the address.
    """
    found = _ENHANCED.search(str(exc.message))
    enhanced = found.group(1) if found else ""
    code = f"{exc.code} {enhanced}".strip()
    if exc.code < 500 or step == "connect":
        wait = GREYLIST_WAIT if step in ("recipient", "content") else None
        return Unavailable(f"the mail server says not now ({code})", wait, busy=wait is not None)
    return Refused(code, _kind(step, exc.code, enhanced))


def _kind(step: _Step, code: int, enhanced: str) -> RefusalKind:
    if step == "login" or code in (530, 534, 535, 538):
        return RefusalKind.UNAUTHORIZED
    if enhanced == "5.2.2" or (code == 552 and step == "recipient"):  # mailbox full
        return RefusalKind.TEMPORARY
    if enhanced.startswith("5.7."):  # policy: our standing, not the person's address
        return RefusalKind.FILTERED
    if step == "sender" or enhanced in ("5.1.7", "5.1.8"):  # our own address
        return RefusalKind.BAD_REQUEST
    if step == "recipient" or enhanced.startswith(("5.1.", "5.2.")):
        return RefusalKind.PERMANENT
    return RefusalKind.BAD_REQUEST if enhanced.startswith("5.3.") else RefusalKind.FILTERED
