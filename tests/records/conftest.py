"""Records on both databases: migrated once, then copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from records import crypto
from records.database import Records, open_records
from records.hubs import make_hub
from records.tables import Hub, OutboxRow
from tests.houses import ZONE
from tests.postgres import Postgres, postgres
from tests.records.rows import NOW, a_row, all_tables

__all__ = ["postgres"]

KINDS = ("sqlite", "postgresql")
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """Where records are: the address of their database, and their key file."""

    url: str
    key_file: Path

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.partition(":")[0].partition("+")[0]

    @property
    def file(self) -> Path:
        """The database file, for SQLite."""
        return Path(self.url.removeprefix("sqlite:///"))


Copier = Callable[[Path], Place]


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_database(kind: str, request: pytest.FixtureRequest) -> Copier:
    """Makes empty databases."""
    if kind == "sqlite":
        return lambda folder: Place(f"sqlite:///{folder / 'homeward.db'}", folder / "homeward.key")
    server: Postgres = request.getfixturevalue("postgres")

    def make(folder: Path) -> Place:
        name = f"empty_{next(_numbers)}"
        server.run(f"CREATE DATABASE {name}")
        return Place(server.url(name), folder / "homeward.key")

    return make


@pytest.fixture(scope="session")
def first_copy(
    kind: str,
    new_database: Copier,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Copier:
    """Makes copies of a database that was migrated once and holds one hub in New York."""
    place = new_database(tmp_path_factory.mktemp("first"))
    records = open_records(place.url, place.key_file)
    with records.everywhere() as session:
        hub = session.get_one(Hub, records.sole_hub())
        hub.zone, hub.phone = ZONE, "(305) 555-0100"
        session.add(hub)
    records.close()
    if kind == "sqlite":
        return lambda folder: _copy_file(place, folder)
    server: Postgres = request.getfixturevalue("postgres")

    def copy(folder: Path) -> Place:
        name = f"copy_{next(_numbers)}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {make_url(place.url).database}")
        return _with_key(Place(server.url(name), folder / "homeward.key"), place)

    return copy


def _copy_file(first: Place, folder: Path) -> Place:
    place = Place(f"sqlite:///{folder / 'homeward.db'}", folder / "homeward.key")
    shutil.copy(first.file, place.file)
    return _with_key(place, first)


def _with_key(place: Place, first: Place) -> Place:
    shutil.copy(first.key_file, place.key_file)
    return place


@pytest.fixture
def empty(new_database: Copier, tmp_path: Path) -> Place:
    """An empty database that nobody opened yet."""
    return new_database(tmp_path)


@pytest.fixture
def place(first_copy: Copier, tmp_path: Path) -> Place:
    """A migrated database with one hub."""
    return first_copy(tmp_path)


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    """Its records, open."""
    opened = open_records(place.url, place.key_file)
    yield opened
    opened.close()


@pytest.fixture
def hub(records: Records) -> str:
    """The hub whose rows a test works with."""
    return records.sole_hub()


@pytest.fixture
def other(records: Records, hub: str) -> str:
    """Another hub in the same records."""
    return make_hub(records, name="Another hub", slug="another").id


@dataclass(frozen=True)
class TwoHubs:
    """Records in which two hubs hold at least one row of every table."""

    records: Records
    mine: str
    other: str


@pytest.fixture(scope="session")
def two_hubs_opened(
    first_copy: Copier, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Place, TwoHubs]]:
    """The two hubs, filled once."""
    place = first_copy(tmp_path_factory.mktemp("two_hubs"))
    records = open_records(place.url, place.key_file)
    hubs = TwoHubs(
        records, records.sole_hub(), make_hub(records, name="Another", slug="another").id
    )
    with records.everywhere() as session:
        for hub_id in (hubs.mine, hubs.other):
            for table in all_tables():
                a_row(session, table, hub_id)
            session.add(OutboxRow(hub_id=hub_id, **NEWS))
    yield place, hubs
    records.close()


NEWS: dict[str, Any] = {
    "subject_kind": "case",
    "subject_id": "c1",
    "revision": 1,
    "written_at": NOW,
}


@pytest.fixture
def two_hubs(two_hubs_opened: tuple[Place, TwoHubs]) -> TwoHubs:
    """The two hubs, with their own keys in place; tests leave them as they were."""
    place, hubs = two_hubs_opened
    crypto.install(crypto.read_key_file(place.key_file))
    return hubs
