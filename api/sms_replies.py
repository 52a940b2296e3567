"""Where the SMS provider hands over what somebody texted back."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import problems
from api.problems import documented
from api.sms_status import signed_form
from engine.addresses import SMS_REPLY_PATH
from records.database import Records
from records.replies import receive_text

router = APIRouter(tags=["providers"])

MOST_TEXT = 1600
_FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "MessageSid": {"type": "string"},
                        "From": {"type": "string"},
                        "Body": {"type": "string"},
                    },
                }
            }
        }
    }
}


@router.post(
    SMS_REPLY_PATH,
    summary="What somebody texted back",
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
async def sms_incoming(
    request: Request, x_twilio_signature: Annotated[str, Header(max_length=200)] = ""
) -> Response:
    """A text from outside, signed by the provider. STOP ends messages at once; a question or a
    wish for a ride becomes a task for a person. The same text reported twice is one."""
    form = await signed_form(request, SMS_REPLY_PATH, x_twilio_signature)
    one = {name: values[-1].replace("\x00", "") for name, values in form.items()}
    records: Records = request.app.state.records
    now = request.app.state.door.now()
    if one.get("MessageSid") and one.get("From"):
        await run_in_threadpool(
            receive_text,
            records,
            one["From"],
            one.get("Body", "")[:MOST_TEXT],
            one["MessageSid"][:64],
            now,
        )
    return Response(status_code=204)
