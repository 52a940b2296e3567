"""A time-skipping Temporal server for each test, and a house that lives by its clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.house import House
from engine.codec import data_converter
from engine.embedded import test_server as server_program
from engine.relay import relay_once
from engine.skipping import SkippingClock, register_search_attributes
from engine.worker import build_workers
from records.crypto import keys
from tests.houses import make_house


@dataclass
class Life:
    """A server, a worker, a house: time passes when the test says so."""

    env: WorkflowEnvironment
    house: House

    async def now(self) -> datetime:
        """The present, on the server's clock."""
        return await self.env.get_current_time()

    async def tell(self) -> None:
        """Carry the outbox to the workflows."""
        while await relay_once(self.house.records, self.env.client):
            pass

    async def until(self, moment: datetime) -> None:
        """Let time pass up to a moment."""
        await self.tell()
        left = moment - await self.now()
        if left.total_seconds() > 0:
            await self.env.sleep(left)
            await self.tell()


@pytest_asyncio.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    """A whole house on a time-skipping server."""
    clock = SkippingClock()
    house = make_house(tmp_path / "var", clock)
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server_program()),
        data_converter=data_converter(keys()),
    )
    clock.env = env
    await register_search_attributes(env.client)
    workers = build_workers(env.client, house)
    async with env, workers[0], workers[1]:
        yield Life(env, house)
    house.records.close()
