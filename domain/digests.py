"""The digest planner: one message a week to a shelter or agency, with what it may know.

Text reminders helped people who have a home and not those without one (Shasta County trial):
whoever has no steady phone is reached through the places where they sleep and eat. What such a
place may know comes from the records (records/agency_facts.py); here it is decided when it
hears of it, and what a person has to tell because no digest comes in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.agenda import Agenda, AgendaItem, next_agenda
from domain.court_time import instant_at, wall_time
from domain.facts import HubPolicy, MessageFact, PersonFacts
from domain.ledger import Ledger, task_key
from domain.mailing import Wish, open_task, plan_message, plan_settling, plan_task
from domain.vocabulary import LEFT, MessageState

DIGEST = "digest"
"""The step of its messages."""
TELL_AGENCY = "tell_agency"
"""The task for what no digest tells in time."""
NOT_REACHED = "not_reached"
LISTED_DAYS = 8
"""A digest looks a day further than the next one: whatever delays that, no date falls between."""
USEFUL_DAYS = 2
FEWEST_DAYS_APART = 2
"""When an agency's weekday changes, the next digest may come early, but not a day after the last:
that one has listed everything up to the one after."""


@dataclass(frozen=True, slots=True)
class SharedDate:
    """A court date of a case that is shared with an agency; ids and instants only.

    Attributes:
        starts: UTC; None when the hearing was cancelled.
        since: from when the agency may know this revision (UTC): since it was recorded, shared,
            or the person was released, whichever came last.
        shared_at: since when the case is shared (UTC).
        expires_at: when the consent runs out (UTC); None for never.
        before: when it was to start, at earlier revisions (UTC).
    """

    hearing_id: str
    revision: int
    starts: datetime | None
    since: datetime
    shared_at: datetime
    expires_at: datetime | None = None
    before: tuple[datetime, ...] = ()

    def may_be_told(self, at: datetime) -> bool:
        """Whether the consent still holds at an instant (UTC)."""
        return self.expires_at is None or at < self.expires_at


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """One agency, whole, as its planner sees it.

    Attributes:
        person: its contact.
        weekday: on which its digest leaves; Monday is 0.
        at: when, on the hub's wall.
        entries: court dates that it may know of now, the soonest first.
        ended: it gets no digest any more.
    """

    id: str
    hub_id: str
    revision: int
    policy: HubPolicy
    person: PersonFacts
    weekday: int
    at: time
    entries: tuple[SharedDate, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    task_keys: frozenset[str] = frozenset()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """One week's digest.

    Attributes:
        day: of the hub's calendar.
        due, until: when it leaves, and until when it is worth sending (UTC).
        horizon: court dates before this are listed (UTC): to the end of the eighth day.
    """

    day: date
    due: datetime
    until: datetime
    horizon: datetime

    @property
    def number(self) -> int:
        """The day as 20261207: which of an agency's digests it is."""
        return self.day.year * 10_000 + self.day.month * 100 + self.day.day

    def lists(self, entry: SharedDate, now: datetime) -> bool:
        """Whether it tells this date, if it leaves on time, or now where that is later (UTC)."""
        moment = max(self.due, now)
        coming = entry.starts is not None and moment < entry.starts < self.horizon
        return coming and entry.may_be_told(moment)


def digest_on(day: date, at: time, zone: str) -> Digest:
    """The digest of a day, due at wall time `at` in `zone`."""
    return Digest(
        day,
        due=instant_at(day, at, zone),
        until=instant_at(day + timedelta(days=USEFUL_DAYS), at, zone),
        horizon=instant_at(day + timedelta(days=LISTED_DAYS + 1), time(0), zone),
    )


