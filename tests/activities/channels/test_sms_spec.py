"""What we send and what the loopback provider answers, against the provider's own description."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.channels import TwilioChannel
from activities.channels.loopback_http import Answer, Request
from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, LoopbackSmsProvider
from activities.channels.twilio_codes import fate_of
from tests.activities.channels.conftest import FAMILY, NOON, WORDS, outgoing
from tests.activities.channels.test_sms_twilio import answering

SPEC = Path(__file__).parents[4] / "shared/specs/twilio-messages-calls.openapi.json"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="the API description is not here")


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SPEC.read_text())
    return loaded


async def captured() -> list[Request]:
    """The requests of one send and one search."""
    seen: list[Request] = []

    def reply(request: Request) -> bytes:
        seen.append(request)
        if request.method == "GET":
            return Answer(200, {"messages": [], "next_page_uri": None}).as_bytes()
        return Answer(201, {"sid": "SM" + "0" * 32, "status": "queued"}).as_bytes()

    async with answering(reply) as channel:
        await channel.send(outgoing(status_callback="https://hub.example.org/sms/status"))
        await channel.find(FAMILY, WORDS, NOON)
    return seen


async def test_every_field_we_send_is_in_the_description(spec: dict[str, Any]) -> None:
    create, *searches = await captured()
    described = spec["paths"][MESSAGES]["post"]["requestBody"]["content"][FORM]["schema"]
    assert create.headers["content-type"] == FORM
    assert create.path == MESSAGES.format(AccountSid=ACCOUNT)
    assert create.form.keys() <= described["properties"].keys()
    assert set(described.get("required", [])) <= create.form.keys()
    parameters = {p["name"] for p in spec["paths"][MESSAGES]["get"]["parameters"]}
    assert len(searches) == 2
    for search in searches:
        assert search.query.keys() <= parameters


def test_every_status_of_an_outgoing_message_has_a_fate(spec: dict[str, Any]) -> None:
    statuses = set(spec["components"]["schemas"]["message_enum_status"]["enum"])
    assert {status for status in statuses if fate_of(status) is None} == {"receiving", "received"}


async def test_the_loopback_provider_answers_with_the_described_fields(
    spec: dict[str, Any], provider: LoopbackSmsProvider, sms: TwilioChannel
) -> None:
    receipt = await sms.send(outgoing())
    assert re.fullmatch(r"(SM|MM)[0-9a-fA-F]{32}", receipt.provider_id)
    schemas = spec["components"]["schemas"]
    listing = spec["paths"][MESSAGES]["get"]["responses"]["200"]["content"]["application/json"]
    base = f"{provider.url}/2010-04-01/Accounts/{ACCOUNT}/Messages"
    async with httpx.AsyncClient(auth=(ACCOUNT, AUTH_TOKEN), trust_env=False) as client:
        page = (await client.get(f"{base}.json")).json()
        text = (await client.get(f"{base}/{receipt.provider_id}.json")).json()
    assert page.keys() == listing["schema"]["properties"].keys()
    assert text.keys() == schemas["api.v2010.account.message"]["properties"].keys()
    assert text["status"] in schemas["message_enum_status"]["enum"]
    assert text["direction"] in schemas["message_enum_direction"]["enum"]
