"""The agenda: what is due, to whom, when, and until when it is still useful.

Planners turn facts and `now` into items; nothing stores them. A hearing that moves changes
the facts, and the stale items are simply not planned again. Items travel through Temporal,
so they carry ids and nothing personal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Subject(StrEnum):
    """What an agenda belongs to; one durable workflow follows each."""

    CASE = "case"
    PACKET = "packet"
    PLAN = "plan"
    AGENCY = "agency"
    REFERRAL = "referral"


class Act(StrEnum):
    """What is to be done. The value is the name of the activity that does it."""

    SEND_MESSAGE = "send_message"
    OPEN_TASK = "open_task"
    MISS_STEP = "miss_step"
    ADVANCE_PLAN = "advance_plan"
    BUILD_PACKET = "build_packet"
    ADVANCE_PACKET = "advance_packet"


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """Which workflow's agenda is meant: ids only."""

    kind: Subject
    id: str
    hub_id: str

    @property
    def workflow_id(self) -> str:
        """The one workflow id that this subject may ever have."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing to do.

    Attributes:
        act: what.
        key: unique claim of this very thing; doing it twice is refused by the records.
        due: the first moment to do it (UTC).
        until: the moment from which doing it would be useless or wrong (UTC).
        person_id: to whom, where someone is addressed.
        subject_id: the hearing, step, packet … it is about; "" for none.
        revision: the revision of that subject for which the item holds.
        step: which of the reminder's or task's kinds, e.g. "before_3".
        channel: how it travels, for messages.
        contact_id: by which of the person's contacts, for messages.
    """

    act: Act
    key: str
    due: datetime
    until: datetime
    person_id: str = ""
    subject_id: str = ""
    revision: int = 0
    step: str = ""
    channel: str = ""
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a workflow asks an activity to do: whose agenda, and which item. Ids only."""

    subject: SubjectRef
    item: AgendaItem


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a workflow needs to know until it wakes again.

    Attributes:
        revision: the revision of the records that this was planned from.
        due: when to wake (UTC); None when nothing is to come.
        items: all that is due at that moment (or already now).
        then: the moment after that (UTC), should the items take long.
        stage: the case's stage, packet's or plan's state; for operators to search by.
        ended: nothing will ever be due again; the workflow may complete.
    """

    revision: int
    due: datetime | None = None
    items: tuple[AgendaItem, ...] = ()
    then: datetime | None = None
    stage: str = ""
    ended: bool = False


def next_agenda(
    items: Iterable[AgendaItem], now: datetime, *, revision: int, stage: str, ended: bool = False
) -> Agenda:
    """Cut the next moment out of all that is planned.

    Items whose `until` has passed are left out: planners answer those with a task of their
    own. What is overdue counts as due now; the rest of the same moment comes along.
    """
    if ended:
        return Agenda(revision=revision, stage=stage, ended=True)
    open_items = sorted(
        (item for item in items if item.until > now), key=lambda item: (item.due, item.key)
    )
    if not open_items:
        return Agenda(revision=revision, stage=stage)
    moment = max(open_items[0].due, now)
    return Agenda(
        revision=revision,
        due=open_items[0].due,
        items=tuple(item for item in open_items if item.due <= moment),
        then=next((item.due for item in open_items if item.due > moment), None),
        stage=stage,
    )
