"""Counting a hub's progress: in the database, by day and state, so that names are never read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from domain.court_time import instant_at, wall_time
from domain.progress_figures import (
    ENDED_AFTER_BEGINNING,
    Counted,
    Figure,
    Group,
    HubProgress,
    LoopCounts,
    LoopFigures,
    Outcome,
    by_month,
    hide_small,
    loops_by_month,
    months_until,
    outcome_of,
)
from domain.referrals import silent_from
from domain.vocabulary import PlanState, ReferralState, StepState
from records.database import HubSession
from records.hubs import closed_days, policy_of, the_hub
from records.plans import HOMEWARD, MISSED
from records.step_kinds import kinds_of
from records.tables import Case, PlanStep, Referral, SupportPlan

_A_DAY = timedelta(days=1)
ORDERED, CHOSEN = "Ordered by the court", "By choice"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is counted: from which local day, until when, and whose cases ("" for all)."""

    zone: str
    first: date
    today: date
    advocate_id: str


@dataclass(frozen=True, slots=True)
class StepOfCase:
    """A step, with the case that it belongs to."""

    step: PlanStep
    case_id: str


def hub_progress(session: HubSession, now: datetime, *, advocate_id: str = "") -> HubProgress:
    """The figures of the last twelve months.

    Args:
        session: of the hub.
        now: UTC.
        advocate_id: count the cases of this member of staff alone.
    """
    asked = _asked(session, now, advocate_id)
    firsts = months_until(asked.today)
    plans = list(_ended(session, asked))
    missed, answered = _answered(session, asked, now)
    referrals = _asked_providers(session, asked)
    return HubProgress(
        months=by_month(
            firsts,
            _by_day(session, asked),
            [(day, completed) for day, completed, _ in plans],
        ),
        running=_running(session, asked),
        overdue=session.exec(
            select(func.count(col(PlanStep.id)))
            .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
            .join(Case, col(Case.id) == SupportPlan.case_id)
            .where(*_overdue(asked))
        ).one(),
        missed=missed,
        answered=answered,
        groups=[
            *_step_groups(session, asked),
            *_plan_groups(plans),
            *_loop_groups(session, referrals),
        ],
        loops=_loops(session, asked, referrals, now),
    )


def overdue_steps(
    session: HubSession, now: datetime, *, advocate_id: str = "", most: int = 50
) -> list[StepOfCase]:
    """What is overdue now, longest first."""
    asked = _asked(session, now, advocate_id)
    rows = session.exec(
        select(PlanStep, col(SupportPlan.case_id))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(*_overdue(asked))
        .order_by(col(PlanStep.due_on), col(PlanStep.id))
        .limit(most)
    ).all()
    return [StepOfCase(step, case_id) for step, case_id in rows]


def newest_answers(
    session: HubSession, now: datetime, *, advocate_id: str = "", most: int = 20
) -> list[StepOfCase]:
    """What people said got in the way, the newest answers first."""
    asked = _asked(session, now, advocate_id)
    since = instant_at(asked.first, time(0), asked.zone)
    rows = session.exec(
        select(PlanStep, col(SupportPlan.case_id))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(
            col(PlanStep.answered_at) >= since,
            PlanStep.answered_by != HOMEWARD.actor,
            *_theirs(asked),
        )
        .order_by(col(PlanStep.answered_at).desc(), col(PlanStep.id))
        .limit(most)
    ).all()
    return [StepOfCase(step, case_id) for step, case_id in rows]


def _asked(session: HubSession, now: datetime, advocate_id: str) -> _Asked:
    zone = the_hub(session).zone
    today = wall_time(now, zone).date()
    return _Asked(zone, months_until(today)[0], today, advocate_id)


def _theirs(asked: _Asked) -> list[ColumnElement[bool]]:
    return [col(Case.advocate_id) == asked.advocate_id] if asked.advocate_id else []


def _past(asked: _Asked) -> list[ColumnElement[bool]]:
    """Steps that are done once, or occurrences, whose day was in these months."""
    return [
        col(PlanStep.recurrence) == "",
        col(PlanStep.due_on) >= asked.first,
        col(PlanStep.due_on) <= asked.today,
        *_theirs(asked),
    ]


def overdue_on(today: date) -> list[ColumnElement[bool]]:
    """Steps of running plans whose day is past and that nobody has shown as done, nor anybody who
    is held; for a statement that joins `PlanStep`, `SupportPlan` and `Case`. `today` is the
    hub's."""
    over = col(PlanStep.due_on) < today
    return [
        col(PlanStep.recurrence) == "",
        col(SupportPlan.state) == PlanState.IN_PROGRESS,
        col(Case.custody) != "detained",
        (col(PlanStep.state).in_(MISSED)) | ((col(PlanStep.state) == StepState.ACTIVE) & over),
    ]


def _overdue(asked: _Asked) -> list[ColumnElement[bool]]:
    return [*overdue_on(asked.today), *_theirs(asked)]


def _by_day(session: HubSession, asked: _Asked) -> Iterator[tuple[date, Outcome, int]]:
    was_missed = col(PlanStep.missed_at).is_not(None)
    rows = session.exec(
        select(col(PlanStep.due_on), col(PlanStep.state), was_missed, func.count(col(PlanStep.id)))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(*_past(asked))
        .group_by(col(PlanStep.due_on), col(PlanStep.state), was_missed)
    ).all()
    for day, state, missed, count in rows:
        outcome = outcome_of(StepState(state), was_missed=bool(missed))
        if day is not None and outcome is not None:
            yield day, outcome, count


