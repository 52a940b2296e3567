"""Everything that the page of one case shows, read in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from api.pages import dates, packet_words, wording
from api.pages.coming import Future, future
from api.pages.exposure_view import ExposureView, read_exposure
from api.pages.own_words import Words
from api.pages.packet_words import state_words
from api.pages.people import Member, Named, circle
from api.pages.plan_view import DONE as DONE_STEPS
from api.pages.plan_view import shown_state
from api.pages.session import Visit
from api.pages.tasks_view import TaskRow, open_rows
from api.pages.timeline import Past, Wanted, past
from domain.plan_steps import ENDED_PLANS
from domain.tracks import ENDED_STAGES, Track, allowed_moves
from domain.vocabulary import HearingStatus, StepState
from records.casework import get_case
from records.clients import shared_notes
from records.counsel import KnownCounsel, counsel_of
from records.database import HubSession
from records.hearing_answers import answers_for
from records.packets import hearing_of
from records.plans import MISSED, TO_DO, steps_of
from records.tables import (
    Case,
    CaseEvent,
    CounselNote,
    CustodyPeriod,
    Docket,
    Hearing,
    Packet,
    PlanStep,
    StaffMember,
    SupportPlan,
)

MOST_STEPS = 5
"""Steps of a plan that the page of its case shows."""


@dataclass(frozen=True, slots=True)
class Date:
    """A court date as its page shows it.

    Attributes:
        local: wall time of the court.
        clock_of: the court's zone, said only where it is not the hub's.
        begun: the moment has come, so that an outcome can be recorded.
    """

    id: str
    kind: str
    local: datetime
    away: str
    clock_of: str
    room: str
    place: str
    status: str
    begun: bool
    outcome: str

    @property
    def open(self) -> bool:
        """Whether it is still on the calendar."""
        return self.status == HearingStatus.SCHEDULED


@dataclass(frozen=True, slots=True)
class PlanView:
    """A support plan in short: its next steps; all of it is on a page of its own."""

    id: str
    state: str
    ended: bool
    steps: Sequence[tuple[PlanStep, wording.Status]]
    total: int
    done: int
    missed: int


@dataclass(frozen=True, slots=True)
class PacketView:
    """A packet in a line; all of it is on a page of its own (`packet_pages.py`)."""

    id: str
    title: str
    state: wording.Status
    when: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case, whole.

    Attributes:
        said: person id → what they said about coming to the next hearing.
        counsel_notes: what counsel lets the team read.
        advocate: the name of whose case it is; "" for nobody's.
    """

    case: Case
    who: Named
    circle: Sequence[Member]
    advocate: str
    counsel: KnownCounsel | None
    next: Date | None
    said: Mapping[str, wording.Status]
    dates: Sequence[Date]
    earlier: Sequence[Date]
    dockets: Sequence[str]
    stages: Sequence[str]
    custody: wording.Status
    custody_since: str
    court_goes_on: bool
    counsel_notes: Sequence[CounselNote]
    tasks: Sequence[TaskRow]
    future: Future
    past: Past
    plan: PlanView | None
    packets: Sequence[PacketView]
    exposure: ExposureView

    @property
    def ended(self) -> bool:
        """Whether the case is closed: nothing is due any more."""
        return self.case.stage in ENDED_STAGES


def read_case(session: HubSession, visit: Visit, case_id: str, wanted: Wanted) -> CaseView:
    """The case of this hub with that id; `wanted` says what is told of the past.

    Raises:
        NotFound: not in this hub.
    """
    case = get_case(session, case_id)
    zone, now = visit.hub.zone, visit.now
    members = circle(session, case_id)
    people = {member.person.id: member.person for member in members}
    hearings = _hearings(session, case_id)
    shown = [date_of(hearing, zone, now) for hearing in hearings]
    going_on = now - timedelta(hours=visit.hub.ask_outcome_hours)
    coming = _next(hearings, going_on)
    return CaseView(
        case=case,
        who=members[0].person,
        circle=members,
        advocate=_advocate(session, case),
        counsel=counsel_of(session, case),
        next=date_of(coming, zone, now) if coming else None,
        said=_said(session, coming),
        dates=[date for date in shown if date.open],
        earlier=[date for date in reversed(shown) if not date.open],
        dockets=_dockets(session, case_id),
        stages=_stages(session, case),
        custody=wording.custody(case.custody),
        custody_since=_custody_since(session, case, zone),
        court_goes_on=bool(allowed_moves(Track.COURT, case.stage)),
        counsel_notes=shared_notes(session, case),
        tasks=open_rows(session, visit.reader, now, zone, case_id=case_id),
        future=future(session, case_id, hearings, people, zone, now),
        past=past(session, visit.reader, case_id, zone, now, wanted),
        plan=_plan(session, case_id, visit),
        packets=_packets(session, case_id),
        exposure=read_exposure(session, visit, case_id),
    )


