"""Texts through a Twilio-compatible provider: what each kind of answer, and of silence, proves."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from activities.channels import (
    Ambiguous,
    CannotAsk,
    Channel,
    Fate,
    Misconfigured,
    NotAStatus,
    RefusalKind,
    Refused,
    TwilioChannel,
    Unavailable,
    kind_of,
    parse_status_callback,
)
from activities.channels.loopback_http import Answer, Request, read_request
from activities.channels.loopback_sms import LoopbackSmsProvider
from tests.activities.channels.conftest import (
    COUSIN,
    FAMILY,
    NOON,
    SENDER,
    WORDS,
    outgoing,
    twilio,
)

Reply = Callable[[Request], bytes | None]


@asynccontextmanager
async def raw_server(reply: Reply) -> AsyncIterator[str]:
    """A server that answers each request with exactly these bytes; None: hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await read_request(reader):
            answer = reply(request)
            if answer is None:
                break
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def answering(reply: Reply, timeout: float = 2.0) -> AsyncIterator[TwilioChannel]:
    async with raw_server(reply) as url:
        channel = twilio(url, timeout)
        try:
            yield channel
        finally:
            await channel.aclose()


async def test_a_text_arrives_as_it_was_written(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    receipt = await sms.send(outgoing(text="Ñoño & José: ¿viene? 100% = sí + no 👍"))
    (text,) = provider.accepted()
    assert text.body == "Ñoño & José: ¿viene? 100% = sí + no 👍"
    assert (text.to, text.sender, text.sid) == (FAMILY, SENDER, receipt.provider_id)
    assert receipt.fate is Fate.QUEUED
    assert receipt.error_code == ""


async def test_a_messaging_service_takes_the_place_of_a_number(
    provider: LoopbackSmsProvider,
) -> None:
    service = "MG" + "a" * 32
    channel: Channel = twilio(provider.url, sender=service)
    await channel.send(outgoing())
    await channel.aclose()
    assert provider.accepted()[0].sender == service


async def test_lost_after_it_was_accepted_is_ambiguous_and_found_by_asking(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    provider.behave(FAMILY, drop="after")
    with pytest.raises(Ambiguous):
        await sms.send(outgoing())
    found = await sms.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert found.provider_id == provider.accepted()[0].sid


async def test_lost_before_it_was_accepted_is_ambiguous_too_and_denied_by_asking(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    provider.behave(drop="before", times=1)
    with pytest.raises(Ambiguous):
        await sms.send(outgoing())
    assert await sms.find(FAMILY, WORDS, NOON) is None
    await sms.send(outgoing())
    assert len(provider.accepted()) == 1


async def test_an_answer_that_comes_too_late_is_ambiguous_and_found(
    provider: LoopbackSmsProvider,
) -> None:
    channel = twilio(provider.url, timeout=0.2)
    provider.behave(FAMILY, delay=5)
    with pytest.raises(Ambiguous):
        await channel.send(outgoing())
    assert await channel.find(FAMILY, WORDS, NOON) is not None
    await channel.aclose()


async def test_a_text_that_waits_at_the_provider_is_found_although_it_has_no_sending_date(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    provider.behave(callbacks=[])
    await sms.send(outgoing())
    found = await sms.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert found.fate is Fate.QUEUED


async def test_only_these_words_to_this_number_since_the_claim_are_found(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    await sms.send(outgoing())
    assert await sms.find(COUSIN, WORDS, NOON) is None
    assert await sms.find(FAMILY, WORDS + ".", NOON) is None
    assert await sms.find(FAMILY, WORDS, NOON + timedelta(minutes=2)) is None
    assert await sms.find(FAMILY, WORDS, NOON + timedelta(seconds=30)) is not None
    assert await sms.find(FAMILY, WORDS, NOON - timedelta(days=3)) is not None


async def test_a_text_on_a_later_page_is_found(
    provider: LoopbackSmsProvider, sms: TwilioChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.channels.twilio_account.PAGE_SIZE", 2)
    first = await sms.send(outgoing())
    for number in range(5):
        await sms.send(outgoing(text=f"Another {number}"))
    await provider.settle()
    assert (found := await sms.find(FAMILY, WORDS, NOON)) is not None
    assert found.provider_id == first.provider_id


async def test_too_many_pages_prove_nothing(
    provider: LoopbackSmsProvider, sms: TwilioChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.channels.twilio_account.PAGE_SIZE", 1)
    monkeypatch.setattr("activities.channels.twilio_account.MAX_PAGES", 2)
    for number in range(3):
        await sms.send(outgoing(text=f"Another {number}"))
    with pytest.raises(CannotAsk, match="too many"):
        await sms.find(FAMILY, WORDS, NOON)


def listing(*messages: dict[str, object], following: str | None = None) -> bytes:
    return Answer(200, {"messages": list(messages), "next_page_uri": following}).as_bytes()


def listed(body: str | None, direction: str = "outbound-api") -> dict[str, object]:
    date = "Wed, 04 Mar 2026 17:00:00 +0000"
    said = {"sid": "SM1", "status": "delivered", "direction": direction}
    return {**said, "body": body, "date_created": date}


async def test_the_list_is_not_followed_to_another_host() -> None:
    away = "http://127.0.0.2:9/2010-04-01/Messages.json?Page=1"
    async with answering(lambda _: listing(following=away)) as channel:
        with pytest.raises(CannotAsk, match="another host"):
            await channel.find(FAMILY, WORDS, NOON)


async def test_a_trial_accounts_prefix_does_not_hide_a_text() -> None:
    body = "Sent from your Twilio trial account - " + WORDS
    async with answering(lambda _: listing(listed(body))) as channel:
        found = await channel.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert found.fate is Fate.DELIVERED


async def test_an_account_that_hides_its_words_cannot_be_asked() -> None:
    async with answering(lambda _: listing(listed(None))) as channel:
        with pytest.raises(CannotAsk, match="hides"):
            await channel.find(FAMILY, WORDS, NOON)


@pytest.mark.parametrize(
    "answer",
    [
        listing({**listed(WORDS), "sid": None}),
        listing({**listed(WORDS), "date_created": "yesterday"}),
        listing(following="http://127.0.0.1:door/"),
        Answer(200, {"messages": "none"}).as_bytes(),
        Answer(200).as_bytes(),
    ],
    ids=["no sid", "no date", "no next page", "no list", "nothing"],
)
async def test_an_unreadable_list_is_never_a_denial(answer: bytes) -> None:
    async with answering(lambda _: answer) as channel:
        with pytest.raises(CannotAsk):
            await channel.find(FAMILY, WORDS, NOON)


async def test_a_text_that_came_in_is_not_one_that_went_out() -> None:
    async with answering(lambda _: listing(listed(WORDS, "inbound"))) as channel:
        assert await channel.find(FAMILY, WORDS, NOON) is None


async def test_nobody_to_ask_is_unavailable_and_never_a_denial(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    async with answering(lambda _: None) as channel:
        with pytest.raises(Unavailable):
            await channel.find(FAMILY, WORDS, NOON)
    await provider.stop()
    with pytest.raises(Unavailable):
        await sms.find(FAMILY, WORDS, NOON)


async def test_a_moment_without_a_zone_is_an_error(sms: TwilioChannel) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await sms.find(FAMILY, WORDS, datetime(2026, 3, 4))


async def test_a_closed_port_accepted_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel = twilio(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(Unavailable) as failed:
            await channel.send(outgoing())
        await channel.aclose()
    assert failed.value.retry_after is None


async def test_a_server_that_does_not_speak_tls_accepted_nothing() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(Answer(400).as_bytes())
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        channel = twilio(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(Unavailable):
            await channel.send(outgoing())
        await channel.aclose()


async def test_a_server_that_never_answers_the_tls_greeting_accepted_nothing() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        channel = twilio(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        with pytest.raises(Unavailable):
            await channel.send(outgoing())
        await channel.aclose()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_provider_accepted_nothing_and_says_how_long_to_wait(
    provider: LoopbackSmsProvider, sms: TwilioChannel, status: int
) -> None:
    provider.behave(http_status=status, retry_after=7)
    with pytest.raises(Unavailable) as busy:
        await sms.send(outgoing())
    assert busy.value.retry_after == 7
    assert provider.accepted() == []


async def test_the_wait_may_be_given_as_a_date() -> None:
    headers = (
        ("Date", "Wed, 04 Mar 2026 17:00:00 GMT"),
        ("Retry-After", "Wed, 04 Mar 2026 17:01:30 GMT"),
    )
    async with answering(lambda _: Answer(503, headers=headers).as_bytes()) as channel:
        with pytest.raises(Unavailable) as busy:
            await channel.send(outgoing())
    assert busy.value.retry_after == 90


async def test_our_own_queue_being_full_is_not_held_against_the_recipient(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    provider.behave(refuse_code=21611)
    with pytest.raises(Unavailable):
        await sms.send(outgoing())


@pytest.mark.parametrize("status", [500, 502, 504, 408])
async def test_a_broken_answer_is_ambiguous(
    provider: LoopbackSmsProvider, sms: TwilioChannel, status: int
) -> None:
    provider.behave(http_status=status)
    with pytest.raises(Ambiguous):
        await sms.send(outgoing())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\n<ok>",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{",
        b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"nonsense\r\n\r\n",
    ],
)
async def test_an_unreadable_yes_is_ambiguous(answer: bytes) -> None:
    async with answering(lambda _: answer, timeout=0.4) as channel:
        with pytest.raises(Ambiguous):
            await channel.send(outgoing())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (21610, RefusalKind.OPTED_OUT),
        (21211, RefusalKind.PERMANENT),
        (21614, RefusalKind.PERMANENT),
        (30005, RefusalKind.PERMANENT),
        (30006, RefusalKind.PERMANENT),
        (30003, RefusalKind.TEMPORARY),
        (30008, RefusalKind.TEMPORARY),
        (30007, RefusalKind.FILTERED),
        (21408, RefusalKind.BAD_REQUEST),
    ],
)
async def test_a_refusal_says_what_it_asks_of_us(
    provider: LoopbackSmsProvider, sms: TwilioChannel, code: int, kind: RefusalKind
) -> None:
    provider.behave(FAMILY, refuse_code=code)
    with pytest.raises(Refused) as refused:
        await sms.send(outgoing())
    assert (refused.value.code, refused.value.kind) == (str(code), kind)
    assert kind_of(str(code)) is kind


async def test_wrong_credentials_are_unauthorized(provider: LoopbackSmsProvider) -> None:
    channel = twilio(provider.url, auth_token="wrong")
    for asked in (channel.send(outgoing()), channel.check(), channel.find(FAMILY, WORDS, NOON)):
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.kind is RefusalKind.UNAUTHORIZED
    await channel.aclose()


async def test_a_redirect_is_not_followed_with_the_credentials() -> None:
    moved = Answer(302, headers=(("Location", "http://127.0.0.2:9/"),)).as_bytes()
    async with answering(lambda _: moved) as channel:
        with pytest.raises(Refused) as refused:
            await channel.send(outgoing())
    assert refused.value.kind is RefusalKind.BAD_REQUEST


async def test_check_passes_where_a_message_would_and_sends_nothing(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    await sms.check()
    assert provider.accepted() == []


async def test_check_notices_a_server_that_is_no_sms_provider() -> None:
    async with answering(lambda _: Answer(200, {"hello": "world"}).as_bytes()) as channel:
        with pytest.raises(Misconfigured, match="address"):
            await channel.check()


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "http://sms.example.org"},
        {"base_url": "sms.example.org"},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "https://"},
        {"base_url": "https://sms.example.org:door"},
        {"auth_token": ""},
        {"sender": ""},
    ],
)
async def test_settings_that_cannot_work_are_refused_at_once(changed: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        twilio(changed.pop("base_url", "https://sms.example.org"), 5.0, **changed)


async def test_no_error_and_no_log_names_the_person(
    provider: LoopbackSmsProvider, sms: TwilioChannel, caplog: pytest.LogCaptureFixture
) -> None:
    said = {"code": 21211, "message": f"The 'To' number {FAMILY} is not valid."}
    caplog.set_level(logging.DEBUG)
    async with answering(lambda _: Answer(400, said).as_bytes()) as channel:
        with pytest.raises(Refused) as refused:
            await channel.send(outgoing())
    assert FAMILY not in str(refused.value)
    assert await sms.find(FAMILY, WORDS, NOON) is None
    assert "Messages.json" in caplog.text
    assert FAMILY[1:] not in caplog.text


async def test_a_status_report_reaches_us_signed_and_understood(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    seen: list[tuple[str, Fate, str]] = []

    def webhook(request: Request) -> bytes:
        seen.append(parse_status_callback(request.form))
        return Answer(204).as_bytes()

    provider.behave(callbacks=["sent", "undelivered"], error_code=30006)
    async with raw_server(webhook) as url:
        receipt = await sms.send(outgoing(status_callback=f"{url}/sms/status"))
        await provider.settle()
    sid = receipt.provider_id
    assert seen == [(sid, Fate.SENT, ""), (sid, Fate.UNDELIVERED, "30006")]
    found = await sms.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert (found.fate, found.error_code) == (Fate.UNDELIVERED, "30006")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageSid": "SM1"},
        {"MessageStatus": "sent"},
        {"MessageSid": "SM1", "SmsStatus": "received", "Body": "STOP"},
        {"MessageSid": "SM1", "MessageStatus": "teleported"},
    ],
)
def test_what_is_no_status_report_is_said_to_be_none(form: dict[str, str]) -> None:
    with pytest.raises(NotAStatus):
        parse_status_callback(form)


async def test_many_texts_at_once_are_each_accepted_once(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    texts = [outgoing(text=f"Text {number}") for number in range(200)]
    receipts = await asyncio.gather(*(sms.send(text) for text in texts))
    assert {text.sid for text in provider.accepted()} == {r.provider_id for r in receipts}
    assert sorted(text.body for text in provider.accepted()) == sorted(t.text for t in texts)


async def test_a_cancelled_send_leaves_the_channel_usable(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    provider.behave(delay=30, times=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sms.send(outgoing()), 0.3)
    assert len(provider.accepted()) == 1
    assert (await sms.send(outgoing(COUSIN))).fate is Fate.QUEUED
