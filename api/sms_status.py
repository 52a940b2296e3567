"""Where the SMS provider reports what became of a text (delivery receipts)."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.channels import NotAStatus, parse_status_callback, valid_signature
from activities.channels.base import Fate
from activities.reports import message_reported, note_report
from api import problems
from api.fields import Id
from api.problems import Refusal, documented
from engine.addresses import SMS_STATUS_PATH, public_url
from engine.settings import Settings
from records.database import Records

router = APIRouter(tags=["providers"])

MOST_FIELDS = 100
_FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "MessageSid": {"type": "string"},
                        "MessageStatus": {"type": "string"},
                        "ErrorCode": {"type": "string"},
                    },
                }
            }
        }
    }
}


@router.post(
    SMS_STATUS_PATH,
    summary="What became of a text",
    status_code=204,
    openapi_extra=_FORM,
    responses=documented(
        problems.UNREADABLE,
        problems.NOT_ALLOWED,
        problems.TOO_LARGE,
        problems.INVALID,
        problems.FAILED,
        problems.BUSY,
    ),
)
async def sms_status(
    request: Request,
    x_twilio_signature: Annotated[str, Header(max_length=200)] = "",
    message: Annotated[Id | None, Query(description="Our own id of the message.")] = None,
) -> Response:
    """A delivery receipt, signed by the provider. A text that is not known here is no error:
    the provider is thanked, so that it does not ask again."""
    form = await signed_form(request, SMS_STATUS_PATH, x_twilio_signature)
    single = {name: values[-1] for name, values in form.items()}
    await run_in_threadpool(_settle, request.app.state, single, message or "")
    return Response(status_code=204)


async def signed_form(request: Request, path: str, signature: str) -> dict[str, list[str]]:
    """The fields of a form that the provider signed.

    Raises:
        Refusal: the signature does not fit.
    """
    form = _fields(await request.body())
    settings: Settings = request.app.state.settings
    called = public_url(settings) + path
    if request.url.query:
        called += f"?{request.url.query}"
    if not valid_signature(settings.sms_token, called, form, signature):
        raise Refusal(
            problems.NOT_ALLOWED,
            "The signature does not fit. HOMEWARD_SMS_TOKEN must be the account's auth token and "
            "HOMEWARD_PUBLIC_URL the address that the provider calls.",
        )
    return form


def _fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a form, empty ones too: the signature is over all of them."""
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise problems.of_status(400) from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def _settle(state: Any, form: Mapping[str, str], message_id: str) -> None:
    try:
        provider_id, fate, code = parse_status_callback(form)
    except NotAStatus:
        return
    if "\x00" in provider_id + code:
        return
    records: Records = state.records
    with records.reading("") as session:
        message = message_reported(session, provider_id, message_id)
    if message is not None:
        _note(records, message.hub_id, provider_id, message_id, fate, code, state)


def _note(
    records: Records,
    hub_id: str,
    provider_id: str,
    message_id: str,
    fate: Fate,
    code: str,
    state: Any,
) -> None:
    with records.writing(hub_id) as session:
        message = message_reported(session, provider_id, message_id)
        if message is not None:
            note_report(session, message, provider_id, fate, code, state.door.now())
