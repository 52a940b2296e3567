"""What must have been said to whom, and when: worked out from the story alone.

The rules are written down here once more, plainly, and without the house's own planners, so
that the demo can find them wrong: at once on a new, moved or cancelled date; 7, 3 and 1 days
before at ten; the court morning after a confirmed miss; two days before a step of the plan; a
letter of support asked for at once and once more, kindly, while it is not in; counsel when there is
something to read, and when it is ready; and nothing in quiet hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from cli.demonstration.court_days import on_or_after

REMIND_AT = time(10, 0)
DAYS_BEFORE = (7, 3, 1)
PLAN_NOTICE_DAYS = 2
PLAN_GRACE_DAYS = 2
ASKED_AT = time(9)
"""When somebody who missed a step is asked what got in the way."""
QUIET_FROM, QUIET_TO = time(21, 0), time(8, 0)
_SAID_ALREADY = timedelta(hours=1)
_WANTED, _DRAFT, _READY = timedelta(days=21), timedelta(days=14), timedelta(days=2)
"""How long before the hearing a hub wants letters to be asked for, a draft, and all of it."""
_NUDGES = (0.4, 0.8)
LETTER, PACKET = "letter", "packet"


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
class _Letter:
    """A letter of support: asked for, for a hearing, and in."""

    asked: datetime
    hearing: datetime
    came: datetime | None = None

    @property
    def due(self) -> datetime:
        """When it is wanted. With less than three weeks left, all lead times shrink alike."""
        part = min(1.0, (self.hearing - self.asked) / _WANTED)
        ready = self.hearing - _READY * part
        return max(self.hearing - _DRAFT * part, self.asked + (ready - self.asked) / 2)


@dataclass(slots=True)
class Chronicle:
    """What the story did, in wall times of the court."""

    joined: dict[str, datetime] = field(default_factory=dict)
    _letters: dict[str, _Letter] = field(default_factory=dict)
    _readings: list[Expected] = field(default_factory=list)
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

    def plans(self, title: str, due: date, at: datetime, *, missed: bool = False) -> None:
        """A step of the plan is agreed; `missed` when it will be, and be made up for later."""
        self._steps[title] = (due, at)
        if missed:
            day = due + timedelta(days=PLAN_GRACE_DAYS + 1)
            asked = datetime.combine(day, ASKED_AT)
            self._readings.append(Expected("defendant", title, "plan_step_missed", asked))

    def asks_for_letter(self, role: str, hearing: datetime, at: datetime) -> None:
        """Someone is asked for a letter to the judge of a hearing."""
        self._letters[role] = _Letter(at, hearing)

    def letter_comes(self, role: str, at: datetime) -> None:
        """It is signed."""
        self._letters[role].came = at

    def goes_to_counsel(self, at: datetime) -> None:
        """The packet waits for counsel to read it."""
        self._readings.append(Expected("counsel", PACKET, "counsel_review", _leaves(at)))

    def is_approved(self, at: datetime) -> None:
        """Counsel approves it; the version without the draft mark is theirs at once."""
        self._readings.append(Expected("counsel", PACKET, "packet_ready", _leaves(at)))

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
        for role, letter in self._letters.items():
            found += _to_writer(role, letter)
        found += self._readings
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


def _to_writer(role: str, letter: _Letter) -> Iterator[Expected]:
    """The request, and a reminder at two fifths and at four fifths of the time until it is due."""
    yield Expected(role, LETTER, "letter_request", _leaves(letter.asked))
    for part in _NUDGES:
        at = _leaves(letter.asked + (letter.due - letter.asked) * part)
        if at < min(letter.came or letter.due, letter.due):
            yield Expected(role, LETTER, "letter_nudge", at)


def _leaves(at: datetime) -> datetime:
    """When a message that is due at `at` may leave."""
    at = at.replace(second=0, microsecond=0)
    if at.time() >= QUIET_FROM:
        return datetime.combine(at.date() + timedelta(days=1), QUIET_TO)
    if at.time() < QUIET_TO:
        return datetime.combine(at.date(), QUIET_TO)
    return at
