"""Somebody else holds the database's write lock for long: parts start, and sends only wait."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.building import open_the_records
from engine.settings import Settings
from tests.faults.desk import Desk
from tests.houses import hub_of, settings_in

pytestmark = pytest.mark.faults


@contextmanager
def _locked(settings: Settings) -> Iterator[sqlite3.Connection]:
    """An import that takes its time, in another process as far as SQLite can tell."""
    other = sqlite3.connect(settings.data / "homeward.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")
    finally:
        other.close()


def test_a_part_starts_while_an_import_writes(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_the_records(settings).close()
    with _locked(settings):
        records = open_the_records(settings, busy_seconds=0.1)
        assert hub_of(records)
        records.close()


async def test_a_send_waits_for_the_lock_without_holding_up_the_worker(desk: Desk) -> None:
    item = desk.due()
    settings = settings_in(desk.house.soffice_profile.parent)
    worker = replace(desk.house, records=open_the_records(settings, busy_seconds=0.05))
    clock, longest = asyncio.get_running_loop().time, 0.0
    with _locked(settings) as an_import:
        sending = asyncio.create_task(desk.send(item, house=worker))
        for _ in range(40):
            before = clock()
            await asyncio.sleep(0.02)
            longest = max(longest, clock() - before)
        assert not sending.done()
        an_import.execute("COMMIT")
        await sending
    worker.records.close()
    assert longest < 0.5, f"the worker's loop stood still for {longest:.2f} s"
    assert desk.books().faults() == []