def digest_numbered(number: int, at: time, zone: str) -> Digest:
    """The digest of a number such as 20261207."""
    return digest_on(date(number // 10_000, number // 100 % 100, number % 100), at, zone)


def plan_digests(facts: AgencyFacts, now: datetime) -> Agenda:
    """The agenda of one agency at `now` (UTC).

    One digest, the next in which there is something to tell, and a task for each date that
    comes before it and was never told.
    """
    ledger = Ledger(facts.messages, facts.task_keys)
    items: list[AgendaItem] = []
    if not facts.ended:
        items += _next_digest(facts, ledger, now)
        chance = min((item.due for item in items), default=None)
        items += _for_a_person(facts, ledger, chance, now)
    items += plan_settling(ledger.claimed)
    ended = facts.ended and all(item.until <= now for item in items)
    stage = "ended" if facts.ended else "active"
    return next_agenda(items, now, revision=facts.revision, stage=stage, ended=ended)


def next_digest_at(facts: AgencyFacts, now: datetime) -> datetime | None:
    """When the next digest leaves (UTC); None while there is nothing to tell, or nobody to."""
    ledger = Ledger(facts.messages, facts.task_keys)
    if facts.ended or not facts.person.contacts:
        return None
    return min((max(item.due, now) for item in _next_digest(facts, ledger, now)), default=None)


def _next_digest(facts: AgencyFacts, ledger: Ledger, now: datetime) -> Sequence[AgendaItem]:
    """The first digest that something is to be done for, and what that is."""
    last = _last_day(facts)
    for digest in _digests(facts, now):
        too_soon = last is not None and _too_soon(digest.day, last)
        if too_soon or digest.due < facts.person.enrolled_at:
            continue
        leaves = facts.policy.quiet.next_open(max(digest.due, now))
        if any(digest.lists(entry, leaves) for entry in facts.entries):
            items = tuple(_items(facts, digest, ledger, now))
            if items:
                return items
    return ()


def _digests(facts: AgencyFacts, now: datetime) -> Iterator[Digest]:
    """The digests that look as far as a date to come, soonest first: at most two for each date."""
    zone = facts.policy.zone
    seen = date.min
    for entry in facts.entries:
        if entry.starts is None or entry.starts <= now:
            continue
        court_day = wall_time(entry.starts, zone).date()
        for days in range(LISTED_DAYS, -1, -1):
            day = court_day - timedelta(days=days)
            if day.weekday() == facts.weekday and day > seen:
                seen = day
                yield digest_on(day, facts.at, zone)


def _last_day(facts: AgencyFacts) -> date | None:
    """The day of the newest digest that left, or may have left."""
    numbers = (m.revision for m in facts.messages if m.state in LEFT)
    number = max(numbers, default=None)
    return digest_numbered(number, facts.at, facts.policy.zone).day if number else None


def _too_soon(day: date, last: date) -> bool:
    """Whether a digest would repeat the last one. The same day's own goes on to its next rung."""
    return day != last and (day - last).days < FEWEST_DAYS_APART


def _items(
    facts: AgencyFacts, digest: Digest, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    person = facts.person
    wish = Wish(person, facts.id, digest.number, DIGEST, due=digest.due, until=digest.until)
    tried = any(
        message.revision == digest.number and message.state is not MessageState.WITHDRAWN
        for message in ledger.about(person.id, facts.id)
    )
    if tried or person.contacts:
        yield from plan_message(wish, ledger, facts.policy, now)
    elif now < digest.until:
        yield from plan_task(NOT_REACHED, wish, ledger, due=digest.due)


def _for_a_person(
    facts: AgencyFacts, ledger: Ledger, chance: datetime | None, now: datetime
) -> Iterator[AgendaItem]:
    """Dates that come before the next digest, and that the agency does not know, or knows wrong.

    Nobody is called about a date on which the consent will have run out.

    Args:
        chance: when the next digest leaves (UTC).
    """
    told = (*_told(facts), *_told_by_phone(facts, ledger, now))
    for entry in facts.entries:
        moments = [
            moment
            for moment in _unknown(entry, told)
            if now < moment and (chance is None or moment <= chance) and entry.may_be_told(moment)
        ]
        if moments:
            yield from open_task(
                ledger,
                TELL_AGENCY,
                entry.hearing_id,
                entry.revision,
                due=entry.since,
                until=max(moments),
                person_id=facts.person.id,
            )


@dataclass(frozen=True, slots=True)
class _Told:
    """What was told in one go, or may have been: when, and how far it looked (UTC)."""

    at: datetime
    horizon: datetime

    def listed(self, moment: datetime) -> bool:
        return self.at < moment < self.horizon


def _told(facts: AgencyFacts) -> Iterator[_Told]:
    for message in facts.messages:
        if message.state in LEFT:
            digest = digest_numbered(message.revision, facts.at, facts.policy.zone)
            yield _Told(message.claimed_at, digest.horizon)


def _told_by_phone(facts: AgencyFacts, ledger: Ledger, now: datetime) -> Iterator[_Told]:
    """Digests that reached nobody: the one task that says so stands for all that they listed."""
    today = wall_time(now, facts.policy.zone).date()
    for days in range(LISTED_DAYS + 1):
        digest = digest_on(today - timedelta(days=days), facts.at, facts.policy.zone)
        if ledger.asked(task_key(NOT_REACHED, facts.id, digest.number, facts.person.id)):
            yield _Told(digest.due, digest.horizon)


def _unknown(entry: SharedDate, told: Sequence[_Told]) -> Iterator[datetime]:
    """The date itself, if no digest told it; and dates that were told and hold no more."""
    starts = entry.starts
    since = [one for one in told if one.at >= entry.since]
    until = [one for one in told if entry.shared_at <= one.at < entry.since]
    if starts is not None and not any(one.listed(starts) for one in since):
        yield starts
    for old in entry.before:
        if old != starts and any(one.listed(old) for one in until):
            yield old
