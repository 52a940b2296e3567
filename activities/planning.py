"""Planning and the small deeds: opening a task, counting a plan step as missed."""

from collections.abc import Callable
from datetime import datetime

from temporalio import activity

from activities.agendas import Doing, read_agenda, wanted_now
from activities.house import House
from domain.agenda import Act, Agenda, AgendaItem, SubjectRef
from records.database import HubSession
from records.plan_moves import advance_plan
from records.plans import miss_step
from records.tasks import open_task

PLAN = "plan"


class Planning:
    """Activities that touch the records alone."""

    def __init__(self, house: House) -> None:
        self._house = house

    @activity.defn(name=PLAN)
    async def plan(self, subject: SubjectRef) -> Agenda:
        """The agenda as the records stand. Changes nothing; may run any number of times."""
        now = await self._house.clock.now()

        def read() -> Agenda:
            with self._house.records.reading(subject.hub_id) as session:
                return read_agenda(session, subject, now)

        return await self._house.records.run(read)

    @activity.defn(name=Act.OPEN_TASK)
    async def open_task(self, doing: Doing) -> Agenda:
        """Open a task for a person: once for each claim, and only while it is still called for."""

        def deed(session: HubSession, item: AgendaItem, now: datetime) -> None:
            open_task(session, item, doing.subject, now)

        return await self._if_wanted(doing, deed)

    @activity.defn(name=Act.MISS_STEP)
    async def miss_step(self, doing: Doing) -> Agenda:
        """Count a step as missed once its grace is over; doing it again changes nothing."""

        def deed(session: HubSession, item: AgendaItem, now: datetime) -> None:
            miss_step(session, item.subject_id, now)

        return await self._if_wanted(doing, deed)

    @activity.defn(name=Act.ADVANCE_PLAN)
    async def advance_plan(self, doing: Doing) -> Agenda:
        """Move a plan or a step of it as its agenda says; doing it again changes nothing."""

        def deed(session: HubSession, item: AgendaItem, now: datetime) -> None:
            advance_plan(session, doing.subject.id, item, now)

        return await self._if_wanted(doing, deed)

    async def _if_wanted(
        self, doing: Doing, deed: Callable[[HubSession, AgendaItem, datetime], None]
    ) -> Agenda:
        """Do it in one transaction if the fresh agenda still wants it; return the next agenda."""
        now = await self._house.clock.now()

        def work() -> Agenda:
            with self._house.records.writing(doing.subject.hub_id) as session:
                agenda = read_agenda(session, doing.subject, now)
                item = wanted_now(agenda, doing.item.key, now)
                if item is None:
                    return agenda
                deed(session, item, now)
                session.flush()
                return read_agenda(session, doing.subject, now)

        return await self._house.records.run(work)
