"""The support-plan planner: reminders before a step is due, a hand to help when it is missed.

A missed step goes to an advocate, never to the court or the prosecutor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from domain.agenda import Act, Agenda, AgendaItem, next_agenda
from domain.countdown import NEVER_WITHIN
from domain.court_time import instant_at, wall_time
from domain.facts import PlanFacts, StepFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, Wish, open_task, plan_message, plan_settling, spaced
from domain.vocabulary import PlanState, StepState

ENDED_PLANS = frozenset(
    {
        PlanState.DENIED,
        PlanState.REFUSED,
        PlanState.DISCHARGED_SUCCESSFUL,
        PlanState.DISCHARGED_UNSUCCESSFUL,
        PlanState.DISCHARGED_OTHER,
    }
)


def plan_steps(facts: PlanFacts, now: datetime) -> Agenda:
    """The agenda of one support plan at `now` (UTC)."""
    ledger = Ledger(facts.messages, facts.task_keys, facts.elsewhere)
    items: list[AgendaItem] = []
    if facts.state is PlanState.IN_PROGRESS:
        for step in facts.steps:
            items += _step_items(facts, step, ledger, now)
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
    day = since + timedelta(days=policy.step_grace_days + 1)
    return instant_at(day, time(9, 0), policy.zone)


def _step_items(
    facts: PlanFacts, step: StepFacts, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    missed = missed_from(facts, step)
    if step.state is StepState.MISSED:
        yield from open_task(
            ledger,
            "step_missed",
            step.id,
            step.revision,
            due=now,
            until=now + TASK_USEFUL,
        )
    if step.state is not StepState.ACTIVE or step.due is None or missed is None or facts.paused:
        return
    yield from _reminder(facts, step, ledger, now)
    yield AgendaItem(
        act=Act.MISS_STEP,
        key=f"miss|{step.id}|{step.revision}",
        due=missed,
        until=missed + TASK_USEFUL,
        subject_id=step.id,
        revision=step.revision,
    )


def _reminder(
    facts: PlanFacts, step: StepFacts, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    if facts.person is None or step.due is None:
        return
    policy = facts.policy
    day = step.due - timedelta(days=policy.step_notice_days)
    due = instant_at(day, policy.reminder_at, policy.zone)
    if due <= step.announced_at:
        due = step.announced_at + NEVER_WITHIN
    until = instant_at(step.due + timedelta(days=1), time(0, 0), policy.zone)
    wish = Wish(facts.person, step.id, step.revision, "plan_step", due=due, until=until)
    yield from plan_message(wish, ledger, policy, now)
