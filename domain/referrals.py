"""Referrals as a closed loop: who may move one where, and what is due while it is open.

The states are those of the FHIR Task. A provider answers by private link, without an account. Who
does not answer in the hub's time (three working days) is asked once more; after the same time
again the advocate offers it to another provider. A first meeting is asked about until somebody
says whether it happened: a referral that was sent is no help yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.agenda import Agenda, AgendaItem, next_agenda
from domain.court_time import instant_at, wall_time
from domain.facts import HubPolicy, MessageFact, PersonFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, Wish, open_task, plan_message, plan_settling, spaced
from domain.vocabulary import ReferralState as S


class Setter(StrEnum):
    """Who sets a state."""

    TEAM = "team"
    SUPERVISOR = "supervisor"
    PROVIDER = "provider"


_TEAM: Final = frozenset({Setter.TEAM, Setter.SUPERVISOR})
_BOTH: Final = _TEAM | {Setter.PROVIDER}
_ALONE: Final = frozenset({Setter.SUPERVISOR})
_OPEN_MOVES: Final[Mapping[S, Mapping[S, frozenset[Setter]]]] = {
    S.DRAFT: {S.REQUESTED: _TEAM, S.CANCELLED: _TEAM},
    S.REQUESTED: {S.ACCEPTED: _BOTH, S.REJECTED: _BOTH, S.CANCELLED: _TEAM},
    S.ACCEPTED: {
        S.IN_PROGRESS: _BOTH,
        S.ON_HOLD: _BOTH,
        S.REJECTED: _BOTH,
        S.FAILED: _TEAM,
        S.CANCELLED: _TEAM,
    },
    S.IN_PROGRESS: {S.ON_HOLD: _BOTH, S.COMPLETED: _BOTH, S.FAILED: _BOTH, S.CANCELLED: _TEAM},
    S.ON_HOLD: {
        S.ACCEPTED: _BOTH,
        S.IN_PROGRESS: _BOTH,
        S.COMPLETED: _BOTH,
        S.FAILED: _BOTH,
        S.CANCELLED: _TEAM,
    },
}
MOVES: Final[Mapping[S, Mapping[S, frozenset[Setter]]]] = MappingProxyType(
    {
        state: {
            **_OPEN_MOVES.get(state, {}),
            **({} if state is S.ENTERED_IN_ERROR else {S.ENTERED_IN_ERROR: _ALONE}),
        }
        for state in S
    }
)
"""From which state to which, and who may set it. Only a supervisor says that it was a mistake."""
OPEN: Final = frozenset(_OPEN_MOVES)
"""States in which something is still to happen."""
ENDS_WITH_A_TASK: Final = MappingProxyType(
    {S.REJECTED: "referral_declined", S.FAILED: "referral_failed"}
)
"""Ends of which somebody of the team must hear: the task of each."""
WAITS: Final = frozenset({S.REQUESTED, S.ACCEPTED, S.IN_PROGRESS, S.ON_HOLD})
"""States in which the provider's link opens."""


class ReferralMoveRefused(ValueError):
    """A move that a referral does not take; names those that it does."""

    def __init__(self, origin: S, wanted: S, by: Setter) -> None:
        can = sorted(to for to, who in MOVES[origin].items() if by in who)
        after = ", ".join(can) if can else "nothing more; make a new referral"
        super().__init__(
            f"A referral that is {origin} does not become {wanted} here. It can become: {after}."
        )


def check_move(origin: S, wanted: S, by: Setter) -> None:
    """Accept a move, or refuse it with those that are possible.

    Raises:
        ReferralMoveRefused: it is not possible, or not for whoever asks.
    """
    if by not in MOVES[origin].get(wanted, frozenset()):
        raise ReferralMoveRefused(origin, wanted, by)


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """One referral, whole, as its planner sees it.

    Attributes:
        answer_days: working days that a provider has to answer.
        requested_at, answered_at, state_since: UTC.
        meeting_at: when the first meeting is to be (UTC); None while that is not known.
        met: whether it happened; None while nobody said.
        introduced: somebody of the team goes along or introduces them.
        provider: whoever answers for the provider; without contacts nobody can be written to.
        person: who is referred; None while they are held or nobody may write to them.
        covered: the provider may be told of it; not where a consent that it rests on has ended.
        covered_until: when it will end by itself (UTC); None where no day is named.
        replaced: it was offered to another provider already.
        case_over: the case has ended; what runs may go on, nothing new is asked.
    """

    id: str
    hub_id: str
    revision: int
    state: S
    policy: HubPolicy
    answer_days: int = 3
    requested_at: datetime | None = None
    answered_at: datetime | None = None
    state_since: datetime | None = None
    meeting_at: datetime | None = None
    met: bool | None = None
    introduced: bool = False
    covered: bool = True
    covered_until: datetime | None = None
    replaced: bool = False
    provider: PersonFacts | None = None
    person: PersonFacts | None = None
    messages: tuple[MessageFact, ...] = ()
    task_keys: frozenset[str] = frozenset()
    elsewhere: Mapping[str, datetime] = field(default_factory=dict)
    round: int = 1
    """Grows with each new date of the first meeting, and with each return from a rest: what was
    said of an earlier one is said anew."""

    def is_about(self, person_id: str) -> bool:
        """Whether this person is the one who is referred."""
        return self.person is not None and self.person.id == person_id


_NINE: Final = time(9, 0)
HOLD_LOOK: Final = timedelta(days=14)
"""What rests is looked at again after this."""
ASKS: Final = frozenset({"referral_request", "referral_nudge", "referral_met"})
"""Messages to a provider."""


