"""Records that the tests of a module share, on both databases: each has a hub of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from records import crypto
from records.database import Records, open_records
from records.hubs import make_hub
from tests.records.conftest import Place

_numbers = count(1)


@pytest.fixture(scope="module")
def opened(
    new_copy: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Records, crypto.KeyRing]]:
    """The records of a module, and their keys."""
    place = new_copy(tmp_path_factory.mktemp("calendars"))
    records = open_records(place.url, place.key_file)
    yield records, crypto.keys()
    records.close()


@pytest.fixture
def records(opened: tuple[Records, crypto.KeyRing]) -> Records:
    """The records, with their own keys in use."""
    records, ring = opened
    crypto.install(ring)
    return records


@pytest.fixture
def hub(records: Records) -> str:
    """The hub whose rows a test works with."""
    return make_hub(records, name="A hub", slug=f"hub-{next(_numbers)}").id


@pytest.fixture
def other(records: Records) -> str:
    """Another hub in the same records."""
    return make_hub(records, name="Another hub", slug=f"hub-{next(_numbers)}").id
