"""Where the Android gateway's phone reports what became of texts, and what people texted back."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.channels import NotAStatus
from activities.channels.gateway_signature import fresh_signature
from activities.channels.sms_android import our_id, parse_event
from api import problems
from api.problems import Refusal
from api.provider_reports import settle_report
from api.signed_forms import REFUSALS
from api.sms_replies import take_in_text
from engine.addresses import GATEWAY_PATH
from engine.settings import Settings

router = APIRouter(tags=["providers"])

MOST_TEXT = 20_000


class Payload(BaseModel):
    """What an event is about; the fields that matter here. Newer apps name the `sender`."""

    message_id: Annotated[str | None, Field(alias="messageId", max_length=64)] = None
    message: Annotated[str | None, Field(max_length=MOST_TEXT)] = None
    phone_number: Annotated[str | None, Field(alias="phoneNumber", max_length=64)] = None
    sender: Annotated[str | None, Field(max_length=64)] = None


class GatewayEvent(BaseModel):
    """Something that happened on the phone."""

    id: Annotated[str, Field(max_length=64)]
    event: Annotated[str, Field(max_length=64)]
    payload: Payload


_SCHEMA = {"$ref": "#/components/schemas/GatewayEvent"}
"""Described, and read only after the signature was found good (api/describing.py adds it)."""


@router.post(
    GATEWAY_PATH,
    summary="What the Android gateway's phone reports",
    status_code=204,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": _SCHEMA}}}},
    responses=REFUSALS,
)
async def gateway_event(
    request: Request,
    x_signature: Annotated[str, Header(max_length=200)] = "",
    x_timestamp: Annotated[str, Header(max_length=20)] = "",
) -> Response:
    """A text that was sent, delivered, failed or received, signed by the phone within the last
    five minutes. The same event told twice is one; an event that is not known is no error."""
    event = await _signed_event(request, x_signature, x_timestamp)
    await run_in_threadpool(_take_in, request.app.state, event)
    return Response(status_code=204)


async def _signed_event(request: Request, signature: str, timestamp: str) -> GatewayEvent:
    """The event of a body that the phone signed a moment ago.

    Raises:
        Refusal: the signature does not fit, or it is too old.
    """
    body = await request.body()
    settings: Settings = request.app.state.settings
    now = request.app.state.door.now()
    if not fresh_signature(settings.gateway_signing_key, body, timestamp, signature, now):
        raise Refusal(
            problems.NOT_ALLOWED,
            "The signature does not fit, or it is older than five minutes. "
            "HOMEWARD_GATEWAY_SIGNING_KEY must be the signing key in the app's settings, and the "
            "phone's clock must be right.",
        )
    try:
        # Half of a letter is none: a STOP beside a broken emoji is a STOP.
        whole = json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "ignore")
        return GatewayEvent.model_validate_json(whole)
    except (ValidationError, ValueError, RecursionError):
        raise problems.of_status(400) from None


def _take_in(state: Any, event: GatewayEvent) -> None:
    payload = event.payload
    if event.event == "sms:received":
        sender = payload.sender or payload.phone_number or ""
        # The event's own id: the message's is made from its words and comes back with them.
        take_in_text(state, sender, payload.message or "", event.id)
        return
    try:
        gateway_id, fate, code = parse_event(event.event, payload.message_id or "")
    except NotAStatus:
        return
    settle_report(state, gateway_id, our_id(gateway_id), fate, code)
