"""What all webhooks of the SMS and voice provider share: a form that the account's token signed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from activities.channels import valid_signature
from api import problems
from api.problems import Refusal, documented
from engine.addresses import public_url
from engine.settings import Settings

MOST_FIELDS = 100
REFUSALS = documented(
    problems.UNREADABLE,
    problems.NOT_ALLOWED,
    problems.TOO_LARGE,
    problems.INVALID,
    problems.FAILED,
    problems.BUSY,
)
"""How every webhook may refuse, for its description."""


def described_form(*names: str) -> dict[str, Any]:
    """The description of a form with these fields."""
    fields = {name: {"type": "string"} for name in names}
    schema = {"type": "object", "properties": fields}
    return {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}}


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


def last_of_each(form: Mapping[str, list[str]]) -> dict[str, str]:
    """One value for each field, without the character that no database takes."""
    return {name: values[-1].replace("\x00", "") for name, values in form.items()}


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
