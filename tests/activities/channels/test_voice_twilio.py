"""Calls through a Twilio-compatible provider: who was reached, and what silence proves."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from activities.channels import (
    Ambiguous,
    CannotAsk,
    Channel,
    ChannelKind,
    Fate,
    Misconfigured,
    NotAStatus,
    RefusalKind,
    Refused,
    TwilioVoiceChannel,
    Unavailable,
    kind_of,
    parse_call_report,
    valid_signature,
)
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_sms import AUTH_TOKEN, LoopbackSmsProvider, read_calls
from tests.activities.channels.conftest import (
    COUSIN,
    FAMILY,
    NOON,
    SENDER,
    WORDS,
    calling,
    outgoing,
)
from tests.activities.channels.test_sms_twilio import Reply, raw_server


@asynccontextmanager
async def answering(reply: Reply, timeout: float = 2.0) -> AsyncIterator[TwilioVoiceChannel]:
    async with raw_server(reply) as url:
        channel = calling(url, timeout)
        try:
            yield channel
        finally:
            await channel.aclose()


async def test_a_call_is_made_with_the_words(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    channel: Channel = voice
    assert channel.kind is ChannelKind.VOICE
    receipt = await channel.send(outgoing(text="Ñoño & José: ¿viene? <no> 👍"))
    (call,) = provider.calls()
    assert (call.to, call.sender, call.sid) == (FAMILY, SENDER, receipt.provider_id)
    assert "Ñoño & José: ¿viene? <no> 👍" in [s.text for s in fromstring(call.twiml).iter("Say")]
    assert receipt.fate is Fate.QUEUED
    assert provider.accepted() == []


async def test_a_call_asks_who_answers_rings_long_and_ends() -> None:
    seen: list[Request] = []

    def reply(request: Request) -> bytes:
        seen.append(request)
        return Answer(201, {"sid": "CA1", "status": "queued"}).as_bytes()

    async with answering(reply) as channel:
        await channel.send(outgoing(status_callback="https://hub.example.org/status"))
        await channel.send(outgoing())
    form = seen[0].form
    assert form["MachineDetection"] == "DetectMessageEnd"
    assert 20 <= int(form["Timeout"]) <= 60
    assert 60 <= int(form["TimeLimit"]) <= 300
    assert seen[0].all_of("StatusCallbackEvent") == ["initiated", "answered", "completed"]
    assert "StatusCallback" not in seen[1].form


@pytest.mark.parametrize(
    ("answer", "fate", "code"),
    [
        ("human", Fate.DELIVERED, ""),
        ("machine", Fate.SENT, "voicemail"),
        ("unknown", Fate.SENT, ""),
        ("fax", Fate.UNDELIVERED, "fax"),
        ("busy", Fate.UNDELIVERED, "busy"),
        ("no-answer", Fate.UNDELIVERED, "no-answer"),
        ("failed", Fate.FAILED, "13224"),
    ],
)
async def test_what_became_of_a_call_reaches_us_signed_and_understood(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel, answer: str, fate: Fate, code: str
) -> None:
    seen: list[tuple[str, Fate, str]] = []

    def webhook(request: Request) -> bytes:
        signature = request.headers["x-twilio-signature"]
        assert valid_signature(AUTH_TOKEN, address, request.form, signature)
        seen.append(parse_call_report(request.form))
        return Answer(204).as_bytes()

    provider.behave(answer=answer, error_code=13224)
    async with raw_server(webhook) as url:
        address = f"{url}/voice/status?message=1"
        receipt = await voice.send(outgoing(status_callback=address))
        await provider.settle()
    assert seen[0] == (receipt.provider_id, Fate.QUEUED, "")
    assert seen[-1] == (receipt.provider_id, fate, code)
    found = await voice.find(FAMILY, WORDS, NOON)
    assert found is not None
    # The list names no error: why a call failed only its report says.
    assert found.fate is (Fate.UNDELIVERED if answer == "failed" else fate)


async def test_a_pressed_key_is_told_to_the_address_in_the_call(
    provider: LoopbackSmsProvider,
) -> None:
    keys: list[Request] = []

    def webhook(request: Request) -> bytes:
        keys.append(request)
        return Answer(200).as_bytes()

    provider.behave(key="2")
    async with raw_server(webhook) as url:
        channel = calling(provider.url, keys_url=f"{url}/keys")
        await channel.send(outgoing())
        await provider.settle()
        await channel.aclose()
        (pressed,) = keys
        signature = pressed.headers["x-twilio-signature"]
        assert valid_signature(AUTH_TOKEN, f"{url}/keys?message=m-1", pressed.form, signature)
    assert pressed.form["Digits"] == "2"
    assert (pressed.form["To"], pressed.form["Direction"]) == (FAMILY, "outbound-api")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"CallStatus": "queued"}, (Fate.QUEUED, "")),
        ({"CallStatus": "initiated"}, (Fate.QUEUED, "")),
        ({"CallStatus": "ringing"}, (Fate.SENDING, "")),
        ({"CallStatus": "in-progress", "AnsweredBy": "human"}, (Fate.SENDING, "")),
        ({"CallStatus": "completed", "AnsweredBy": "human"}, (Fate.DELIVERED, "")),
        (
            {"CallStatus": "completed", "AnsweredBy": "human", "CallDuration": "31"},
            (Fate.DELIVERED, ""),
        ),
        (
            {"CallStatus": "completed", "AnsweredBy": "human", "CallDuration": "3"},
            (Fate.SENT, "hung-up"),
        ),
        (
            {"CallStatus": "completed", "AnsweredBy": "machine_end_beep"},
            (Fate.SENT, "voicemail"),
        ),
        ({"CallStatus": "completed", "AnsweredBy": "machine_start"}, (Fate.SENT, "voicemail")),
        ({"CallStatus": "completed", "AnsweredBy": "unknown"}, (Fate.SENT, "")),
        ({"CallStatus": "completed"}, (Fate.SENT, "")),
        ({"CallStatus": "busy"}, (Fate.UNDELIVERED, "busy")),
        ({"CallStatus": "no-answer"}, (Fate.UNDELIVERED, "no-answer")),
        ({"CallStatus": "canceled"}, (Fate.FAILED, "")),
        ({"CallStatus": "failed"}, (Fate.UNDELIVERED, "call-failed")),
        ({"CallStatus": "failed", "ErrorCode": "13224"}, (Fate.FAILED, "13224")),
        ({"CallStatus": "failed", "SipResponseCode": "404"}, (Fate.FAILED, "sip-404")),
        ({"CallStatus": "failed", "SipResponseCode": "608"}, (Fate.FAILED, "sip-608")),
        ({"CallStatus": "failed", "SipResponseCode": "503"}, (Fate.UNDELIVERED, "call-failed")),
    ],
)
def test_only_a_person_who_listened_was_reached(
    form: dict[str, str], expected: tuple[Fate, str]
) -> None:
    assert parse_call_report({"CallSid": "CA1", **form}) == ("CA1", *expected)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"CallSid": "CA1"},
        {"CallStatus": "completed"},
        {"CallSid": "CA1", "CallStatus": "teleported"},
        {"CallSid": "CA1", "CallStatus": "ringing", "Direction": "inbound"},
        {"MessageSid": "SM1", "MessageStatus": "sent"},
    ],
)
def test_what_is_no_report_about_a_call_of_ours_is_said_to_be_none(form: dict[str, str]) -> None:
    with pytest.raises(NotAStatus):
        parse_call_report(form)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("busy", RefusalKind.TEMPORARY),
        ("no-answer", RefusalKind.TEMPORARY),
        ("voicemail", RefusalKind.TEMPORARY),
        ("call-failed", RefusalKind.TEMPORARY),
        ("sip-404", RefusalKind.PERMANENT),
        ("sip-608", RefusalKind.FILTERED),
    ],
)
def test_our_own_words_for_what_has_no_code_are_known(code: str, kind: RefusalKind) -> None:
    assert kind_of(code) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (21211, RefusalKind.PERMANENT),
        (21214, RefusalKind.PERMANENT),
        (13224, RefusalKind.PERMANENT),
        (21215, RefusalKind.BAD_REQUEST),
        (21220, RefusalKind.BAD_REQUEST),
        (21216, RefusalKind.FILTERED),
    ],
)
async def test_a_refusal_says_what_it_asks_of_us(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel, code: int, kind: RefusalKind
) -> None:
    provider.behave(FAMILY, refuse_code=code)
    with pytest.raises(Refused) as refused:
        await voice.send(outgoing())
    assert (refused.value.code, refused.value.kind) == (str(code), kind)
    assert provider.calls() == []


async def test_too_many_calls_at_once_are_not_held_against_the_person(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    provider.behave(refuse_code=10004)
    with pytest.raises(Unavailable):
        await voice.send(outgoing())


async def test_words_that_fit_no_call_are_refused_before_anybody_is_asked(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    with pytest.raises(Refused, match="too-long"):
        await voice.send(outgoing(text="a" * 4000))
    assert provider.calls() == []


async def test_lost_after_it_was_accepted_is_ambiguous_and_found_by_asking(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    provider.behave(FAMILY, drop="after")
    with pytest.raises(Ambiguous):
        await voice.send(outgoing())
    found = await voice.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert found.provider_id == provider.calls()[0].sid


async def test_lost_before_it_was_accepted_is_ambiguous_too_and_denied_by_asking(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    provider.behave(drop="before", times=1)
    with pytest.raises(Ambiguous):
        await voice.send(outgoing())
    assert await voice.find(FAMILY, WORDS, NOON) is None
    await voice.send(outgoing())
    assert len(provider.calls()) == 1


async def test_an_answer_that_comes_too_late_is_ambiguous_and_found(
    provider: LoopbackSmsProvider,
) -> None:
    channel = calling(provider.url, timeout=0.2)
    provider.behave(FAMILY, delay=5)
    with pytest.raises(Ambiguous):
        await channel.send(outgoing())
    assert await channel.find(FAMILY, WORDS, NOON) is not None
    await channel.aclose()


async def test_a_call_that_waits_at_the_provider_is_found_although_it_has_no_start(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    provider.behave(call_statuses=["initiated"])
    await voice.send(outgoing())
    found = await voice.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert found.fate is Fate.QUEUED


async def test_the_newest_call_to_this_number_since_the_claim_is_found(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    await voice.send(outgoing())
    assert await voice.find(COUSIN, WORDS, NOON) is None
    assert await voice.find(FAMILY, WORDS, NOON + timedelta(minutes=2)) is None
    assert await voice.find(FAMILY, WORDS, NOON + timedelta(seconds=30)) is not None


@pytest.mark.parametrize("newest_first", [True, False])
async def test_the_newest_counts_in_whichever_order_the_list_is(newest_first: bool) -> None:
    calls = [
        listed(sid="CA2", status="busy", date_created="Wed, 04 Mar 2026 18:00:00 +0000"),
        listed(sid="CA1", status="queued", date_created="Wed, 04 Mar 2026 17:30:00 +0000"),
    ]
    answer = listing(*(calls if newest_first else reversed(calls)))
    async with answering(lambda _: answer) as channel:
        found = await channel.find(FAMILY, WORDS, NOON)
    assert found is not None
    assert (found.provider_id, found.error_code) == ("CA2", "busy")


def listing(*calls: dict[str, object], following: str | None = None) -> bytes:
    return Answer(200, {"calls": list(calls), "next_page_uri": following}).as_bytes()


def listed(**changed: object) -> dict[str, object]:
    date = "Wed, 04 Mar 2026 17:00:00 +0000"
    said = {"sid": "CA1", "status": "completed", "direction": "outbound-api"}
    return {**said, "answered_by": "human", "duration": "40", "date_created": date, **changed}


async def test_a_call_on_a_later_page_is_found(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.channels.twilio_account.PAGE_SIZE", 2)
    for _ in range(5):
        await voice.send(outgoing())
    await provider.settle()
    found = await voice.find(FAMILY, WORDS, NOON)
    assert found is not None
    monkeypatch.setattr("activities.channels.twilio_account.MAX_PAGES", 2)
    with pytest.raises(CannotAsk, match="too many"):
        await voice.find(FAMILY, WORDS, NOON)


@pytest.mark.parametrize(
    "answer",
    [
        listing(listed(sid=None)),
        listing(listed(date_created="yesterday")),
        listing(following="http://127.0.0.1:door/"),
        listing(following="http://127.0.0.2:9/2010-04-01/Calls.json?Page=1"),
        Answer(200, {"calls": "none"}).as_bytes(),
        Answer(200, {"messages": []}).as_bytes(),
        Answer(200).as_bytes(),
    ],
    ids=["no sid", "no date", "no next page", "elsewhere", "no list", "no calls", "nothing"],
)
async def test_an_unreadable_list_is_never_a_denial(answer: bytes) -> None:
    async with answering(lambda _: answer) as channel:
        with pytest.raises(CannotAsk):
            await channel.find(FAMILY, WORDS, NOON)


async def test_a_call_that_came_in_is_not_one_that_went_out() -> None:
    async with answering(lambda _: listing(listed(direction="inbound"))) as channel:
        assert await channel.find(FAMILY, WORDS, NOON) is None


async def test_nobody_to_ask_is_unavailable_and_never_a_denial(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    await provider.stop()
    for asked in (voice.find(FAMILY, WORDS, NOON), voice.send(outgoing()), voice.check()):
        with pytest.raises(Unavailable):
            await asked


async def test_a_moment_without_a_zone_is_an_error(voice: TwilioVoiceChannel) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await voice.find(FAMILY, WORDS, datetime(2026, 3, 4))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_provider_called_nobody_and_says_how_long_to_wait(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel, status: int
) -> None:
    provider.behave(http_status=status, retry_after=7)
    with pytest.raises(Unavailable) as busy:
        await voice.send(outgoing())
    assert busy.value.retry_after == 7
    assert provider.calls() == []


@pytest.mark.parametrize("status", [500, 502, 504, 408])
async def test_a_broken_answer_is_ambiguous(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel, status: int
) -> None:
    provider.behave(http_status=status)
    with pytest.raises(Ambiguous):
        await voice.send(outgoing())


async def test_an_unreadable_yes_is_ambiguous() -> None:
    async with answering(lambda _: Answer(201, []).as_bytes()) as channel:
        with pytest.raises(Ambiguous):
            await channel.send(outgoing())


async def test_check_passes_where_a_call_would_and_calls_nobody(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    await voice.check()
    assert provider.calls() == []
    async with answering(lambda _: Answer(200, {"hello": "world"}).as_bytes()) as channel:
        with pytest.raises(Misconfigured, match="address"):
            await channel.check()


async def test_wrong_credentials_are_unauthorized(provider: LoopbackSmsProvider) -> None:
    channel = calling(provider.url, auth_token="wrong")
    for asked in (channel.send(outgoing()), channel.check(), channel.find(FAMILY, WORDS, NOON)):
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.kind is RefusalKind.UNAUTHORIZED
    await channel.aclose()


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "http://sms.example.org"},
        {"auth_token": ""},
        {"account_sid": ""},
        {"sender": ""},
        {"sender": "MG" + "a" * 32},
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(changed: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        calling(changed.pop("base_url", "https://sms.example.org"), 5.0, **changed)


async def test_no_error_and_no_log_names_the_person(
    voice: TwilioVoiceChannel, caplog: pytest.LogCaptureFixture
) -> None:
    said = {"code": 21211, "message": f"The 'To' number {FAMILY} is not valid."}
    caplog.set_level(logging.DEBUG)
    async with answering(lambda _: Answer(400, said).as_bytes()) as channel:
        with pytest.raises(Refused) as refused:
            await channel.send(outgoing())
    assert FAMILY not in str(refused.value)
    assert await voice.find(FAMILY, WORDS, NOON) is None
    assert "Calls.json" in caplog.text
    assert FAMILY[1:] not in caplog.text


async def test_reports_of_a_call_can_come_twice_and_in_the_wrong_order(
    provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    seen: list[Fate] = []

    def webhook(request: Request) -> bytes:
        seen.append(parse_call_report(request.form)[1])
        return Answer(204).as_bytes()

    provider.behave(call_statuses=["completed", "initiated", "completed", "in-progress"])
    async with raw_server(webhook) as url:
        await voice.send(outgoing(status_callback=url))
        await provider.settle()
    assert seen == [Fate.DELIVERED, Fate.QUEUED, Fate.DELIVERED, Fate.SENDING]
    assert provider.calls()[0].status == "completed"


async def test_the_calls_that_were_made_outlive_the_provider(tmp_path: Path) -> None:
    state = tmp_path / "texts.jsonl"
    async with LoopbackSmsProvider(state=state, clock=lambda: NOON) as provider:
        channel = calling(provider.url)
        await channel.send(outgoing(status_callback="http://hub.example.org/away"))
        await provider.settle()
        await channel.aclose()
        before = provider.calls()
        assert {callback.answered for callback in provider.callbacks} == {0}
    assert read_calls(state) == before
    assert (before[0].status, before[0].answered_by) == ("completed", "human")


async def test_the_loopback_provider_refuses_what_the_provider_would(
    provider: LoopbackSmsProvider,
) -> None:
    for sender, to, code in ((SENDER, "305 555", "21211"), ("+1", FAMILY, "21212")):
        channel = calling(provider.url, sender=sender)
        with pytest.raises(Refused) as refused:
            await channel.send(outgoing(to))
        assert refused.value.code == code
        await channel.aclose()
