"""Counting what came of hearings over a period: added up by the database for each person first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Label,
    Select,
    Subquery,
    case,
    exists,
    func,
    literal,
    union_all,
)
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.court_time import wall_time
from domain.outcome_figures import Measure, Of, Result, shown
from domain.outcome_periods import Period
from domain.outcomes import Share
from domain.replies import ReplyKind
from domain.vocabulary import Appearance, Audience, HearingStatus, MessageState
from records.database import HubSession
from records.hearing_answers import SAID
from records.tables import Case, Hearing, HearingAnswer, Message

_CIRCLE: Final = (Audience.DEFENDANT, Audience.FAMILY)
_NOBODY: Final = (0,) * 9
_COUNTS: Final = ("hearings", "held", "came", "missed", "reached", "yes")
_WHOLE: Final = -1
"""Stands for all months together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: the days of a period from one instant until another (UTC).

    Attributes:
        until: the end of the period, or now, where that is sooner.
        month_ends: when each of its months is over.
    """

    period: Period
    zone: str
    since: datetime
    until: datetime
    month_ends: Sequence[datetime]

    @classmethod
    def of(cls, period: Period, zone: str, now: datetime) -> Asked:
        """A period on a hub's wall, as far as it is over at `now` (UTC)."""
        until = min(period.ends(zone), now)
        return cls(period, zone, period.begins(zone), until, period.month_ends(zone))

    def within(self, at: Any) -> list[ColumnElement[bool]]:
        """That an instant is of the period, and not to come."""
        return [col(at) >= self.since, col(at) < self.until]

    def month(self, at: Any) -> Label[Any]:
        """The number of the month in which an instant is, for the database."""
        *earlier, _ = self.month_ends
        whens = [(col(at) < end, number) for number, end in enumerate(earlier)]
        last = len(earlier)
        return (case(*whens, else_=last) if whens else literal(last)).label("month")

    def month_of(self, at: datetime) -> int:
        """The same of an instant that was read."""
        first, day = self.period.first, wall_time(at, self.zone)
        return (day.year - first.year) * 12 + day.month - first.month


def hearing_shares(session: HubSession, asked: Asked) -> dict[Measure, Result[Share]]:
    """Who appeared, who had been reached and who had said yes, in one query."""
    rows = session.execute(_summed(asked)).all()
    counts = {row[0]: row[1:] for row in rows}
    months = [_shares(counts.get(at, _NOBODY)) for at in range(len(asked.month_ends))]
    every = _shares(counts.get(_WHOLE, _NOBODY))
    return {one: shown(every[one], [month[one] for month in months]) for one in every}


def arrived() -> list[ColumnElement[bool]]:
    """That a message about a hearing as it stands arrived with somebody of the circle; for a part
    of a statement that has `Case` and `Hearing`."""
    return [
        col(Message.case_id) == col(Case.id),
        col(Message.subject_id) == col(Hearing.id),
        col(Message.subject_revision) == col(Hearing.revision),
        col(Message.audience).in_(_CIRCLE),
        # Put together with nothing, so that SQLite, which keeps no statistics, does not walk
        # through the index of states: most messages of a hub were delivered.
        col(Message.state).concat("") == MessageState.DELIVERED,
    ]


def _summed(asked: Asked) -> CompoundSelect[Any]:
    """For each month, and for all of them (`_WHOLE`): how many people had a hearing, had one that
    was held, had one to make, made all of those; hearings, those held, appeared at, reached and
    confirmed."""
    each = _by_person(asked).cte("each")
    of_all = (
        select_columns(
            literal(_WHOLE).label("month"),
            each.c.who,
            *(func.sum(each.c[name]).label(name) for name in _COUNTS),
        )
        .group_by(each.c.who)
        .subquery()
    )
    return union_all(_over_people(each), _over_people(of_all))


def _over_people(each: CTE | Subquery) -> Select[Any]:
    people = func.count(each.c.who)
    had_one = each.c.came + each.c.missed > 0
    sums = (func.sum(each.c[name]) for name in ("hearings", "held", "came", "reached", "yes"))
    return select_columns(
        each.c.month,
        people,
        people.filter(each.c.held > 0),
        people.filter(had_one),
        people.filter(had_one, each.c.missed == 0),
        *sums,
    ).group_by(each.c.month)


def _by_person(asked: Asked) -> Select[Any]:
    held = col(Hearing.status) == HearingStatus.HELD, col(Hearing.appearance).is_not(None)
    columns = {
        "hearings": func.count(col(Hearing.id)),
        "held": _count(*held),
        "came": _count(*held, col(Hearing.appearance) == Appearance.APPEARED),
        "missed": _count(*held, col(Hearing.appearance) == Appearance.FAILED_TO_APPEAR),
        "reached": _count(_reached()),
        "yes": _count(_said_yes()),
    }
    return (
        select_columns(
            col(Case.defendant_id).label("who"),
            asked.month(Hearing.starts_at),
            *(value.label(name) for name, value in columns.items()),
        )
        .select_from(Hearing)
        .join(Case, col(Case.id) == col(Hearing.case_id))
        .where(*asked.within(Hearing.starts_at), col(Hearing.status) != HearingStatus.VACATED)
        # By its name: PostgreSQL takes two expressions with values of their own for different.
        .group_by(col(Case.defendant_id), "month")
    )


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(col(Hearing.id)).filter(*conditions)


def _reached() -> ColumnElement[bool]:
    before_it = col(Message.settled_at) < col(Hearing.starts_at)
    return exists().where(*arrived(), before_it).correlate(Case, Hearing)


def _said_yes() -> ColumnElement[bool]:
    """Somebody's last word before it began was yes."""
    later = aliased(HearingAnswer)
    took_back = exists().where(
        col(later.hearing_id) == col(Hearing.id),
        col(later.hearing_revision) == col(Hearing.revision),
        col(later.person_id) == col(HearingAnswer.person_id),
        col(later.said_at) > col(HearingAnswer.said_at),
        col(later.said_at) < col(Hearing.starts_at),
        col(later.said) != SAID[ReplyKind.CONFIRMED],
    )
    return (
        exists()
        .where(
            col(HearingAnswer.hearing_id) == col(Hearing.id),
            col(HearingAnswer.hearing_revision) == col(Hearing.revision),
            col(HearingAnswer.said) == SAID[ReplyKind.CONFIRMED],
            col(HearingAnswer.said_at) < col(Hearing.starts_at),
            ~took_back.correlate(Hearing, HearingAnswer),
        )
        .correlate(Hearing)
    )


def _shares(counts: Sequence[int]) -> Mapping[Measure, Of[Share]]:
    # PostgreSQL gives sums back as decimals.
    people, seen, had_one, made_all, hearings, held, came, reached, yes = map(int, counts)
    return {
        Measure.HEARINGS_APPEARED: Of(Share(came, held), seen),
        Measure.PEOPLE_APPEARED: Of(Share(made_all, had_one), had_one),
        Measure.REACHED: Of(Share(reached, hearings), people),
        Measure.CONFIRMED: Of(Share(yes, hearings), people),
    }
