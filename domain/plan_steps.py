"""The support-plan planner: reminders before a step is due, a hand to help when it is missed.

The person is asked what got in the way before anybody else hears. After that it climbs: their
mentor, their advocate, the supervising advocate, and at last a task for the team to tell counsel.
Nothing here, nor anywhere else in this program, tells a court, a prosecutor or probation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from domain.agenda import Act, Agenda, AgendaItem, next_agenda
from domain.countdown import NEVER_WITHIN
from domain.court_time import instant_at, wall_time
from domain.facts import PlanFacts, StepFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, Wish, open_task, plan_message, plan_settling, spaced
from domain.plan_course import follow_case, rests
from domain.plan_ladder import climb
from domain.report_waiting import reports_waiting
from domain.vocabulary import PlanState, StepOwner, StepState

ENDED_PLANS: Final = frozenset(
    {
        PlanState.DENIED,
        PlanState.REFUSED,
        PlanState.DISCHARGED_SUCCESSFUL,
        PlanState.DISCHARGED_UNSUCCESSFUL,
        PlanState.DISCHARGED_OTHER,
    }
)
OPEN_STEPS: Final = frozenset({StepState.PROPOSED, StepState.ACTIVE})
"""What is still to be done."""
_NINE = time(9, 0)
_MIDNIGHT = time(0, 0)


def plan_steps(facts: PlanFacts, now: datetime) -> Agenda:
    """The agenda of one support plan at `now` (UTC)."""
    ledger = Ledger(facts.messages, facts.task_keys, facts.elsewhere)
    items: list[AgendaItem] = []
    if facts.state is PlanState.IN_PROGRESS:
        items += follow_case(facts, ledger)
        for step in facts.steps:
            items += _step_items(facts, step, ledger, now)
    items += reports_waiting(facts, ledger, now)
    items = spaced(items, ledger, facts.policy, now)
    items += plan_settling(ledger.claimed)
    ended = facts.state in ENDED_PLANS and all(item.until <= now for item in items)
    return next_agenda(items, now, revision=facts.revision, stage=facts.state, ended=ended)


def missed_from(facts: PlanFacts, step: StepFacts) -> datetime | None:
    """The instant from which a step without evidence counts as missed; None without a date.

    Whoever was held on the day it was due has the whole grace after coming out.
    """
    if step.due is None:
        return None
    policy = facts.policy
    since = step.due
    if facts.released_at is not None:
        since = max(since, wall_time(facts.released_at, policy.zone).date())
    # A step that was agreed when its day had passed has the whole grace from then on.
    since = max(since, wall_time(step.announced_at, policy.zone).date())
    day = since + timedelta(days=policy.step_grace_days + 1)
    return instant_at(day, _NINE, policy.zone)


def held_on_its_day(facts: PlanFacts, step: StepFacts) -> bool:
    """Whether the person was in custody on any part of the day on which a step is due."""
    if step.due is None:
        return False
    begins, ends = _day_of(facts, step)
    return any(
        held.since < ends and (held.until is None or held.until > begins) for held in facts.held
    )


def _day_of(facts: PlanFacts, step: StepFacts) -> tuple[datetime, datetime]:
    assert step.due is not None
    zone = facts.policy.zone
    begins = instant_at(step.due, _MIDNIGHT, zone)
    return begins, instant_at(step.due + timedelta(days=1), _MIDNIGHT, zone)


def _step_items(
    facts: PlanFacts, step: StepFacts, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    if rests(facts, step):
        return
    if step.state is StepState.ACTIVE and step.occurrence and held_on_its_day(facts, step):
        yield _excusing(facts, step)
        return
    if facts.paused:
        return
    if step.state in (StepState.MISSED, StepState.ESCALATED):
        yield from climb(facts, step, ledger, now)
    if step.state is StepState.ACTIVE and step.due is not None:
        yield from _reminders(facts, step, ledger, now)
        yield _missing(facts, step)


def _missing(facts: PlanFacts, step: StepFacts) -> AgendaItem:
    missed = missed_from(facts, step)
    assert missed is not None
    return AgendaItem(
        act=Act.MISS_STEP,
        key=f"miss|{step.id}|{step.revision}",
        due=missed,
        until=missed + TASK_USEFUL,
        subject_id=step.id,
        revision=step.revision,
    )


def _excusing(facts: PlanFacts, step: StepFacts) -> AgendaItem:
    """What fell into custody, of something that repeats, is excused when its day is over."""
    _, ends = _day_of(facts, step)
    return AgendaItem(
        act=Act.ADVANCE_PLAN,
        key=f"excuse|{step.id}|{step.revision}",
        due=ends,
        until=ends + TASK_USEFUL,
        subject_id=step.id,
        revision=step.revision,
        step="excuse",
    )


def _reminders(
    facts: PlanFacts, step: StepFacts, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    """Before a step: its person and their mentor, or for what others do a task for the team."""
    policy = facts.policy
    begins, until = _day_of(facts, step)
    assert step.due is not None
    day = step.due - timedelta(days=policy.step_notice_days)
    due = instant_at(day, policy.reminder_at, policy.zone)
    if due <= step.announced_at:
        due = step.announced_at + NEVER_WITHIN
    if step.owner in (StepOwner.ADVOCATE, StepOwner.PROVIDER):
        yield from open_task(
            ledger, "step_due", step.id, step.revision, due=min(due, begins), until=until
        )
        return
    if facts.person is not None:
        wish = Wish(facts.person, step.id, step.revision, "plan_step", due=due, until=until)
        yield from plan_message(wish, ledger, policy, now)
    for mentor in facts.mentors if step.to_mentors else ():
        wish = Wish(mentor, step.id, step.revision, "plan_step", due=due, until=until)
        yield from _only_messages(plan_message(wish, ledger, policy, now))


def _only_messages(items: Iterator[AgendaItem]) -> Iterator[AgendaItem]:
    """A mentor who cannot be reached is nobody's emergency."""
    return (item for item in items if item.act is Act.SEND_MESSAGE)
