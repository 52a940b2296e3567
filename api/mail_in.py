"""Where a mail server hands over incoming mail: delivery reports, and what people write back."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.mail_in import MailFate, take_in_mail
from api import problems
from api.mail_signature import HEADER, REPLAY_WINDOW, signed_at, valid_mail_signature
from api.problems import Refusal, documented
from engine.addresses import MAIL_PATH
from engine.settings import Settings
from records.database import Records

router = APIRouter(tags=["providers"])

_MAIL = {
    "requestBody": {
        "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}
    }
}


@router.post(
    MAIL_PATH,
    summary="A mail that arrived",
    status_code=204,
    openapi_extra=_MAIL,
    responses=documented(
        problems.UNREADABLE,
        problems.NOT_ALLOWED,
        problems.NOT_FOUND,
        problems.TOO_LARGE,
        problems.INVALID,
        problems.FAILED,
        problems.BUSY,
    ),
)
async def mail_incoming(
    request: Request,
    signature: Annotated[
        str,
        Header(
            alias=HEADER,
            max_length=200,
            description="`t=SECONDS,v1=HEX`: HMAC-SHA256 over the seconds, a full stop and the "
            "body, not older than five minutes.",
        ),
    ] = "",
) -> Response:
    """One mail as it was received (RFC 5322), signed with the shared key. A delivery report
    settles the message that it is about; STOP ends e-mail at once; a person's words become a task
    for a person. Mail that has nothing to do with this house is no error. The same mail twice is
    one."""
    settings: Settings = request.app.state.settings
    now = request.app.state.door.now()
    if not settings.mail_in_key:
        raise problems.of_status(404)
    at = signed_at(signature)
    if at is None or abs(now - at) > REPLAY_WINDOW:
        raise _not_signed()  # before anything of the body is read
    raw = await request.body()
    if not valid_mail_signature(settings.mail_in_key, raw, signature, now):
        raise _not_signed()
    records: Records = request.app.state.records
    fate = await run_in_threadpool(take_in_mail, records, raw, now)
    if fate is MailFate.UNREADABLE:
        raise Refusal(problems.UNREADABLE, "Send one whole mail, with its headers (RFC 5322).")
    return Response(status_code=204)


def _not_signed() -> Refusal:
    return Refusal(
        problems.NOT_ALLOWED,
        f"The {HEADER} does not fit. Sign the seconds, a full stop and the body with "
        "HOMEWARD_MAIL_IN_KEY, and check both clocks.",
    )
