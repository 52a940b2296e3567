"""Calls that we ask for and the loopback provider shows, against the provider's description."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from activities.channels import TwilioVoiceChannel
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, LoopbackSmsProvider
from activities.channels.twilio_codes import call_fate_of
from activities.channels.voice_script import MOST_SCRIPT
from tests.activities.channels.conftest import FAMILY, NOON, WORDS, outgoing
from tests.activities.channels.test_sms_spec import FORM, SPEC, spec
from tests.activities.channels.test_voice_twilio import answering

__all__ = ["spec"]

CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="the API description is not here")


async def test_every_field_we_send_is_in_the_description(spec: dict[str, Any]) -> None:
    seen: list[Request] = []

    def reply(request: Request) -> bytes:
        seen.append(request)
        if request.method == "GET":
            return Answer(200, {"calls": [], "next_page_uri": None}).as_bytes()
        return Answer(201, {"sid": "CA" + "0" * 32, "status": "queued"}).as_bytes()

    async with answering(reply) as channel:
        await channel.send(outgoing(status_callback="https://hub.example.org/status"))
        await channel.find(FAMILY, WORDS, NOON)
    create, *searches = seen
    described = spec["paths"][CALLS]["post"]["requestBody"]["content"][FORM]["schema"]
    properties = described["properties"]
    assert create.path == CALLS.format(AccountSid=ACCOUNT)
    assert create.form.keys() <= properties.keys()
    assert set(described["required"]) <= create.form.keys()
    for event in create.all_of("StatusCallbackEvent"):
        assert f"`{event}`" in properties["StatusCallbackEvent"]["description"]
    assert f"`{create.form['MachineDetection']}`" in properties["MachineDetection"]["description"]
    assert f"{MOST_SCRIPT} characters" in properties["Twiml"]["description"]
    parameters = {p["name"] for p in spec["paths"][CALLS]["get"]["parameters"]}
    assert len(searches) == 2
    for search in searches:
        assert search.query.keys() <= parameters


def test_every_status_of_a_call_has_a_fate(spec: dict[str, Any]) -> None:
    statuses = spec["components"]["schemas"]["call_enum_status"]["enum"]
    assert [status for status in statuses if call_fate_of(status) is None] == []


async def test_the_loopback_provider_answers_with_the_described_fields(
    spec: dict[str, Any], provider: LoopbackSmsProvider, voice: TwilioVoiceChannel
) -> None:
    receipt = await voice.send(outgoing())
    await provider.settle()
    assert re.fullmatch(r"CA[0-9a-fA-F]{32}", receipt.provider_id)
    listing = spec["paths"][CALLS]["get"]["responses"]["200"]["content"]["application/json"]
    base = f"{provider.url}/2010-04-01/Accounts/{ACCOUNT}/Calls"
    async with httpx.AsyncClient(auth=(ACCOUNT, AUTH_TOKEN), trust_env=False) as client:
        page = (await client.get(f"{base}.json")).json()
        call = (await client.get(f"{base}/{receipt.provider_id}.json")).json()
    schemas = spec["components"]["schemas"]
    assert page.keys() == listing["schema"]["properties"].keys()
    assert page["calls"] == [call]
    assert call.keys() == schemas["api.v2010.account.call"]["properties"].keys()
    assert call["status"] in schemas["call_enum_status"]["enum"]
