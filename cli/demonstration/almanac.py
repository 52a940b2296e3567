"""When everything happens: nine months of moments on the court's own wall, from one seed.

The story begins in the first week of March and ends in December, so that it lives through both
changes of the clocks. The order of the moments holds for every seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from cli.demonstration.court_days import on_or_after, on_or_before, sits
from cli.demonstration.expecting import DAYS_BEFORE, PLAN_NOTICE_DAYS

_HOURS = (time(9, 0), time(9, 30), time(10, 30), time(13, 30), time(14, 0))
OUTCOME_AFTER = timedelta(hours=3, minutes=20)
"""When the advocate writes down what happened: twenty minutes after the house asks."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the support plan. `due` is a local date; `shown` is when evidence came."""

    kind: str
    title: str
    evidence: str
    due: date
    shown: datetime
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Almanac:
    """Every moment of the story: naive wall times of the court's zone."""

    arrest: datetime
    opened: datetime
    aunt_joins: datetime
    first_appearance: datetime
    phone_noted: datetime
    packet_asked: datetime
    pay_stub: datetime
    letter_came: datetime
    packet_read: datetime
    packet_approved: datetime
    packet_filed: datetime
    bail_review: datetime
    released: datetime
    phone_given: datetime
    line_drops: datetime
    arraignment: datetime
    plan_started: datetime
    brother_joins: datetime
    calendar_first: datetime
    calendar_published: datetime
    pretrial_before: datetime
    pretrial: datetime
    status_off: datetime
    status: datetime
    review_set: datetime
    review: datetime
    reset_set: datetime
    reset: datetime
    progress: datetime
    plan_done: datetime
    final: datetime
    closed: datetime
    steps: tuple[Step, ...]

    @property
    def end(self) -> datetime:
        """The last moment that is lived through."""
        return self.closed + timedelta(days=1)


def first_night(after: date) -> date:
    """The first Friday of the first March that lies wholly after `after`."""
    year = after.year if after < date(after.year, 2, 25) else after.year + 1
    first = date(year, 3, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7)


@dataclass(frozen=True, slots=True)
class _Draw:
    """Moments drawn at random within a span."""

    random: Random

    def at(self, day: date, hour: int, *, spread: int = 20) -> datetime:
        """Some minutes after the full hour."""
        return datetime.combine(day, time(hour)) + timedelta(minutes=self.random.randint(1, spread))

    def court(self, day: date) -> datetime:
        """One of the court's hours, on the first day from `day` on that it sits."""
        return datetime.combine(on_or_after(day), self.random.choice(_HOURS))

    def later(self, moment: datetime, least: int, most: int) -> date:
        """A day some days after a moment."""
        return moment.date() + timedelta(days=self.random.randint(least, most))


