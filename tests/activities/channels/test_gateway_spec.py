"""What we send, and what the loopback gateway answers and tells, against its own description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from activities.channels import AndroidGatewayChannel, Unavailable
from activities.channels.loopback_gateway import LoopbackGateway
from activities.channels.loopback_http import Answer, Request
from activities.channels.sms_android import EVENTS
from tests.activities.channels.conftest import COUSIN, FAMILY, NOON, WORDS, outgoing
from tests.activities.channels.test_sms_android import answering, register
from tests.activities.channels.test_sms_twilio import raw_server

SPEC = Path(__file__).parents[4] / "shared/specs/android-sms-gateway.swagger.json"
LONGEST_ID = "0" * 32

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="the API description is not here")


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SPEC.read_text())
    return loaded


def fits(spec: dict[str, Any], name: str, value: object) -> None:
    """Raises when a value does not fit a schema of the description, unknown fields included."""
    schema = spec["components"]["schemas"][name]
    whole = {**_strict(schema), "components": _strict(spec["components"])}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def _strict(part: Any) -> Any:
    """The same schema, for JSON Schema: `nullable` is a type, and `allOf` beside a wrong `type`
    (the description writes enumerations so) stands alone."""
    if isinstance(part, list):
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _strict(value) for name, value in part.items() if name != "nullable"}
    if "allOf" in made:
        made.pop("type", None)
    if part.get("nullable") and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


def known_fields(spec: dict[str, Any], name: str) -> set[str]:
    """The fields of a schema and of those that it is made of."""
    schema = spec["components"]["schemas"][name]
    fields = set(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        fields |= set(part.get("properties", {}))
        if "$ref" in part:
            fields |= known_fields(spec, part["$ref"].rpartition("/")[2])
    return fields


async def test_every_request_is_one_of_the_description(spec: dict[str, Any]) -> None:
    seen: list[Request] = []

    def reply(request: Request) -> bytes:
        seen.append(request)
        return Answer(503).as_bytes()

    async with answering(reply) as channel:
        for asked in (
            channel.send(outgoing()),
            channel.find(FAMILY, WORDS, NOON, "m-1"),
            channel.check(),
            channel._rows("devices"),
            channel._rows("webhooks"),
        ):
            with pytest.raises(Unavailable):
                await asked
    for request in seen:
        path = request.path.replace("m-1", "{id}")
        assert request.method.lower() in spec["paths"][path], path
    wanted = json.loads(seen[0].body)
    fits(spec, "smsgateway.Message", wanted)
    assert wanted.keys() <= known_fields(spec, "smsgateway.Message")


def test_an_id_of_ours_is_short_enough_for_every_try(spec: dict[str, Any]) -> None:
    fits(spec, "smsgateway.Message", {"phoneNumbers": [FAMILY], "id": f"{LONGEST_ID}.9"})
    with pytest.raises(ValidationError):
        fits(spec, "smsgateway.Message", {"phoneNumbers": [FAMILY], "id": f"{LONGEST_ID}.9999"})


def test_a_repeated_id_and_a_full_queue_are_described(spec: dict[str, Any]) -> None:
    answers = spec["paths"]["/messages"]["post"]["responses"]
    assert {"202", "409", "503"} <= answers.keys()


def test_every_state_and_event_of_the_description_is_known(spec: dict[str, Any]) -> None:
    from activities.channels.sms_android import _STATES

    schemas = spec["components"]["schemas"]
    assert schemas["smsgateway.ProcessingState"]["enum"] == list(_STATES)
    assert set(EVENTS) <= set(schemas["smsgateway.WebhookEvent"]["enum"])


async def test_the_loopback_gateway_answers_as_described(
    spec: dict[str, Any], gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    gateway.behave(callbacks=["sent", "failed"])
    await register(gateway, "http://127.0.0.1:9/webhooks/gateway", *EVENTS)
    async with httpx.AsyncClient(auth=gateway.login, trust_env=False) as client:
        wanted = {"id": "m-1", "textMessage": {"text": "Hi"}, "phoneNumbers": [FAMILY]}
        made = await client.post(f"{gateway.url}/messages", json=wanted)
        await gateway.settle()
        again = await client.post(f"{gateway.url}/messages", json=wanted)
        state = await client.get(f"{gateway.url}/messages/m-1")
        health = await client.get(f"{gateway.url}/health")
        devices = await client.get(f"{gateway.url}/devices")
        hooks = await client.get(f"{gateway.url}/webhooks")
    assert (made.status_code, again.status_code) == (202, 409)
    for answer, name in (
        (made, "GetMessageResponse"),
        (state, "GetMessageResponse"),
        (again, "ErrorResponse"),
        (health, "HealthResponse"),
    ):
        fits(spec, f"smsgateway.{name}", answer.json())
        assert answer.json().keys() <= known_fields(spec, f"smsgateway.{name}")
    for rows, name in ((devices, "Device"), (hooks, "Webhook")):
        for row in rows.json():
            fits(spec, f"smsgateway.{name}", row)
            assert row.keys() <= known_fields(spec, f"smsgateway.{name}")


async def test_the_loopback_gateways_events_are_as_described(
    spec: dict[str, Any], gateway: LoopbackGateway, android: AndroidGatewayChannel
) -> None:
    events: list[dict[str, Any]] = []

    def webhook(request: Request) -> bytes:
        events.append(json.loads(request.body))
        return Answer(200).as_bytes()

    gateway.behave(callbacks=["sent", "delivered", "failed"])
    async with raw_server(webhook) as url:
        await register(gateway, url, *EVENTS)
        await android.send(outgoing())
        await gateway.settle()
        await gateway.text_in(COUSIN, "Mwen la")
    described = spec["components"]["schemas"]["WebHookEvent"]
    assert [event["event"] for event in events] == [*EVENTS[1:], EVENTS[0]]
    for event in events:
        assert set(described["required"]) <= event.keys() <= described["properties"].keys()
        name = f"Sms{event['event'].removeprefix('sms:').title()}Payload"
        assert event["payload"].keys() <= known_fields(spec, name)
