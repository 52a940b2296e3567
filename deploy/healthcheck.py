#!/usr/bin/env python3
"""Says by its exit status whether the part of Homeward in this container is well.

    healthcheck web      the web server answers
    healthcheck worker   Temporal saw a poll from this very container in the last minutes
    healthcheck packets  the same for the queue of packets
    healthcheck relay    the relay's heartbeat in the records is fresh

A part that has died is restarted by Docker without this; how far the relay is behind is told by
`GET /readyz`. Nothing is printed but the name of what failed: no address, no password.

Each check loads only what it needs: they run for years, some of them four times a minute.
"""

import asyncio
import os
import socket
import sys
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SECONDS = 8
"""How long a check may take; Docker's own limit in docker-compose.yml is longer."""

RECENT_POLL = timedelta(minutes=3)
"""A worker's poll lasts about a minute before it is made anew."""

RECENT_BEAT = timedelta(minutes=1)
"""The relay's heart beats every few seconds, but may wait for a busy database or Temporal."""


def check_web() -> bool:
    """Whether the web server in this container answers `GET /healthz` with 200."""
    address = f"http://127.0.0.1:{int(os.environ.get('HOMEWARD_PORT', '8000'))}/healthz"
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        return bool(answer.status == 200)


def check_worker() -> bool:
    """Whether a worker whose identity names this host polled the task queue lately."""
    from workflows.names import TASK_QUEUE

    return asyncio.run(asyncio.wait_for(_polls(TASK_QUEUE, for_workflows=True), SECONDS))


def check_packets() -> bool:
    """The same for the queue of packets."""
    from workflows.names import PACKET_QUEUE

    return asyncio.run(asyncio.wait_for(_polls(PACKET_QUEUE, for_workflows=False), SECONDS))


def check_relay() -> bool:
    """Whether the relay, of which there is one, said lately that it lives."""
    from sqlalchemy.exc import SQLAlchemyError
    from sqlmodel import Session

    from engine.settings import Settings
    from records.database import make_engine
    from records.tables import PartBeat

    try:
        with Session(make_engine(Settings().records_url, busy_seconds=SECONDS)) as session:
            beat = session.get(PartBeat, "relay")
    except SQLAlchemyError as error:
        raise RuntimeError("the records cannot be read") from error
    return beat is not None and beat.beat_at > datetime.now(UTC) - RECENT_BEAT


async def _polls(queue: str, *, for_workflows: bool) -> bool:
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
    from temporalio.client import Client
    from temporalio.envconfig import ClientConfig
    from temporalio.service import RPCError

    client = await Client.connect(**ClientConfig.load_client_connect_config())
    question = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=(
            TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
            if for_workflows
            else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
        ),
    )
    try:
        answer = await client.workflow_service.describe_task_queue(question)
    except RPCError as error:
        raise RuntimeError("Temporal does not know this task queue") from error
    oldest = datetime.now(UTC) - RECENT_POLL
    return any(
        socket.gethostname() in poller.identity
        and poller.last_access_time.ToDatetime(tzinfo=UTC) > oldest
        for poller in answer.pollers
    )


CHECKS: dict[str, Callable[[], bool]] = {
    "web": check_web,
    "worker": check_worker,
    "packets": check_packets,
    "relay": check_relay,
}


def say(line: str) -> None:
    """Docker keeps this line with the container's state."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Exit status for Docker: 0 well, 1 unwell, 2 asked wrongly."""
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        say(f"usage: healthcheck {'|'.join(CHECKS)}")
        return 2
    part = arguments[0]
    try:
        if CHECKS[part]():
            return 0
        say(f"{part}: not well")
    except (OSError, RuntimeError, TimeoutError) as error:
        say(f"{part}: {type(error).__name__}")
    return 1


if __name__ == "__main__":
    # The Temporal SDK's threads may still run, and can abort an ordinary exit.
    os._exit(main(sys.argv[1:]))
