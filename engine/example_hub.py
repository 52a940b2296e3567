"""The example hub of an installation: loaded beside the records, removed with its documents."""

import asyncio
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import IntegrityError

from activities.documents.store import DocumentStore
from activities.example.people import SIGN_INS
from activities.example.telling import tell_example
from activities.house import Clock
from engine.building import build_house
from engine.settings import Settings
from records.database import Records
from records.document_keys import mentioned_keys
from records.example_copying import copy_hub, records_beside
from records.example_loading import (
    ExampleNameTaken,
    Loading,
    claim_loading,
    end_loading,
    loading_now,
    tell_loading,
)
from records.example_removing import Removed, remove_example, tell_workflows

log = structlog.get_logger()


def load_claimed(settings: Settings, records: Records, mark: str, clock: Clock) -> None:
    """Load the example under a claim (`records.example_loading`). Blocks for some twenty seconds.

    Guarantee: it is there whole, or not at all; real work waits for the one transaction in which
    it is copied. What goes wrong is told under the claim, by its kind alone, and raised.
    """
    try:
        asyncio.run(_load(settings, records, mark, clock))
    except Exception as error:
        log.warning("the example was not loaded", why=type(error).__name__)
        at = asyncio.run(_now(clock))
        known = loading_now(records)
        if known is not None:
            failed = replace(known, at=at, problem=type(error).__name__)
            tell_loading(records, mark, failed)
        raise


def load_example(settings: Settings, records: Records, clock: Clock) -> bool:
    """Claim and load.

    Returns:
        False where it is loaded already.

    Raises:
        LoadingNow, ExampleNameTaken: it is not loaded by this.
    """
    mark = claim_loading(records, SIGN_INS, asyncio.run(_now(clock)))
    if mark:
        load_claimed(settings, records, mark, clock)
    return bool(mark)


def remove_with_documents(records: Records, store: DocumentStore, now: datetime) -> Removed | None:
    """Remove the example's rows, end its workflows, and then remove what of its documents no other
    hub points to.

    A process that is killed in between leaves documents behind; `homeward sweep` finds them. Call
    it from a thread.

    Returns:
        What went; None where no example is loaded.

    Raises:
        StoreAway: the rows went, and some documents did not.
    """
    removed = remove_example(records)
    if removed is None:
        return None
    tell_workflows(records, removed, now)
    # First the store, then the records: what is put and recorded meanwhile is found there.
    put_at = {key: store.last_put(key) for key in removed.documents}
    with records.reading("") as session:
        needed = mentioned_keys(session)
    for key in sorted(removed.documents - needed):
        if put_at[key] is not None and store.last_put(key) == put_at[key]:
            store.delete(key)
    return removed


async def _load(settings: Settings, records: Records, mark: str, clock: Clock) -> None:
    now = await clock.now()
    house = build_house(settings, records, clock)
    with tempfile.TemporaryDirectory(prefix="homeward-example-") as folder:
        beside = records_beside(Path(folder))
        try:

            async def told(done: int, of: int) -> None:
                tell_loading(records, mark, Loading(await clock.now(), done, of))

            hub_id = await tell_example(house, beside, Path(folder) / "soffice", now, told)
            _take_in(records, beside, hub_id, mark)
        finally:
            beside.close()


def _take_in(records: Records, beside: Records, hub_id: str, mark: str) -> None:
    try:
        with records.everywhere() as session:
            end_loading(session, mark)
            copy_hub(beside, session, hub_id)
    except IntegrityError:
        raise ExampleNameTaken from None


async def _now(clock: Clock) -> datetime:
    return await clock.now()
