"""Fixtures of the fault tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.faults.desk import Desk, open_desk
from tests.postgres import postgres

__all__ = ["postgres"]


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A mother who can be reached by text and by mail, and a provider that can misbehave."""
    async with open_desk(tmp_path / "var") as opened:
        yield opened
