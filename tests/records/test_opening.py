"""Opening and using the records: several processes, a locked database, which hub is meant."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from domain.court_time import UnknownZone
from records.database import HubSession, NoSuchHub, Records, RecordsProblem, open_records
from records.hubs import make_hub, policy_of, the_hub
from records.tables import Hub, Person
from tests.records.conftest import Place

SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


@contextmanager
def locked(place: Place) -> Iterator[sqlite3.Connection]:
    """Another process holds the write lock."""
    connection = sqlite3.connect(place.file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def hasty(place: Place) -> Iterator[Records]:
    """Records that do not wait for a lock by themselves."""
    records = open_records(place.url, place.key_file, busy_seconds=0.01)
    yield records
    records.close()


def writing_somebody(records: Records) -> str:
    """A write of one row."""
    with records.writing(records.sole_hub()) as session:
        person = Person(first_name="Ann")
        session.add(person)
        session.flush()
        return person.id


@SQLITE
async def test_work_waits_for_a_locked_database_without_blocking_the_loop(
    hasty: Records, place: Place
) -> None:
    turns = 0

    async def something_else(lock: sqlite3.Connection) -> None:
        nonlocal turns
        while turns < 7:
            await asyncio.sleep(0.02)
            turns += 1
        lock.execute("ROLLBACK")

    with locked(place) as lock:
        written, _ = await asyncio.gather(
            hasty.run(lambda: writing_somebody(hasty)), something_else(lock)
        )
    assert turns == 7
    with hasty.reading(hasty.sole_hub()) as session:
        assert session.exec(select(col(Person.id))).all() == [written]


@SQLITE
async def test_patience_with_a_locked_database_ends(hasty: Records, place: Place) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with locked(place), pytest.raises(OperationalError, match="locked"):
        await hasty.run(lambda: writing_somebody(hasty), patience=0.2)
    assert 0.2 <= loop.time() - begun < 3.0


@SQLITE
async def test_reading_does_not_wait_for_a_writer(hasty: Records, place: Place) -> None:
    with locked(place):
        assert await hasty.run(hasty.sole_hub, patience=0.0)


async def test_any_other_error_is_not_tried_again(records: Records) -> None:
    tries = 0

    def work() -> None:
        nonlocal tries
        tries += 1
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await records.run(work)
    assert tries == 1


async def test_work_gives_back_what_it_found(records: Records, hub: str) -> None:
    assert await records.run(records.sole_hub) == hub


def test_what_fails_is_not_written(records: Records, hub: str) -> None:
    def half() -> None:
        with records.writing(hub) as session:
            session.add(Person(first_name="Ann"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with records.reading(hub) as session:
        assert session.exec(select(Person)).all() == []


def test_a_reading_session_keeps_nothing(records: Records, hub: str) -> None:
    with records.reading(hub) as session:
        session.add(Person(first_name="Ann"))
        session.flush()
    with records.reading(hub) as session:
        assert session.exec(select(Person)).all() == []


def test_an_empty_database_gets_one_hub_and_keeps_it(empty: Place) -> None:
    first = open_records(empty.url, empty.key_file)
    hub = first.sole_hub()
    first.close()
    again = open_records(empty.url, empty.key_file)
    assert again.sole_hub() == hub
    again.close()


def test_with_several_hubs_one_must_be_named(records: Records, hub: str, other: str) -> None:
    with pytest.raises(NoSuchHub, match="another, hub"):
        records.sole_hub()
    assert records.sole_hub("another") == other
    with pytest.raises(NoSuchHub, match="no hub of that name"):
        records.sole_hub("elsewhere")


def test_a_hub_has_a_zone_that_exists_and_a_policy_from_its_settings(records: Records) -> None:
    with pytest.raises(UnknownZone):
        make_hub(records, name="Nowhere", slug="nowhere", zone="Mars/Olympus")
    made = make_hub(records, name="Boise", slug="boise", zone="America/Boise")
    with records.reading(made.id) as session:
        policy = policy_of(the_hub(session))
    assert (policy.zone, policy.quiet.zone, policy.reminder_days) == (
        "America/Boise",
        "America/Boise",
        (7, 3, 1),
    )


def test_a_hub_that_is_gone_is_said_so(records: Records) -> None:
    with HubSession(records.engine, "nobody") as session, pytest.raises(NoSuchHub):
        the_hub(session)
    with records.reading("") as session:
        assert len(session.exec(select(Hub)).all()) == 1


def test_a_folder_that_cannot_be_written_is_a_clear_refusal(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(RecordsProblem, match="cannot be opened"):
        open_records(f"sqlite:///{in_the_way}/homeward.db", tmp_path / "key")
