"""The loopback SMS provider: what it keeps, how it lists, and how it misbehaves on request."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import httpx
import pytest

from activities.channels import (
    Ambiguous,
    RefusalKind,
    Refused,
    TwilioChannel,
    Unavailable,
    valid_signature,
)
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_sms import (
    ACCOUNT,
    AUTH_TOKEN,
    Callback,
    LoopbackSmsProvider,
    read_accepted,
)
from tests.activities.channels.conftest import (
    COUSIN,
    FAMILY,
    NOON,
    SENDER,
    WORDS,
    outgoing,
    twilio,
)
from tests.activities.channels.test_sms_twilio import raw_server

LIST = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@asynccontextmanager
async def asking(provider: LoopbackSmsProvider) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=provider.url, auth=(ACCOUNT, AUTH_TOKEN), trust_env=False
    ) as client:
        yield client


async def test_it_starts_at_once() -> None:
    begun = perf_counter()
    async with LoopbackSmsProvider():
        assert perf_counter() - begun < 0.2


async def test_its_dates_follow_the_clock_it_was_given() -> None:
    async def skipping_clock() -> datetime:
        return NOON + timedelta(days=90)

    async with LoopbackSmsProvider(clock=skipping_clock) as provider:
        channel = twilio(provider.url)
        await channel.send(outgoing())
        assert provider.accepted()[0].date_created == NOON + timedelta(days=90)
        assert await channel.find(FAMILY, WORDS, NOON + timedelta(days=90)) is not None
        assert await channel.find(FAMILY, WORDS, NOON + timedelta(days=91)) is None
        await channel.aclose()


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": SENDER, "Body": "Hi"}, 21604),
        ({"To": FAMILY, "Body": "Hi"}, 21603),
        ({"To": FAMILY, "From": SENDER}, 21602),
        ({"To": FAMILY, "From": SENDER, "Body": "x" * 1601}, 21617),
        ({"To": "305 555", "From": SENDER, "Body": "Hi"}, 21211),
    ],
)
async def test_it_refuses_what_the_provider_would(
    provider: LoopbackSmsProvider, form: dict[str, str], code: int
) -> None:
    async with asking(provider) as client:
        answer = await client.post(LIST, data=form)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert provider.accepted() == []


async def test_unknown_texts_and_accounts_are_not_found(provider: LoopbackSmsProvider) -> None:
    async with asking(provider) as client:
        for path in (LIST.replace(".json", "/SM1.json"), LIST.replace(ACCOUNT, "AC1"), "/"):
            assert (await client.get(path)).status_code == 404


async def test_a_list_is_newest_first_in_pages(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    for number in range(5):
        await sms.send(outgoing(text=f"Text {number}"))
    bodies: list[str] = []
    following: str | None = f"{LIST}?To=%2B13055550123&PageSize=2"
    async with asking(provider) as client:
        while following:
            page = (await client.get(following)).json()
            bodies += [message["body"] for message in page["messages"]]
            following = page["next_page_uri"]
    assert bodies == [f"Text {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"DateSent": "2026-03-04"}, 1),
        ({"DateSent": "2026-03-05"}, 0),
        ({"DateSent>": "2026-03-04"}, 1),
        ({"DateSent>": "2026-03-05"}, 0),
        ({"DateSent<": "2026-03-04"}, 1),
        ({"DateSent<": "2026-03-03"}, 0),
        ({"From": SENDER}, 1),
        ({"From": COUSIN}, 0),
        ({"To": COUSIN}, 0),
    ],
)
async def test_a_list_is_filtered_as_asked(
    provider: LoopbackSmsProvider, sms: TwilioChannel, query: dict[str, str], found: int
) -> None:
    await sms.send(outgoing())
    await provider.settle()
    async with asking(provider) as client:
        page = (await client.get(LIST, params=query)).json()
    assert len(page["messages"]) == found


async def test_one_number_can_misbehave_while_the_others_work(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    provider.behave(FAMILY, refuse_code=30003, times=2)
    for _ in range(2):
        with pytest.raises(Refused):
            await sms.send(outgoing())
    await sms.send(outgoing(COUSIN))
    await sms.send(outgoing())
    assert [text.to for text in provider.accepted()] == [COUSIN, FAMILY]


async def test_down_and_up_again(provider: LoopbackSmsProvider, sms: TwilioChannel) -> None:
    provider.behave(http_status=503)
    with pytest.raises(Unavailable):
        await sms.send(outgoing())
    provider.behave()
    await sms.send(outgoing())


@pytest.mark.parametrize("values", [{"colour": "blue"}, {"drop": "sideways"}])
async def test_a_behaviour_it_does_not_know_is_an_error(
    provider: LoopbackSmsProvider, values: dict[str, str]
) -> None:
    with pytest.raises(ValueError):
        provider.behave(**values)


async def test_status_reports_can_come_twice_and_in_the_wrong_order_but_always_signed(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    seen: list[str] = []
    provider.behave(callbacks=["delivered", "sent", "sent", "delivered"])

    def webhook(request: Request) -> bytes:
        signature = request.headers["x-twilio-signature"]
        assert valid_signature(AUTH_TOKEN, address, request.form, signature)
        assert not valid_signature("other", address, request.form, signature)
        seen.append(request.form["MessageStatus"])
        return Answer(204).as_bytes()

    async with raw_server(webhook) as url:
        address = f"{url}/sms/status?hub=7"
        receipt = await sms.send(outgoing(status_callback=address))
        await provider.settle()
    assert seen == ["delivered", "sent", "sent", "delivered"]
    assert provider.callbacks[0] == Callback(receipt.provider_id, "delivered", 204)
    assert provider.accepted()[0].status == "delivered"


async def test_it_never_calls_beyond_this_machine(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    await sms.send(outgoing(status_callback="http://hub.example.org/sms/status"))
    await provider.settle()
    assert [callback.answered for callback in provider.callbacks] == [0, 0]


async def test_who_answers_stop_gets_no_more_until_start(
    provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    inbox: list[Request] = []

    def webhook(request: Request) -> bytes:
        inbox.append(request)
        return Answer(200).as_bytes()

    async with raw_server(webhook) as url:
        assert await provider.text_in(FAMILY, " stop ", f"{url}/sms", to=SENDER) == 200
        with pytest.raises(Refused) as refused:
            await sms.send(outgoing())
        await provider.text_in(FAMILY, "START", f"{url}/sms", to=SENDER)
        signature = inbox[0].headers["x-twilio-signature"]
        assert valid_signature(AUTH_TOKEN, f"{url}/sms", inbox[0].form, signature)
    assert refused.value.kind is RefusalKind.OPTED_OUT
    assert (inbox[0].form["From"], inbox[0].form["Body"]) == (FAMILY, " stop ")
    await sms.send(outgoing())


async def test_what_it_accepted_outlives_it(tmp_path: Path) -> None:
    state = tmp_path / "texts.jsonl"
    async with LoopbackSmsProvider(state=state, clock=lambda: NOON) as provider:
        channel = twilio(provider.url)
        await channel.send(outgoing(text="Üñí 👍\nline two"))
        await provider.settle()
        await channel.aclose()
        before = provider.accepted()
    with state.open("ab") as file:
        file.write(b'{"event": "accepted", "sid": "SM')  # killed in the middle of a line
    assert read_accepted(state) == before
    async with LoopbackSmsProvider(state=state) as again:
        assert again.accepted() == before
        channel = twilio(again.url)
        await channel.send(outgoing())
        await channel.aclose()
        assert len(read_accepted(state)) == 2
    assert before[0].status == "delivered"


def test_no_state_file_means_that_nothing_was_accepted(tmp_path: Path) -> None:
    assert read_accepted(tmp_path / "absent.jsonl") == []


@asynccontextmanager
async def provider_process(state: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The provider as its own process, and the address it says it listens on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "activities.channels.loopback_sms", "--port", "0", "--state", str(state)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.faults
async def test_a_killed_process_had_written_down_what_it_accepted(tmp_path: Path) -> None:
    state = tmp_path / "texts.jsonl"
    async with provider_process(state) as (process, url):
        channel = twilio(url)
        async with httpx.AsyncClient(auth=(ACCOUNT, AUTH_TOKEN), trust_env=False) as client:
            told = {"number": FAMILY, "delay": 30, "callbacks": ["sent"]}
            assert (await client.post(f"{url}/loopback/behave", json=told)).status_code == 200
            wrong = await client.post(f"{url}/loopback/behave", json={"colour": "blue"})
            assert wrong.status_code == 400
            await channel.send(outgoing(COUSIN))
            listed = (await client.get(f"{url}/loopback/accepted")).json()
            assert [text["to"] for text in listed] == [COUSIN]
        sending = asyncio.create_task(channel.send(outgoing()))
        async with asyncio.timeout(5):
            while len(read_accepted(state)) < 2:  # noqa: ASYNC110 the file is another process's
                await asyncio.sleep(0.01)
        process.kill()
        with pytest.raises(Ambiguous):
            await sending
        await channel.aclose()
    assert [text.to for text in read_accepted(state)] == [COUSIN, FAMILY]


@pytest.mark.faults
async def test_the_process_ends_cleanly_when_asked(tmp_path: Path) -> None:
    async with provider_process(tmp_path / "texts.jsonl") as (process, url):
        assert url.startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0
