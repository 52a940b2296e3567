"""Texts through a self-hosted Android gateway: sent once, whatever is lost on the way."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import httpx
import pytest

from activities.channels import (
    Ambiguous,
    AndroidGatewayChannel,
    CannotAsk,
    Channel,
    ChannelKind,
    Fate,
    Misconfigured,
    NotAStatus,
    RefusalKind,
    Refused,
    Unavailable,
    kind_of,
)
from activities.channels.gateway_signature import fresh_signature
from activities.channels.loopback_gateway import SIGNING_KEY, LoopbackGateway
from activities.channels.loopback_http import Answer, Request
from activities.channels.sms_android import EVENTS, our_id, parse_event
from tests.activities.channels.conftest import (
    COUSIN,
    FAMILY,
    NOON,
    WORDS,
    outgoing,
    through,
)
from tests.activities.channels.test_sms_twilio import Reply, raw_server


@asynccontextmanager
async def answering(reply: Reply, timeout: float = 2.0) -> AsyncIterator[AndroidGatewayChannel]:
    async with raw_server(reply) as url:
        channel = AndroidGatewayChannel(url, "hub", "secret", timeout=timeout)
        try:
            yield channel
        finally:
            await channel.aclose()


async def found(channel: Channel, message_id: str = "m-1") -> Fate | None:
    receipt = await channel.find(FAMILY, WORDS, NOON, message_id)
    return receipt.fate if receipt else None


async def register(gateway: LoopbackGateway, url: str, *events: str) -> None:
    async with httpx.AsyncClient(auth=gateway.login, trust_env=False) as client:
        for event in events:
            hook = {"id": f"homeward-{event}", "event": event, "url": url}
            made = await client.post(f"{gateway.url}/webhooks", json=hook)
            assert made.status_code == 201


async def test_a_text_arrives_as_it_was_written_under_our_own_id(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    channel: Channel = android
    assert channel.kind is ChannelKind.SMS
    receipt = await channel.send(outgoing(text="Ñoño & José: ¿viene? 100% 👍\nline"))
    (text,) = gateway.accepted()
    assert (text.id, text.to, text.text) == ("m-1", FAMILY, "Ñoño & José: ¿viene? 100% 👍\nline")
    assert (receipt.provider_id, receipt.fate) == ("m-1", Fate.QUEUED)


async def test_a_phone_that_was_off_too_long_does_not_send_any_more(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    await android.send(outgoing())
    assert gateway.accepted()[0].ttl == 3600


@pytest.mark.parametrize(
    ("events", "fate"),
    [
        ([], Fate.QUEUED),
        (["sent"], Fate.SENT),
        (["sent", "delivered"], Fate.DELIVERED),
        (["delivered", "sent"], Fate.DELIVERED),
        (["failed"], Fate.UNDELIVERED),
    ],
)
async def test_every_state_has_a_fate(
    gateway: LoopbackGateway, android: AndroidGatewayChannel, events: list[str], fate: Fate
) -> None:
    gateway.behave(callbacks=events)
    await android.send(outgoing())
    await gateway.settle()
    assert await found(android) is fate


async def test_a_state_that_is_new_to_us_is_one_of_a_text_that_it_has() -> None:
    answers = {
        "POST": Answer(202, {"id": "m-1", "state": "Processed"}),
        "GET": Answer(200, {"id": "m-1", "state": "Dreaming"}),
    }
    async with answering(lambda request: answers[request.method].as_bytes()) as channel:
        assert (await channel.send(outgoing())).fate is Fate.SENDING
        assert await found(channel) is Fate.QUEUED


async def test_the_same_message_again_is_recognised_and_not_sent_again(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    await android.send(outgoing())
    await gateway.settle()
    again = await android.send(outgoing())
    assert (again.provider_id, again.fate) == ("m-1", Fate.DELIVERED)
    assert len(gateway.accepted()) == 1


async def test_many_tries_at_once_are_one_text(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(callbacks=["sent"])
    receipts = await asyncio.gather(*(android.send(outgoing()) for _ in range(20)))
    assert {receipt.provider_id for receipt in receipts} == {"m-1"}
    assert len(gateway.accepted()) == 1


async def test_after_a_failure_that_the_phone_reported_the_message_goes_again(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(callbacks=["failed"], times=2)
    for expected in ("m-1", "m-1.2", "m-1.3"):
        receipt = await android.send(outgoing())
        await gateway.settle()
        assert receipt.provider_id == expected
        assert our_id(receipt.provider_id) == "m-1"
    assert await found(android) is Fate.DELIVERED
    assert [text.state for text in gateway.accepted()] == ["Failed", "Failed", "Delivered"]


async def test_what_fails_every_time_is_given_up(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(callbacks=["failed"])
    for _ in range(9):
        await android.send(outgoing())
        await gateway.settle()
    with pytest.raises(Refused) as refused:
        await android.send(outgoing())
    assert refused.value.kind is RefusalKind.TEMPORARY
    assert len(gateway.accepted()) == 9


async def test_all_tries_together_take_no_longer_than_one_request_may(
    gateway: LoopbackGateway,
) -> None:
    channel = through(gateway, timeout=0.3)
    gateway.behave(callbacks=["failed"], delay=0.2)
    for _ in range(2):
        await channel.send(outgoing())
        await gateway.settle()
    began = perf_counter()
    gateway.behave(delay=5)
    with pytest.raises(Ambiguous):
        await channel.send(outgoing())
    assert perf_counter() - began < 1
    await channel.aclose()


def test_an_id_of_ours_is_not_shortened() -> None:
    assert our_id("0192f0c1a2b3" + "c" * 20) == "0192f0c1a2b3" + "c" * 20


async def test_lost_after_it_was_accepted_is_ambiguous_and_found_exactly(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(FAMILY, drop="after")
    with pytest.raises(Ambiguous):
        await android.send(outgoing())
    await gateway.settle()
    assert await found(android) is Fate.DELIVERED
    assert await found(android, "m-2") is None, "the same words in another message are not it"


async def test_lost_before_it_was_accepted_is_ambiguous_too_and_denied_by_asking(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(drop="before", times=1)
    with pytest.raises(Ambiguous):
        await android.send(outgoing())
    assert await found(android) is None
    await android.send(outgoing())
    assert len(gateway.accepted()) == 1


async def test_an_answer_that_comes_too_late_is_ambiguous_and_found(
    gateway: LoopbackGateway,
) -> None:
    channel = through(gateway, timeout=0.2)
    gateway.behave(FAMILY, delay=5)
    with pytest.raises(Ambiguous):
        await channel.send(outgoing())
    assert await found(channel) is not None
    await channel.aclose()


async def test_a_repeat_after_a_lost_answer_is_still_one_text(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(FAMILY, drop="after", times=1)
    with pytest.raises(Ambiguous):
        await android.send(outgoing())
    assert (await android.send(outgoing())).provider_id == "m-1"
    assert len(gateway.accepted()) == 1


async def test_without_our_id_it_cannot_be_asked(android: AndroidGatewayChannel) -> None:
    with pytest.raises(CannotAsk):
        await android.find(FAMILY, WORDS, NOON)


@pytest.mark.parametrize("body", [{"code": 404, "message": "Not found"}, None])
async def test_the_gateways_own_404_is_a_denial(body: dict[str, object] | None) -> None:
    async with answering(lambda _: Answer(404, body).as_bytes()) as channel:
        assert await found(channel) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\n<html></html>",
        Answer(200, {}).as_bytes(),
        Answer(200, {"id": "another", "state": "Sent"}).as_bytes(),
        Answer(200, []).as_bytes(),
    ],
    ids=["a proxy's 404", "no id", "another id", "no object"],
)
async def test_an_unreadable_answer_is_never_a_denial(answer: bytes) -> None:
    async with answering(lambda _: answer) as channel:
        with pytest.raises(CannotAsk):
            await found(channel)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_gateway_that_cannot_be_asked_now_is_never_a_denial(status: int) -> None:
    async with answering(lambda _: Answer(status).as_bytes()) as channel:
        with pytest.raises(Unavailable):
            await found(channel)


@pytest.mark.parametrize(
    "state",
    [None, Answer(500), Answer(404), Answer(401), Answer(200, {})],
    ids=["hangs up", "fails", "denies", "refuses", "nonsense"],
)
async def test_a_conflict_without_an_explanation_is_ambiguous(state: Answer | None) -> None:
    def reply(request: Request) -> bytes | None:
        if request.method == "POST":
            return Answer(409, {"message": "exists"}).as_bytes()
        return state.as_bytes() if state else None

    async with answering(reply) as channel:
        with pytest.raises(Ambiguous):
            await channel.send(outgoing())


async def test_a_closed_port_accepted_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        channel = AndroidGatewayChannel(address, "hub", "secret")
        for asked in (channel.send(outgoing()), found(channel), channel.check()):
            with pytest.raises(Unavailable):
                await asked
        await channel.aclose()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_full_queue_accepted_nothing_and_says_how_long_to_wait(
    gateway: LoopbackGateway, android: AndroidGatewayChannel, status: int
) -> None:
    gateway.behave(http_status=status, retry_after=7)
    with pytest.raises(Unavailable) as busy:
        await android.send(outgoing())
    assert busy.value.retry_after == 7
    assert gateway.accepted() == []


@pytest.mark.parametrize("status", [500, 502, 504, 408])
async def test_a_broken_answer_is_ambiguous(
    gateway: LoopbackGateway, android: AndroidGatewayChannel, status: int
) -> None:
    gateway.behave(http_status=status)
    with pytest.raises(Ambiguous):
        await android.send(outgoing())


@pytest.mark.parametrize("value", [None, [], {}, {"id": 7}])
async def test_an_unreadable_yes_is_ambiguous(value: object) -> None:
    async with answering(lambda _: Answer(202, value).as_bytes()) as channel:
        with pytest.raises(Ambiguous):
            await channel.send(outgoing())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusalKind.BAD_REQUEST),
        (401, RefusalKind.UNAUTHORIZED),
        (403, RefusalKind.UNAUTHORIZED),
        (404, RefusalKind.BAD_REQUEST),
        (302, RefusalKind.BAD_REQUEST),
    ],
)
async def test_a_refusal_says_what_it_asks_of_us(status: int, kind: RefusalKind) -> None:
    said = {"code": status, "message": f"failed to use phone {FAMILY}"}
    headers = (("Location", "http://127.0.0.2:9/"),)
    async with answering(lambda _: Answer(status, said, headers).as_bytes()) as channel:
        with pytest.raises(Refused) as refused:
            await channel.send(outgoing())
    assert (refused.value.code, refused.value.kind) == (str(status), kind)
    assert FAMILY not in str(refused.value)


async def test_no_log_names_the_person(
    android: AndroidGatewayChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await android.send(outgoing())
    await found(android)
    assert "/messages" in caplog.text
    assert FAMILY[1:] not in caplog.text


async def test_check_passes_where_a_text_would_and_sends_none(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    await android.check()
    assert gateway.accepted() == []


async def test_check_says_that_the_gateway_is_not_well_or_has_no_phone(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.phones = 0
    with pytest.raises(Misconfigured, match="No phone"):
        await android.check()
    gateway.healthy = False
    with pytest.raises(Unavailable, match="not well"):
        await android.check()


async def test_check_says_which_events_nobody_would_hear_of(gateway: LoopbackGateway) -> None:
    ours = "https://hub.example.org/webhooks/gateway"
    channel = through(gateway, report_to=ours)
    await register(gateway, "https://elsewhere.example.org", *EVENTS)
    await register(gateway, ours, *EVENTS[1:])
    with pytest.raises(Misconfigured, match="sms:received") as missing:
        await channel.check()
    assert "sms:sent" not in str(missing.value)
    await register(gateway, ours, "sms:received")
    await channel.check()
    await channel.aclose()


async def test_check_notices_a_wrong_login_and_a_server_that_is_no_gateway(
    gateway: LoopbackGateway,
) -> None:
    channel = through(gateway, password="wrong")
    with pytest.raises(Refused) as refused:
        await channel.check()
    assert refused.value.kind is RefusalKind.UNAUTHORIZED
    await channel.aclose()
    async with answering(lambda _: Answer(200, {"status": "pass"}).as_bytes()) as other:
        with pytest.raises(Misconfigured, match="address"):
            await other.check()


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "http://192.168.1.10:8080"},
        {"base_url": "gateway.example.org"},
        {"user": ""},
        {"password": ""},
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(changed: dict[str, str]) -> None:
    right = {"base_url": "https://gateway.example.org", "user": "hub", "password": "secret"}
    base_url, user, password = (right | changed).values()
    with pytest.raises(Misconfigured):
        AndroidGatewayChannel(base_url, user, password)


@pytest.mark.parametrize(
    ("event", "fate", "code"),
    [
        ("sms:sent", Fate.SENT, ""),
        ("sms:delivered", Fate.DELIVERED, ""),
        ("sms:failed", Fate.UNDELIVERED, "gateway-failed"),
    ],
)
def test_an_event_is_understood(event: str, fate: Fate, code: str) -> None:
    assert parse_event(event, "m-1.2") == ("m-1.2", fate, code)
    assert kind_of("gateway-failed") is RefusalKind.TEMPORARY


@pytest.mark.parametrize("event", ["sms:received", "system:ping", "mms:received", "", "sent"])
def test_an_event_that_reports_nothing_about_a_text_of_ours_is_said_to_be_none(event: str) -> None:
    with pytest.raises(NotAStatus):
        parse_event(event, "m-1")
    with pytest.raises(NotAStatus):
        parse_event("sms:sent", "")


async def test_events_come_signed_repeated_and_in_any_order(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    events: list[dict[str, str]] = []

    def webhook(request: Request) -> bytes:
        headers = request.headers
        stamp, signature = headers["x-timestamp"], headers["x-signature"]
        assert fresh_signature(SIGNING_KEY, request.body, stamp, signature, NOON)
        assert not fresh_signature("another", request.body, stamp, signature, NOON)
        events.append(json.loads(request.body))
        return Answer(204).as_bytes()

    gateway.behave(callbacks=["delivered", "sent", "sent", "delivered"])
    async with raw_server(webhook) as url:
        await register(gateway, url, *EVENTS)
        await android.send(outgoing())
        await gateway.settle()
        assert await gateway.text_in(COUSIN, "STOP") == [204]
    told = [event["event"].removeprefix("sms:") for event in events]
    assert told == ["delivered", "sent", "sent", "delivered", "received"]
    assert events[0]["id"] == events[3]["id"] != events[1]["id"] == events[2]["id"]
    assert gateway.answered == [204] * 5
    assert gateway.accepted()[0].state == "Delivered"


async def test_the_gateway_never_calls_beyond_this_machine(
    gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    await register(gateway, "http://hub.example.org/webhooks/gateway", *EVENTS)
    await android.send(outgoing())
    await gateway.settle()
    assert gateway.answered == [0, 0]
