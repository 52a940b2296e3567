"""The loop under records that go backwards or vanish, and under time that passes meanwhile."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from temporalio import activity
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.agendas import GONE
from domain.agenda import Act, Agenda, AgendaItem, Doing, Subject, SubjectRef, next_agenda
from engine.embedded import test_server as server_program
from engine.skipping import register_search_attributes
from engine.starting import wake
from engine.worker import runner
from tests.workflows.plain import PLAIN_CONVERTER
from workflows.case import CaseWorkflow
from workflows.names import TASK_QUEUE

pytestmark = pytest.mark.faults


@dataclass
class Play:
    """The records, played: what they call for, and what is done with it."""

    env: WorkflowEnvironment
    items: list[AgendaItem] = field(default_factory=list)
    revision: int = 1
    gone: bool = False
    failing: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    done: dict[str, datetime] = field(default_factory=dict)
    follow: Callable[[str], None] = lambda key: None

    async def agenda(self) -> Agenda:
        """What is to be done now."""
        if self.gone:
            return GONE
        now = await self.env.get_current_time()
        left = [item for item in self.items if item.key not in self.done]
        return next_agenda(left, now, revision=self.revision, stage="arrested")

    @activity.defn(name="plan")
    async def plan(self, subject: SubjectRef) -> Agenda:
        """Count, and plan."""
        self.calls["plan"] += 1
        return await self.agenda()

    @activity.defn(name=Act.SEND_MESSAGE)
    async def send(self, doing: Doing) -> Agenda:
        """Count, and do it or fail for now."""
        key = doing.item.key
        self.calls[key] += 1
        if key in self.failing:
            raise ApplicationError("not now", next_retry_delay=timedelta(hours=40))
        self.done[key] = await self.env.get_current_time()
        self.follow(key)
        return await self.agenda()


@asynccontextmanager
async def played() -> AsyncIterator[Play]:
    """A time-skipping server and one worker whose records are played."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server_program()), data_converter=PLAIN_CONVERTER
    )
    async with env:
        await register_search_attributes(env.client)
        play = Play(env)
        async with Worker(
            env.client,
            task_queue=TASK_QUEUE,
            workflows=[CaseWorkflow],
            activities=[play.plan, play.send],
            workflow_runner=runner(),
        ):
            yield play


async def _start(play: Play) -> WorkflowHandle[CaseWorkflow, None]:
    subject = SubjectRef(Subject.CASE, uuid.uuid4().hex, "hub")
    await wake(play.env.client, subject, play.revision)
    return play.env.client.get_workflow_handle_for(CaseWorkflow.run, subject.workflow_id)


def _item(key: str, due: datetime, *, days: float = 30) -> AgendaItem:
    return AgendaItem(Act.SEND_MESSAGE, key, due, due + timedelta(days=days))


async def test_records_restored_from_a_backup_are_planned_anew_and_nothing_spins() -> None:
    """Their revision is lower than what the workflow has seen, for ever."""
    async with played() as play:
        now = await play.env.get_current_time()
        play.revision = 10
        play.items = [_item(f"k{day}", now + timedelta(days=day)) for day in (1, 2, 3)]
        handle = await _start(play)
        await play.env.sleep(timedelta(hours=1))
        play.revision = 4
        await play.env.sleep(timedelta(days=4))
        assert play.done.keys() == {"k1", "k2", "k3"}
        assert play.calls.total() < 12
        assert len((await handle.fetch_history()).events) < 80


async def test_a_case_that_vanishes_while_something_is_done_ends_its_workflow() -> None:
    async with played() as play:
        now = await play.env.get_current_time()
        play.revision = 3
        play.items = [_item("k", now + timedelta(days=1)), _item("m", now + timedelta(days=2))]
        play.follow = lambda key: setattr(play, "gone", True)
        handle = await _start(play)
        await play.env.sleep(timedelta(days=3))
        assert (await handle.describe()).status == WorkflowExecutionStatus.COMPLETED
        assert play.done.keys() == {"k"}
        assert play.calls.total() <= 4


async def test_what_waits_for_its_next_try_keeps_nothing_else_from_its_time() -> None:
    """One item will be tried again in forty hours; the news brings another one for tomorrow."""
    async with played() as play:
        now = await play.env.get_current_time()
        play.items = [_item("stuck", now)]
        play.failing = {"stuck"}
        handle = await _start(play)
        await play.env.sleep(timedelta(minutes=1))
        tomorrow = now + timedelta(days=1)
        play.items.append(_item("tomorrow", tomorrow))
        play.revision = 2
        await handle.signal(CaseWorkflow.records_changed, 2)
        await play.env.sleep(timedelta(days=1, minutes=5))
        assert abs(play.done["tomorrow"] - tomorrow) < timedelta(minutes=1)
        play.failing.clear()
        await play.env.sleep(timedelta(days=1))
        assert "stuck" in play.done
        assert play.calls["plan"] < 12
