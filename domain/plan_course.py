"""How a plan follows its case: hearings that want a report, custody, a disposition, the end.

What a court ordered rests as soon as there is no case behind it any more. The team says whether
the plan ends or goes on by choice; when nobody says anything for a month, it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from domain.agenda import Act, AgendaItem
from domain.court_time import instant_at
from domain.facts import PlanFacts, StepFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, open_task
from domain.tracks import CourtStage
from domain.vocabulary import HearingKind, PlanState

PLAN_MOVES: Final[Mapping[PlanState, tuple[PlanState, ...]]] = MappingProxyType(
    {
        PlanState.PENDING: (
            PlanState.IN_PROGRESS,
            PlanState.DENIED,
            PlanState.REFUSED,
            PlanState.DISCHARGED_OTHER,
        ),
        PlanState.IN_PROGRESS: (
            PlanState.REFUSED,
            PlanState.DISCHARGED_SUCCESSFUL,
            PlanState.DISCHARGED_UNSUCCESSFUL,
            PlanState.DISCHARGED_OTHER,
        ),
    }
)
"""The moves of a plan. One that was denied, refused or discharged stays so; a new one may start."""

CASE_OVER: Final = frozenset(
    {
        CourtStage.NOT_FILED,
        CourtStage.DISMISSED,
        CourtStage.ACQUITTED,
        CourtStage.CLOSED,
        CourtStage.SEALED,
    }
)
"""Stages in which no court can order anything of the person in this case."""
DISPOSITIONS: Final = frozenset(
    {CourtStage.DIVERSION, CourtStage.SENTENCED, CourtStage.SUPERVISION, CourtStage.PAROLE}
)
"""Stages in which a court has decided, and the plan may have to say what it decided."""
WANTS_REPORT: Final = frozenset(
    {
        HearingKind.STATUS,
        HearingKind.REVIEW,
        HearingKind.SENTENCING,
        HearingKind.PROBATION_VIOLATION,
    }
)
ENDS_AFTER: Final = timedelta(days=30)
"""A plan that a court ordered ends so long after its case, unless it is carried over."""
LOOK_WITHIN: Final = timedelta(days=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PlanMoveRefused(ValueError):
    """A move that a plan does not take; names those that it does."""

    def __init__(self, origin: str, wanted: str, allowed: tuple[str, ...]) -> None:
        self.origin, self.wanted, self.allowed = origin, wanted, allowed
        after = ", ".join(allowed) if allowed else "nothing: start a new plan instead"
        super().__init__(f"A plan cannot go from {origin} to {wanted}. After {origin}: {after}.")


def check_plan_move(origin: str, wanted: PlanState) -> None:
    """Accept a move of a plan, or refuse it with those that are possible.

    Raises:
        PlanMoveRefused: the table does not know it.
    """
    allowed = PLAN_MOVES.get(PlanState(origin), ())
    if wanted not in allowed:
        raise PlanMoveRefused(origin, wanted, tuple(str(state) for state in allowed))


def case_over(facts: PlanFacts) -> bool:
    """Whether the case is over: nothing can be ordered in it any more."""
    return facts.stage in CASE_OVER


def ordered(facts: PlanFacts) -> bool:
    """Whether a court ordered the plan, or any step of it."""
    return facts.mandated or any(step.mandated for step in facts.steps)


def rests(facts: PlanFacts, step: StepFacts) -> bool:
    """Whether a step is asked of nobody now: it was ordered in a case that is over."""
    return case_over(facts) and (facts.mandated or step.mandated)


def follow_case(facts: PlanFacts, ledger: Ledger) -> Iterator[AgendaItem]:
    """What a running plan's case asks of the team."""
    began = facts.began_at or _EPOCH
    if case_over(facts):
        yield from _over(facts, ledger)
    else:
        yield from _reports(facts, began, ledger)
        yield from _decided(facts, began, ledger)
    yield from _custody(facts, began, ledger)
    if facts.ends_on is not None:
        day = facts.ends_on + timedelta(days=1)
        due = instant_at(day, time(9, 0), facts.policy.zone)
        yield from _task("plan_at_its_end", facts, facts.ends_on.toordinal(), due, ledger)


def _over(facts: PlanFacts, ledger: Ledger) -> Iterator[AgendaItem]:
    since = facts.stage_since
    if since is None or not ordered(facts):
        return
    yield from _task("plan_case_over", facts, _day(since), since, ledger)
    due = since + ENDS_AFTER
    yield AgendaItem(
        act=Act.ADVANCE_PLAN,
        key=f"end|{facts.id}|{_day(since)}",
        due=due,
        until=due + TASK_USEFUL,
        subject_id=facts.id,
        revision=facts.revision,
        step="end",
    )


def _reports(facts: PlanFacts, began: datetime, ledger: Ledger) -> Iterator[AgendaItem]:
    """A report is asked for as early as a packet's draft; a hearing that moves asks anew."""
    lead = timedelta(days=facts.leads.draft)
    for hearing in facts.hearings:
        if hearing.kind not in WANTS_REPORT:
            continue
        due = max(hearing.at - lead, hearing.announced_at, began)
        if due < hearing.at:
            yield from open_task(
                ledger,
                "progress_report_due",
                hearing.id,
                _day(hearing.at),
                due=due,
                until=hearing.at,
            )


def _decided(facts: PlanFacts, began: datetime, ledger: Ledger) -> Iterator[AgendaItem]:
    since = facts.stage_since
    if facts.stage in DISPOSITIONS and since is not None and since > began:
        yield from _task("plan_after_disposition", facts, _day(since), since, ledger)


def _custody(facts: PlanFacts, began: datetime, ledger: Ledger) -> Iterator[AgendaItem]:
    """The pause is said when it begins, and looked at together when it ends."""
    for held in facts.held[-1:]:
        since = max(held.since, began)
        if held.until is None:
            if facts.paused:
                yield from _task("plan_paused", facts, _day(since), since, ledger)
        elif held.until > began:
            yield from open_task(
                ledger,
                "plan_goes_on",
                facts.id,
                _day(held.until),
                due=held.until,
                until=held.until + LOOK_WITHIN,
            )


def _task(
    kind: str, facts: PlanFacts, number: int, due: datetime, ledger: Ledger
) -> Iterator[AgendaItem]:
    yield from open_task(ledger, kind, facts.id, number, due=due, until=due + TASK_USEFUL)


def _day(moment: datetime) -> int:
    return (moment - _EPOCH).days
