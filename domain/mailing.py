"""How one message is planned: first channel that has not failed, never in quiet hours.

Every planner that tells people something goes through here, so that quiet hours, the ladder
and the hand-over to a person are decided in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.agenda import Act, AgendaItem
from domain.facts import HubPolicy, MessageFact, PersonFacts
from domain.ledger import Ledger, message_key, task_key
from domain.vocabulary import MessageState

SETTLE_AFTER = timedelta(seconds=60)
"""A claim older than this, without a fate, is asked about at the provider."""
SETTLE_WITHIN = timedelta(days=30)
TASK_USEFUL = timedelta(days=365)

_FAILED = frozenset({MessageState.UNDELIVERED, MessageState.FAILED})


@dataclass(frozen=True, slots=True)
class Wish:
    """That a person be told something: what, about which revision, from when to when (UTC)."""

    person: PersonFacts
    subject_id: str
    revision: int
    step: str
    due: datetime
    until: datetime


def plan_message(
    wish: Wish, ledger: Ledger, policy: HubPolicy, now: datetime
) -> Iterator[AgendaItem]:
    """The one item that serves a wish now: a message, a task for a person, or nothing."""
    before = [
        message
        for message in ledger.about(wish.person.id, wish.subject_id)
        if message.revision == wish.revision
        and message.step == wish.step
        and message.state is not MessageState.WITHDRAWN
    ]
    if any(message.state not in _FAILED for message in before):
        return
    tried = {message.channel for message in before}
    contact = next((c for c in wish.person.contacts if c.channel not in tried), None)
    if contact is None:
        if tried:
            yield from plan_task("not_reached", wish, ledger, due=wish.due)
        return
    start = max(wish.due, now)
    opens = policy.quiet.next_open(wish.due)
    leaves = opens if now <= wish.due else max(opens, policy.quiet.next_open(now))
    if leaves >= wish.until:
        if start < wish.until:
            yield from plan_task("call_now", wish, ledger, due=start)
        return
    yield AgendaItem(
        act=Act.SEND_MESSAGE,
        key=message_key(wish.person.id, wish.subject_id, wish.revision, wish.step, contact.channel),
        due=opens if leaves == start else leaves,
        until=wish.until,
        person_id=wish.person.id,
        subject_id=wish.subject_id,
        revision=wish.revision,
        step=wish.step,
        channel=contact.channel,
    )


def plan_task(kind: str, wish: Wish, ledger: Ledger, *, due: datetime) -> Iterator[AgendaItem]:
    """A person takes over one wish: once per person, subject and revision."""
    yield from open_task(
        ledger,
        kind,
        wish.subject_id,
        wish.revision,
        due=due,
        until=max(wish.until, due + TASK_USEFUL),
        person_id=wish.person.id,
    )


def open_task(
    ledger: Ledger,
    kind: str,
    subject_id: str,
    revision: int,
    *,
    due: datetime,
    until: datetime,
    person_id: str = "",
) -> Iterator[AgendaItem]:
    """A task for the hub's people, unless it was opened before."""
    key = task_key(kind, subject_id, revision, person_id)
    if ledger.asked(key):
        return
    yield AgendaItem(
        act=Act.OPEN_TASK,
        key=key,
        due=due,
        until=until,
        person_id=person_id,
        subject_id=subject_id,
        revision=revision,
        step=kind,
    )


def plan_settling(claimed: list[MessageFact]) -> Iterator[AgendaItem]:
    """Claims without a fate: the provider is asked, whatever became of the hearing."""
    for message in claimed:
        yield AgendaItem(
            act=Act.SEND_MESSAGE,
            key=message.key,
            due=message.claimed_at + SETTLE_AFTER,
            until=message.claimed_at + SETTLE_WITHIN,
            person_id=message.person_id,
            subject_id=message.subject_id,
            revision=message.revision,
            step=message.step,
            channel=message.channel,
        )
