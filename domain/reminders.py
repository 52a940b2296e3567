"""The case planner: who is told what about which hearing, when, and until when.

A supportive message after a confirmed miss follows Fishbane, Ouss and Shah (Science 2020).
Nothing leaves in quiet hours; what could not wait becomes a person's task. One message tells
everything that is known, so a reminder that lies within an hour of it is covered by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.agenda import Act, Agenda, AgendaItem, next_agenda
from domain.case_view import CaseView, knows
from domain.countdown import NEVER_WITHIN, Moment, countdown
from domain.court_time import next_court_morning
from domain.facts import CaseFacts, HearingFacts, PersonFacts
from domain.hub_tasks import ask_outcome, no_contact, nobody_reached
from domain.ledger import Ledger, task_key
from domain.mailing import Wish, plan_answer, plan_settling, plan_task, spaced
from domain.tracks import ENDED_STAGES
from domain.vocabulary import LEFT, Appearance, HearingStatus

WELCOME_USEFUL = timedelta(days=2)
MISS_USEFUL = timedelta(days=3)


def plan_case(facts: CaseFacts, now: datetime) -> Agenda:
    """The agenda of one case at `now` (UTC): pure, and complete.

    A closed case ends once nobody waits for a cancellation and every claim has its fate.
    """
    items = case_items(facts, now)
    ended = facts.stage in ENDED_STAGES and all(item.until <= now for item in items)
    return next_agenda(items, now, revision=facts.revision, stage=facts.stage, ended=ended)


def case_items(facts: CaseFacts, now: datetime) -> tuple[AgendaItem, ...]:
    """Everything that is planned for a case, in no particular order."""
    ledger = Ledger(facts.messages, facts.task_keys, facts.elsewhere)
    view = CaseView(facts, facts.policy, ledger, now)
    ended = facts.stage in ENDED_STAGES
    items: list[AgendaItem] = []
    for hearing in facts.hearings:
        if not ended or hearing.status is HearingStatus.VACATED:
            items += _hearing_items(view, hearing)
    for person in () if ended else view.listening():
        items += _welcome(view, person)
        items += no_contact(view, person)
    for answer in facts.answers:
        items += plan_answer(answer, ledger, facts.policy, now)
    items = spaced(items, ledger, facts.policy, now)
    items += plan_settling(ledger.claimed)
    return tuple(items)


def _hearing_items(view: CaseView, hearing: HearingFacts) -> Iterator[AgendaItem]:
    if hearing.status is HearingStatus.VACATED:
        for person in view.listening():
            yield from _cancelled(view, hearing, person)
    elif hearing.status is HearingStatus.SCHEDULED:
        if view.now < hearing.when.instant:
            yield from _before(view, hearing)
        yield from ask_outcome(view, hearing)
    elif hearing.appearance is Appearance.FAILED_TO_APPEAR:
        for person in view.listening():
            yield from _post_miss(view, hearing, person)


def _before(view: CaseView, hearing: HearingFacts) -> Iterator[AgendaItem]:
    """Before a hearing: each person is told of it, then reminded."""
    steps = countdown(view.policy, hearing)
    for person in view.listening():
        told = view.ledger.told_revision(person.id, hearing.id)
        notice = tuple(_notice(view, hearing, person, told))
        yield from notice
        covered = _covered_until(view, hearing, person, told, notice)
        for step in steps:
            if step.due > covered:
                yield from _reminder(view, hearing, person, step)
    yield from nobody_reached(view, hearing)


def _notice(
    view: CaseView, hearing: HearingFacts, person: PersonFacts, told: int | None
) -> Iterator[AgendaItem]:
    """At once: the new date, or old → new for whoever was told another one."""
    if knows(hearing, told):
        return
    yield from view.message(
        Wish(
            person,
            hearing.id,
            hearing.revision,
            "enrolled" if told is None else "changed",
            due=max(hearing.announced_at, view.here_from(person)),
            until=hearing.when.instant,
        )
    )


def _covered_until(
    view: CaseView,
    hearing: HearingFacts,
    person: PersonFacts,
    told: int | None,
    notice: tuple[AgendaItem, ...],
) -> datetime:
    """Reminders due up to this moment say nothing that the person is not told anyway (UTC).

    A notice that is still to leave goes first. Where none can leave any more, because every
    channel failed, nothing is covered and each reminder is another chance.
    """
    here = view.here_from(person)
    if any(item.act is Act.SEND_MESSAGE for item in notice):
        return max(notice[0].due, view.now) + NEVER_WITHIN
    if not knows(hearing, told):
        return max(hearing.announced_at, here)
    said = max(
        message.claimed_at
        for message in view.ledger.about(person.id, hearing.id)
        if message.state in LEFT and knows(hearing, message.revision)
    )
    return max(said + NEVER_WITHIN, here)


def _reminder(
    view: CaseView, hearing: HearingFacts, person: PersonFacts, step: Moment
) -> Iterator[AgendaItem]:
    """One step before the hearing; when its time passed unused, a person is asked to call."""
    wish = Wish(person, hearing.id, hearing.revision, step.step, due=step.due, until=step.until)
    if view.now < step.until:
        yield from view.message(wish)
    elif person.contacts and not _taken_over(view, wish):
        yield from plan_task("not_told", wish, view.ledger, due=step.until)


def _taken_over(view: CaseView, wish: Wish) -> bool:
    """Whether the hub's people were already asked to tell this person of this revision."""
    return any(
        view.ledger.asked(task_key(kind, wish.subject_id, wish.revision, wish.person.id))
        for kind in ("call_now", "not_reached")
    )


def _cancelled(view: CaseView, hearing: HearingFacts, person: PersonFacts) -> Iterator[AgendaItem]:
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


def _post_miss(view: CaseView, hearing: HearingFacts, person: PersonFacts) -> Iterator[AgendaItem]:
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


def _welcome(view: CaseView, person: PersonFacts) -> Iterator[AgendaItem]:
    """On enrolment or release before any date exists: who will write, and how to stop."""
    here = view.here_from(person)
    dated = any(
        hearing.status is HearingStatus.SCHEDULED and hearing.when.instant > here
        for hearing in view.facts.hearings
    )
    if dated or view.ledger.spoke_to(person.id):
        return
    yield from view.message(Wish(person, "", 0, "enrolled", due=here, until=here + WELCOME_USEFUL))
