"""What an import changes, watched while it happens: to be shown first, kept, and put back.

::

    with Watch(session) as watch:
        follow(session, changes)
    watch.changes          # each hearing: as it was, as it is

Whatever changes a hearing is seen, by whichever function it is changed.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import event, inspect

from records.calendar_tasks import CALENDAR_TASKS
from records.database import HubSession
from records.tables import CalendarLink, Hearing, HumanTask


class Kept(StrEnum):
    """The kinds of `CalendarChange`."""

    HEARING = "hearing"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_DROPPED = "entry_dropped"
    TIED = "tied"
    UNTIED = "untied"
    TASK_OPENED = "task_opened"
    TASK_CLOSED = "task_closed"
    UNREAD = "unread"
    """A row that could not be read (`records.calendar_seen.Unread`)."""


class State(BaseModel):
    """A hearing at one moment; `local` is wall time in `zone`."""

    model_config = ConfigDict(frozen=True)

    local: datetime
    zone: str
    room: str
    place: str
    kind: str
    status: str
    revision: int
    source: str


_COLUMNS = {"local": "local_time"}
_NAMES = {name: _COLUMNS.get(name, name) for name in State.model_fields}


def state_of(hearing: Hearing) -> State:
    """A hearing as it is."""
    return State(**{name: getattr(hearing, column) for name, column in _NAMES.items()})


@dataclass(frozen=True, slots=True)
class HearingChange:
    """One hearing that an import schedules or changes; `before` is None for a new one."""

    hearing_id: str
    case_id: str
    before: State | None
    after: State

    @property
    def told_apart(self) -> tuple[str, ...]:
        """What makes two of them the same change, whatever id a new hearing gets."""
        before = self.before.model_dump_json() if self.before else ""
        known = self.hearing_id if self.before else ""
        return self.case_id, known, before, self.after.model_dump_json()


class Watch:
    """Watches a session while an import works in it."""

    def __init__(self, session: HubSession) -> None:
        self._session = session
        self._hearings: dict[str, tuple[Hearing, State | None]] = {}
        self.opened: dict[str, HumanTask] = {}
        self.closed: dict[str, HumanTask] = {}
        self.tied: dict[tuple[str, str], None] = {}

    def __enter__(self) -> "Watch":
        event.listen(self._session, "before_flush", self._look)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._session.flush()
        finally:
            event.remove(self._session, "before_flush", self._look)

    @property
    def changes(self) -> tuple[HearingChange, ...]:
        """The hearings that differ from what they were, earliest first."""
        seen = [
            HearingChange(hearing.id, hearing.case_id, before, state_of(hearing))
            for hearing, before in self._hearings.values()
        ]
        changed = [one for one in seen if one.before != one.after]
        return tuple(sorted(changed, key=lambda one: (one.after.local, one.told_apart)))

    def _look(self, session: HubSession, _: Any, __: Any) -> None:
        for row in session.new:
            if isinstance(row, Hearing):
                self._hearings.setdefault(row.id, (row, None))
            elif isinstance(row, HumanTask) and row.kind in CALENDAR_TASKS:
                self.opened.setdefault(row.id, row)
            elif isinstance(row, CalendarLink):
                self.tied[row.entry_id, row.hearing_id] = None
        for row in session.dirty:
            if isinstance(row, Hearing) and session.is_modified(row):
                self._hearings.setdefault(row.id, (row, _before(row)))
            elif isinstance(row, HumanTask) and row.kind in CALENDAR_TASKS:
                self._look_at_task(row)

    def _look_at_task(self, task: HumanTask) -> None:
        """Remember a task that was open and is closed now."""
        was = inspect(task).attrs["closed_at"].history.deleted
        if task.closed_at is not None and was == [None] and task.id not in self.opened:
            self.closed.setdefault(task.id, task)


def _before(hearing: Hearing) -> State:
    """A hearing that is about to be written, as it was read."""
    seen = inspect(hearing).attrs
    values = {}
    for name, column in _NAMES.items():
        old = seen[column].history.deleted
        values[name] = old[0] if old else getattr(hearing, column)
    return State(**values)


@dataclass(frozen=True, slots=True)
class Keep:
    """One change to be kept, as `CalendarChange` holds it."""

    kind: Kept
    subject_id: str
    before: str = ""
    after: str = ""
    hearing_id: str | None = None
    revision: int = 0


def kept_of(watch: Watch) -> list[Keep]:
    """What was watched, hearings first."""
    kept = [
        Keep(
            Kept.HEARING,
            one.hearing_id,
            one.before.model_dump_json() if one.before else "",
            one.after.model_dump_json(),
            one.hearing_id,
            one.after.revision,
        )
        for one in watch.changes
    ]
    kept += [Keep(Kept.TASK_OPENED, task_id) for task_id in watch.opened]
    kept += [Keep(Kept.TASK_CLOSED, task_id) for task_id in watch.closed]
    return kept


def kept_links(
    before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]], tied: Watch
) -> list[Keep]:
    """Which entries were tied to which hearings, and which are not any more."""
    old, new = set(before), set(after)
    made = sorted((new | set(tied.tied)) - old)
    lost = sorted(old - new)
    return [
        *(Keep(Kept.TIED, entry, hearing_id=hearing) for entry, hearing in made),
        *(Keep(Kept.UNTIED, entry, hearing_id=hearing) for entry, hearing in lost),
    ]


def kept_entries(kind: Kept, rows: Sequence[dict[str, Any]]) -> list[Keep]:
    """Entries as they were before the import changed or dropped them."""
    return [Keep(kind, str(row["id"]), json.dumps(row, default=str)) for row in rows]
