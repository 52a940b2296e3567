"""A worker whose clock is wrong does nothing: neither too early, nor too late, nor never.

Planning by a wrong clock is worse than not planning: a workflow that was told that a hearing is
over sleeps through its reminders. So each activity first compares the house's clock with the
moment at which Temporal says that it began. Temporal tries again until they agree, here or on a
worker whose clock is right; such tries leave nothing in the history.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.fates import tell_house
from activities.house import House
from records.tables import Hub

TOLERANCE = timedelta(minutes=2)
"""Clocks that are kept by the network differ by far less."""
TRY_AGAIN_AFTER = timedelta(seconds=20)


class ClockGuard(Interceptor):
    """Stands before every activity of a worker."""

    def __init__(self, house: House) -> None:
        self._house = house

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Put the comparison before what comes next."""
        return _Guarded(next, self._house)


class _Guarded(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, house: House) -> None:
        super().__init__(inner)
        self._house = house

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        """Go on when the clocks agree; otherwise tell a person, and try again later.

        A first try that is late only waited in a process that slept; nobody is told of that.
        """
        info = activity.info()
        if abs(await self._house.clock.now() - info.started_time) > TOLERANCE:
            if info.attempt > 1:
                await self._house.records.run(
                    lambda: _tell_every_hub(self._house, info.started_time)
                )
            raise ApplicationError(
                "This worker's clock is minutes away from Temporal's; set it right.",
                type="ClockWrong",
                next_retry_delay=TRY_AGAIN_AFTER,
            )
        return await self.next.execute_activity(input)


def _tell_every_hub(house: House, at: datetime) -> None:
    """One task a day for each hub, dated by Temporal's clock (UTC)."""
    with house.records.reading("") as session:
        hubs = session.exec(select(col(Hub.id))).all()
    for hub_id in hubs:
        with house.records.writing(hub_id) as session:
            tell_house(session, "clock_wrong", "worker", at)