def almanac_of(random: Random, friday: date) -> Almanac:
    """Draw the moments of a story whose first week-end begins on `friday`."""
    draw = _Draw(random)
    at, court, later = draw.at, draw.court, draw.later
    night = friday + timedelta(days=random.choice((-1, 0, 1)))
    arrest = at(night, 21, spread=100) + timedelta(minutes=20)
    next_day = night + timedelta(days=1)
    packet_asked = at(on_or_after(next_day + timedelta(days=1)), 11)
    tuesday, wednesday, thursday, day_of_review = _the_days_after(packet_asked.date())
    bail_review = datetime.combine(day_of_review, time(9, 30))
    released = at(bail_review.date(), 17)
    arraignment = court(later(released, 26, 31))
    plan_started = at(on_or_after(later(arraignment, 2, 4)), 14)
    pretrial_before = court(later(arraignment, 40, 45))
    pretrial = court(later(pretrial_before, 12, 16))
    status = court(later(pretrial, 35, 39))
    status_off = at(on_or_before(status.date() - timedelta(days=4)), 15)
    review_set = at(on_or_after(later(status, 2, 4)), 13)
    review = court(later(review_set, 27, 31))
    reset_set = at(on_or_after(review.date() + timedelta(days=1)), 14)
    reset = court(later(reset_set, 14, 16))
    final = court(nine_months_after(night))
    progress = court(later(reset, 34, 38))
    plan_done = at(on_or_before(final.date() - timedelta(days=6)), 16)
    hearings = (pretrial_before, pretrial, status, review, reset, progress, final)
    reminded = _reminder_days(hearings) | {on_or_after(review.date() + timedelta(days=1))}
    return Almanac(
        arrest=arrest,
        opened=arrest + timedelta(minutes=random.randint(45, 95)),
        aunt_joins=at(next_day, 9),
        first_appearance=datetime.combine(next_day, random.choice((time(13, 30), time(14, 0)))),
        phone_noted=at(packet_asked.date(), 9, spread=50),
        packet_asked=packet_asked,
        pay_stub=at(packet_asked.date(), 15, spread=40),
        letter_came=at(tuesday, 9, spread=50),
        packet_read=at(wednesday, 9, spread=50),
        packet_approved=at(wednesday, 16, spread=40),
        packet_filed=at(thursday, 14, spread=40),
        bail_review=bail_review,
        released=released,
        phone_given=at(bail_review.date() + timedelta(days=1), 11),
        arraignment=arraignment,
        line_drops=at(arraignment.date() - timedelta(days=4), 12),
        plan_started=plan_started,
        brother_joins=at(on_or_after(later(plan_started, 8, 12)), 17),
        pretrial_before=pretrial_before,
        calendar_first=at(on_or_before(pretrial_before.date() - timedelta(days=12)), 12),
        calendar_published=at(on_or_before(pretrial_before.date() - timedelta(days=5)), 12),
        pretrial=pretrial,
        status=status,
        status_off=status_off,
        review_set=review_set,
        review=review,
        reset_set=reset_set,
        reset=reset,
        progress=progress,
        plan_done=plan_done,
        final=final,
        closed=at(on_or_after(final.date() + timedelta(days=1)), 11),
        steps=_steps(random, plan_started.date(), plan_done.date(), reminded),
    )


def _the_days_after(monday: date) -> list[date]:
    """The four days in which a packet is made, if it is asked for on a Monday in March: no court
    is closed in that month."""
    return [monday + timedelta(days=days) for days in range(1, 5)]


def nine_months_after(day: date) -> date:
    """The same day of the month nine months later (March to December: it always exists)."""
    return day.replace(month=day.month + 9) if day.month == 3 else day + timedelta(days=275)


_STEPS = (
    ("benefits_and_identity_documents", "new state ID", "copy of the ID", 18),
    ("trauma_counselling", "first visit at Harbor Family Center", "attendance letter", 34),
    ("employment", "food safety certificate", "certificate", 84),
    ("community_service", "20 hours at the food pantry", "signed time sheet", 150),
    ("mentoring", "last circle with your mentor", "mentor's note", 0),
)
_MISSED = 1


def _reminder_days(hearings: Iterable[datetime]) -> set[date]:
    """The days on which she is reminded of court."""
    return {local.date() - timedelta(days=days) for local in hearings for days in DAYS_BEFORE}


def _steps(random: Random, start: date, end: date, reminded: set[date]) -> tuple[Step, ...]:
    """Five steps; the second one is missed and made up a week later. She is reminded of none on
    a day on which she is reminded of court: one of the two would wait an hour."""

    def fits(day: date) -> bool:
        return _after_a_court_day(day) and day - timedelta(days=PLAN_NOTICE_DAYS) not in reminded

    steps = []
    for number, (kind, title, evidence, days) in enumerate(_STEPS):
        due = start + timedelta(days=days + random.randint(0, 4)) if days else end
        due = on_or_before(due - timedelta(days=0 if days else 6), fits)
        missed = number == _MISSED
        shown_on = on_or_after(due + timedelta(days=6)) if missed else due - timedelta(days=1)
        shown = datetime.combine(shown_on, time(16, random.randint(5, 50)))
        steps.append(Step(kind, title, evidence, due, shown, missed))
    return tuple(steps)


def _after_a_court_day(day: date) -> bool:
    """A day on which people work, and the day before it too."""
    return sits(day) and sits(day - timedelta(days=1))
