"""Where the voice provider reports what became of a call."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.channels import NotAStatus, parse_call_report
from api.fields import Id
from api.provider_reports import settle_report
from api.signed_forms import REFUSALS, described_form, last_of_each, signed_form
from engine.addresses import VOICE_STATUS_PATH

router = APIRouter(tags=["providers"])


@router.post(
    VOICE_STATUS_PATH,
    summary="What became of a call",
    status_code=204,
    openapi_extra=described_form(
        "CallSid", "CallStatus", "AnsweredBy", "CallDuration", "SipResponseCode", "ErrorCode"
    ),
    responses=REFUSALS,
)
async def voice_status(
    request: Request,
    x_twilio_signature: Annotated[str, Header(max_length=200)] = "",
    message: Annotated[Id | None, Query(description="Our own id of the message.")] = None,
) -> Response:
    """How far a call got, signed by the provider; reports come in any order and more than once.
    Only a person who listened counts as reached. A call that is not known here is no error."""
    form = await signed_form(request, VOICE_STATUS_PATH, x_twilio_signature)
    await run_in_threadpool(_settle, request.app.state, last_of_each(form), message or "")
    return Response(status_code=204)


def _settle(state: Any, form: Mapping[str, str], message_id: str) -> None:
    try:
        provider_id, fate, code = parse_call_report(form)
    except NotAStatus:
        return
    settle_report(state, provider_id, message_id, fate, code)
