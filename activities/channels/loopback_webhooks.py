"""Requests of the loopback providers to webhooks: to addresses on this machine, and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import httpx

from activities.channels.base import is_this_machine

__all__ = ["Webhooks"]


class Webhooks:
    """Work under way that tells webhooks, and the connections for it."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this soon."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Wait until everything under way is done."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def stop(self) -> None:
        """Give up what is under way and close the connections."""
        for task in self._under_way:
            task.cancel()
        await self.settle()
        if self._client is not None:
            await self._client.aclose()

    async def post(
        self, url: str, headers: Mapping[str, str], **body: Any
    ) -> httpx.Response | None:
        """POST; the answer, or None without one. Loopback addresses only."""
        if not is_this_machine(httpx.URL(url).host):
            return None
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=5.0, trust_env=False)
        try:
            return await self._client.post(url, headers=headers, **body)
        except httpx.RequestError:
            return None
