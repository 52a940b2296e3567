"""The case planner: who is told what about which hearing, when, and until when.

Sources of the defaults: reminders 7, 3 and 1 days before (Fishbane, Ouss and Shah, Science
2020; Santa Clara trial, Science Advances 2025); a supportive message after a confirmed miss
(same New York trial). Nothing leaves in quiet hours; what could not wait becomes a person's
task. One notice tells everything that is known, so reminders that lie before it are covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.agenda import Agenda, AgendaItem, next_agenda
from domain.court_time import instant_at, next_court_morning, wall_time
from domain.facts import CaseFacts, HearingFacts, HubPolicy, PersonFacts, When
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, Wish, open_task, plan_message, plan_settling, plan_task
from domain.tracks import ENDED_STAGES
from domain.vocabulary import LEFT, Appearance, Audience, HearingStatus, MessageState

NEVER_WITHIN = timedelta(hours=1)
"""No reminder within this span after a notice that already said the same."""
WELCOME_USEFUL = timedelta(days=2)
MISS_USEFUL = timedelta(days=3)
NOBODY_REACHED_DAYS = 3
NOBODY_REACHED_PATIENCE = timedelta(hours=2)
OUTCOME_USEFUL = timedelta(days=60)


def plan_case(facts: CaseFacts, now: datetime) -> Agenda:
    """The agenda of one case at `now` (UTC): pure, and complete."""
    ended = facts.stage in ENDED_STAGES
    items = () if ended else case_items(facts, now)
    return next_agenda(items, now, revision=facts.revision, stage=facts.stage, ended=ended)


def case_items(facts: CaseFacts, now: datetime) -> tuple[AgendaItem, ...]:
    """Everything that is planned for a case, in no particular order."""
    view = _View(facts, facts.policy, Ledger(facts.messages, facts.task_keys), now)
    items: list[AgendaItem] = []
    for hearing in facts.hearings:
        items += _hearing_items(view, hearing)
    for person in facts.people:
        items += _welcome(view, person)
        if not person.contacts:
            items += open_task(
                view.ledger,
                "no_contact",
                facts.id,
                due=person.enrolled_at,
                until=now + TASK_USEFUL,
                revision=0,
                person_id=person.id,
            )
    items += plan_settling(view.ledger.claimed)
    return tuple(items)


@dataclass(frozen=True, slots=True)
class _View:
    """What every planner of a case looks at."""

    facts: CaseFacts
    policy: HubPolicy
    ledger: Ledger
    now: datetime

    def message(self, wish: Wish) -> Iterator[AgendaItem]:
        return plan_message(wish, self.ledger, self.policy, self.now)


def _hearing_items(view: _View, hearing: HearingFacts) -> Iterator[AgendaItem]:
    for person in view.facts.people:
        if view.facts.detained and person.audience is Audience.DEFENDANT:
            continue
        if hearing.status is HearingStatus.VACATED:
            yield from _cancelled(view, hearing, person)
        elif hearing.status is HearingStatus.SCHEDULED:
            if view.now < hearing.when.instant:
                yield from _notice(view, hearing, person)
                yield from _countdown(view, hearing, person)
        elif hearing.appearance is Appearance.FAILED_TO_APPEAR:
            yield from _post_miss(view, hearing, person)
    if hearing.status is HearingStatus.SCHEDULED:
        yield from _nobody_reached(view, hearing)
        yield from _ask_outcome(view, hearing)


def _told_from(view: _View, hearing: HearingFacts, person: PersonFacts) -> datetime:
    """From when on this person is to know this revision."""
    moments = [hearing.announced_at, person.enrolled_at]
    if person.audience is Audience.DEFENDANT and view.facts.released_at is not None:
        moments.append(view.facts.released_at)
    return max(moments)


def _same(a: When, b: When) -> bool:
    return (a.local, a.zone, a.place_key) == (b.local, b.zone, b.place_key)


def _notice(view: _View, hearing: HearingFacts, person: PersonFacts) -> Iterator[AgendaItem]:
    """At once: the new date, or old → new for whoever was told another one."""
    told = view.ledger.told_revision(person.id, hearing.id)
    if told == hearing.revision:
        return
    step = "enrolled"
    if told is not None:
        old = hearing.history.get(told)
        if old is not None and _same(old, hearing.when):
            return
        step = "changed"
    yield from view.message(
        Wish(
            person,
            hearing.id,
            hearing.revision,
            step,
            due=_told_from(view, hearing, person),
            until=hearing.when.instant,
        )
    )


def _countdown(view: _View, hearing: HearingFacts, person: PersonFacts) -> Iterator[AgendaItem]:
    """7, 3 and 1 days before and, where the hub wants it, on the morning itself."""
    covered = _told_from(view, hearing, person) + NEVER_WITHIN
    moments = _countdown_moments(view.policy, hearing)
    for index, (step, due) in enumerate(moments):
        if due <= covered:
            continue
        until = moments[index + 1][1] if index + 1 < len(moments) else hearing.when.instant
        until = min(until, _last_use(view.policy, hearing, step))
        wish = Wish(person, hearing.id, hearing.revision, step, due=due, until=until)
        if view.now < until:
            yield from view.message(wish)
        elif person.contacts and not _went_out(view, wish):
            yield from plan_task("not_told", wish, view.ledger, due=until)


def _went_out(view: _View, wish: Wish) -> bool:
    return any(
        (message.revision, message.step) == (wish.revision, wish.step) and message.state in LEFT
        for message in view.ledger.about(wish.person.id, wish.subject_id)
    )


def _countdown_moments(policy: HubPolicy, hearing: HearingFacts) -> list[tuple[str, datetime]]:
    day = wall_time(hearing.when.instant, policy.zone).date()
    moments = [
        (f"before_{days}", instant_at(day - timedelta(days=days), policy.reminder_at, policy.zone))
        for days in sorted(policy.reminder_days, reverse=True)
    ]
    if policy.morning_at is not None:
        morning = instant_at(day, policy.morning_at, policy.zone)
        if morning + NEVER_WITHIN <= hearing.when.instant:
            moments.append(("morning", morning))
    return moments


def _last_use(policy: HubPolicy, hearing: HearingFacts, step: str) -> datetime:
    """Until when the words of a step are true: "tomorrow" ends at midnight."""
    if step != "before_1":
        return hearing.when.instant
    day = wall_time(hearing.when.instant, policy.zone).date()
    return instant_at(day, time(0, 0), policy.zone)


def _cancelled(view: _View, hearing: HearingFacts, person: PersonFacts) -> Iterator[AgendaItem]:
    """At once, to whoever was told a date: nobody needs to come."""
    if view.ledger.told_revision(person.id, hearing.id) is None:
        return
    yield from view.message(
        Wish(
            person,
            hearing.id,
            hearing.revision,
            "cancelled",
            due=hearing.announced_at,
            until=hearing.when.instant,
        )
    )


def _post_miss(view: _View, hearing: HearingFacts, person: PersonFacts) -> Iterator[AgendaItem]:
    """The next court morning after a person confirmed the miss: the way back, no blame."""
    if hearing.outcome_at is None:
        return
    policy = view.policy
    due = next_court_morning(
        hearing.outcome_at, policy.reminder_at, policy.zone, policy.closed_days
    )
    yield from view.message(
        Wish(
            person,
            hearing.id,
            hearing.revision,
            "post_miss",
            due=due,
            until=due + MISS_USEFUL,
        )
    )


def _welcome(view: _View, person: PersonFacts) -> Iterator[AgendaItem]:
    """On enrolment before any date exists: who will write, and how to stop."""
    if view.facts.detained and person.audience is Audience.DEFENDANT:
        return
    dated = any(
        hearing.status is HearingStatus.SCHEDULED
        and hearing.when.instant > person.enrolled_at
        and hearing.announced_at <= person.enrolled_at + NEVER_WITHIN
        for hearing in view.facts.hearings
    )
    if dated or view.ledger.spoke_to(person.id):
        return
    yield from view.message(
        Wish(
            person,
            "",
            0,
            "enrolled",
            due=person.enrolled_at,
            until=person.enrolled_at + WELCOME_USEFUL,
        )
    )


def _nobody_reached(view: _View, hearing: HearingFacts) -> Iterator[AgendaItem]:
    """Three days before, when no one in the circle has been told: a person must know."""
    told_states = LEFT - {MessageState.CLAIMED}
    reached = any(
        message.state in told_states and message.revision == hearing.revision
        for person in view.facts.people
        for message in view.ledger.about(person.id, hearing.id)
    )
    if reached:
        return
    policy = view.policy
    day = wall_time(hearing.when.instant, policy.zone).date()
    at = instant_at(day - timedelta(days=NOBODY_REACHED_DAYS), policy.reminder_at, policy.zone)
    due = max(at, hearing.announced_at) + NOBODY_REACHED_PATIENCE
    if due >= hearing.when.instant:
        due = hearing.announced_at
    yield from open_task(
        view.ledger,
        "nobody_reached",
        hearing.id,
        hearing.revision,
        due=due,
        until=hearing.when.instant,
    )


def _ask_outcome(view: _View, hearing: HearingFacts) -> Iterator[AgendaItem]:
    """After the hearing an advocate is asked what happened; silence never means a miss."""
    yield from open_task(
        view.ledger,
        "ask_outcome",
        hearing.id,
        hearing.revision,
        due=hearing.when.instant + timedelta(hours=view.policy.ask_outcome_hours),
        until=hearing.when.instant + OUTCOME_USEFUL,
    )