def working_days_after(since: datetime, days: int, policy: HubPolicy) -> datetime:
    """Nine in the morning (UTC) on the working day so many working days after an instant.

    Saturdays, Sundays and the hub's closed days do not count.
    """
    day = wall_time(since, policy.zone).date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        if _works(day, policy):
            left -= 1
    while not _works(day, policy):
        day += timedelta(days=1)
    return instant_at(day, _NINE, policy.zone)


def silent_from(asked: datetime, days: int, policy: HubPolicy) -> datetime:
    """When a provider that was asked and reminded counts as silent (UTC): the time to answer is
    over for the second time."""
    return working_days_after(working_days_after(asked, days, policy), days, policy)


def _works(day: date, policy: HubPolicy) -> bool:
    return day.weekday() < 5 and day not in policy.closed_days


def plan_referral(facts: ReferralFacts, now: datetime) -> Agenda:
    """The agenda of one referral at `now` (UTC)."""
    ledger = Ledger(facts.messages, facts.task_keys, facts.elsewhere)
    items = list(_items(facts, ledger, now))
    items = spaced(items, ledger, facts.policy, now)
    items += plan_settling(ledger.claimed)
    ended = facts.state not in OPEN and not items
    return next_agenda(items, now, revision=facts.revision, stage=facts.state, ended=ended)


def _items(facts: ReferralFacts, ledger: Ledger, now: datetime) -> Iterator[AgendaItem]:
    if not facts.covered and facts.state in WAITS:
        yield from _task(facts, ledger, "referral_uncovered", now)
        return
    if facts.covered_until is not None and facts.state in WAITS:
        yield from _task(facts, ledger, "referral_uncovered", facts.covered_until)
    match facts.state:
        case S.REQUESTED:
            yield from _unanswered(facts, ledger, now)
        case S.ACCEPTED:
            yield from _to_meet(facts, ledger, now)
        case S.ON_HOLD:
            since = facts.state_since or now
            yield from _task(facts, ledger, "referral_on_hold", since + HOLD_LOOK)
        case S.REJECTED | S.FAILED as ended if not facts.replaced:
            yield from _task(facts, ledger, ENDS_WITH_A_TASK[ended], facts.state_since or now)


def _unanswered(facts: ReferralFacts, ledger: Ledger, now: datetime) -> Iterator[AgendaItem]:
    """Asked, asked once more, and then another provider."""
    asked = facts.requested_at or now
    nudge = working_days_after(asked, facts.answer_days, facts.policy)
    late = silent_from(asked, facts.answer_days, facts.policy)
    if _can_write(facts):
        yield from _ask(facts, ledger, "referral_request", asked, nudge, now)
        yield from _ask(facts, ledger, "referral_nudge", nudge, late, now)
    else:
        yield from _task(facts, ledger, "referral_call", asked)
    yield from _task(facts, ledger, "referral_unanswered", late)


def _to_meet(facts: ReferralFacts, ledger: Ledger, now: datetime) -> Iterator[AgendaItem]:
    """From "yes" to the first meeting: a date, a reminder, and whether it happened."""
    since = facts.state_since or facts.answered_at or now
    if facts.met is False:
        yield from _task(facts, ledger, "referral_not_met", since)
        return
    if facts.meeting_at is None:
        late = working_days_after(since, facts.answer_days, facts.policy)
        yield from _task(facts, ledger, "referral_no_date", late)
        return
    before = _day_before(facts)
    yield from _remind(facts, ledger, before, now)
    if facts.introduced:
        yield from _task(facts, ledger, "hand_off", max(before, since), facts.meeting_at)
    asked = working_days_after(facts.meeting_at, 1, facts.policy)
    late = working_days_after(asked, facts.answer_days, facts.policy)
    if _can_write(facts):
        yield from _ask(facts, ledger, "referral_met", asked, late, now)
        yield from _task(facts, ledger, "referral_met_unknown", late)
    else:
        yield from _task(facts, ledger, "referral_met_unknown", asked)


def _remind(
    facts: ReferralFacts, ledger: Ledger, before: datetime, now: datetime
) -> Iterator[AgendaItem]:
    assert facts.meeting_at is not None
    if facts.person is None:
        return
    since = facts.state_since or now
    wish = Wish(
        facts.person,
        facts.id,
        facts.round,
        "first_meeting",
        due=max(before, since),
        until=facts.meeting_at,
    )
    yield from plan_message(wish, ledger, facts.policy, now)


def _day_before(facts: ReferralFacts) -> datetime:
    assert facts.meeting_at is not None
    day = wall_time(facts.meeting_at, facts.policy.zone).date() - timedelta(days=1)
    return instant_at(day, facts.policy.reminder_at, facts.policy.zone)


def _can_write(facts: ReferralFacts) -> bool:
    return facts.provider is not None and bool(facts.provider.contacts)


def _ask(
    facts: ReferralFacts, ledger: Ledger, step: str, due: datetime, until: datetime, now: datetime
) -> Iterator[AgendaItem]:
    assert facts.provider is not None
    wish = Wish(facts.provider, facts.id, facts.round, step, due=due, until=until)
    yield from plan_message(wish, ledger, facts.policy, now)


def _task(
    facts: ReferralFacts, ledger: Ledger, kind: str, due: datetime, until: datetime | None = None
) -> Iterator[AgendaItem]:
    ends = max(until, due + timedelta(hours=1)) if until else due + TASK_USEFUL
    revision = facts.round
    yield from open_task(ledger, kind, facts.id, revision, due=due, until=ends)
