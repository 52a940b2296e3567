"""Living weeks of a hub in seconds: deeds in their order, and between them whatever falls due.

It does in place what a workflow does in Temporal (`workflows/agenda.py`): plan, wait for the
moment, do. Nothing waits here; the one clock is set forward instead.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.house import House
from activities.notifying import Notifying
from activities.packet_advancing import PacketAdvancing
from activities.packet_building import PacketBuilding
from activities.planning import Planning
from domain.agenda import Act, Agenda, AgendaItem, Doing, Subject, SubjectRef
from records.database import HubSession
from records.tables import OutboxRow

MOST_TRIES = 2
"""An item that an activity left undone so often is left to the hub's own workflows."""

Deed = Callable[[HubSession, datetime], None]
Progress = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that somebody does at an instant (UTC)."""

    at: datetime
    deed: Deed


class SetClock:
    """A clock that stands until it is set (UTC)."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    async def now(self) -> datetime:
        """Where it stands."""
        return self.at


class Life:
    """A hub whose past is being lived.

    Args:
        house: with records of its own that nobody else works on, and a clock of ours.
        hub_id: whose past.
        clock: the house's.
    """

    def __init__(self, house: House, hub_id: str, clock: SetClock) -> None:
        self._house, self._hub_id, self._clock = house, hub_id, clock
        self._agendas: dict[SubjectRef, Agenda] = {}
        self._heard = 0
        self._tries: Counter[str] = Counter()
        planning = Planning(house)
        self._does: dict[Act, Callable[[Doing], Awaitable[Agenda]]] = {
            Act.SEND_MESSAGE: Notifying(house).send_message,
            Act.OPEN_TASK: planning.open_task,
            Act.MISS_STEP: planning.miss_step,
            Act.ADVANCE_PLAN: planning.advance_plan,
            Act.BUILD_PACKET: PacketBuilding(house).build_packet,
            Act.ADVANCE_PACKET: PacketAdvancing(house).advance_packet,
        }

    async def live(self, moments: Iterable[Moment], until: datetime, told: Progress) -> None:
        """Every deed at its moment, then on to `until` (UTC).

        Args:
            told: how many of all deeds are done.
        """
        ordered = sorted(moments, key=lambda moment: moment.at)
        for done, moment in enumerate(ordered):
            await told(done, len(ordered))
            await self._pass(moment.at)
            with self._house.records.writing(self._hub_id) as session:
                moment.deed(session, moment.at)
        await self._pass(until)
        await told(len(ordered), len(ordered))

    async def _pass(self, moment: datetime) -> None:
        """Let time pass up to a moment, doing what falls due on the way."""
        while True:
            self._hear()
            due = {ref: at for ref, one in self._agendas.items() if (at := self._due(one))}
            ref = min(due, key=lambda one: (due[one], one.workflow_id), default=None)
            if ref is None or due[ref] > moment:
                break
            self._clock.at = max(self._clock.at, due[ref])
            await self._do(ref)
        self._clock.at = max(self._clock.at, moment)

    def _hear(self) -> None:
        """Plan anew for whatever changed, as the relay would have told its workflow."""
        with self._house.records.reading(self._hub_id) as session:
            rows = session.exec(
                select(OutboxRow)
                .where(col(OutboxRow.seq) > self._heard)
                .order_by(col(OutboxRow.seq))
            ).all()
            for row in rows:
                self._heard = row.seq or self._heard
            changed = {(row.subject_kind, row.subject_id) for row in rows}
            for kind, subject_id in sorted(changed):
                ref = SubjectRef(Subject(kind), subject_id, self._hub_id)
                self._agendas[ref] = read_agenda(session, ref, self._clock.at)

    def _due(self, agenda: Agenda) -> datetime | None:
        """When something is to be done that was not tried in vain; then the moment after that."""
        open_items = [item.due for item in agenda.items if not self._is_left(item)]
        return min(open_items, default=agenda.then)

    def _is_left(self, item: AgendaItem) -> bool:
        return self._tries[item.key] >= MOST_TRIES

    async def _do(self, ref: SubjectRef) -> None:
        """Do what is due for one subject, or plan again where the moment after has come."""
        now, agenda = self._clock.at, self._agendas[ref]
        due = [item for item in agenda.items if item.due <= now and not self._is_left(item)]
        for item in due:
            self._tries[item.key] += 1
            await self._does[item.act](Doing(ref, item))
        with self._house.records.reading(self._hub_id) as session:
            fresh = read_agenda(session, ref, now)
        if not due and fresh.then == agenda.then and fresh.items == agenda.items:
            # The moment after came and brought nothing: what is left over waits for real time.
            fresh = Agenda(revision=fresh.revision, stage=fresh.stage)
        self._agendas[ref] = fresh