def date_of(hearing: Hearing, hub_zone: str, now: datetime) -> Date:
    """A hearing as a page shows it."""
    today = dates.today_in(hearing.zone, now)
    return Date(
        id=hearing.id,
        kind=wording.hearing_kind(hearing.kind),
        local=hearing.local_time,
        away=dates.away(hearing.local_time.date(), today),
        clock_of="" if hearing.zone == hub_zone else wording.zone(hearing.zone),
        room=hearing.room,
        place=hearing.place,
        status=hearing.status,
        begun=hearing.starts_at <= now,
        outcome=wording.appearance(hearing.appearance) if hearing.appearance else "",
    )


def _advocate(session: HubSession, case: Case) -> str:
    """Whose case it is; "" for nobody's."""
    member = session.get(StaffMember, case.advocate_id) if case.advocate_id else None
    return member.name if member else ""


def _hearings(session: HubSession, case_id: str) -> Sequence[Hearing]:
    return session.exec(
        select(Hearing).where(Hearing.case_id == case_id).order_by(col(Hearing.starts_at))
    ).all()


def _next(hearings: Sequence[Hearing], going_on: datetime) -> Hearing | None:
    waiting = (one for one in hearings if one.status == HearingStatus.SCHEDULED)
    return next((one for one in waiting if one.starts_at >= going_on), None)


def _said(session: HubSession, hearing: Hearing | None) -> dict[str, wording.Status]:
    said = answers_for(session, hearing) if hearing else {}
    return {person: wording.said(word) for person, word in said.items()}


def _dockets(session: HubSession, case_id: str) -> list[str]:
    return list(
        session.exec(
            select(col(Docket.number)).where(Docket.case_id == case_id).order_by(col(Docket.id))
        ).all()
    )


def _stages(session: HubSession, case: Case) -> list[str]:
    """The stages in court that the case went through, the present one last."""
    moves = session.exec(
        select(col(CaseEvent.origin), col(CaseEvent.result))
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.track == Track.COURT,
            CaseEvent.kind == "moved",
        )
        .order_by(col(CaseEvent.happened_at), col(CaseEvent.id))
    ).all()
    trail = [origin for origin, _ in moves[:1]] + [result for _, result in moves]
    return [Words(wording.plain(stage)) for stage in trail or [case.stage]]


def _custody_since(session: HubSession, case: Case, zone: str) -> str:
    period = session.exec(
        select(CustodyPeriod)
        .where(CustodyPeriod.case_id == case.id, col(CustodyPeriod.ended_at).is_(None))
        .order_by(col(CustodyPeriod.started_at).desc())
    ).first()
    if case.custody == "detained" and period is not None:
        return dates.day_words(dates.today_in(zone, period.started_at))
    if case.custody == "released" and case.released_at is not None:
        return dates.moment_words(case.released_at, zone).partition(",")[0]
    return ""


def _plan(session: HubSession, case_id: str, visit: Visit) -> PlanView | None:
    plan = newest_plan(session, case_id)
    if plan is None:
        return None
    steps = [one for one in steps_of(session, plan.id) if one.state != StepState.CANCELLED]
    today, notice = dates.today_in(visit.hub.zone, visit.now), visit.hub.step_notice_days
    first = [one for one in steps if one.state in (*TO_DO, *MISSED)][:MOST_STEPS]
    shown = first or steps[-MOST_STEPS:]
    return PlanView(
        id=plan.id,
        state=wording.PLAN_STATES.get(plan.state, wording.plain(plan.state)),
        ended=plan.state in ENDED_PLANS,
        steps=[(one, wording.step_state(shown_state(one, today, notice))) for one in shown],
        total=len(steps),
        done=sum(one.state in DONE_STEPS for one in steps),
        missed=sum(one.state in MISSED for one in steps),
    )


def newest_plan(session: HubSession, case_id: str) -> SupportPlan | None:
    """The case's support plan, the newest if there are several."""
    return session.exec(
        select(SupportPlan)
        .where(SupportPlan.case_id == case_id)
        .order_by(col(SupportPlan.created_at).desc())
    ).first()


def _packets(session: HubSession, case_id: str) -> list[PacketView]:
    rows = session.exec(
        select(Packet).where(Packet.case_id == case_id).order_by(col(Packet.requested_at).desc())
    ).all()
    return [_packet(session, row) for row in rows]


def _packet(session: HubSession, packet: Packet) -> PacketView:
    hearing = hearing_of(session, packet)
    return PacketView(
        id=packet.id,
        title=packet_words.title(packet.kind),
        state=state_words(packet),
        when=dates.when_words(hearing.local_time) if hearing else "",
    )
