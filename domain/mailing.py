"""How one message is planned: rung by rung, never in quiet hours, never two in an hour.

Every planner that tells people something goes through here, so that quiet hours, the ladder,
second tries and the hand-over to a person are decided in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from domain.agenda import Act, AgendaItem
from domain.facts import AnswerFacts, ContactFacts, HubPolicy, MessageFact, PersonFacts
from domain.ledger import Ledger, message_key, task_key
from domain.vocabulary import MessageState

SETTLE_AFTER = timedelta(seconds=60)
"""A claim older than this, without a fate, is asked about at the provider."""
SETTLE_WITHIN = timedelta(days=30)
TASK_USEFUL = timedelta(days=365)
TRY_AGAIN_AFTER: Final = (timedelta(minutes=30), timedelta(hours=2))
"""A phone that could not be reached for now is tried twice more, after these pauses."""
LEFT_FOR_THE_NEXT_RUNG = timedelta(hours=3)
"""A further try must leave this much of the message's use to the rung behind it."""
APART = timedelta(hours=1)
"""Two messages to one person are at least this far apart, unless something changed."""
STILL_TALKING = timedelta(hours=1)
"""Whoever wrote this long ago or less is awake: an answer may come in quiet hours."""

AT_ONCE: Final = frozenset(
    {
        *("enrolled", "changed", "cancelled", "answer", "consent_request", "page_link"),
        *("letter_request", "interview_request", "packet_review"),
        *("counsel_review", "counsel_again", "packet_ready"),
        *("referral_request", "report_review"),
    }
)
"""What something changed, or was asked: told at once, whatever was said a moment ago."""
ACKNOWLEDGING: Final = "ack_"
ASKS_CONSENT: Final = "consent_request"
"""The message that leads to the private page of a consent."""
ASKS_PAGE: Final = "page_link"
"""The message that brings a new link to somebody's own page, which they asked for there. Where it
cannot be sent, nobody is told: the page said whom to call."""
_UNSAID: Final = MappingProxyType({"answer": "answer_unsaid", ASKS_CONSENT: "consent_unsent"})
"""What becomes a task when it cannot be said."""

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


def at_once(step: str) -> bool:
    """Whether a message of this step waits for no other message."""
    return step in AT_ONCE or step.startswith(ACKNOWLEDGING)


def plan_message(
    wish: Wish, ledger: Ledger, policy: HubPolicy, now: datetime
) -> Iterator[AgendaItem]:
    """The one item that serves a wish now: a message, a task for a person, or nothing."""
    person, step = wish.person, wish.step
    before = ledger.tries(person.id, wish.subject_id, wish.revision, step)
    if before and any(message.state not in _FAILED for message in before):
        return
    rung = _rung(wish, before, now) if before else _first_rung(wish)
    if rung is None:
        if before:
            yield from plan_task("not_reached", wish, ledger, due=wish.due)
        return
    contact, wanted = rung
    start = wanted if wanted > now else now
    opens = policy.quiet.next_open(wanted)
    leaves = opens if now <= wanted else max(opens, policy.quiet.next_open(now))
    if leaves >= wish.until:
        if start < wish.until:
            yield from plan_task("call_now", wish, ledger, due=start)
        return
    number = 1 + sum(message.channel == contact.channel for message in before)
    yield AgendaItem(
        Act.SEND_MESSAGE,
        message_key(person.id, wish.subject_id, wish.revision, step, contact.channel, number),
        opens if leaves == start else leaves,
        wish.until,
        person.id,
        wish.subject_id,
        wish.revision,
        step,
        contact.channel,
        contact.id,
    )


def _first_rung(wish: Wish) -> tuple[ContactFacts, datetime] | None:
    contacts = wish.person.contacts
    return (contacts[0], wish.due) if contacts else None


