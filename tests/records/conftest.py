"""Records on both databases: migrated once, then copied for each test."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, make_url, text

from records import crypto
from records.database import Records, make_engine, open_records
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
def first(new_database: Copier, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A database that was migrated once and holds one hub in New York; only copied from."""
    place = new_database(tmp_path_factory.mktemp("first"))
    records = open_records(place.url, place.key_file)
    with records.everywhere() as session:
        hub = session.get_one(Hub, records.sole_hub())
        hub.zone, hub.phone = ZONE, "(305) 555-0100"
        session.add(hub)
    records.close()
    return place


@pytest.fixture(scope="session")
def new_copy(first: Place, request: pytest.FixtureRequest) -> Copier:
    """Makes copies of the first database."""
    if first.kind == "sqlite":
        return lambda folder: _copy_file(first, folder)
    server: Postgres = request.getfixturevalue("postgres")

    def copy(folder: Path) -> Place:
        name = f"copy_{next(_numbers)}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {_name(first)}")
        return _with_key(Place(server.url(name), folder / "homeward.key"), first)

    return copy


@pytest.fixture(scope="session")
def fresh_copy(
    first: Place,
    new_copy: Copier,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Copier:
    """Like `new_copy`, but always in one place, so that an engine may serve test after test."""
    used = new_copy(tmp_path_factory.mktemp("used"))
    if first.kind == "sqlite":

        def start_again() -> None:
            for path in used.file.parent.glob("homeward.db*"):
                path.unlink()
            shutil.copy(first.file, used.file)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        script = _start_again(first)

        def start_again() -> None:
            server.run(script, database=_name(used))

    def fresh(folder: Path) -> Place:
        start_again()
        return _with_key(Place(used.url, folder / "homeward.key"), first)

    return fresh


def _name(place: Place) -> str:
    name = make_url(place.url).database
    assert name is not None
    return name


def _start_again(first: Place) -> str:
    """SQL that makes a used copy what the first database is."""
    engine = make_engine(first.url)
    tables = MetaData()
    tables.reflect(engine)
    script = ["SET session_replication_role = replica"]
    script += [f'DELETE FROM "{name}"' for name in tables.tables]
    with engine.connect() as connection:
        for name in ("hub", "database_meta", "alembic_version"):
            for row in connection.execute(text(f'SELECT to_json(t) FROM "{name}" AS t')).scalars():
                values = json.dumps(row).replace("'", "''")
                script.append(
                    f'INSERT INTO "{name}" SELECT * FROM json_populate_record'
                    f"(NULL::\"{name}\", '{values}')"
                )
    engine.dispose()
    return "; ".join([*script, "ALTER SEQUENCE outbox_seq_seq RESTART"])


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
def place(fresh_copy: Copier, tmp_path: Path) -> Place:
    """A migrated database with one hub."""
    return fresh_copy(tmp_path)


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    """Engines by address: each keeps the statements that it has compiled."""
    return {}


@pytest.fixture
def records(place: Place, engines: dict[str, Engine]) -> Iterator[Records]:
    """Its records, open."""
    if place.url not in engines:
        engines[place.url] = make_engine(place.url)
    crypto.install(crypto.read_key_file(place.key_file))
    opened = Records(engines[place.url])
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
    new_copy: Copier, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Place, TwoHubs]]:
    """The two hubs, filled once."""
    place = new_copy(tmp_path_factory.mktemp("two_hubs"))
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
