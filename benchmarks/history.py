"""History events that one reminder to one person costs, counted in a real history."""

import asyncio
import time
from datetime import timedelta

from temporalio.api.enums.v1 import EventType

from benchmarks.due_at_once import sent_count, until
from benchmarks.engine_house import add_cases, embedded_engine, in_seconds, prepare_hub
from benchmarks.result import Result
from engine.relay import relay_once
from engine.worker import build_workers

MOST = 12


async def measure() -> Result:
    """One case, one person, one reminder: events between the timer before it and the next."""
    async with embedded_engine() as engine:
        due = in_seconds(6)
        hub_id = prepare_hub(engine.house.records, due.time())
        (case_id,) = add_cases(engine.house.records, hub_id, 1, due)
        workers = build_workers(engine.client, engine.house)
        async with workers[0]:
            await relay_once(engine.house.records, engine.client)
            deadline = due.timestamp() + 60
            await until(lambda: sent_count(engine, hub_id) >= 1, deadline)
            handle = engine.client.get_workflow_handle(f"case-{case_id}")
            started = EventType.EVENT_TYPE_TIMER_STARTED
            while time.time() < deadline:
                events = (await handle.fetch_history()).events
                timers = [n for n, event in enumerate(events) if event.event_type == started]
                if len(timers) >= 2 and len(events) == timers[-1] + 1:
                    break
                await asyncio.sleep(0.2)
    spent = timers[-1] - timers[-2]
    kinds = [EventType.Name(e.event_type)[11:] for e in events[timers[-2] : timers[-1]]]
    return Result(
        name="history",
        value=spent,
        unit="events/reminder",
        floor=MOST,
        ratio=round(spent / MOST, 3),
        wanted=f"at most {MOST}",
        ok=spent <= MOST,
        details={"events": kinds, "due_again_in": str(timedelta(days=2))},
    )
