"""Many cases with a reminder due in the same second, against the bare engine in the same run."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import col, select
from temporalio.client import Client
from temporalio.worker import Worker

from benchmarks import bare_workflow
from benchmarks.engine_house import (
    Engine,
    add_cases,
    embedded_engine,
    in_seconds,
    prepare_hub,
)
from benchmarks.result import Result
from domain.vocabulary import MessageState
from engine.relay import relay_once
from engine.worker import main_worker, runner
from records.tables import Message

WANTED = 0.6
START_RATE = 30.0
"""Workflows started per second, at the least; the moment is put behind the last start."""


async def bare_rate(client: Client, count: int, queue: str = "bare") -> float:
    """Reminders a second that the bare engine can do: timers due at once, empty activities."""
    bare_workflow.TIMES.clear()
    worker = Worker(
        client,
        task_queue=queue,
        workflows=[bare_workflow.BareWorkflow],
        activities=[bare_workflow.nothing],
        workflow_runner=runner(),
        max_cached_workflows=6000,
        max_concurrent_activities=50,
    )
    async with worker:
        due = in_seconds(count / START_RATE + 3)
        gate = asyncio.Semaphore(20)

        async def start(number: int) -> None:
            async with gate:
                await client.start_workflow(
                    bare_workflow.BareWorkflow.run,
                    due.timestamp(),
                    id=f"{queue}-{due.timestamp()}-{number}",
                    task_queue=queue,
                )

        await asyncio.gather(*(start(number) for number in range(count)))
        late = time.time() - due.timestamp()
        await until(lambda: len(bare_workflow.TIMES) >= count, due.timestamp() + count / 5 + 60)
        if late > 0:
            raise RuntimeError("The machine was too slow to start them all before their moment.")
        return count / (max(bare_workflow.TIMES) - due.timestamp())


async def homeward_rate(
    engine: Engine, count: int, meanwhile: Callable[[], None] | None = None
) -> float:
    """Reminders a second that the case workflow sends, by the same measure.

    `meanwhile` is called a moment before they fall due.
    """
    records = engine.house.records
    hub_id = prepare_hub(records)
    before = sent_count(engine, hub_id)
    add_cases(records, hub_id, count, datetime.now(UTC))
    # The hearings' day is known now; the second at which the hub reminds is set last.
    due = in_seconds(count / START_RATE * 1.5 + 5)
    prepare_hub(records, due.time())
    async with main_worker(engine.client, engine.house, cached=6000):
        while await relay_once(records, engine.client):
            pass
        if time.time() > due.timestamp() - 2:
            raise RuntimeError("The machine was too slow to start them all before their moment.")
        if meanwhile is not None:
            meanwhile()
        await asyncio.sleep(max(due.timestamp() - time.time(), 0))
        wanted = before + count
        await until(lambda: sent_count(engine, hub_id) >= wanted, due.timestamp() + count / 5 + 60)
        done = time.time()
    return count / (done - due.timestamp())


async def until(done: Callable[[], bool], deadline: float) -> None:
    """Look every 50 ms until it is done; give up at the deadline (seconds since 1970)."""
    while not done():
        if time.time() > deadline:
            raise RuntimeError("The measurement did not end in its time.")
        await asyncio.sleep(0.05)


def sent_count(engine: Engine, hub_id: str) -> int:
    """Three-day reminders that went out."""
    with engine.house.records.reading(hub_id) as session:
        return session.exec(
            select(func.count(col(Message.id))).where(
                Message.step == "before_3", Message.state == MessageState.SENT
            )
        ).one()


async def measure(count: int = 1000) -> Result:
    """Both, one after the other and the bare engine again, on the same server."""
    async with embedded_engine() as engine:
        first = await bare_rate(engine.client, count, "bare-1")
        ours = await homeward_rate(engine, count)
        second = await bare_rate(engine.client, count, "bare-2")
    floor = (first + second) / 2
    return Result(
        name=f"due-at-once-{count}",
        value=round(ours, 1),
        unit="reminders/s",
        floor=round(floor, 1),
        ratio=round(ours / floor, 3),
        wanted=f"at least {WANTED} of the bare engine's rate",
        ok=ours / floor >= WANTED,
        details={"bare_before": round(first, 1), "bare_after": round(second, 1), "cases": count},
    )
