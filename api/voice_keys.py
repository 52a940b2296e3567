"""Where the voice provider tells which key somebody pressed in a call, and what is said to that."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.channels.base import Fate
from activities.channels.voice_script import answer_script
from activities.channels.voice_words import KEYS
from api.fields import Id
from api.provider_reports import settle_report
from api.signed_forms import REFUSALS, described_form, last_of_each, signed_form
from domain.vocabulary import Channel
from engine.addresses import VOICE_KEYS_PATH
from records.database import Records
from records.replies import receive_text
from records.tables import Message

router = APIRouter(tags=["providers"])

MOST_SID = 60


@router.post(
    VOICE_KEYS_PATH,
    summary="Which key somebody pressed in a call",
    response_class=Response,
    openapi_extra=described_form("CallSid", "Digits", "To", "From", "Direction"),
    responses={
        **REFUSALS,
        200: {"description": "What is said to that.", "content": {"application/xml": {}}},
    },
)
async def voice_keys(
    request: Request,
    x_twilio_signature: Annotated[str, Header(max_length=200)] = "",
    message: Annotated[Id | None, Query(description="Our own id of the message.")] = None,
) -> Response:
    """A pressed key, signed by the provider: 1 comes, 2 needs a ride, 3 wants a call, 9 stops the
    calls. It is taken in like the same words in a text; the same key reported twice is one."""
    form = last_of_each(await signed_form(request, VOICE_KEYS_PATH, x_twilio_signature))
    language = await run_in_threadpool(_take_in, request.app.state, form, message or "")
    return Response(answer_script(language, form.get("Digits", "")), media_type="application/xml")


def _take_in(state: Any, form: Mapping[str, str], message_id: str) -> str:
    """Act on the key; the language in which the call spoke, "" when the call is not known."""
    sid, key = form.get("CallSid", "")[:MOST_SID], form.get("Digits", "")
    records: Records = state.records
    if sid and key in KEYS:
        receive_text(
            records,
            _person(form),
            KEYS[key],
            f"{sid}-{key}",
            state.door.now(),
            channel=Channel.VOICE,
            answered=True,
            about=message_id,
        )
    if sid and key:
        # Whoever presses a key has heard the call, whatever the provider took them for.
        settle_report(state, sid, message_id, Fate.DELIVERED, "")
    with records.reading("") as session:
        message = session.get(Message, message_id) if message_id else None
        return message.language if message is not None else ""


def _person(form: Mapping[str, str]) -> str:
    """The number of whoever is on the line: in a call of ours, the one that was called."""
    ours = form.get("Direction", "").startswith("outbound")
    return form.get("To" if ours else "From", "")
