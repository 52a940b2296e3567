"""Counting a hub's outcomes over a period: in the database, so that names are never read.

What is counted is what `domain/outcomes.py` defines; hearings are added up by the database, because
there are many of them, and a test holds both together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from domain.facts import PacketLeads
from domain.outcome_figures import Measure, Notice, Of, Outcomes, Result, Saved, only_with, shown
from domain.outcome_periods import Period
from domain.outcomes import (
    Saving,
    Share,
    loops_closed,
    notice_latency,
    packets_on_time,
    plans_completed,
    time_saved,
)
from domain.packets import milestones
from domain.vocabulary import HearingStatus, PlanState, ReferralState
from records.database import HubSession
from records.hubs import leads_of, the_hub
from records.outcome_hearings import Asked, arrived, hearing_shares
from records.tables import (
    Approval,
    Case,
    ExposureSnapshot,
    Hearing,
    Message,
    Packet,
    Referral,
    Sentence,
    SupportPlan,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _One:
    """A row: of whom, in which month, and what is counted of it."""

    who: str
    month: int
    fact: Any


def hub_outcomes(session: HubSession, period: Period, now: datetime) -> Outcomes:
    """What came of the hub's work in a period, as far as it is over.

    Args:
        session: of the hub.
        period: days of the hub's wall.
        now: UTC; what is to come is not counted.
    """
    hub = the_hub(session)
    asked = Asked.of(period, hub.zone, now)
    decided = _decided(session, asked)
    known = [one for one in decided if one.fact is not None]
    packets = _packets(session, asked, leads_of(hub))
    return Outcomes(
        period=period,
        **_time_saved(asked, known),
        unknown=len(decided) - len(known),
        notice=_result(asked, _changes(session, asked), _notice),
        shares={
            **hearing_shares(session, asked),
            Measure.PACKETS: _result(asked, packets, packets_on_time),
            Measure.PLANS: _result(asked, _plans(session, asked), plans_completed),
            Measure.LOOPS: _result(asked, _loops(session, asked), loops_closed),
        },
    )


def _result(asked: Asked, rows: Sequence[_One], reckon: Callable[[Iterable[Any]], T]) -> Result[T]:
    """A measure over all rows, and over those of each month."""

    def of(some: Sequence[_One]) -> Of[T]:
        return Of(reckon([one.fact for one in some]), len({one.who for one in some}))

    months: list[list[_One]] = [[] for _ in asked.month_ends]
    for one in rows:
        months[one.month].append(one)
    return shown(of(rows), [of(some) for some in months])


def _decided(session: HubSession, asked: Asked) -> list[_One]:
    """What was received in cases decided in the period, beside what was faced; a fact of None where
    that is not written down."""
    rows = session.execute(
        select_columns(
            col(Case.defendant_id),
            col(Sentence.imposed_on),
            col(Sentence.incarceration_days),
            col(Sentence.life),
            col(ExposureSnapshot.exposure_days),
            col(ExposureSnapshot.life),
            col(ExposureSnapshot.confirmed_by_counsel_at),
        )
        .select_from(Sentence)
        .join(Case, col(Case.id) == col(Sentence.case_id))
        .outerjoin(
            ExposureSnapshot,
            and_(
                col(ExposureSnapshot.case_id) == col(Sentence.case_id),
                col(ExposureSnapshot.replaced_at).is_(None),
            ),
        )
        .where(
            col(Sentence.replaced_at).is_(None),
            col(Sentence.imposed_on) >= asked.period.first,
            col(Sentence.imposed_on) <= asked.period.last,
        )
    ).all()
    first = asked.period.first
    found = []
    for who, day, got, got_life, faced, faced_life, confirmed in rows:
        month = (day.year - first.year) * 12 + day.month - first.month
        saving = None if faced is None else Saving(faced, got, bool(faced_life), got_life)
        found.append(_One(who, month, saving and (saving, confirmed is not None)))
    return found


def _time_saved(asked: Asked, known: Sequence[_One]) -> dict[str, Result[Saved]]:
    """Of those who faced days, of those who faced life, and of all of them."""
    faced_life = [one for one in known if one.fact[0].life_exposed]
    faced_days = [one for one in known if not one.fact[0].life_exposed]
    days, life = (_result(asked, some, _saved) for some in (faced_days, faced_life))
    every = only_with(_result(asked, known, _saved), days, life)
    return {"days": days, "life": life, "every": every}


def _saved(facts: Iterable[tuple[Saving, bool]]) -> Saved:
    each = list(facts)
    return Saved(time_saved(one for one, _ in each), sum(confirmed for _, confirmed in each))


def _changes(session: HubSession, asked: Asked) -> list[_One]:
    """The last change of each hearing, where it was in the period and the hearing was to come, and
    when word of it first arrived."""
    told = (
        select_columns(func.min(col(Message.settled_at)))
        .where(*arrived())
        .correlate(Case, Hearing)
        .scalar_subquery()
    )
    rows = session.execute(
        select_columns(col(Case.defendant_id), col(Hearing.announced_at), told)
        .select_from(Hearing)
        .join(Case, col(Case.id) == col(Hearing.case_id))
        .where(
            *asked.within(Hearing.announced_at),
            col(Hearing.revision) > 1,
            col(Hearing.starts_at) > col(Hearing.announced_at),
        )
    ).all()
    return [_One(who, asked.month_of(at), (at, first)) for who, at, first in rows]


def _notice(facts: Iterable[tuple[datetime, datetime | None]]) -> Notice:
    each = list(facts)
    told = sum(first is not None for _, first in each)
    return Notice(Share(told, len(each)), notice_latency(each))


def _packets(session: HubSession, asked: Asked, leads: PacketLeads) -> list[_One]:
    """Of each hearing that came and for which a packet was asked for: when it was to be ready, and
    when counsel first approved one that still holds."""
    approved = (
        select_columns(func.min(col(Approval.approved_at)))
        .where(col(Approval.packet_id) == col(Packet.id), col(Approval.voided_at).is_(None))
        .correlate(Packet)
        .scalar_subquery()
    )
    rows = session.execute(
        select_columns(
            col(Case.defendant_id),
            col(Hearing.id),
            col(Hearing.starts_at),
            col(Packet.requested_at),
            approved,
        )
        .select_from(Packet)
        .join(Hearing, col(Hearing.id) == col(Packet.hearing_id))
        .join(Case, col(Case.id) == col(Hearing.case_id))
        .where(
            *asked.within(Hearing.starts_at),
            col(Hearing.status) != HearingStatus.VACATED,
            col(Packet.cancelled_at).is_(None),
        )
    ).all()
    wanted: dict[str, _One] = {}
    for who, hearing_id, starts_at, requested_at, at in rows:
        # Of packets that replaced each other, the first asking and the first approval count.
        was = wanted.get(hearing_id)
        asked_at, before = was.fact if was else (requested_at, None)
        times = [one for one in (before, at) if one is not None]
        fact = (min(asked_at, requested_at), min(times, default=None))
        wanted[hearing_id] = _One(who, asked.month_of(starts_at), fact)
    starts = {hearing_id: starts_at for _, hearing_id, starts_at, _, _ in rows}
    return [
        replace(one, fact=(milestones(one.fact[0], starts[key], leads).ready, one.fact[1]))
        for key, one in wanted.items()
    ]


def _plans(session: HubSession, asked: Asked) -> list[_One]:
    """How plans that ended in the period ended."""
    rows = session.execute(
        select_columns(
            col(Case.defendant_id), col(SupportPlan.discharged_at), col(SupportPlan.state)
        )
        .select_from(SupportPlan)
        .join(Case, col(Case.id) == col(SupportPlan.case_id))
        .where(*asked.within(SupportPlan.discharged_at))
    ).all()
    found = [_One(who, asked.month_of(at), PlanState(state)) for who, at, state in rows]
    return [one for one in found if plans_completed([one.fact]).whole]


def _loops(session: HubSession, asked: Asked) -> list[_One]:
    """What became of the referrals that were asked for in the period."""
    rows = session.execute(
        select_columns(col(Case.defendant_id), col(Referral.requested_at), col(Referral.state))
        .select_from(Referral)
        .join(Case, col(Case.id) == col(Referral.case_id))
        .where(*asked.within(Referral.requested_at))
    ).all()
    found = [_One(who, asked.month_of(at), ReferralState(state)) for who, at, state in rows]
    return [one for one in found if loops_closed([one.fact]).whole]
