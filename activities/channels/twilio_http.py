"""Reads the answers of a Twilio-compatible API: which of them prove something, and what.

Importing this keeps searched-for numbers out of httpx's own log lines.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from activities.channels.base import (
    Ambiguous,
    Misconfigured,
    RefusalKind,
    Refused,
    Unavailable,
    is_this_machine,
)
from activities.channels.twilio_codes import OUR_OWN_RATE, kind_of

__all__ = ["Wire", "json_of", "provider_address", "raise_for"]


def provider_address(base_url: str) -> httpx.URL:
    """The provider's base URL: https, or http on this machine. Raises `Misconfigured`."""
    try:
        url = httpx.URL(base_url.rstrip("/"))
    except httpx.InvalidURL:
        raise Misconfigured("The SMS provider's address is not a URL.") from None
    local = url.scheme == "http" and is_this_machine(url.host)
    if not url.host or (url.scheme != "https" and not local):
        raise Misconfigured("Set an https:// address for the SMS provider.")
    return url


class Wire:
    """Notes whether the first byte of a request left this machine."""

    def __init__(self) -> None:
        self.written = False

    async def note(self, event: str, _info: Mapping[str, Any]) -> None:
        """httpx's `trace` extension; names are `<protocol>.<step>.<phase>`."""
        if event.endswith(".send_request_headers.started"):
            self.written = True


def raise_for(response: httpx.Response, lost: type[Ambiguous] | type[Unavailable]) -> None:
    """Turn every answer but success into its error.

    `lost` is what a broken answer means. Never repeats the provider's words: they name the number.
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    said = str(json_of(response).get("code", ""))
    code = said if said.isdecimal() else ""
    if status in (429, 503) or code in OUR_OWN_RATE:
        why = f"the provider is busy ({status} {code})"
        raise Unavailable(why, _retry_after(response), busy=status != 503)
    if status >= 500 or status == 408:
        raise lost(f"the provider failed ({status})")
    kind = RefusalKind.UNAUTHORIZED if status == 401 else kind_of(code)
    raise Refused(code or str(status), kind)


def _retry_after(response: httpx.Response) -> float | None:
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
