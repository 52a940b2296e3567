"""The durable loop itself, against a planner that the test plays: no news is ever lost."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.agenda import Act, Agenda, AgendaItem, Doing, Subject, SubjectRef
from engine.embedded import program
from engine.starting import wake
from engine.worker import runner
from tests.workflows.plain import PLAIN_CONVERTER
from workflows.case import CaseWorkflow
from workflows.names import CHANGED_SIGNAL, SEARCH_ATTRIBUTES, TASK_QUEUE

SUGGEST_AFTER = 60


class Desk:
    """Stands where the records stand: what is planned, and what was done."""

    def __init__(self) -> None:
        self.revision = 1
        self.items: tuple[AgendaItem, ...] = ()
        self.planned: list[int] = []
        self.done: list[str] = []
        self.refuse: set[str] = set()
        self.stubborn: set[str] = set()

    def agenda(self) -> Agenda:
        """What is left to do."""
        left = tuple(item for item in self.items if item.key not in self.done)
        due = min((item.due for item in left), default=None)
        return Agenda(self.revision, due, left, stage="arrested")

    @activity.defn(name="plan")
    async def plan(self, subject: SubjectRef) -> Agenda:
        """Note the revision that was planned for."""
        self.planned.append(self.revision)
        return self.agenda()

    @activity.defn(name=Act.SEND_MESSAGE)
    async def send(self, doing: Doing) -> Agenda:
        """Do it, unless the test wants a refusal."""
        key = doing.item.key
        if key in self.refuse:
            raise ApplicationError("not now", non_retryable=True)
        if key not in self.stubborn:
            self.done.append(key)
        return self.agenda()


def item(key: str, due: datetime) -> AgendaItem:
    """Something to do at a moment, useful for an hour."""
    return AgendaItem(Act.SEND_MESSAGE, key, due, due + timedelta(hours=1))


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Client]:
    """A real dev server that suggests continue-as-new early."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program()),
        data_converter=PLAIN_CONVERTER,
        search_attributes=list(SEARCH_ATTRIBUTES),
        dev_server_extra_args=[
            "--dynamic-config-value",
            f"limit.historyCount.suggestContinueAsNew={SUGGEST_AFTER}",
        ],
    )
    async with env:
        yield env.client


async def start(client: Client) -> tuple[SubjectRef, "WorkflowHandle[CaseWorkflow, None]"]:
    """A followed subject."""
    subject = SubjectRef(Subject.CASE, uuid.uuid4().hex, "hub")
    await wake(client, subject, 1)
    return subject, client.get_workflow_handle_for(CaseWorkflow.run, subject.workflow_id)


async def until(condition: object, seconds: float = 20.0) -> None:
    """Look often, give up in the end."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():  # type: ignore[operator]
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def test_no_signal_is_lost_across_continue_as_new(server: Client) -> None:
    desk = Desk()
    async with Worker(
        server,
        task_queue=TASK_QUEUE,
        workflows=[CaseWorkflow],
        activities=[desk.plan, desk.send],
        workflow_runner=runner(),
    ):
        _, handle = await start(server)
        for revision in range(2, 302):
            desk.revision = revision
            await handle.signal(CHANGED_SIGNAL, revision)
            if revision % 7 == 0:
                await asyncio.sleep(0.02)
        await until(lambda: desk.planned and desk.planned[-1] == 301)
        first = (await handle.describe()).raw_description.workflow_execution_info
        assert first.first_run_id != first.execution.run_id, "it never continued as new"
        history = await handle.fetch_history()
        assert len(history.events) < SUGGEST_AFTER * 3


async def test_an_item_that_cannot_be_done_delays_no_other_and_does_not_spin(
    server: Client,
) -> None:
    desk = Desk()
    soon = datetime.now(UTC)
    desk.items = (item("stuck", soon), item("fine", soon), item("stubborn", soon))
    desk.refuse.add("stuck")
    desk.stubborn.add("stubborn")
    async with Worker(
        server,
        task_queue=TASK_QUEUE,
        workflows=[CaseWorkflow],
        activities=[desk.plan, desk.send],
        workflow_runner=runner(),
    ):
        _, handle = await start(server)
        await until(lambda: "fine" in desk.done)
        await asyncio.sleep(3)
        assert desk.done == ["fine"]
        assert len(desk.planned) < 10
        # Other work goes on beside the one that rests.
        desk.items = (*desk.items, item("later", datetime.now(UTC)))
        desk.revision = 2
        await handle.signal(CHANGED_SIGNAL, 2)
        await until(lambda: "later" in desk.done)


async def test_old_news_does_not_plan_again(server: Client) -> None:
    desk = Desk()
    desk.revision = 5
    async with Worker(
        server,
        task_queue=TASK_QUEUE,
        workflows=[CaseWorkflow],
        activities=[desk.plan, desk.send],
        workflow_runner=runner(),
    ):
        _, handle = await start(server)
        await until(lambda: desk.planned == [5])
        for revision in (2, 3, 5):
            await handle.signal(CHANGED_SIGNAL, revision)
        await asyncio.sleep(1)
        assert desk.planned == [5]
