"""The door of the JSON API: who is calling, and whether their role may do that.

It is passed before anything of the body is read.
"""

import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import problems
from api.noting import Deed, note_if_none, watch
from api.permissions import ALLOWED
from api.problems import Refusal, documented
from api.throttle import Throttle
from domain.vocabulary import Role
from records.access import Caller, caller_of_token, hash_token
from records.database import Records

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="homeward"'}
_LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Door:
    """Lets callers in by their bearer token.

    Attributes:
        now: the present (UTC), from the application's one clock.
    """

    records: Records
    now: Callable[[], datetime]
    throttle: Throttle = field(default_factory=Throttle)

    def caller(self, authorization: str, client: str) -> Caller:
        """Who sent this Authorization header.

        Raises:
            Refusal: no valid token (401), or too many failures from this client (429).
        """
        scheme, _, secret = authorization.partition(" ")
        secret = secret.strip()
        token_hash = hash_token(secret)
        wait = self.throttle.wait(client, token_hash)
        if wait:
            raise _slow_down(wait)
        caller = None
        if scheme.lower() == "bearer" and 0 < len(secret) <= _LONGEST_TOKEN:
            caller = caller_of_token(self.records, secret, self.now())
        if caller is None:
            if secret:
                self.throttle.failed(client, token_hash)
            raise _no_token()
        self.throttle.succeeded(token_hash)
        return caller


def _no_token() -> Refusal:
    return Refusal(
        problems.NO_TOKEN,
        "Send `Authorization: Bearer …` with a token that is valid now; `homeward token` or a hub "
        "admin makes one.",
        headers=_CHALLENGE,
    )


def _slow_down(seconds: float) -> Refusal:
    wait = math.ceil(seconds)
    return Refusal(
        problems.TOO_MANY,
        f"Wait {wait} s, then send a token that is valid.",
        headers={"Retry-After": str(wait)},
    )


def _only(roles: frozenset[Role]) -> Refusal:
    names = ", ".join(sorted(roles))
    return Refusal(problems.NOT_ALLOWED, f"This needs a token with one of the roles: {names}.")


class GuardedRoute(APIRoute):
    """A route that is in the table of permissions, and that only its roles pass.

    Raises:
        KeyError: when it is built without an entry in `ALLOWED`.
    """

    def get_route_handler(self) -> Handler:
        """The route's own handler, behind the door."""
        handle = super().get_route_handler()
        roles = ALLOWED[self.name]

        async def guarded(request: Request) -> Response:
            door: Door = request.app.state.door
            client = request.client.host if request.client else ""
            authorization = request.headers.get("authorization", "")
            caller = await run_in_threadpool(door.caller, authorization, client)
            if caller.role not in roles:
                raise _only(roles)
            request.state.caller = caller
            watch()
            response = await handle(request)
            records = request.app.state.records
            deed = Deed("called", self.name)
            await note_if_none(records, caller, door.now(), deed, request, response)
            return response

        return guarded


_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token made by `homeward token` or by a hub admin.",
)


def _let_in(request: Request, _: Annotated[Any, Depends(_bearer)]) -> Caller:
    caller: Caller = request.state.caller
    return caller


LetIn = Annotated[Caller, Depends(_let_in)]
"""The caller, as `GuardedRoute` let them in."""


def guarded_router(subject: str) -> APIRouter:
    """A router whose every route is guarded, under one heading of the description."""
    return APIRouter(
        route_class=GuardedRoute,
        tags=[subject],
        responses=documented(
            problems.UNREADABLE,
            problems.NO_TOKEN,
            problems.NOT_ALLOWED,
            problems.TOO_LARGE,
            problems.INVALID,
            problems.TOO_MANY,
            problems.FAILED,
            problems.BUSY,
        ),
    )
