"""The durable agenda loop that every workflow shares: plan, wait, do.

A workflow knows ids and instants only. What is due comes from the planners, through an
activity that reads the records, so rules may change any day without touching a running
workflow. Each item is one activity; each activity checks the records again before it acts and
returns the fresh agenda, so that a wake costs one timer and one activity.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.agenda import Act, Agenda, AgendaItem, Doing, SubjectRef
    from workflows.names import CASE_STAGE, NEXT_DUE, PACKET_QUEUE, PLAN_ACTIVITY

FIRST_REST = timedelta(milliseconds=50)
LONGEST_REST = timedelta(minutes=1)
"""An item that an activity left undone is looked at again after a rest between these."""
REST_AFTER_FAILURE = timedelta(minutes=5)
ONE_PLANNING = timedelta(seconds=20)
"""A killed worker's planning is begun anew after this; nothing of a case happens until then."""
_THEN = ""
"""The agenda's next moment, which rests like an item and has no key of its own."""
SHORTEST_TRY = timedelta(minutes=1)
LONGEST_TRY = timedelta(days=370)

_PLAN_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=20),
)
_DO_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    # A day without a provider is 300 tries for each message, and five minutes late at its end.
    maximum_interval=timedelta(minutes=5),
)
_ONE_TRY = {Act.BUILD_PACKET: timedelta(minutes=10)}
_SILENT = {Act.BUILD_PACKET: timedelta(seconds=20)}
"""Long work says that it lives; what is silent for this long is begun anew by another worker."""
_QUEUES = {Act.BUILD_PACKET: PACKET_QUEUE}


@dataclass(frozen=True)
class Follow:
    """What a workflow starts with: whom it follows, and the newest revision it has heard of."""

    subject: SubjectRef
    revision: int = 0


