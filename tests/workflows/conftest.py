"""A time-skipping Temporal server for each test, and a house that lives by its clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from activities.house import House
from engine.codec import data_converter
from engine.embedded import test_server as server_program
from engine.relay import relay_once
from engine.worker import build_workers
from records.crypto import keys
from tests.houses import make_house
from workflows.names import SEARCH_ATTRIBUTES

_TYPES = {
    "HubId": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "CaseStage": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "NextDue": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


class ServerClock:
    """The time-skipping server's clock as the house's one clock."""

    def __init__(self) -> None:
        self.env: WorkflowEnvironment | None = None

    async def now(self) -> datetime:
        """The server's present."""
        assert self.env is not None
        return await self.env.get_current_time()


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
    clock = ServerClock()
    house = make_house(tmp_path / "var", clock)
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server_program()),
        data_converter=data_converter(keys()),
    )
    clock.env = env
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=env.client.namespace,
            search_attributes={key.name: _TYPES[key.name] for key in SEARCH_ATTRIBUTES},
        )
    )
    workers = build_workers(env.client, house)
    async with env:
        async with workers[0], workers[1]:
            yield Life(env, house)
    house.records.close()
