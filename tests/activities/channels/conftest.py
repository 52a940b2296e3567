"""Channels that talk to servers on this machine, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from activities.channels import (
    AndroidGatewayChannel,
    Outgoing,
    SmtpChannel,
    TwilioChannel,
    TwilioVoiceChannel,
)
from activities.channels.loopback_gateway import LoopbackGateway
from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer

FAMILY = "+13055550123"
COUSIN = "+13055550144"
SENDER = "+13055550100"
NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
WORDS = "Ana, court is Wed 3/4 at 9:00 AM, room 4. Reply STOP to end."


def outgoing(to: str = FAMILY, text: str = WORDS, **more: str) -> Outgoing:
    return Outgoing(message_id="m-1", to=to, text=text, **more)  # type: ignore[arg-type]


def twilio(base_url: str, timeout: float = 5.0, **changed: str) -> TwilioChannel:
    settings = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "sender": SENDER} | changed
    return TwilioChannel(base_url, timeout=timeout, **settings)


def calling(base_url: str, timeout: float = 5.0, **changed: str) -> TwilioVoiceChannel:
    settings = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "sender": SENDER} | changed
    return TwilioVoiceChannel(base_url, timeout=timeout, **settings)


def through(gateway: LoopbackGateway, timeout: float = 5.0, **more: str) -> AndroidGatewayChannel:
    user, password = gateway.login
    settings = {"user": user, "password": password} | more
    return AndroidGatewayChannel(gateway.url, timeout=timeout, **settings)


@pytest.fixture
async def provider() -> AsyncIterator[LoopbackSmsProvider]:
    async with LoopbackSmsProvider(clock=lambda: NOON) as running:
        yield running


@pytest.fixture
async def sms(provider: LoopbackSmsProvider) -> AsyncIterator[TwilioChannel]:
    channel = twilio(provider.url)
    yield channel
    await channel.aclose()


@pytest.fixture
async def voice(provider: LoopbackSmsProvider) -> AsyncIterator[TwilioVoiceChannel]:
    channel = calling(provider.url)
    yield channel
    await channel.aclose()


@pytest.fixture
async def gateway() -> AsyncIterator[LoopbackGateway]:
    async with LoopbackGateway(clock=lambda: NOON) as running:
        yield running


@pytest.fixture
async def android(gateway: LoopbackGateway) -> AsyncIterator[AndroidGatewayChannel]:
    channel = through(gateway)
    yield channel
    await channel.aclose()


@pytest.fixture
async def post_office() -> AsyncIterator[LoopbackMailServer]:
    async with LoopbackMailServer() as running:
        yield running


def mail_through(server: LoopbackMailServer, timeout: float = 5.0, **changed: str) -> SmtpChannel:
    settings = {"username": "", "password": "", "sender": "Hub <hub@example.org>"} | changed
    return SmtpChannel(
        "127.0.0.1",
        server.port,
        timeout=timeout,
        clock=lambda: NOON,
        **settings,  # type: ignore[arg-type]
    )
