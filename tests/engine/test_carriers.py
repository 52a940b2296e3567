"""Which provider carries what, from settings alone; contradictions are told at once."""

from pathlib import Path

import pytest

from activities.channels import Channel as CarryingChannel
from activities.channels import ChannelKind, Misconfigured
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.sms_android import AndroidGatewayChannel
from activities.house import WallClock
from activities.reports import status_address
from domain.vocabulary import Channel
from engine.addresses import (
    GATEWAY_PATH,
    VOICE_KEYS_PATH,
    VOICE_STATUS_PATH,
    gateway_url,
    voice_keys_url,
    voice_status_url,
)
from engine.building import carriers
from tests.activities.channels.conftest import FAMILY, outgoing
from tests.houses import FixedClock, make_house, settings_in, utc

PUBLIC = "https://hub.example.org"
ACCOUNT = {"sms_url": "https://sms.example.org", "sms_account": "AC1", "sms_token": "12345"}
TEXTS = {**ACCOUNT, "sms_sender": "+13055550100"}
CALLS = {**ACCOUNT, "voice_sender": "+13055550101"}
PHONE = {
    "gateway_url": "https://gateway.example.org",
    "gateway_user": "hub",
    "gateway_password": "secret",
    "gateway_signing_key": "a key",
    "public_url": PUBLIC,
}


def carried(folder: Path, settings: dict[str, str]) -> dict[Channel, CarryingChannel]:
    return carriers(settings_in(folder, **settings), WallClock())


@pytest.mark.parametrize(
    ("settings", "texts", "calls"),
    [
        ({}, ChannelKind.OUTBOX, ChannelKind.OUTBOX),
        (TEXTS, ChannelKind.SMS, ChannelKind.OUTBOX),
        ({**TEXTS, **CALLS}, ChannelKind.SMS, ChannelKind.VOICE),
        (PHONE, ChannelKind.SMS, ChannelKind.OUTBOX),
        ({**PHONE, **CALLS}, ChannelKind.SMS, ChannelKind.VOICE),
    ],
)
def test_what_is_not_set_stays_in_the_outbox(
    tmp_path: Path, settings: dict[str, str], texts: ChannelKind, calls: ChannelKind
) -> None:
    found = carried(tmp_path, settings)
    assert list(found) == [Channel.SMS, Channel.VOICE, Channel.EMAIL]
    assert (found[Channel.SMS].kind, found[Channel.VOICE].kind) == (texts, calls)


def test_a_hubs_own_phone_may_carry_texts_while_the_account_calls(tmp_path: Path) -> None:
    assert isinstance(carried(tmp_path, {**PHONE, **CALLS})[Channel.SMS], AndroidGatewayChannel)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({**PHONE, **TEXTS}, "Two providers"),
        ({**PHONE, **TEXTS, **CALLS}, "Two providers"),
        ({**PHONE, **ACCOUNT}, "Two providers"),
        ({**PHONE, "gateway_signing_key": ""}, "HOMEWARD_GATEWAY_SIGNING_KEY"),
        ({**PHONE, "public_url": ""}, "HOMEWARD_PUBLIC_URL"),
        ({**PHONE, "public_url": "http://hub.example.org"}, "HOMEWARD_PUBLIC_URL"),
        ({**PHONE, "gateway_password": ""}, "password"),
        ({"voice_sender": "+13055550101"}, "HOMEWARD_SMS_URL"),
        ({**TEXTS, "voice_sender": "MG1"}, "number"),
        (CALLS, "sender"),
        (ACCOUNT, "sender"),
    ],
)
def test_settings_that_contradict_each_other_or_lack_one_are_told_at_once(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    with pytest.raises(Misconfigured, match=told):
        carried(tmp_path, settings)


@pytest.mark.parametrize(
    ("public", "provider", "base"),
    [
        (f"{PUBLIC}/", "https://api.example.org", PUBLIC),
        ("", "https://api.example.org", ""),
        ("http://hub.example.org", "https://api.example.org", ""),
        ("", "", ""),
        ("", "http://127.0.0.1:9", "http://127.0.0.1:8000"),
    ],
)
def test_a_provider_is_given_only_an_address_that_it_can_reach(
    tmp_path: Path, public: str, provider: str, base: str
) -> None:
    settings = settings_in(tmp_path, public_url=public, sms_url=provider, gateway_url=provider)
    assert voice_status_url(settings) == (base and base + VOICE_STATUS_PATH)
    assert voice_keys_url(settings) == (base and base + VOICE_KEYS_PATH)
    assert gateway_url(settings) == (base and base + GATEWAY_PATH)


def test_each_channels_reports_have_an_address_that_names_the_message(tmp_path: Path) -> None:
    house = make_house(tmp_path, FixedClock(utc("2026-12-01 15:00")), public_url=PUBLIC, **TEXTS)
    address = status_address(house, ChannelKind.VOICE, "m1")
    assert address == f"{PUBLIC}{VOICE_STATUS_PATH}?message=m1"
    assert "/sms/status?" in status_address(house, ChannelKind.SMS, "m1")
    assert status_address(house, ChannelKind.EMAIL, "m1") == ""
    house.records.close()


async def test_a_call_of_this_house_offers_keys_at_its_own_address(tmp_path: Path) -> None:
    async with LoopbackSmsProvider() as provider:
        account = {"sms_url": provider.url, "sms_account": provider.account_sid}
        more = {"sms_token": provider.auth_token, "public_url": PUBLIC}
        found = carried(tmp_path, {**TEXTS, **CALLS, **account, **more})
        await found[Channel.VOICE].send(outgoing(FAMILY))
        (call,) = provider.calls()
        for carrier in found.values():
            await carrier.aclose()
    assert f'action="{PUBLIC}{VOICE_KEYS_PATH}?message=m-1"' in call.twiml
