"""The example is removed while its workflows run: they end, and nothing starts them anew."""

import asyncio
from datetime import timedelta

from sqlmodel import select
from temporalio.client import WorkflowExecutionStatus

from activities.house import Clock
from domain.agenda import SubjectRef
from engine.example_hub import load_example, remove_with_documents
from engine.reconcile import open_subjects, reconcile
from engine.settings import Settings
from records.example_removing import find_example
from records.tables import Message
from tests.houses import FixedClock, settings_in
from tests.records.test_example import counts
from tests.workflows.conftest import Life


async def test_its_workflows_end_and_are_not_started_anew(life: Life) -> None:
    records, now = life.house.records, await life.now()
    clock: Clock = FixedClock(now)
    before = counts(records)
    folder = life.house.soffice_profile.parent
    settings: Settings = settings_in(folder, soffice=str(folder / "nowhere"))
    await asyncio.to_thread(load_example, settings, records, clock)
    hub_id = find_example(records)
    ours = [ref for ref, _ in open_subjects(records) if ref.hub_id == hub_id]
    assert len(ours) > 10
    await life.until(now + timedelta(days=1))
    assert await running(life, ours) == set(ours)
    with records.reading(hub_id) as session:
        rows = session.exec(select(Message)).all()
        assert {row.transport for row in rows} == {"example"}
        assert max(row.claimed_at for row in rows) > now, "they were at work"
    at, store = await life.now(), life.house.store
    removed = await asyncio.to_thread(remove_with_documents, records, store, at)
    assert removed is not None
    assert [ref for ref, _ in open_subjects(records) if ref.hub_id == hub_id] == []
    await life.until(await life.now() + timedelta(hours=1))
    assert await running(life, ours) == set(), "told at once, they ended"
    await reconcile(records, life.env.client, wake_all=True)
    assert await running(life, ours) == set()
    assert counts(records) == before
    assert list(life.house.store.entries()) == []


async def running(life: Life, subjects: list[SubjectRef]) -> set[SubjectRef]:
    """Those that a workflow follows."""
    found = set()
    for ref in subjects:
        handle = life.env.client.get_workflow_handle(ref.workflow_id)
        if (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
            found.add(ref)
    return found
