"""The relay: carries the outbox's news to the workflows.

Guarantee: news leaves the outbox only after Temporal accepted it. While Temporal is down the
news waits, and the lag shows on `/readyz`.
"""

import asyncio

import structlog
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from engine.connection import TemporalUnreachable, connect
from engine.heartbeat import Heartbeat
from engine.settings import Settings
from engine.starting import wake
from records.database import Records
from records.outbox import News, passed_on, pending

log = structlog.get_logger()

BATCH = 200
AT_ONCE = 20
LONGEST_PAUSE = 5.0


async def relay_once(records: Records, client: Client, limit: int = BATCH) -> int:
    """Carry one batch.

    Returns:
        How many subjects were told.

    Raises:
        RPCError: Temporal did not take all of it; what it took is forgotten, the rest waits.
    """
    news = await records.run(lambda: pending(records, limit))
    if not news:
        return 0
    gate = asyncio.Semaphore(AT_ONCE)
    told: list[News] = []

    async def tell(item: News) -> None:
        async with gate:
            await wake(client, item.subject, item.revision)
            told.append(item)

    answers = await asyncio.gather(*(tell(item) for item in news), return_exceptions=True)
    if told:
        await records.run(lambda: passed_on(records, told))
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return len(told)


async def run_relay(settings: Settings, records: Records, stop: asyncio.Event) -> None:
    """Carry news until `stop`; outlives every outage of Temporal."""
    heartbeat = Heartbeat(records, "relay")
    client: Client | None = None
    pause = settings.relay_seconds
    while not stop.is_set():
        await heartbeat.beat()
        try:
            client = client or await connect(settings, patience=3.0)
            told = await relay_once(records, client)
            pause = settings.relay_seconds
            if told:
                continue
        except (RPCError, TemporalUnreachable, OSError, RuntimeError) as error:
            if not (isinstance(error, RPCError) and error.status == RPCStatusCode.UNAVAILABLE):
                client = None
            log.warning("relay waits for Temporal", why=type(error).__name__)
            pause = min(pause * 2, LONGEST_PAUSE)
        await _pause(stop, pause)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return
