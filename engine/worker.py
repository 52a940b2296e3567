"""The worker: workflows and activities, on two queues so that rendering never delays a reminder."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
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
from activities.packet_building import PacketBuilding
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
from workflows.support_plan import SupportPlanWorkflow

log = structlog.get_logger()

ALL_WORKFLOWS = [
    CaseWorkflow,
    PacketWorkflow,
    SupportPlanWorkflow,
    AgencyWorkflow,
    ReconcileWorkflow,
]
GRACE = timedelta(seconds=30)
RECONCILE_EVERY = timedelta(hours=6)
RECONCILE_ID = "reconcile"
SCHEDULE_SEEN_TO_EVERY = 300.0


def activities_of(house: House, client: Client) -> list[Callable[..., Any]]:
    """Activities of the main queue."""
    planning, notifying = Planning(house), Notifying(house)
    return [
        planning.plan,
        planning.open_task,
        planning.miss_step,
        notifying.send_message,
        PacketAdvancing(house).advance_packet,
        Reconciling(house.records, client).reconcile,
    ]


def build_workers(
    client: Client, house: House, *, cached: int = 1000, at_once: int = 50
) -> list[Worker]:
    """The two workers of one process.

    Args:
        client: with the sealing data converter.
        house: what activities work with.
        cached: workflows kept in memory.
        at_once: activities that run at the same time.
    """
    guard = ClockGuard(house)
    main = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=ALL_WORKFLOWS,
        activities=activities_of(house, client),
        workflow_runner=runner(),
        max_cached_workflows=cached,
        max_concurrent_activities=at_once,
        interceptors=[guard],
        graceful_shutdown_timeout=GRACE,
    )
    packets = Worker(
        client,
        task_queue=PACKET_QUEUE,
        activities=[PacketBuilding(house).build_packet],
        max_concurrent_activities=1,
        interceptors=[guard],
        graceful_shutdown_timeout=GRACE,
    )
    return [main, packets]


def runner() -> WorkflowRunner:
    """Workflows run outside the SDK's sandbox (docs/decisions/0003-no-sandbox.md).

    They are one small loop over plain values. What the sandbox would catch is caught by an
    import rule (no clock, no randomness, no I/O below `workflows`) and by replayed histories;
    what it costs is half of the work per reminder and most of a workflow's memory.
    """
    return UnsandboxedWorkflowRunner()


async def run_worker(client: Client, house: House, stop: asyncio.Event, *, cached: int) -> None:
    """Work until `stop`, then finish what runs.

    A worker that fails to start is built once more before giving up (a validation under load
    was seen to fail for no reason on Python 3.11).
    """
    heartbeat = Heartbeat(house.records, "worker")
    now = await house.clock.now()
    await house.records.run(lambda: wake_whoever_waits(house.records, now))
    for attempt in (1, 2):
        try:
            async with AsyncExitStack() as stack:
                for worker in build_workers(client, house, cached=cached):
                    await stack.enter_async_context(worker)
                await asyncio.gather(_beat(heartbeat, house, stop), _keep_schedule(client, stop))
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
