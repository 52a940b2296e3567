"""After a missed step: who is told, in which order, and after how long.

1. The person is asked what got in the way. Nobody else hears before that.
2. An hour later their mentor may help, unless the step is health care.
3. After the hub's first pause, or as soon as there is an answer, their advocate has a task.
4. After the second, for what a court ordered, the supervising advocate.
5. After the third, the team is asked to tell counsel.

It ends there. Who is told what outside of the hub is for people, and for counsel, to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.agenda import Act, AgendaItem
from domain.facts import PlanFacts, StepFacts
from domain.ledger import Ledger
from domain.mailing import APART, TASK_USEFUL, Wish, open_task, plan_message
from domain.vocabulary import LEFT, StepOwner, StepState

QUESTION: Final = "plan_step_missed"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MENTOR_USEFUL: Final = timedelta(days=3)
"""For how long after the question a mentor's hand still helps."""


def climb(facts: PlanFacts, step: StepFacts, ledger: Ledger, now: datetime) -> Iterator[AgendaItem]:
    """What is due for one missed or escalated step."""
    # Whoever comes out of custody has every pause before them again.
    missed_at = max(step.missed_at or now, facts.released_at or _EPOCH)
    first, second, third = (timedelta(days=days) for days in facts.policy.step_rung_days)
    asked_at, reachable = None, False
    if _asks_person(facts, step):
        wish = _question(facts, step, missed_at, missed_at + first)
        items = list(plan_message(wish, ledger, facts.policy, now))
        asked_at = _asked_at(ledger, wish)
        reachable = asked_at is not None or any(i.act is Act.SEND_MESSAGE for i in items)
        if step.state is StepState.MISSED and step.answered_at is None:
            yield from (item for item in items if item.act is Act.SEND_MESSAGE)
            if asked_at is not None:
                yield from _mentors(facts, step, asked_at, ledger, now)
    asked_at = max(asked_at, missed_at) if asked_at else None
    advocate_at = (asked_at or missed_at) + first if reachable else missed_at
    if step.answered_at is not None:
        advocate_at = max(min(advocate_at, step.answered_at), missed_at)
    yield from _task("step_missed", step, advocate_at, ledger)
    if not step.mandated:
        return
    if step.state is StepState.MISSED:
        yield _escalating(step, advocate_at + second)
    if step.state is StepState.ESCALATED:
        escalated_at = max(step.escalated_at or now, missed_at)
        yield from _task("step_escalated", step, escalated_at, ledger)
        yield from _task("step_for_counsel", step, escalated_at + third, ledger)


def _asks_person(facts: PlanFacts, step: StepFacts) -> bool:
    """Whether there is somebody to ask: it was theirs to do, and they can be written to."""
    person = facts.person
    return step.owner is StepOwner.PERSON and person is not None and bool(person.contacts)


def _question(facts: PlanFacts, step: StepFacts, due: datetime, until: datetime) -> Wish:
    assert facts.person is not None
    return Wish(facts.person, step.id, step.revision, QUESTION, due=due, until=until)


def _asked_at(ledger: Ledger, wish: Wish) -> datetime | None:
    """When the question left, or may have (UTC)."""
    tries = ledger.tries(wish.person.id, wish.subject_id, wish.revision, wish.step)
    return min((one.claimed_at for one in tries if one.state in LEFT), default=None)


def _mentors(
    facts: PlanFacts, step: StepFacts, asked_at: datetime, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    for mentor in facts.mentors if step.to_mentors else ():
        due = asked_at + APART
        wish = Wish(mentor, step.id, step.revision, QUESTION, due=due, until=due + MENTOR_USEFUL)
        for item in plan_message(wish, ledger, facts.policy, now):
            if item.act is Act.SEND_MESSAGE:
                yield item


def _task(kind: str, step: StepFacts, due: datetime, ledger: Ledger) -> Iterator[AgendaItem]:
    yield from open_task(ledger, kind, step.id, step.revision, due=due, until=due + TASK_USEFUL)


def _escalating(step: StepFacts, due: datetime) -> AgendaItem:
    return AgendaItem(
        act=Act.ADVANCE_PLAN,
        key=f"escalate|{step.id}|{step.revision}",
        due=due,
        until=due + TASK_USEFUL,
        subject_id=step.id,
        revision=step.revision,
        step="escalate",
    )
