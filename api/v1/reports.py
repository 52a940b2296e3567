"""Reports on plans: made from what was checked, handed to counsel, approved by counsel alone."""

from typing import Annotated

from fastapi import Path, Request
from pydantic import Field
from sqlmodel import select
from starlette.responses import Response

from activities import plan_reporting as book
from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Instant, Line, Out, Text
from api.once import AtOnce
from api.problems import documented
from api.v1.paging import Listed, PartAsked, listed
from api.v1.plans import PlanId
from domain.plan_reports import ReportKind
from domain.vocabulary import Role
from records.database import HubSession
from records.listing_queries import page_of
from records.plans import get_plan
from records.tables import ProgressReport

router = guarded_router("reports")

ReportId = Annotated[Id, Path(description="Id of a report on a plan.")]
_STEPS = documented(problems.NOT_FOUND, problems.NOT_NOW, problems.NOT_CONSENTED)


class ReportIn(In):
    """Which report to make of what can be said now."""

    kind: ReportKind
    hearing_id: Id | None = None


class ApprovalIn(In):
    """What counsel read, by its hash, and counsel's name as it is printed."""

    content_hash: Line
    name: Line = Field(min_length=1)


class SentBackIn(In):
    """What is to be changed."""

    words: Text = Field(min_length=1)


class ReportLineOut(Out):
    """One line, with the numbers of what it stands on."""

    text: str
    origins: list[int]


class ReportPartOut(Out):
    """A heading and its lines."""

    heading: str
    lines: list[ReportLineOut]


class OriginOut(Out):
    """Where lines come from."""

    number: int
    step_id: str
    evidence_id: str
    words: str


class ReportOut(Out):
    """A report as it was made; `current` says whether it would be said just so now."""

    id: Id
    plan_id: Id
    kind: ReportKind
    number: int
    hearing_id: Id | None
    state: str
    title: str
    parts: list[ReportPartOut]
    origins: list[OriginOut]
    content_hash: str
    made_by: str
    made_at: Instant
    asked_at: Instant | None
    approved_at: Instant | None
    approved_by: str
    comment: str
    ended_at: Instant | None
    current: bool


def _told(session: HubSession, row: ProgressReport, now: Instant) -> ReportOut:
    said = book.said_in(row)
    own = (
        *("id", "plan_id", "kind", "number", "hearing_id", "state", "content_hash", "made_by"),
        *("made_at", "asked_at", "approved_at", "approved_by", "comment", "ended_at"),
    )
    return ReportOut(
        **{name: getattr(row, name) for name in own},
        title=said.title,
        parts=[
            ReportPartOut(
                heading=part.heading,
                lines=[
                    ReportLineOut(text=line.text, origins=list(line.origins)) for line in part.lines
                ],
            )
            for part in said.parts
        ],
        origins=[
            OriginOut(
                number=one.number,
                step_id=one.step_id,
                evidence_id=one.evidence_id,
                words=one.words,
            )
            for one in said.origins
        ],
        current=book.is_current(session, row, now),
    )


@router.get(
    "/plans/{plan_id}/reports",
    summary="Reports on a plan",
    responses=documented(problems.NOT_FOUND),
)
def list_reports(desk: AtDesk, asked: PartAsked, plan_id: PlanId) -> Listed[ReportOut]:
    """Every report of a plan, ended ones too. Counsel sees those that counsel was asked to read."""
    with desk.reading() as session:
        plan = get_plan(session, plan_id)
        statement = select(ProgressReport).where(ProgressReport.plan_id == plan.id)
        if desk.caller.role is Role.COUNSEL:
            statement = statement.where(ProgressReport.state != book.DRAFT)
        page = page_of(session, statement, ProgressReport.id, asked.window)
        return listed(asked, page, lambda row: _told(session, row, desk.now))


@router.post(
    "/plans/{plan_id}/reports",
    summary="Make a report",
    status_code=201,
    response_model=ReportOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW),
)
def make_report(desk: AtOnce, request: Request, plan_id: PlanId, new: ReportIn) -> Response:
    """From verified evidence alone; an earlier one of its kind for the same hearing ends."""
    store = request.app.state.documents()

    def make(session: HubSession) -> ReportOut:
        row = book.make_report(
            session, store, plan_id, new.kind, new.hearing_id, desk.source, desk.now
        )
        return _told(session, row, desk.now)

    return desk.do(new, make)


@router.post(
    "/reports/{report_id}/ask",
    summary="Hand a report to counsel",
    response_model=ReportOut,
    responses=_STEPS,
)
def ask_counsel(desk: AtOnce, report_id: ReportId) -> Response:
    """Counsel is written to, and an advocate hears when counsel says nothing in time."""

    def make(session: HubSession) -> ReportOut:
        row = book.ask_counsel(session, report_id, desk.source, desk.now)
        return _told(session, row, desk.now)

    return desk.do(None, make, 200)


@router.post(
    "/reports/{report_id}/approval",
    summary="Counsel approves a report",
    response_model=ReportOut,
    responses=_STEPS,
)
def approve_report(
    desk: AtOnce, request: Request, report_id: ReportId, given: ApprovalIn
) -> Response:
    """Of what counsel read, by its hash; refused when the report would say something else now."""
    store = request.app.state.documents()

    def make(session: HubSession) -> ReportOut:
        row = book.approve_report(
            session, store, report_id, given.content_hash, given.name, desk.source, desk.now
        )
        return _told(session, row, desk.now)

    return desk.do(given, make, 200)


@router.post(
    "/reports/{report_id}/send-back",
    summary="Counsel wants a report changed",
    response_model=ReportOut,
    responses=_STEPS,
)
def send_report_back(desk: AtOnce, report_id: ReportId, said: SentBackIn) -> Response:
    """Counsel's words come before the advocate."""

    def make(session: HubSession) -> ReportOut:
        row = book.send_back(session, report_id, said.words, desk.source, desk.now)
        return _told(session, row, desk.now)

    return desk.do(said, make, 200)


@router.post(
    "/reports/{report_id}/withdraw",
    summary="Take a report back",
    response_model=ReportOut,
    responses=documented(problems.NOT_FOUND),
)
def withdraw_report(desk: AtOnce, report_id: ReportId) -> Response:
    """Counsel's page of it closes."""

    def make(session: HubSession) -> ReportOut:
        row = book.withdraw_report(session, report_id, desk.source, desk.now)
        return _told(session, row, desk.now)

    return desk.do(None, make, 200)
