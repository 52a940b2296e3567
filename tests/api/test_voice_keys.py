"""Keys pressed in a call: taken in once, answered in the language of the call."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import httpx
import pytest
from sqlmodel import col, select

from activities.channels import Outgoing, TwilioVoiceChannel
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.voice_words import voice_words
from domain.vocabulary import Channel
from engine.addresses import VOICE_KEYS_PATH, VOICE_STATUS_PATH
from engine.embedded import free_port
from records.tables import HumanTask, Message
from tests.api.calls import CALLER, PUBLIC, TOKEN, Carried, posted
from tests.api.programs import Installation, installation
from tests.api.test_sms_status import served


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose calls a provider carries."""
    more: dict[str, object] = {"sms_token": TOKEN, "public_url": PUBLIC}
    with installation(tmp_path_factory.mktemp("var"), **more) as made:
        yield made


@pytest.fixture(autouse=True)
def one_hub(hub: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The factories write into the first of the two hubs."""
    monkeypatch.setattr(hub.house.records, "sole_hub", lambda slug="": hub.hub_id())


def press(
    called: Carried, key: str, *, sid: str = "", token: str = TOKEN, **more: str
) -> httpx.Response:
    """She presses a key, and the provider tells."""
    fields = {"CallSid": sid or called.provider_id, "Digits": key, "From": CALLER}
    fields |= {"To": called.phone, "Direction": "outbound-api", **more}
    query = f"message={called.message_id}"
    return posted(called.hub, VOICE_KEYS_PATH, fields, query=query, token=token)


def said(answer: httpx.Response) -> str:
    """What is said to her."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    script = fromstring(answer.text)
    assert [part.tag for part in script] == ["Say", "Hangup"]
    return script[0].text or ""


@pytest.mark.parametrize(
    ("key", "words"), [("1", "YES"), ("2", "RIDE"), ("3", "call me"), ("9", "STOP")]
)
def test_a_key_is_taken_in_like_the_words_in_a_text(
    hub: Installation, key: str, words: str
) -> None:
    called = Carried(hub, f"CAkey{key}", f"+1305555014{key}")
    assert said(press(called, key)) == voice_words("en").thanks[key]
    assert called.replies() == [words]


@pytest.mark.parametrize("key", ["2", "3"])
def test_a_wish_for_a_ride_or_a_call_becomes_one_task(hub: Installation, key: str) -> None:
    called = Carried(hub, f"CAtask{key}", f"+1305555015{key}")
    for _ in range(3):
        press(called, key)
    with hub.reading() as session:
        tasks = session.exec(select(HumanTask).where(HumanTask.person_id == called.person)).all()
    assert len(tasks) == 1


def test_the_same_key_reported_twice_is_one_and_another_key_is_another(hub: Installation) -> None:
    called = Carried(hub, "CAtwice", "+13055550160")
    for key in ("2", "2", "1", "2"):
        press(called, key)
    assert sorted(called.replies()) == ["RIDE", "YES"]


def test_a_replayed_stop_does_not_opt_her_out_again_after_she_agreed_anew(
    hub: Installation,
) -> None:
    called = Carried(hub, "CAstop", "+13055550161")
    press(called, "9")
    called.agree(Channel.VOICE)
    for _ in range(2):
        assert said(press(called, "9")) == voice_words("en").thanks["9"]
    assert not called.opted_out
    assert called.replies() == ["STOP"]


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_she_is_thanked_in_the_language_of_the_call(hub: Installation, language: str) -> None:
    called = Carried(hub, f"CAlang{language}", "+13055550162", language=language)
    answer = press(called, "1")
    words = voice_words(language)
    assert said(answer) == words.thanks["1"]
    assert fromstring(answer.text)[0].get("language") == words.voice


@pytest.mark.parametrize("key", ["", "4", "0", "#", "12", "１", "\x00", "9 "])
def test_a_key_that_means_nothing_changes_nothing_and_says_so(hub: Installation, key: str) -> None:
    called = Carried(hub, f"CAother{key.encode().hex()}", "+13055550163")
    before = len(called.replies())
    assert said(press(called, key)) == voice_words("en").other
    assert len(called.replies()) == before


def test_who_pressed_a_key_has_heard_the_call_whatever_the_provider_took_them_for(
    hub: Installation,
) -> None:
    called = Carried(hub, "CAheard", "+13055550164")
    press(called, "1")
    assert called.message.state == "delivered"
    ended = {"CallSid": "CAheard", "CallStatus": "completed", "AnsweredBy": "machine_start"}
    assert posted(hub, VOICE_STATUS_PATH, ended).status_code == 204
    assert called.message.state == "delivered"


def test_a_call_that_she_made_herself_is_answered_for_her_number(hub: Installation) -> None:
    called = Carried(hub, "CAin", "+13055550165")
    more = {"Direction": "inbound", "From": called.phone, "To": CALLER}
    press(called, "2", sid="CAinbound", **more)
    assert called.replies() == ["RIDE"]


def test_a_key_without_a_call_that_is_known_is_answered_and_changes_nothing(
    hub: Installation,
) -> None:
    fields = {"CallSid": "CAnobody", "Digits": "9", "To": "+13055550199", "From": CALLER}
    fields["Direction"] = "outbound-api"
    assert said(posted(hub, VOICE_KEYS_PATH, fields)) == voice_words("en").thanks["9"]
    for lacking in ({}, {"Digits": "1"}, {"CallSid": "CA1"}, {"CallSid": "CA1", "Digits": "1"}):
        assert posted(hub, VOICE_KEYS_PATH, lacking).status_code == 200


def test_what_nobody_signed_changes_nothing_and_says_nothing(hub: Installation) -> None:
    called = Carried(hub, "CAunsigned", "+13055550166")
    for token in ("another", ""):
        answer = press(called, "9", token=token)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
    assert called.replies() == []
    assert called.message.state == "queued"


async def test_a_call_a_key_and_its_thanks_go_over_real_sockets(
    hub: Installation, tmp_path: Path
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    async with LoopbackSmsProvider() as provider:
        more: dict[str, object] = {"sms_token": provider.auth_token}
        called = Carried(hub, "", "+13055550167", state="claimed", language="es")
        channel = TwilioVoiceChannel(
            provider.url,
            provider.account_sid,
            provider.auth_token,
            CALLER,
            keys_url=base + VOICE_KEYS_PATH,
        )
        provider.behave(key="2", answer="human")
        out = Outgoing(
            called.message_id,
            called.phone,
            "Hola Denise",
            language="es",
            status_callback=f"{base}{VOICE_STATUS_PATH}?message={called.message_id}",
        )
        async with served(hub.house, tmp_path, port, **more):
            receipt = await channel.send(out)
            await provider.settle()
        await channel.aclose()
    assert [callback.answered for callback in provider.callbacks] == [204, 204, 204]
    assert [fromstring(answer)[0].text for answer in provider.said] == [
        voice_words("es").thanks["2"]
    ]
    assert called.replies() == ["RIDE"]
    with hub.reading() as session:
        rows = session.exec(
            select(Message).where(col(Message.provider_id) == receipt.provider_id)
        ).all()
    assert [row.state for row in rows] == ["delivered"]
