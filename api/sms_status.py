"""Where the SMS provider reports what became of a text (delivery receipts)."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.channels import NotAStatus, parse_status_callback
from api.fields import Id
from api.provider_reports import settle_report
from api.signed_forms import REFUSALS, described_form, last_of_each, signed_form
from engine.addresses import SMS_STATUS_PATH

router = APIRouter(tags=["providers"])


@router.post(
    SMS_STATUS_PATH,
    summary="What became of a text",
    status_code=204,
    openapi_extra=described_form("MessageSid", "MessageStatus", "ErrorCode"),
    responses=REFUSALS,
)
async def sms_status(
    request: Request,
    x_twilio_signature: Annotated[str, Header(max_length=200)] = "",
    message: Annotated[Id | None, Query(description="Our own id of the message.")] = None,
) -> Response:
    """A delivery receipt, signed by the provider. A text that is not known here is no error:
    the provider is thanked, so that it does not ask again."""
    form = await signed_form(request, SMS_STATUS_PATH, x_twilio_signature)
    await run_in_threadpool(_settle, request.app.state, last_of_each(form), message or "")
    return Response(status_code=204)


def _settle(state: Any, form: Mapping[str, str], message_id: str) -> None:
    try:
        provider_id, fate, code = parse_status_callback(form)
    except NotAStatus:
        return
    settle_report(state, provider_id, message_id, fate, code)
