"""Clients as counsel's pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlmodel import col, select

from activities.plan_reporting import APPROVED, ASKED, SENT_BACK
from api.pages import dates, packet_words, wording
from api.pages.case_view import Date, date_of, newest_plan
from api.pages.exposure_view import ExposureView, read_exposure
from api.pages.own_words import Words
from api.pages.packet_words import state_words
from api.pages.people import Named, participants
from api.pages.plan_view import shown_state
from api.pages.session import Visit
from domain.tracks import ENDED_STAGES
from domain.vocabulary import HearingStatus, PacketState
from records.clients import clients_of, own_notes
from records.database import HubSession
from records.packets import hearing_of
from records.plans import agreed_steps
from records.tables import (
    Case,
    Charge,
    CounselNote,
    Docket,
    Hearing,
    Packet,
    PlanStep,
    ProgressReport,
    SupportPlan,
)

OPEN_TO_COUNSEL: Final = frozenset(
    {PacketState.COUNSEL_REVIEW, PacketState.APPROVED, PacketState.DELIVERED, PacketState.FILED}
)
"""A packet is counsel's to read from the moment at which counsel is asked."""
REPORTS: Final = {
    "summary": Words("Progress summary"),
    "letter": Words("Letter to the court"),
    "certificate": Words("Certificate of completion"),
    "memo": Words("Memo for counsel"),
}
_REPORT_STATES: Final = {
    ASKED: wording.Status("waits for you", "diamond", "amber"),
    APPROVED: wording.Status("approved", "disc", "good"),
    SENT_BACK: wording.Status("sent back", "half"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A packet or report that counsel may read; `waits` for their answer."""

    id: str
    title: str
    state: wording.Status
    when: str
    waits: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client on the list."""

    id: str
    who: str
    custody: wording.Status
    ended: bool
    next: Date | None
    waiting: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the plan. What it is about is withheld where it is treatment."""

    title: str
    state: wording.Status
    due: str


@dataclass(frozen=True, slots=True)
class Client:
    """One client, as counsel reads of them."""

    case: Case
    who: Named
    custody: wording.Status
    coming: Sequence[Date]
    earlier: Sequence[Date]
    charges: Sequence[Charge]
    dockets: Sequence[str]
    packets: Sequence[Paper]
    reports: Sequence[Paper]
    plan: str
    steps: Sequence[StepLine]
    notes: Sequence[tuple[CounselNote, str]]
    exposure: ExposureView


def client_lines(session: HubSession, visit: Visit) -> list[ClientLine]:
    """Everybody whom the visitor defends now: what waits for them first, then by the next date."""
    cases = clients_of(session, visit.caller.id)
    people = participants(session, [case.id for case in cases])
    lines = [_line(session, visit, case, people[case.id]) for case in cases]
    far = dates.today_in(visit.hub.zone, visit.now) + timedelta(days=40_000)
    return sorted(
        lines,
        key=lambda one: (
            one.ended,
            not one.waiting,
            one.next.local.date() if one.next else far,
            one.who,
        ),
    )


def read_client(session: HubSession, visit: Visit, case: Case) -> Client:
    """One of them, whole."""
    coming, earlier = _dates(session, visit, case)
    plan = newest_plan(session, case.id)
    notes = own_notes(session, visit.caller.id, case.id)
    return Client(
        case=case,
        who=participants(session, [case.id])[case.id],
        custody=wording.custody(case.custody),
        coming=coming,
        earlier=earlier,
        charges=session.exec(select(Charge).where(Charge.case_id == case.id)).all(),
        dockets=session.exec(select(col(Docket.number)).where(Docket.case_id == case.id)).all(),
        packets=packets_for(session, case.id),
        reports=reports_for(session, visit, case.id),
        plan=wording.PLAN_STATES.get(plan.state, wording.plain(plan.state)) if plan else "",
        steps=_steps(session, visit, plan) if plan else (),
        exposure=read_exposure(session, visit, case.id),
        notes=[(one, dates.moment_words(one.written_at, visit.hub.zone)) for one in notes],
    )


def packets_for(session: HubSession, case_id: str) -> list[Paper]:
    """The packets of a case, those that wait for counsel first."""
    rows = session.exec(
        select(Packet)
        .where(Packet.case_id == case_id, col(Packet.cancelled_at).is_(None))
        .order_by(col(Packet.requested_at).desc())
    ).all()
    papers = [_packet(session, row) for row in rows if row.state != PacketState.SUPERSEDED]
    return sorted(papers, key=lambda one: not one.waits)


def reports_for(session: HubSession, visit: Visit, case_id: str) -> list[Paper]:
    """The reports on a case's plans that counsel was asked to read."""
    rows = session.exec(
        select(ProgressReport)
        .join(SupportPlan, col(SupportPlan.id) == ProgressReport.plan_id)
        .where(
            SupportPlan.case_id == case_id,
            col(ProgressReport.ended_at).is_(None),
            col(ProgressReport.state).in_(list(_REPORT_STATES)),
        )
        .order_by(col(ProgressReport.created_at).desc())
    ).all()
    papers = [
        Paper(
            id=row.id,
            title=REPORTS.get(row.kind, wording.capital(wording.plain(row.kind))),
            state=_REPORT_STATES[row.state],
            when=dates.moment_words(row.created_at, visit.hub.zone),
            waits=row.state == ASKED,
            opens=True,
        )
        for row in rows
    ]
    return sorted(papers, key=lambda one: not one.waits)


def _line(session: HubSession, visit: Visit, case: Case, who: Named) -> ClientLine:
    coming, _ = _dates(session, visit, case)
    papers = [*packets_for(session, case.id), *reports_for(session, visit, case.id)]
    return ClientLine(
        id=case.id,
        who=who.full,
        custody=wording.custody(case.custody),
        ended=case.stage in ENDED_STAGES,
        next=coming[0] if coming else None,
        waiting=sum(one.waits for one in papers),
    )


def _dates(session: HubSession, visit: Visit, case: Case) -> tuple[list[Date], list[Date]]:
    """Court dates to come, soonest first, and those that were, newest first."""
    rows = session.exec(
        select(Hearing).where(Hearing.case_id == case.id).order_by(col(Hearing.starts_at))
    ).all()
    going_on = visit.now - timedelta(hours=visit.hub.ask_outcome_hours)
    coming: list[Date] = []
    earlier: list[Date] = []
    for row in rows:
        ahead = row.status == HearingStatus.SCHEDULED and row.starts_at >= going_on
        (coming if ahead else earlier).append(date_of(row, visit.hub.zone, visit.now))
    return coming, earlier[::-1]


def _packet(session: HubSession, packet: Packet) -> Paper:
    hearing = hearing_of(session, packet)
    return Paper(
        id=packet.id,
        title=packet_words.title(packet.kind),
        state=state_words(packet),
        when=dates.when_words(hearing.local_time) if hearing else "",
        waits=packet.state == PacketState.COUNSEL_REVIEW,
        opens=packet.state in OPEN_TO_COUNSEL,
    )


def _steps(session: HubSession, visit: Visit, plan: SupportPlan) -> list[StepLine]:
    today = dates.today_in(visit.hub.zone, visit.now)

    def line(step: PlanStep) -> StepLine:
        return StepLine(
            title=Words("A step that is not shown without a consent")
            if step.treatment
            else step.title,
            state=wording.step_state(shown_state(step, today, visit.hub.step_notice_days)),
            due=dates.day_words(step.due_on) if step.due_on else "",
        )

    return [line(step) for step in agreed_steps(session, plan.id)]
