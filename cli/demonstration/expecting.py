"""What must have been said to whom, and when: worked out from the story alone.

The rules are written down here once more, plainly, and without the house's own planners, so
that the demo can find them wrong: at once on a new, moved or cancelled date; 7, 3 and 1 days
before at ten; the court morning after a confirmed miss; two days before a step of the plan; and
nothing in quiet hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from cli.demonstration.court_days import on_or_after

REMIND_AT = time(10, 0)
DAYS_BEFORE = (7, 3, 1)
PLAN_NOTICE_DAYS = 2
QUIET_FROM, QUIET_TO = time(21, 0), time(8, 0)
_SAID_ALREADY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Expected:
    """One message: to which role, about what, which step, at which wall time (to the minute)."""

    role: str
    about: str
    step: str
    at: datetime


@dataclass(slots=True)
class _Date:
    """A court date as it stood from `known` to `over` (wall times)."""

    local: datetime
    known: datetime
    over: datetime


@dataclass(slots=True)
class _Hearing:
    dates: list[_Date]
    cancelled: datetime | None = None
    missed: datetime | None = None


@dataclass(slots=True)
class Chronicle:
    """What the story did, in wall times of the court."""

    joined: dict[str, datetime] = field(default_factory=dict)
    _hearings: dict[str, _Hearing] = field(default_factory=dict)
    _steps: dict[str, tuple[date, datetime]] = field(default_factory=dict)

    def joins(self, role: str, at: datetime) -> None:
        """From now on this person can be reached, and may be."""
        self.joined[role] = at

    def sets(self, about: str, local: datetime, at: datetime) -> None:
        """A court date becomes known."""
        self._hearings[about] = _Hearing([_Date(local, at, local)])

    def moves(self, about: str, local: datetime, at: datetime) -> None:
        """It moves."""
        hearing = self._hearings[about]
        hearing.dates[-1].over = at
        hearing.dates.append(_Date(local, at, local))

    def vacates(self, about: str, at: datetime) -> None:
        """It is off."""
        hearing = self._hearings[about]
        hearing.dates[-1].over = at
        hearing.cancelled = at

    def misses(self, about: str, at: datetime) -> None:
        """A person confirms that she was not there."""
        self._hearings[about].missed = at

    def plans(self, title: str, due: date, at: datetime) -> None:
        """A step of the plan is agreed."""
        self._steps[title] = (due, at)

    def expected(self) -> list[Expected]:
        """Every message that the story calls for, and no other."""
        found = [
            message
            for role, since in self.joined.items()
            for about, hearing in self._hearings.items()
            for message in _to_one(role, since, about, hearing)
        ]
        for title, (due, _) in self._steps.items():
            day = due - timedelta(days=PLAN_NOTICE_DAYS)
            found.append(
                Expected("defendant", title, "plan_step", datetime.combine(day, REMIND_AT))
            )
        return sorted(found, key=lambda message: (message.at, message.role, message.step))

    def old_dates(self) -> dict[str, list[tuple[datetime, datetime]]]:
        """For each hearing the dates that no longer held, each with the moment it ended."""
        return {
            about: [(one.local, one.over) for one in hearing.dates if one.over < one.local]
            for about, hearing in self._hearings.items()
        }


def _to_one(role: str, since: datetime, about: str, hearing: _Hearing) -> Iterator[Expected]:
    told = False
    for one in hearing.dates:
        start = max(one.known, since)
        if start >= one.over:
            continue
        yield Expected(role, about, "changed" if told else "enrolled", _leaves(start))
        told = True
        for days in DAYS_BEFORE:
            day = one.local.date() - timedelta(days=days)
            at = datetime.combine(day, REMIND_AT)
            if _leaves(start) + _SAID_ALREADY < at < one.over:
                yield Expected(role, about, f"before_{days}", at)
    if told and hearing.cancelled:
        yield Expected(role, about, "cancelled", _leaves(hearing.cancelled))
    if hearing.missed and since <= hearing.missed:
        morning = on_or_after(hearing.missed.date() + timedelta(days=1))
        yield Expected(role, about, "post_miss", datetime.combine(morning, REMIND_AT))


def _leaves(at: datetime) -> datetime:
    """When a message that is due at `at` may leave."""
    at = at.replace(second=0, microsecond=0)
    if at.time() >= QUIET_FROM:
        return datetime.combine(at.date() + timedelta(days=1), QUIET_TO)
    if at.time() < QUIET_TO:
        return datetime.combine(at.date(), QUIET_TO)
    return at
