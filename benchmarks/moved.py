"""A hearing moves: how long until the provider has the new date, with 1,000 open cases.

The embedded server with its file, relay and worker as in service, a provider on loopback.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from random import Random

from sqlmodel import select

from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, LoopbackSmsProvider
from benchmarks.due_at_once import until
from benchmarks.engine_house import BENCH, Engine, add_cases, embedded_engine, prepare_hub
from benchmarks.result import Result
from engine.relay import relay_once, run_relay
from engine.worker import build_workers
from records.hearings import Setting, move_hearing
from records.tables import Hearing

WANTED_SECONDS = 2.0
MOVES = 40
"""One for each of the first cases: their phone numbers differ."""


async def measure(cases: int = 1000, seed: int = 7) -> Result:
    """Move hearings one after the other, at moments that no part can know."""
    async with (
        LoopbackSmsProvider() as provider,
        embedded_engine(
            sms_url=provider.url,
            sms_account=ACCOUNT,
            sms_token=AUTH_TOKEN,
            sms_sender="+13055550199",
        ) as engine,
    ):
        hub_id = prepare_hub(engine.house.records)
        ids = add_cases(
            engine.house.records, hub_id, cases, datetime.now(UTC) + timedelta(hours=47)
        )
        stop = asyncio.Event()
        async with build_workers(engine.client, engine.house, cached=cases + 100)[0]:
            while await relay_once(engine.house.records, engine.client):
                pass
            relay = asyncio.create_task(run_relay(engine.settings, engine.house.records, stop))
            seconds = await _moves(engine, provider, hub_id, ids[:MOVES], Random(seed))
            stop.set()
            await relay
    seconds.sort()
    median = statistics.median(seconds)
    return Result(
        name="moved",
        value=round(median, 3),
        unit="seconds, median",
        floor=WANTED_SECONDS,
        ratio=round(median / WANTED_SECONDS, 3),
        wanted=f"at most {WANTED_SECONDS:g} s from the move to the provider's acceptance",
        ok=median <= WANTED_SECONDS,
        details={
            "open_cases": cases,
            "moves": len(seconds),
            "p95": round(seconds[int(len(seconds) * 0.95) - 1], 3),
            "longest": round(seconds[-1], 3),
        },
    )


async def _moves(
    engine: Engine, provider: LoopbackSmsProvider, hub_id: str, ids: list[str], dice: Random
) -> list[float]:
    took = []
    for number, case_id in enumerate(ids):
        await asyncio.sleep(dice.uniform(0.1, 0.6))
        before = len(provider.accepted())
        moved_at = _move(engine, hub_id, case_id, number)
        await until(lambda seen=before: len(provider.accepted()) > seen, time.time() + 30)  # type: ignore[misc]
        took.append((provider.accepted()[-1].date_created - moved_at).total_seconds())
    return took


def _move(engine: Engine, hub_id: str, case_id: str, number: int) -> datetime:
    """Move one case's hearing by a day; the moment at which that is written."""
    with engine.house.records.writing(hub_id) as session:
        hearing = session.exec(select(Hearing).where(Hearing.case_id == case_id)).one()
        setting = Setting(
            hearing.local_time + timedelta(days=1, minutes=number), hearing.zone, "4B", "12 Oak St"
        )
        move_hearing(session, hearing.id, setting, BENCH, datetime.now(UTC))
    return datetime.now(UTC)
