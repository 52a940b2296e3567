"""An account with Twilio, or with a compatible provider: its lists, and what its answers prove."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from activities.channels.base import CannotAsk, Misconfigured, RefusalKind, Refused, Unavailable
from activities.channels.provider_http import Lost, ProviderClient, json_of, retry_after
from activities.channels.twilio_codes import OUR_OWN_RATE, kind_of

__all__ = ["CLOCK_SLACK", "TwilioAccount", "created_at", "earliest_of"]

PAGE_SIZE = 200
MAX_PAGES = 20
CLOCK_SLACK = timedelta(seconds=60)
"""How far the provider's clock may be behind ours. The same words to the same number within it
count as received: the person has them."""


class TwilioAccount:
    """One account's resources: `Messages`, `Calls`.

    `timeout` is the whole time one request may take, in seconds. Raises `Misconfigured` when a
    setting is missing or when the credentials would cross a network unencrypted.
    """

    def __init__(
        self, base_url: str, account_sid: str, auth_token: str, timeout: float = 15.0
    ) -> None:
        if not (account_sid and auth_token):
            raise Misconfigured("Set the SMS account and its auth token.")
        self._client = ProviderClient(base_url, (account_sid, auth_token), timeout, "SMS provider")
        url = self._client.url
        self._base = f"{url}/2010-04-01/Accounts/{quote(account_sid, safe='')}"
        self._origin = (url.scheme, url.host, url.port)

    async def create(self, resource: str, form: Mapping[str, Any], lost: Lost) -> dict[str, Any]:
        """Make one resource: its description, or an empty object when that is unreadable."""
        url = f"{self._base}/{resource}.json"
        return json_of(await self._request("POST", url, lost, data=form))

    async def listed(
        self, resource: str, search: Mapping[str, str]
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Every row of a search, page by page, never leaving the provider's host."""
        params = {**search, "PageSize": str(PAGE_SIZE)}
        url = httpx.URL(f"{self._base}/{resource}.json", params=params)
        for _ in range(MAX_PAGES):
            page = json_of(await self._request("GET", str(url), Unavailable))
            rows = page.get(resource.lower())
            if not isinstance(rows, list):
                raise CannotAsk("the provider's list could not be read")
            for row in rows:
                yield row
            following = page.get("next_page_uri")
            if not following:
                return
            url = _joined(url, following)
            if (url.scheme, url.host, url.port) != self._origin:
                raise CannotAsk("the provider's list continues at another host")
        raise CannotAsk("too many rows to search")

    async def check(self, resource: str) -> None:
        """Ask for one page: proves address, account and token. Makes nothing."""
        url = f"{self._base}/{resource}.json"
        response = await self._request("GET", url, Unavailable, params={"PageSize": 1})
        if resource.lower() not in json_of(response):
            raise Misconfigured("The SMS address does not answer like Twilio; check it.")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _request(self, method: str, url: str, lost: Lost, **parts: Any) -> httpx.Response:
        response = await self._client.ask(method, url, lost, **parts)
        _raise_for(response, lost)
        return response


def earliest_of(since: datetime) -> datetime:
    """The first provider's moment that counts as `since`. Raises ValueError when it is naive."""
    if since.tzinfo is None:
        raise ValueError("`since` needs a time zone.")
    return since.astimezone(UTC) - CLOCK_SLACK


def created_at(row: Mapping[str, Any]) -> datetime:
    """When the provider accepted something (RFC 2822, GMT, whole seconds)."""
    try:
        moment = parsedate_to_datetime(str(row.get("date_created")))
    except ValueError:
        raise CannotAsk("a row of the list has no readable date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _raise_for(response: httpx.Response, lost: Lost) -> None:
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
        raise Unavailable(why, retry_after(response), busy=status != 503)
    if status >= 500 or status == 408:
        raise lost(f"the provider failed ({status})")
    kind = RefusalKind.UNAUTHORIZED if status == 401 else kind_of(code)
    raise Refused(code or str(status), kind)


def _joined(url: httpx.URL, following: object) -> httpx.URL:
    try:
        return url.join(str(following))
    except httpx.InvalidURL:
        raise CannotAsk("the provider's list continues at no address") from None
