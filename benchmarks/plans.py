"""A hub changes its rules: how long until every running plan is planned anew.

The embedded server with its file, relay and worker as in service. Each plan has twelve steps and a
mentor; its case is followed, too, and hears of the change at the same moment. A plan counts as
planned when its own workflow says so.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from benchmarks.due_at_once import until
from benchmarks.engine_house import BENCH, Engine, embedded_engine, prepare_hub
from benchmarks.result import Result
from domain.tracks import Custody
from domain.vocabulary import Channel, StepKind
from engine.relay import relay_once, run_relay
from engine.worker import main_worker
from records.casework import NewCase, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.database import Records
from records.hub_changes import change_hub
from records.outbox import pending
from records.plans import NewStep, start_plan
from records.tables import Defendant
from workflows.support_plan import SupportPlanWorkflow

WANTED_SECONDS = 60.0
STEPS = 12
AT_ONCE = 50
"""Plans that are opened in one transaction."""
ASKED_AT_ONCE = 8
"""Workflows that are asked for their agenda at the same time."""


async def measure(count: int = 2000) -> Result:
    """Start them all, change the hub's notice and grace, and ask every plan for its agenda."""
    async with embedded_engine() as engine:
        hub_id = prepare_hub(engine.house.records)
        ids = await asyncio.to_thread(add_plans, engine.house.records, hub_id, count)
        stop = asyncio.Event()
        async with main_worker(engine.client, engine.house, cached=2 * count + 100):
            while await relay_once(engine.house.records, engine.client):
                pass
            await _planned(engine, ids, 1)
            relay = asyncio.create_task(run_relay(engine.settings, engine.house.records, stop))
            began = time.monotonic()
            await asyncio.to_thread(_change, engine.house.records, hub_id)
            changed = time.monotonic()
            await until(lambda: not pending(engine.house.records, limit=1), time.time() + 300)
            told = time.monotonic()
            await _planned(engine, ids, 2)
            took = time.monotonic() - began
            stop.set()
            await relay
    return Result(
        name="plans-replanned",
        value=round(took, 1),
        unit="seconds until every plan is planned anew",
        floor=WANTED_SECONDS,
        ratio=round(took / WANTED_SECONDS, 3),
        wanted=f"at most {WANTED_SECONDS:g} s for 2,000 plans with {STEPS} steps",
        ok=took <= WANTED_SECONDS,
        details={
            "plans": count,
            "steps": count * STEPS,
            "cases_replanned_beside_them": count,
            "rule_written_seconds": round(changed - began, 2),
            "news_carried_seconds": round(told - began, 1),
            "plans_a_second": round(count / took, 1),
        },
    )


def add_plans(records: Records, hub_id: str, count: int) -> list[str]:
    """Plans under way, all of whose steps lie ahead, each with somebody to write to and a
    mentor."""
    now = datetime.now(UTC)
    day = now.date()
    steps = [
        NewStep(
            StepKind.EDUCATION if number % 2 else StepKind.CHECK_IN,
            f"Step {number}",
            day + timedelta(days=30 + 14 * number),
            mandated=number % 3 == 0,
        )
        for number in range(STEPS)
    ]
    ids: list[str] = []
    for first in range(0, count, AT_ONCE):
        with records.writing(hub_id) as session:
            for number in range(first, min(first + AT_ONCE, count)):
                new = NewCase(f"Person{number}", "Johnson", custody=Custody.RELEASED)
                case = open_case(session, new, BENCH, now)
                person = session.get_one(Defendant, case.defendant_id).person_id
                phone = f"+1305555{100 + number % 100:04d}"
                contact = NewContact(Channel.SMS, phone, "yes")
                add_contact(session, person, contact, BENCH, now)
                mentor = NewSupporter("Omar", "Reyes", "mentor", contacts=(contact,), mentor=True)
                enroll_supporter(session, case.id, mentor, BENCH, now)
                ids.append(start_plan(session, case.id, steps, BENCH, now).id)
    return ids


def _change(records: Records, hub_id: str) -> None:
    with records.writing(hub_id) as session:
        change_hub(session, {"step_notice_days": 4, "step_grace_days": 3}, datetime.now(UTC))


async def _planned(engine: Engine, ids: Sequence[str], revision: int) -> None:
    """Until every plan's workflow holds an agenda of at least this revision."""
    left = list(ids)
    while left:
        gate = asyncio.Semaphore(ASKED_AT_ONCE)
        held = await asyncio.gather(*(_holds(engine, gate, one, revision) for one in left))
        left = [plan_id for plan_id, holds in zip(left, held, strict=True) if not holds]
        await asyncio.sleep(0.1)


async def _holds(engine: Engine, gate: asyncio.Semaphore, plan_id: str, revision: int) -> bool:
    handle: WorkflowHandle[SupportPlanWorkflow, None] = engine.client.get_workflow_handle_for(
        SupportPlanWorkflow.run, f"plan-{plan_id}"
    )
    async with gate:
        try:
            agenda = await handle.query(SupportPlanWorkflow.agenda)
        except RPCError:
            # While thousands of workflows start at once a question may find nobody at leisure.
            return False
    return agenda is not None and agenda.revision >= revision
