"""A plan that lives for years: its workflow begins anew with a short history, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest_asyncio
from sqlmodel import select
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.house import House, WallClock
from engine.embedded import program
from engine.relay import relay_once
from engine.worker import main_worker
from records.plan_facts import load_plan
from records.plans import NewStep, add_evidence, add_step, start_plan, steps_of
from records.tables import Hub, Message
from tests.houses import ROSA, a_case, hub_of, make_house
from tests.workflows.plain import PLAIN_CONVERTER
from workflows.names import SEARCH_ATTRIBUTES
from workflows.support_plan import SupportPlanWorkflow

SUGGEST_AFTER = 60
CHANGES = 60


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Client]:
    """A real dev server that suggests continue-as-new early."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program()),
        data_converter=PLAIN_CONVERTER,
        search_attributes=list(SEARCH_ATTRIBUTES),
        dev_server_extra_args=[
            "--dynamic-config-value",
            f"limit.historyCount.suggestContinueAsNew={SUGGEST_AFTER}",
        ],
    )
    async with env:
        yield env.client


def awake(house: House) -> str:
    """A hub that never sleeps, so that what is due leaves now."""
    hub_id = hub_of(house.records)
    with house.records.everywhere() as session:
        hub = session.get_one(Hub, hub_id)
        hub.quiet_from = hub.quiet_to = time(0)
        session.add(hub)
    return hub_id


async def test_a_plan_goes_on_across_continue_as_new_and_reminds_once(
    server: Client, tmp_path: Path
) -> None:
    house = make_house(tmp_path / "var", WallClock())
    hub_id, records = awake(house), house.records
    now = datetime.now(UTC)
    case = a_case(records, now)
    day = now.date() + timedelta(days=40)
    series = NewStep("check_in", "Call", day, recurrence="FREQ=WEEKLY;COUNT=120")
    with records.writing(hub_id) as session:
        plan_id = start_plan(session, case.id, (series,), ROSA, now).id
        ids = [step.id for step in steps_of(session, plan_id)]
    async with main_worker(server, house, cached=10):
        for step_id in ids[:CHANGES]:
            with records.writing(hub_id) as session:
                add_evidence(session, step_id, "call", "", ROSA, now)
            await relay_once(records, server)
            await asyncio.sleep(0.03)
        handle = server.get_workflow_handle(f"plan-{plan_id}")
        await _planned(house, server, plan_id, hub_id)
        about = (await handle.describe()).raw_description.workflow_execution_info
        assert about.first_run_id != about.execution.run_id, "it never continued as new"
        assert len((await handle.fetch_history()).events) < SUGGEST_AFTER * 3

        due = NewStep("housing", "See the room", now.date() + timedelta(days=1))
        with records.writing(hub_id) as session:
            step = add_step(session, plan_id, due, ROSA, now - timedelta(hours=3)).id
        await relay_once(records, server)
        messages = await _sent(house, hub_id, step)
        await _planned(house, server, plan_id, hub_id)
    assert len(messages) == 1
    house.records.close()


async def _planned(house: House, client: Client, plan_id: str, hub_id: str) -> None:
    """Until the workflow holds what the records say now."""
    handle: WorkflowHandle[SupportPlanWorkflow, None] = client.get_workflow_handle_for(
        SupportPlanWorkflow.run, f"plan-{plan_id}"
    )
    for _ in range(600):
        while await relay_once(house.records, client):
            pass
        with house.records.reading(hub_id) as session:
            facts = load_plan(session, plan_id)
        agenda = await handle.query(SupportPlanWorkflow.agenda)
        if facts is not None and agenda is not None and agenda.revision == facts.revision:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the workflow never heard of the newest revision")


async def _sent(house: House, hub_id: str, step_id: str) -> list[Message]:
    """The reminders of a step, once there is one; a moment later, so that a second would show."""
    for _ in range(400):
        with house.records.reading(hub_id) as session:
            if session.exec(select(Message.id).where(Message.subject_id == step_id)).first():
                break
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    with house.records.reading(hub_id) as session:
        return list(session.exec(select(Message).where(Message.subject_id == step_id)).all())
