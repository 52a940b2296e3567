"""The workers: workflows and activities in one process, the building of packets in another, each
with its own queue, so that rendering never delays a reminder."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleSpec,
)
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.house import House
from activities.notifying import Notifying
from activities.packet_advancing import PacketAdvancing
from activities.packet_building import PacketBuilding, make_up_for_pdfs
from activities.planning import Planning
from activities.turns import keep_looking
from engine.clock_guard import ClockGuard
from engine.heartbeat import EVERY_SECONDS, Heartbeat
from engine.reconcile import Reconciling
from records.waking import wake_whoever_waits
from workflows.agency import AgencyWorkflow
from workflows.case import CaseWorkflow
from workflows.names import PACKET_QUEUE, TASK_QUEUE
from workflows.packet import PacketWorkflow
from workflows.reconciling import ReconcileWorkflow
from workflows.referral import ReferralWorkflow
from workflows.support_plan import SupportPlanWorkflow

log = structlog.get_logger()

ALL_WORKFLOWS = [
    CaseWorkflow,
    PacketWorkflow,
    SupportPlanWorkflow,
    AgencyWorkflow,
    ReferralWorkflow,
    ReconcileWorkflow,
]
GRACE = timedelta(seconds=30)
RECONCILE_EVERY = timedelta(hours=6)
RECONCILE_ID = "reconcile"
SCHEDULE_SEEN_TO_EVERY = 300.0
PACKETS_MEMORY_MB = 700.0
"""Memory at which the builder of packets ends, to begin with none."""


def activities_of(house: House, client: Client) -> list[Callable[..., Any]]:
    """Activities of the main queue."""
    planning, notifying = Planning(house), Notifying(house)
    return [
        planning.plan,
        planning.open_task,
        planning.miss_step,
        planning.advance_plan,
        notifying.send_message,
        PacketAdvancing(house).advance_packet,
        Reconciling(house.records, client).reconcile,
    ]


def build_workers(
    client: Client, house: House, *, cached: int = 1000, at_once: int = 50
) -> list[Worker]:
    """Both workers, for a process that does everything (tests, the demo).

    Args:
        client: with the sealing data converter.
        house: what activities work with.
        cached: workflows kept in memory.
        at_once: activities that run at the same time.
    """
    main = main_worker(client, house, cached=cached, at_once=at_once)
    return [main, packet_worker(client, house)]


def main_worker(client: Client, house: House, *, cached: int, at_once: int = 50) -> Worker:
    """Workflows, and every activity but the building of packets."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=ALL_WORKFLOWS,
        activities=activities_of(house, client),
        workflow_runner=runner(),
        max_cached_workflows=cached,
        max_concurrent_activities=at_once,
        interceptors=[ClockGuard(house)],
        graceful_shutdown_timeout=GRACE,
    )


def packet_worker(client: Client, house: House) -> Worker:
    """Builds packets, one at a time: LibreOffice is one program with one profile."""
    return Worker(
        client,
        task_queue=PACKET_QUEUE,
        activities=[PacketBuilding(house).build_packet],
        max_concurrent_activities=1,
        interceptors=[ClockGuard(house)],
        graceful_shutdown_timeout=GRACE,
    )


def runner() -> WorkflowRunner:
    """Workflows run outside the SDK's sandbox (docs/decisions/0003-no-sandbox.md).

    They are one small loop over plain values. What the sandbox would catch is caught by an
    import rule (no clock, no randomness, no I/O below `workflows`) and by replayed histories;
    what it costs is half of the work per reminder and most of a workflow's memory.
    """
    return UnsandboxedWorkflowRunner()


async def run_worker(client: Client, house: House, stop: asyncio.Event, *, cached: int) -> None:
    """Work until `stop`, then finish what runs. Packets are built by `run_packet_worker`."""
    heartbeat = Heartbeat(house.records, "worker")
    now = await house.clock.now()
    await house.records.run(lambda: wake_whoever_waits(house.records, now))

    async def beside() -> None:
        await asyncio.gather(_beat(heartbeat, house, stop), _keep_schedule(client, stop))

    await _work(lambda: main_worker(client, house, cached=cached), beside)


async def run_packet_worker(client: Client, house: House, stop: asyncio.Event) -> None:
    """Build packets until `stop`. A process of its own, so that a reminder never waits for one.

    One that has grown to `PACKETS_MEMORY_MB` finishes what it builds and ends; its supervisor
    starts it anew.
    """
    heartbeat = Heartbeat(house.records, "packets")
    now = await house.clock.now()
    await house.records.run(lambda: make_up_for_pdfs(house, now))

    async def beside() -> None:
        while not stop.is_set() and memory_mb() < PACKETS_MEMORY_MB:
            await heartbeat.beat()
            await _pause(stop, EVERY_SECONDS)

    await _work(lambda: packet_worker(client, house), beside)


def memory_mb() -> float:
    """Megabytes of memory that this process holds; 0 where nobody says so."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _work(build: Callable[[], Worker], beside: Callable[[], Awaitable[None]]) -> None:
    """Run a worker for as long as what goes on beside it.

    One that fails to start is built once more before giving up (a validation under load was seen
    to fail for no reason on Python 3.11).
    """
    for attempt in (1, 2):
        try:
            async with build():
                await beside()
            return
        except RuntimeError as error:
            if attempt == 2:
                raise
            log.warning("worker is built again", why=type(error).__name__)


async def _beat(heartbeat: Heartbeat, house: House, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await heartbeat.beat()
        await keep_looking(house)
        await _pause(stop, EVERY_SECONDS)


async def _keep_schedule(client: Client, stop: asyncio.Event) -> None:
    """See to the schedule now and then: a Temporal that lost its whole memory lost that, too,
    and making it anew makes everything else anew."""
    while not stop.is_set():
        await ensure_schedule(client)
        await _pause(stop, SCHEDULE_SEEN_TO_EVERY)


async def ensure_schedule(client: Client) -> None:
    """The schedule that reconciles records and workflows, made where there is none."""
    try:
        await client.create_schedule(
            RECONCILE_ID,
            Schedule(
                action=ScheduleActionStartWorkflow(
                    ReconcileWorkflow.run, id="reconcile-run", task_queue=TASK_QUEUE
                ),
                spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=RECONCILE_EVERY)]),
            ),
            trigger_immediately=True,
        )
    except ScheduleAlreadyRunningError:
        return
    except RPCError as error:
        # The time-skipping test server has no schedules.
        log.warning("no reconcile schedule", why=error.status.name)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return
