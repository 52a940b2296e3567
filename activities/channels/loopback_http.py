"""Just enough HTTP/1.1 for the loopback providers, on plain asyncio streams.

A web framework would answer politely in every case; a provider that has to vanish in the middle of
an answer needs the bare connection.
"""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Answer", "Request", "read_request"]

MAX_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are in lower case; of repeated fields the last one counts."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body as form fields."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def all_of(self, name: str) -> list[str]:
        """Every value of a form field that may come several times."""
        pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return [value for field, value in pairs if field == name]

    @property
    def credentials(self) -> tuple[str, str]:
        """User and password of Basic authentication; two empty strings without it."""
        scheme, _, coded = self.headers.get("authorization", "").partition(" ")
        try:
            plain = base64.b64decode(coded, validate=True).decode() if scheme == "Basic" else ""
        except ValueError:
            plain = ""
        user, _, password = plain.partition(":")
        return user, password


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON value (None: an empty body)."""

    status: int
    value: object = None
    headers: tuple[tuple[str, str], ...] = ()

    def as_bytes(self) -> bytes:
        """The answer on the wire."""
        body = b"" if self.value is None else json.dumps(self.value).encode()
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode("latin-1") + body


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, or None when the caller hung up or sent nonsense."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *fields = head.rstrip("\r\n").split("\r\n")
        method, target, _version = first.split(" ")
        pairs = [field.partition(":") for field in fields]
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= MAX_BODY:
            return None
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
        return None
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, parts.path, query, headers, body)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"
