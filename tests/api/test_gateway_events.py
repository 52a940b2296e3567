"""What the Android gateway's phone tells: signed, fresh, once, and what follows from it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.channels import AndroidGatewayChannel, Outgoing
from activities.channels.gateway_signature import sign
from activities.channels.loopback_gateway import SIGNING_KEY, LoopbackGateway
from activities.channels.sms_android import EVENTS
from domain.vocabulary import Channel
from engine.addresses import GATEWAY_PATH, SMS_REPLY_PATH
from engine.embedded import free_port
from tests.activities.channels.test_sms_android import register
from tests.api.calls import PUBLIC, TOKEN, Carried, at, posted
from tests.api.programs import NOW, Installation, installation
from tests.api.test_sms_status import served


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose texts a phone of the hub's carries."""
    more: dict[str, object] = {
        "gateway_signing_key": SIGNING_KEY,
        "sms_token": TOKEN,
        "public_url": PUBLIC,
    }
    with installation(tmp_path_factory.mktemp("var"), **more) as made:
        yield made


@pytest.fixture(autouse=True)
def one_hub(hub: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The factories write into the first of the two hubs; the clock stands where it stood."""
    monkeypatch.setattr(hub.house.records, "sole_hub", lambda slug="": hub.hub_id())
    yield
    at(hub, NOW)


def texted(hub: Installation, gateway_id: str, phone: str, **more: Any) -> Carried:
    """Denise was sent a text through the phone."""
    return Carried(hub, gateway_id, phone, channel=Channel.SMS, **more)


def told(
    hub: Installation,
    event: str,
    payload: dict[str, Any],
    *,
    event_id: str = "event-1",
    key: str = SIGNING_KEY,
    age: float = 0.0,
) -> httpx.Response:
    """The phone tells an event, signed `age` seconds ago."""
    body = json.dumps(
        {"id": event_id, "webhookId": "w", "deviceId": "d", "event": event, "payload": payload}
    ).encode()
    stamp = str(int((hub.clock.at - timedelta(seconds=age)).timestamp()))
    return sent(hub, body, stamp, sign(key, body, stamp))


def sent(hub: Installation, body: bytes, stamp: str, signature: str) -> httpx.Response:
    """A request to the webhook, whatever is in it."""
    headers = {"Content-Type": "application/json", "X-Timestamp": stamp, "X-Signature": signature}
    answer: httpx.Response = hub.http.post(GATEWAY_PATH, content=body, headers=headers)
    return answer


def report(hub: Installation, gateway_id: str, event: str, **more: Any) -> int:
    """The phone reports what became of a text; the answer's status."""
    payload = {"messageId": gateway_id, "phoneNumber": "+13055550170", "simNumber": 1}
    return told(hub, f"sms:{event}", payload, **more).status_code


def text_in(hub: Installation, phone: str, words: str, event_id: str, **more: Any) -> int:
    """Somebody texts the phone; the answer's status."""
    payload = {"messageId": "hash", "message": words, "phoneNumber": phone}
    return told(hub, "sms:received", payload, event_id=event_id, **more).status_code


def test_a_text_is_settled_by_our_own_id(hub: Installation) -> None:
    text = texted(hub, "g1", "+13055550171")
    for event, state in (("sent", "sent"), ("delivered", "delivered")):
        assert report(hub, "g1", event) == 204
        assert text.message.state == state


def test_events_in_any_order_and_repeated_end_at_the_same_state(hub: Installation) -> None:
    text = texted(hub, "g2", "+13055550171")
    before = text.news()
    for event in ("delivered", "sent", "failed", "delivered", "sent"):
        assert report(hub, "g2", event) == 204
        assert text.message.state == "delivered"
    assert text.news() == before


def test_a_phone_without_service_is_no_lasting_trouble(hub: Installation) -> None:
    text = texted(hub, "g3", "+13055550171")
    before = text.news()
    assert report(hub, "g3", "failed") == 204
    assert (text.message.state, text.message.error_code) == ("undelivered", "gateway-failed")
    assert text.contact.unreachable_at is None
    assert text.news() > before, "the workflow is told, so that the ladder goes on"


@pytest.mark.parametrize("suffix", ["", ".2"])
def test_an_event_that_overtakes_the_gateways_own_answer_finds_its_message(
    hub: Installation, suffix: str
) -> None:
    text = texted(hub, "", "+13055550171", state="claimed")
    assert report(hub, text.message_id + suffix, "sent") == 204
    assert (text.message.state, text.message.provider_id) == ("sent", text.message_id + suffix)


def test_stop_to_the_phone_ends_messages_at_once(hub: Installation) -> None:
    text = texted(hub, "g4", "+13055550172")
    assert text_in(hub, text.phone, "STOP", "in-1") == 204
    assert text.opted_out
    assert text.replies() == ["STOP"]


def test_half_a_letter_is_no_reason_to_miss_a_stop(hub: Installation) -> None:
    text = texted(hub, "g9", "+13055550179")
    assert text_in(hub, "+13055550179", "STOP \ud83d", "event-half") == 204
    assert text.contact.opted_out_at is not None


def test_a_number_written_without_its_country_is_the_same_number(hub: Installation) -> None:
    text = texted(hub, "g5", "+13055550173")
    assert text_in(hub, "3055550173", "STOP", "in-2") == 204
    assert text.opted_out


def test_the_newer_name_of_the_sender_counts(hub: Installation) -> None:
    text = texted(hub, "g6", "+13055550174")
    payload = {"message": "need a ride", "phoneNumber": None, "sender": text.phone}
    assert told(hub, "sms:received", payload, event_id="in-3").status_code == 204
    assert text.replies() == ["need a ride"]


def test_the_same_event_twice_is_one_and_the_same_words_twice_are_two(hub: Installation) -> None:
    text = texted(hub, "g7", "+13055550175")
    for event_id in ("in-4", "in-4", "in-5", "in-4"):
        assert text_in(hub, text.phone, "ok", event_id) == 204
    assert text.replies() == ["ok", "ok"]


def test_a_replayed_stop_after_a_start_does_not_opt_her_out_again(hub: Installation) -> None:
    text = texted(hub, "g8", "+13055550176")
    for words, event_id in (("STOP", "in-6"), ("START", "in-7"), ("STOP", "in-6")):
        assert text_in(hub, text.phone, words, event_id) == 204
    assert not text.opted_out
    at(hub, NOW + timedelta(hours=1))
    assert text_in(hub, text.phone, "STOP", "in-8", age=3600) == 403
    assert not text.opted_out


@pytest.mark.parametrize(
    ("age", "status"), [(0, 204), (299, 204), (-299, 204), (301, 403), (-301, 403), (86_400, 403)]
)
def test_a_signature_is_good_for_five_minutes(hub: Installation, age: float, status: int) -> None:
    text = texted(hub, f"g9{age}", "+13055550177")
    assert report(hub, f"g9{age}", "sent", age=age) == status
    assert text.message.state == ("sent" if status == 204 else "queued")


def test_a_try_that_comes_days_later_is_signed_anew_and_heard(hub: Installation) -> None:
    text = texted(hub, "g10", "+13055550178")
    at(hub, NOW + timedelta(days=2))
    assert text_in(hub, text.phone, "STOP", "in-9") == 204
    assert text.opted_out


def test_what_nobody_signed_changes_nothing(hub: Installation) -> None:
    text = texted(hub, "g11", "+13055550179")
    assert text_in(hub, text.phone, "STOP", "in-10", key="another") == 403
    assert text_in(hub, text.phone, "STOP", "in-10", key="") == 403
    assert report(hub, "g11", "failed", key="another") == 403
    unsigned = hub.http.post(GATEWAY_PATH, json={"id": "1", "event": "sms:sent", "payload": {}})
    assert unsigned.status_code == 403
    assert unsigned.headers["content-type"] == "application/problem+json"
    body = b'{"id": "1", "event": "sms:failed", "payload": {"messageId": "g11"}}'
    stamp = str(int(NOW.timestamp()))
    for wrong in ("now", "", "9" * 12):
        assert sent(hub, body, wrong, sign(SIGNING_KEY, body, stamp)).status_code == 403
    assert sent(hub, body + b" ", stamp, sign(SIGNING_KEY, body, stamp)).status_code == 403
    assert (text.message.state, text.opted_out) == ("queued", False)


def test_without_a_key_nothing_is_valid(tmp_path: Path) -> None:
    with installation(tmp_path) as bare:
        assert report(bare, "g1", "sent", key="") == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"event": "sms:sent"}',
        b'{"id": 1, "event": "sms:sent", "payload": {}}',
        b'{"id": "1", "event": "sms:sent", "payload": []}',
        b"[" * 5000,
    ],
)
def test_what_cannot_be_read_is_refused_even_when_it_is_signed(
    hub: Installation, body: bytes
) -> None:
    stamp = str(int(NOW.timestamp()))
    assert sent(hub, body, stamp, sign(SIGNING_KEY, body, stamp)).status_code == 400


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("system:ping", {"health": {"status": "pass"}}),
        ("mms:received", {"transactionId": "t", "size": 3}),
        ("sms:sent", {"messageId": "unknown"}),
        ("sms:sent", {"messageId": None}),
        ("sms:sent", {"messageId": "a\x00b"}),
        ("sms:received", {"message": "hello", "phoneNumber": "+13055550199"}),
        ("sms:received", {"message": "hello", "phoneNumber": "Bank"}),
        ("sms:received", {"message": "nul \x00", "phoneNumber": "+1305\x005550199"}),
        ("sms:received", {}),
        ("something:new", {}),
    ],
)
def test_an_event_that_concerns_nobody_here_is_no_error(
    hub: Installation, event: str, payload: dict[str, Any]
) -> None:
    assert told(hub, event, payload).status_code == 204


