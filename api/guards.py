"""What every answer passes through: safe headers, a limit on bodies, no naked failure."""

import re
import secrets
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.problems import Refusal
from engine.addresses import MAIL_PATH

log = structlog.get_logger()

MOST_BYTES = 1_000_000
MOST_FILE_BYTES = 60_000_000
MOST_MAIL_BYTES = 30_000_000
MOST_UPLOAD_BYTES = 61_000_000
"""Several documents of one form, and what a form puts around them."""
MOST_DOCUMENT_BYTES = 26_000_000
"""One document."""
LARGER: Mapping[str, int] = {
    r"/api/v1/imports": MOST_FILE_BYTES,
    re.escape(MAIL_PATH): MOST_MAIL_BYTES,  # a STOP may come with a picture in its signature
    r"/api/v1/packets/[^/]+/exhibits": MOST_DOCUMENT_BYTES,
    r"/api/v1/letters/[^/]+/file": MOST_UPLOAD_BYTES,
    r"/cases/[^/]+/packets/[^/]+/exhibits": MOST_UPLOAD_BYTES,
    r"/cases/[^/]+/packets/[^/]+/letters/[^/]+/upload": MOST_UPLOAD_BYTES,
    r"/letter/[^/]+/file": MOST_UPLOAD_BYTES,
    r"/templates/[^/]+": MOST_DOCUMENT_BYTES,
    r"/imports/new": MOST_UPLOAD_BYTES,
    r"/api/v1/packet-templates": MOST_DOCUMENT_BYTES,
}
"""Patterns of the paths whose bodies may be larger than `MOST_BYTES`. Each of them first asks who
sends the body, and then reads it through the disk."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
"""Set on every answer that does not set them itself."""


class Shield:
    """Adds the safe headers, and tells a fault of the program as a problem.

    The log gets the fault's type and place, never its message: that may hold what was typed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                del headers["server"]
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception as error:
            number = _note(error, scope)
            if started:
                raise Cut(number) from None
            await _failure(number).response()(scope, receive, guarded)


class Cut(Exception):
    """An answer that had begun could not be finished."""

    def __init__(self, number: str) -> None:
        super().__init__(f"An answer was cut off; the log has it under {number}.")


def _note(error: Exception, scope: Scope) -> str:
    number = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    route = scope.get("route")
    log.error(
        "request failed",
        number=number,
        route=getattr(route, "name", ""),
        error=type(error).__name__,
        at=" < ".join(reversed(places)),
    )
    return number


def _failure(number: str) -> Refusal:
    return Refusal(
        problems.FAILED,
        "Nothing of this request was kept. Try again; if it happens again, give your "
        f"administrator this number: {number}.",
    )


def most_bytes(path: str) -> int:
    """How large a body may be that is sent to this path."""
    return next((most for pattern, most in _LARGER if pattern.fullmatch(path)), MOST_BYTES)


_LARGER = tuple((re.compile(pattern), most) for pattern, most in LARGER.items())


class TooLarge(HTTPException):
    """A body grew beyond its limit while it was read."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimit:
    """Refuses a body that is too large: by its announced length, or while it is read.

    Args:
        page: what people read of it, at the addresses that are theirs; None for nobody's.
    """

    def __init__(
        self, app: ASGIApp, page: Callable[[Request], Response | None] = lambda _: None
    ) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = most_bytes(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > most:
            answer = self._page(Request(scope)) or problems.of_status(413).response()
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise TooLarge
            return message

        await self._app(scope, counted, send)