def _ended(session: HubSession, asked: _Asked) -> Iterator[tuple[date, bool, bool]]:
    """Of each plan that had begun and ended: the local day, whether it was completed, ordered."""
    rows = session.exec(
        select(col(SupportPlan.discharged_at), col(SupportPlan.state), col(SupportPlan.mandated))
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(
            col(SupportPlan.state).in_(ENDED_AFTER_BEGINNING),
            col(SupportPlan.began_at).is_not(None),
            col(SupportPlan.discharged_at) >= instant_at(asked.first, time(0), asked.zone),
            *_theirs(asked),
        )
    ).all()
    for at, state, mandated in rows:
        assert at is not None
        yield wall_time(at, asked.zone).date(), state == PlanState.DISCHARGED_SUCCESSFUL, mandated


def _answered(session: HubSession, asked: _Asked, now: datetime) -> tuple[int, int]:
    """Steps that were missed in these months, and of them those with an answer."""
    since = instant_at(asked.first, time(0), asked.zone)
    missed, answered = session.exec(
        select(func.count(col(PlanStep.missed_at)), func.count(col(PlanStep.answered_at)))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(
            col(PlanStep.missed_at) >= since,
            col(PlanStep.missed_at) <= now + timedelta(seconds=1),
            *_theirs(asked),
        )
    ).one()
    return missed, answered


def _running(session: HubSession, asked: _Asked) -> int:
    return session.exec(
        select(func.count(col(SupportPlan.id)))
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(SupportPlan.state == PlanState.IN_PROGRESS, *_theirs(asked))
    ).one()


def _step_groups(session: HubSession, asked: _Asked) -> list[Group]:
    """Steps in time by kind, and by whether a court ordered them."""
    was_missed = col(PlanStep.missed_at).is_not(None)
    split = (
        col(PlanStep.kind),
        col(PlanStep.mandated),
        col(PlanStep.plan_id),
        col(PlanStep.state),
        was_missed,
    )
    rows = session.execute(
        select_columns(*split, func.count(col(PlanStep.id)))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .where(*_past(asked))
        .group_by(*split)
    ).all()
    kinds = kinds_of(session, ended_too=True)
    by_kind, by_order = _Parts(), _Parts()
    for kind, mandated, plan_id, state, missed, count in rows:
        outcome = outcome_of(StepState(state), was_missed=bool(missed))
        if outcome is not None:
            in_time = count if outcome is Outcome.IN_TIME else 0
            by_kind.add(kinds.get(kind, kind), plan_id, in_time, count)
            by_order.add(ORDERED if mandated else CHOSEN, plan_id, in_time, count)
    figure = Figure.STEPS_IN_TIME
    return [*hide_small(figure, by_kind.all()), *hide_small(figure, by_order.all())]


def _asked_providers(session: HubSession, asked: _Asked) -> list[Referral]:
    """Each provider that was asked in these months counts once; not what was a mistake."""
    rows = session.exec(
        select(Referral)
        .join(Case, col(Case.id) == Referral.case_id)
        .where(
            col(Referral.requested_at) >= instant_at(asked.first, time(0), asked.zone),
            Referral.state != ReferralState.ENTERED_IN_ERROR,
            *_theirs(asked),
        )
    )
    return list(rows.all())


def _loops(
    session: HubSession, asked: _Asked, rows: Sequence[Referral], now: datetime
) -> LoopFigures | None:
    hub = the_hub(session)
    policy, wait = policy_of(hub, closed_days(session)), hub.referral_days

    def of_one(row: Referral) -> tuple[date, LoopCounts]:
        assert row.requested_at is not None
        yes = row.answered_at is not None and row.state != ReferralState.REJECTED
        until = now if row.state == ReferralState.REQUESTED else row.state_since or now
        late = silent_from(row.requested_at, wait, policy)
        counts = LoopCounts(
            asked=1,
            accepted=int(yes),
            silent=int(row.answered_at is None and until >= late),
            met=int(bool(row.met)),
            finished=int(row.state == ReferralState.COMPLETED),
            days=((row.answered_at - row.requested_at) / _A_DAY,) if row.answered_at else (),
        )
        return wall_time(row.requested_at, asked.zone).date(), counts

    return loops_by_month(months_until(asked.today), map(of_one, rows))


def _loop_groups(session: HubSession, rows: Sequence[Referral]) -> list[Group]:
    """Providers that met somebody, by what for."""
    kinds, parts = kinds_of(session, ended_too=True), _Parts()
    for row in rows:
        parts.add(kinds.get(row.need, row.need), row.person_id or row.id, int(bool(row.met)), 1)
    return hide_small(Figure.LOOPS_MET, parts.all())


def _plan_groups(plans: list[tuple[date, bool, bool]]) -> list[Group]:
    parts = _Parts()
    for number, (_, completed, mandated) in enumerate(plans):
        parts.add(ORDERED if mandated else CHOSEN, str(number), int(completed), 1)
    return hide_small(Figure.PLANS_COMPLETED, parts.all())


class _Parts:
    """Counts by name, with the plans or people behind each."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}
        self._plans: dict[str, set[str]] = {}

    def add(self, name: str, plan_id: str, part: int, whole: int) -> None:
        """So many of so many more, of one plan or person."""
        was = self._counts.get(name, (0, 0))
        self._counts[name] = (was[0] + part, was[1] + whole)
        self._plans.setdefault(name, set()).add(plan_id)

    def all(self) -> list[Counted]:
        """Every part."""
        return [
            Counted(name, part, whole, len(self._plans[name]))
            for name, (part, whole) in self._counts.items()
        ]
