"""Where the SMS provider hands over what somebody texted back."""

from typing import Annotated, Any

from fastapi import APIRouter, Header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.provider_reports import MOST_ID
from api.signed_forms import REFUSALS, described_form, last_of_each, signed_form
from engine.addresses import SMS_REPLY_PATH
from records.database import Records
from records.replies import receive_text

router = APIRouter(tags=["providers"])

MOST_TEXT = 1600


@router.post(
    SMS_REPLY_PATH,
    summary="What somebody texted back",
    status_code=204,
    openapi_extra=described_form("MessageSid", "From", "Body"),
    responses=REFUSALS,
)
async def sms_incoming(
    request: Request, x_twilio_signature: Annotated[str, Header(max_length=200)] = ""
) -> Response:
    """A text from outside, signed by the provider. STOP ends messages at once; a question or a
    wish for a ride becomes a task for a person. The same text reported twice is one."""
    form = last_of_each(await signed_form(request, SMS_REPLY_PATH, x_twilio_signature))
    sender, body, sid = (form.get(name, "") for name in ("From", "Body", "MessageSid"))
    answered = bool(form.get("OptOutType"))
    await run_in_threadpool(take_in_text, request.app.state, sender, body, sid, answered=answered)
    return Response(status_code=204)


def take_in_text(
    state: Any, sender: str, body: str, provider_id: str, *, answered: bool = False
) -> None:
    """Hand a text over to the records; one without a sender or an id is none.

    Args:
        state: the application's.
        sender: the number that it came from, as the provider writes it.
        body: the words.
        provider_id: the provider's id of this text: the same id twice is one text.
        answered: the provider has already told the sender what their STOP or START did.
    """
    records: Records = state.records
    sender, body, provider_id = (part.replace("\x00", "") for part in (sender, body, provider_id))
    if sender and provider_id:
        receive_text(
            records,
            sender,
            body[:MOST_TEXT],
            provider_id[:MOST_ID],
            state.door.now(),
            answered=answered,
        )
