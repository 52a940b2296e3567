"""One client for every provider that is asked over HTTP, and what its silence proves.

Before the first byte of a request leaves, nothing can have been accepted; after it, silence
proves nothing. Importing this keeps searched-for numbers out of httpx's own log lines.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from activities.channels.base import Ambiguous, Misconfigured, Unavailable, is_this_machine

__all__ = ["Lost", "ProviderClient", "json_of", "provider_address", "retry_after"]

Lost = type[Ambiguous] | type[Unavailable]
"""What an answer that never came means: for a question nothing was accepted anyway."""


class ProviderClient:
    """A provider's address, credentials and connections. Asks once, never again by itself.

    `timeout` is the whole time one request may take, in seconds. Raises `Misconfigured` when the
    credentials would cross a network unencrypted.
    """

    def __init__(
        self, base_url: str, credentials: tuple[str, str], timeout: float, provider: str
    ) -> None:
        self.url = provider_address(base_url, provider)
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            auth=credentials,
            timeout=httpx.Timeout(timeout, connect=min(5.0, timeout)),
            # A proxy has no business with a server on this machine.
            trust_env=not is_this_machine(self.url.host),
        )

    async def ask(self, method: str, url: str, lost: Lost, **parts: Any) -> httpx.Response:
        """One request, one answer, whatever it says. Raises `lost` or `Unavailable` without one."""
        wire = _Wire()
        try:
            async with asyncio.timeout(self._timeout):
                return await self._client.request(
                    method, url, extensions={"trace": wire.note}, **parts
                )
        except (TimeoutError, httpx.RequestError) as exc:
            if wire.written:
                raise lost(f"the answer was lost ({type(exc).__name__})") from None
            raise Unavailable(f"no connection to the provider ({type(exc).__name__})") from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _Wire:
    """Notes whether the first byte of a request left this machine."""

    def __init__(self) -> None:
        self.written = False

    async def note(self, event: str, _info: Mapping[str, Any]) -> None:
        """httpx's `trace` extension; names are `<protocol>.<step>.<phase>`."""
        if event.endswith(".send_request_headers.started"):
            self.written = True


def provider_address(base_url: str, provider: str) -> httpx.URL:
    """A provider's base URL: https, or http on this machine. Raises `Misconfigured`."""
    try:
        url = httpx.URL(base_url.rstrip("/"))
    except httpx.InvalidURL:
        raise Misconfigured(f"The address of the {provider} is not a URL.") from None
    local = url.scheme == "http" and is_this_machine(url.host)
    if not url.host or (url.scheme != "https" and not local):
        raise Misconfigured(f"Set an https:// address for the {provider}.")
    return url


def retry_after(response: httpx.Response) -> float | None:
    """Seconds asked for by `Retry-After` (RFC 9110 §10.2.3), in either of its two forms."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The answer's object, or an empty one when it is no JSON object."""
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _without_query(record: logging.LogRecord) -> bool:
    """Cut the query from the URLs that httpx logs: a search for a number has the number in it."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.copy_with(query=None) if isinstance(arg, httpx.URL) else arg for arg in record.args
        )
    return True


logging.getLogger("httpx").addFilter(_without_query)
