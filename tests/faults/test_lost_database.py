"""Temporal's whole memory is deleted: the records make it anew, and nothing is sent twice."""

import asyncio
import contextlib
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from domain.agenda import Subject, SubjectRef
from domain.mailing import SETTLE_AFTER
from domain.vocabulary import MessageState
from engine.building import build_house
from engine.connection import connect
from engine.reconcile import is_running
from engine.settings import Settings
from engine.worker import run_worker
from records.hearings import Setting, move_hearing
from records.messages import STARTED, find_message, finish_attempt
from records.outbox import pending
from tests.faults.books import HAS_IT, compare, states, task_kinds
from tests.faults.house import RealHouse, real_house
from tests.faults.people import (
    PLACE,
    ROOM,
    ROSA,
    ZONE,
    Someone,
    add_people,
    in_seconds,
    remind_at,
)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

TOLD_BEFORE = 20
TOLD_AFTER = 20
MOVED = 5
IN_DOUBT = 5
WORKING = ("temporal", "worker", "relay")


def _have(house: RealHouse, keys: set[str]) -> bool:
    seen = states(house.records)
    return all(seen.get(key) in HAS_IT for key in keys)


def _move(house: RealHouse, people: list[Someone]) -> None:
    with house.records.writing(house.hub_id) as session:
        for one in people:
            setting = Setting(one.day + timedelta(days=1), ZONE, ROOM, PLACE)
            move_hearing(session, one.hearing_id, setting, ROSA, datetime.now(UTC))


async def test_a_deleted_temporal_database_loses_nothing_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    began = time.monotonic()
    with real_house(tmp_path) as house:
        due = in_seconds(4)
        remind_at(house.records, due)
        first = add_people(house.records, TOLD_BEFORE, due)
        house.start("provider", *WORKING)
        await house.until(
            lambda: _have(house, {one.key for one in first}), "the first reminders", seconds=90
        )
        told = len(house.accepted())

        # Some are known to Temporal as due later, some it has never heard of.
        due = in_seconds(14)
        remind_at(house.records, due)
        second = add_people(house.records, TOLD_AFTER // 2, due, first=100)
        await house.until(lambda: _relayed(house), "the news being passed on")
        for name in WORKING:
            house.kill(name)
        for file in house.data.glob("temporal.db*"):
            file.unlink()
        second += add_people(house.records, TOLD_AFTER // 2, due, first=200)
        _forget(house, first[-IN_DOUBT:])
        _move(house, first[:MOVED])

        house.start("temporal", "relay")
        result = house.run("reconcile", "--json")
        assert result.returncode == 0, result.stderr
        found = json.loads(result.stdout)
        assert found["followed"] == TOLD_BEFORE + TOLD_AFTER
        assert found["missing"] >= TOLD_BEFORE + TOLD_AFTER // 2 - MOVED
        assert found["failed"] == []
        again = json.loads(house.run("reconcile", "--json").stdout)
        assert (again["missing"], again["woken"]) == (0, 0), "running it twice changes nothing"

        house.start("worker")
        wanted = {one.key for one in second} | {one.changed_key(2) for one in first[:MOVED]}
        wanted |= {one.key for one in first}
        await house.until(lambda: _have(house, wanted), "the second reminders", seconds=90)
        books = compare(house.records, house.accepted())
        assert books.faults() == []
        assert len(books.theirs) == told + TOLD_AFTER + MOVED
        assert not task_kinds(house.records).keys() & {"not_told", "not_reached"}
        print(
            f"{told} sent before the loss ({IN_DOUBT} in doubt), {TOLD_AFTER} reminders and "
            f"{MOVED} notices after it, "
            f"{found['missing']} workflows made anew, {time.monotonic() - began:.0f} s"
        )


def _forget(house: RealHouse, people: list[Someone]) -> None:
    """As a worker leaves it that was killed, a minute ago, between its send and its record."""
    with house.records.writing(house.hub_id) as session:
        for one in people:
            message = find_message(session, one.key)
            assert message is not None
            message.state, message.provider_id = MessageState.CLAIMED, ""
            message.claimed_at -= SETTLE_AFTER
            session.add(message)
            finish_attempt(session, message, STARTED)


def _relayed(house: RealHouse) -> bool:
    return not pending(house.records)


async def test_a_worker_that_lives_on_notices_that_temporal_forgot_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody restarts it and nobody types `homeward reconcile`."""
    monkeypatch.setattr("engine.worker.SCHEDULE_SEEN_TO_EVERY", 0.5)
    with real_house(tmp_path) as house:
        remind_at(house.records, in_seconds(7200))
        (someone,) = add_people(house.records, 1, in_seconds(7200))
        house.start("temporal")
        settings = Settings(
            data=house.data, database_url="", temporal_address=f"127.0.0.1:{house.temporal_port}"
        )
        client = await connect(settings, patience=30.0)
        stop = asyncio.Event()
        working = asyncio.create_task(
            run_worker(client, build_house(settings, house.records), stop, cached=10)
        )
        try:
            await _followed(client, someone)
            house.kill("temporal")
            for file in house.data.glob("temporal.db*"):
                file.unlink()
            house.start("temporal")
            await _followed(client, someone)
        finally:
            stop.set()
            await working


async def _followed(client: Client, someone: Someone) -> None:
    """Until Temporal knows of the case."""
    subject = SubjectRef(Subject.CASE, someone.case_id, "")
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(RPCError):
                if await is_running(client, subject):
                    return
            await asyncio.sleep(0.1)