def test_a_provider_of_the_other_kind_does_not_open_this_door(hub: Installation) -> None:
    fields = {"MessageSid": "SM1", "From": "+13055550171", "Body": "STOP"}
    assert posted(hub, GATEWAY_PATH, fields).status_code == 403
    assert posted(hub, SMS_REPLY_PATH, fields).status_code == 204


async def test_a_text_its_receipt_and_an_answer_go_over_real_sockets(
    hub: Installation, tmp_path: Path
) -> None:
    port = free_port()
    more: dict[str, object] = {"gateway_signing_key": SIGNING_KEY}
    text = texted(hub, "", "+13055550180", state="claimed")
    async with LoopbackGateway() as gateway:
        channel = AndroidGatewayChannel(gateway.url, *gateway.login)
        gateway.behave(callbacks=["delivered", "sent", "delivered"])
        async with served(hub.house, tmp_path, port, **more):
            await register(gateway, f"http://127.0.0.1:{port}{GATEWAY_PATH}", *EVENTS)
            await channel.send(Outgoing(text.message_id, text.phone, "Hi Denise"))
            await gateway.settle()
            assert await gateway.text_in(text.phone, "STOP", event_id="in-11") == [204]
            assert await gateway.text_in(text.phone, "STOP", event_id="in-11") == [204]
        await channel.aclose()
    assert gateway.answered == [204] * 5
    assert (text.message.state, text.message.provider_id) == ("delivered", text.message_id)
    assert text.replies() == ["STOP"]
    assert text.opted_out
