"""What the hub's own people are asked to do about a case, because no message can do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.agenda import AgendaItem
from domain.case_view import CaseView, knows
from domain.countdown import days_before
from domain.facts import HearingFacts, PersonFacts
from domain.mailing import TASK_USEFUL, open_task
from domain.vocabulary import LEFT, MessageState

NOBODY_REACHED_DAYS = 3
NOBODY_REACHED_PATIENCE = timedelta(hours=2)
OUTCOME_USEFUL = timedelta(days=60)


def no_contact(view: CaseView, person: PersonFacts) -> Iterator[AgendaItem]:
    """Someone who is to be told and cannot be reached at all: a person finds out how."""
    if person.contacts:
        return
    yield from open_task(
        view.ledger,
        "no_contact",
        view.facts.id,
        due=view.here_from(person),
        until=view.now + TASK_USEFUL,
        revision=0,
        person_id=person.id,
    )


def nobody_reached(view: CaseView, hearing: HearingFacts) -> Iterator[AgendaItem]:
    """Three days before, when no one in the circle has been told: a person must know."""
    told_states = LEFT - {MessageState.CLAIMED}
    reached = any(
        message.state in told_states and knows(hearing, message.revision)
        for person in view.facts.people
        for message in view.ledger.about(person.id, hearing.id)
    )
    if reached:
        return
    at = days_before(view.policy, hearing, NOBODY_REACHED_DAYS)
    patient = max(at, hearing.announced_at) + NOBODY_REACHED_PATIENCE
    due = view.policy.quiet.next_open(patient)
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


def ask_outcome(view: CaseView, hearing: HearingFacts) -> Iterator[AgendaItem]:
    """After the hearing an advocate is asked what happened; silence never means a miss."""
    yield from open_task(
        view.ledger,
        "ask_outcome",
        hearing.id,
        hearing.revision,
        due=hearing.when.instant + timedelta(hours=view.policy.ask_outcome_hours),
        until=hearing.when.instant + OUTCOME_USEFUL,
    )
