"""Memory that one cached case workflow takes in the worker."""

import asyncio
import gc
import time

import psutil

from benchmarks.engine_house import Engine, add_cases, embedded_engine, in_seconds, prepare_hub
from benchmarks.result import Result
from engine.relay import relay_once
from engine.worker import build_workers

MOST_MB = 0.2


async def measure(count: int = 1000) -> Result:
    """Resident memory before and after a thousand cases are planned and cached."""
    async with embedded_engine() as engine:
        hub_id = prepare_hub(engine.house.records)
        workers = build_workers(engine.client, engine.house, cached=count + 200)
        async with workers[0]:
            await _follow(engine, hub_id, 100)
            before = _resident()
            await _follow(engine, hub_id, count)
            after = _resident()
    each = (after - before) / count
    return Result(
        name="memory",
        value=round(each, 4),
        unit="MB/cached workflow",
        floor=MOST_MB,
        ratio=round(each / MOST_MB, 3),
        wanted=f"at most {MOST_MB} MB",
        ok=each <= MOST_MB,
        details={"cases": count, "before_mb": round(before, 1), "after_mb": round(after, 1)},
    )


def _resident() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


async def _follow(engine: Engine, hub_id: str, count: int) -> None:
    """Add cases far from due, start their workflows, and wait until each has planned."""
    due = in_seconds(86_400).replace(hour=10, minute=0, second=0)
    ids = await asyncio.to_thread(add_cases, engine.house.records, hub_id, count, due)
    while await relay_once(engine.house.records, engine.client):
        pass
    deadline = time.time() + 180
    for case_id in ids:
        handle = engine.client.get_workflow_handle(f"case-{case_id}")
        while await handle.query("agenda") is None:
            if time.time() > deadline:
                raise RuntimeError("The workflows did not all plan in their time.")
            await asyncio.sleep(0.1)