class AgendaLoop:
    """The state and the loop of one workflow.

    Guarantee: every revision that was signalled is planned for; every due item is started once
    at a time; nothing is started for an item that the newest agenda does not hold.
    """

    def __init__(self, follow: Follow) -> None:
        self._subject = follow.subject
        self._heard = follow.revision
        self._seen = 0
        self._agenda: Agenda | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, datetime] = {}
        self._resting: dict[str, datetime] = {}
        self._undone: dict[str, int] = {}
        self._shown: tuple[str, datetime | None] = ("", None)
        self._look_again = False

    @property
    def agenda(self) -> Agenda | None:
        """The agenda as last planned; None while planning."""
        return self._agenda

    def hear(self, revision: int) -> None:
        """The records changed. Older news than what was planned from is no news."""
        self._heard = max(self._heard, revision)

    async def follow(self) -> None:
        """Plan, wait and do until nothing will ever be due again; then return.

        Continues as new when the history grows long, with nothing running and every handler
        done, so that no signal is lost.
        """
        while True:
            agenda = await self._current()
            self._show(agenda)
            if agenda.ended and not self._running:
                return
            if workflow.info().is_continue_as_new_suggested() and not self._running:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(Follow(self._subject, self._heard))
            self._start_due(agenda)
            await self._wait(agenda)

    def _stale(self) -> bool:
        return self._agenda is None or self._look_again or self._heard > self._seen

    async def _current(self) -> Agenda:
        """The agenda, planned again when the records have changed since."""
        while self._stale():
            self._look_again = False
            heard = self._heard
            planned: Agenda = await workflow.execute_activity(
                PLAN_ACTIVITY,
                self._subject,
                result_type=Agenda,
                start_to_close_timeout=ONE_PLANNING,
                retry_policy=_PLAN_RETRY,
                summary="plan",
            )
            # Records restored from a backup may be behind what was signalled: planned is planned.
            self._take(planned, max(heard, planned.revision))
        assert self._agenda is not None
        return self._agenda

    def _take(self, agenda: Agenda, seen: int) -> None:
        self._agenda = agenda
        self._seen = max(self._seen, seen)

    def _start_due(self, agenda: Agenda) -> None:
        now = workflow.now()
        for item in agenda.items:
            if item.due <= now and item.key not in self._running and self._rested(item.key, now):
                useful = _time_for(item, now, agenda.then)
                self._ends[item.key] = now + useful
                self._running[item.key] = asyncio.create_task(self._do(item, useful, agenda.then))

    def _rested(self, key: str, now: datetime) -> bool:
        if key in self._resting and self._resting[key] > now:
            return False
        self._resting.pop(key, None)
        return True

    async def _do(self, item: AgendaItem, useful: timedelta, then: datetime | None) -> None:
        """One side effect, for as long as it is useful."""
        try:
            agenda: Agenda = await workflow.execute_activity(
                item.act,
                Doing(self._subject, item),
                result_type=Agenda,
                task_queue=_QUEUES.get(item.act),
                schedule_to_close_timeout=useful,
                start_to_close_timeout=_ONE_TRY.get(item.act, timedelta(seconds=30)),
                heartbeat_timeout=_SILENT.get(item.act),
                retry_policy=_DO_RETRY,
                summary=summary_of(item),
            )
        except ActivityError:
            if then is None or workflow.now() < then:
                self._resting[item.key] = workflow.now() + REST_AFTER_FAILURE
            self._look_again = True
        else:
            if self._agenda is None or agenda.revision >= self._agenda.revision:
                self._take(agenda, agenda.revision)
            else:
                # Read before the newest change, or from restored or removed records.
                self._look_again = True
            if any(left.key == item.key for left in agenda.items):
                self._rest(item.key)
            else:
                self._undone.pop(item.key, None)
        finally:
            del self._running[item.key], self._ends[item.key]

    def _rest(self, key: str) -> None:
        """An activity found that an item's moment had not come: look again soon, then later.

        The activity's clock may be a little behind the server's; a record that keeps saying no
        must not spin the loop.
        """
        times = self._undone[key] = self._undone.get(key, 0) + 1
        self._resting[key] = workflow.now() + min(FIRST_REST * 2 ** min(times, 12), LONGEST_REST)

    async def _wait(self, agenda: Agenda) -> None:
        """Until the next moment, an item's end, or news from the records."""
        before = len(self._running)
        wake = self._wake_at(agenda)
        timeout = None if wake is None else max(wake - workflow.now(), timedelta(milliseconds=1))

        def something_happened() -> bool:
            return self._stale() or self._agenda is not agenda or len(self._running) < before

        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                something_happened, timeout=timeout, timeout_summary="next due"
            )
        if agenda.then is None or workflow.now() < agenda.then:
            self._undone.pop(_THEN, None)
        elif self._agenda is agenda:
            # Only a new plan knows what is due at that moment.
            self._rest(_THEN)
            self._look_again = True

    def _wake_at(self, agenda: Agenda) -> datetime | None:
        """The next moment at which this loop has something to start."""
        moments = [
            max(item.due, self._resting.get(item.key, item.due))
            for item in agenda.items
            if item.key not in self._running
        ]
        if agenda.then is not None:
            moments.append(max(agenda.then, self._resting.get(_THEN, agenda.then)))
        wake = min(moments, default=None)
        if wake is not None and self._running and wake >= min(self._ends.values()):
            # What runs ends in time by itself; a timer beside it would cost two events.
            return None
        return wake

    def _show(self, agenda: Agenda) -> None:
        """Tell operators where this stands: stage and next moment, never a name."""
        if agenda.stage == self._shown[0]:
            return
        self._shown = (agenda.stage, agenda.due)
        workflow.upsert_search_attributes(
            [CASE_STAGE.value_set(agenda.stage)]
            + ([NEXT_DUE.value_set(agenda.due)] if agenda.due else [])
        )


def _time_for(item: AgendaItem, now: datetime, then: datetime | None) -> timedelta:
    """How long an item may take.

    Its time ends when the item stops being useful, or when the next moment of the agenda
    comes: then the agenda is planned again, and what is still wanted goes on beside the rest.
    """
    useful = min(max(item.until - now, SHORTEST_TRY), LONGEST_TRY)
    return useful if then is None else min(useful, max(then - now, SHORTEST_TRY))


def summary_of(item: AgendaItem) -> str:
    """What an operator reads beside the activity: kind, step and channel; no person."""
    return " ".join(part for part in (item.act.replace("_", " "), item.step, item.channel) if part)
