"""An office for each test, and an advocate who is signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.pages.office import Browser, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office without cases."""
    office = Office.at(tmp_path / "var")
    yield office
    office.close()


@pytest.fixture
def rosa(office: Office) -> Browser:
    """Rosa, an advocate of the hub."""
    return office.staff()