def _rung(
    wish: Wish, before: Sequence[MessageFact], now: datetime
) -> tuple[ContactFacts, datetime] | None:
    """Which contact is next, and when: the same once more, the one behind it, or none."""
    for contact in wish.person.contacts:
        tries = [message for message in before if message.went_by(contact)]
        if not tries:
            return contact, wish.due
        again = _next_try(tries)
        if again is not None and max(again, now) + LEFT_FOR_THE_NEXT_RUNG <= wish.until:
            return contact, again
    return None


def _next_try(tries: Sequence[MessageFact]) -> datetime | None:
    """When a contact that failed only for now is tried again (UTC); None when that is enough."""
    last = max(tries, key=lambda message: message.claimed_at)
    if not last.temporary or len(tries) > len(TRY_AGAIN_AFTER):
        return None
    return (last.settled_at or last.claimed_at) + TRY_AGAIN_AFTER[len(tries) - 1]


def plan_answer(
    answer: AnswerFacts, ledger: Ledger, policy: HubPolicy, now: datetime
) -> Iterator[AgendaItem]:
    """What is said to someone at one of their contacts; an advocate's words, or a link, that never
    arrive are a task, so that somebody says them.

    An acknowledgement follows their own message at once, and so does an advocate's answer while
    they are still talking; later, an answer waits for the end of the quiet hours.
    """
    before = ledger.tries(answer.person_id, answer.id, 0, answer.step)
    if any(message.state not in _FAILED for message in before):
        return
    due = answer.written_at if not before else _next_try(before)
    if due is None or answer.barred or now >= answer.until:
        yield from _unsaid(answer, ledger)
        return
    talking = answer.asked_at is not None and due - answer.asked_at <= STILL_TALKING
    if not talking or now - due > STILL_TALKING:
        due = max(policy.quiet.next_open(due), policy.quiet.next_open(now) if now > due else due)
    key = message_key(answer.person_id, answer.id, 0, answer.step, answer.channel, len(before) + 1)
    yield AgendaItem(
        act=Act.SEND_MESSAGE,
        key=key,
        due=due,
        until=answer.until,
        person_id=answer.person_id,
        subject_id=answer.id,
        step=answer.step,
        channel=answer.channel,
        contact_id=answer.contact_id,
    )


def _unsaid(answer: AnswerFacts, ledger: Ledger) -> Iterator[AgendaItem]:
    """An acknowledgement that cannot be given is none; an advocate's words are somebody's task, and
    so is a link, unless it was taken back."""
    task = _UNSAID.get(answer.step)
    if task is not None and answer.until > answer.written_at:
        yield from open_task(
            ledger,
            task,
            answer.id,
            0,
            due=answer.written_at,
            until=answer.until + TASK_USEFUL,
            person_id=answer.person_id,
        )


def spaced(
    items: Iterable[AgendaItem], ledger: Ledger, policy: HubPolicy, now: datetime
) -> list[AgendaItem]:
    """The same items, with reminders to one person moved apart.

    A reminder waits until an hour after whatever was last said to its person. One that cannot
    wait, because it would be useless or asleep by then, keeps its moment: told twice in an hour
    is better than not told.
    """
    by_person: dict[str, list[AgendaItem]] = {}
    kept: list[AgendaItem] = []
    for item in items:
        if item.act is Act.SEND_MESSAGE:
            by_person.setdefault(item.person_id, []).append(item)
        else:
            kept.append(item)
    for person_id, messages in by_person.items():
        said = ledger.last_said(person_id)
        if said is None and len(messages) == 1:
            kept += messages
        else:
            kept += _apart(messages, said, policy, now)
    return kept


def _apart(
    messages: list[AgendaItem], said: datetime | None, policy: HubPolicy, now: datetime
) -> Iterator[AgendaItem]:
    messages.sort(key=lambda item: (item.due, not at_once(item.step), item.until, item.key))
    for item in messages:
        if said is not None and said + APART > max(item.due, now) and not at_once(item.step):
            later = policy.quiet.next_open(said + APART)
            if later < item.until:
                item = replace(item, due=later)
        # What is overdue leaves now, not when it should have.
        leaves = max(item.due, now)
        said = leaves if said is None else max(said, leaves)
        yield item


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
            contact_id=message.contact_id,
        )
