"""Problem details (RFC 9457): every refusal and every failure is told in one shape.

`type` is stable and meant for programs, `detail` says what to do. Nothing that was typed is
ever repeated: it may be a birth date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import Field
from starlette.responses import Response

from api.fields import Out

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its stable name, its status, its title."""

    name: str
    status: int
    title: str

    @property
    def uri(self) -> str:
        """The `type` by which programs know it."""
        return f"urn:homeward:problem:{self.name}"


UNREADABLE = Kind("unreadable-request", 400, "The request cannot be read")
NO_TOKEN = Kind("token-needed", 401, "A valid token is needed")
NOT_ALLOWED = Kind("not-allowed", 403, "This role may not do that")
NOT_FOUND = Kind("not-found", 404, "There is no such thing in this hub")
WRONG_METHOD = Kind("method-not-allowed", 405, "This address does not take that method")
MOVE_REFUSED = Kind("move-refused", 409, "The case cannot move there from here")
CANNOT_ANSWER = Kind("cannot-answer", 409, "No answer may be sent there")
NOT_CONSENTED = Kind("not-consented", 409, "No consent that holds now lets this be shared")
ENDED = Kind("ended", 409, "It has ended and takes no such change any more")
NOT_NOW = Kind("not-now", 409, "It takes no such step now")
CONFLICT = Kind("conflict", 409, "It is there already, or someone changed it at the same moment")
LOST_TOO_MUCH = Kind("calendar-lost-too-much", 409, "More than half of the calendar is missing")
TOO_LARGE = Kind("too-large", 413, "The request is too large")
INVALID = Kind("invalid-fields", 422, "Some fields need correcting")
KEY_REUSED = Kind("idempotency-key-reused", 422, "This Idempotency-Key belongs to another request")
TOO_MANY = Kind("too-many-failures", 429, "Too many failed attempts")
STORE_FULL = Kind("store-full", 507, "The document store has no room")
STORE_AWAY = Kind("store-away", 503, "The document store does not answer")
FAILED = Kind("failed", 500, "Something broke on our side")
BUSY = Kind("busy", 503, "The records are busy")


class FieldError(Out):
    """What is wrong with one field."""

    where: list[str | int] = Field(description="The way to the field, e.g. body, local_time.")
    what: str = Field(description="What to correct. Never what was typed.")


class Problem(Out):
    """A problem (RFC 9457): what happened, and what to do."""

    type: str = Field(description="Stable name of the kind of problem.")
    title: str
    status: int
    detail: str = Field(description="What to do.")
    errors: list[FieldError] | None = Field(default=None, description="Field by field, for 422.")
    allowed: list[str] | None = Field(
        default=None, description="For a refused move: the stages that may follow."
    )


class Refusal(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[FieldError] | None = None,
        allowed: list[str] | None = None,
    ) -> None:
        super().__init__(kind.title)
        self.kind = kind
        self.headers = dict(headers or {})
        self.problem = Problem(
            type=kind.uri,
            title=kind.title,
            status=kind.status,
            detail=detail,
            errors=errors,
            allowed=allowed,
        )

    @property
    def body(self) -> bytes:
        """The problem as JSON."""
        return self.problem.model_dump_json(exclude_none=True).encode()

    def response(self) -> Response:
        """The answer that tells it."""
        return Response(self.body, self.kind.status, media_type=MEDIA_TYPE, headers=self.headers)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Refusal:
    """The problem of a bare HTTP status, as the framework raises them."""
    known = {400: UNREADABLE, 404: NOT_FOUND, 405: WRONG_METHOD, 413: TOO_LARGE}
    advice = {
        400: "Send what /api/v1/openapi.json describes, in UTF-8, with its Content-Type.",
        404: "Check the address; /api/v1/openapi.json lists every one.",
        405: "The Allow header names the methods that it takes.",
        413: "Send less at once.",
    }
    kind = known.get(status) or Kind("http", status, HTTPStatus(status).phrase)
    return Refusal(kind, advice.get(status, "See /api/v1/openapi.json."), headers=headers)


def _documented(kind: Kind) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"{kind.title}.", "content": {MEDIA_TYPE: {"schema": schema}}}


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its OpenAPI description."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        if kind.status in found:
            found[kind.status]["description"] += f" Or: {kind.title}."
        else:
            found[kind.status] = _documented(kind)
    return found
