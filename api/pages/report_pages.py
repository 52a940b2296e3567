"""Reports on a plan, on the hub's side: made, looked through, handed to counsel, taken."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.errors import StoreError
from activities.plan_reporting import (
    APPROVED,
    ASKED,
    DRAFT,
    SENT_BACK,
    ReportProblem,
    ask_counsel,
    get_report,
    holds,
    is_current,
    make_report,
    said_in,
    withdraw_report,
)
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.people import circle
from api.pages.private import apart
from api.pages.problems import PageProblem
from api.pages.report_counsel_pages import file_of
from api.pages.session import InHub, Visit
from api.pages.wording import Status
from domain.plan_reports import FOR_COUNSEL_ALONE, TITLES, NothingToReport, ReportKind
from records.casework import NotFound
from records.database import HubSession
from records.disclosures import NotConsented
from records.plans import get_plan
from records.tables import Hearing, ProgressReport

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}")

STATES = {
    DRAFT: Status("not shown to counsel yet", "ring"),
    ASKED: Status("waits for counsel", "half"),
    APPROVED: Status("approved", "disc", "good"),
    SENT_BACK: Status("sent back by counsel", "triangle", "amber"),
}
STALE = Status("changed since: make it again", "triangle", "amber")
OVER = Status("replaced or taken back", "dash")
DONE = {"asked": "Counsel is written to.", "made": "Made. Read it, then ask counsel."}


class NoReport(PageProblem):
    """A report cannot be made, or takes no such step; `text` says what to do."""

    status = 409
    title = "That was not done"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = str(why)


@router.post("/plans/{plan_id}/reports/new")
def make(visit: InHub, case_id: str, plan_id: str, form: Sent) -> Response:
    """Make a report of what can be said now."""
    kind = form.kept("kind")
    try:
        with visit.writing() as session:
            if get_plan(session, plan_id).case_id != case_id:
                raise NotFound("support plan")
            if kind not in set(ReportKind):
                raise NothingToReport("Choose which report to make.")
            row = make_report(
                session,
                visit.desk.store,
                plan_id,
                ReportKind(kind),
                form.kept("hearing") or None,
                visit.source,
                visit.now,
            )
            visit.note(session, "made a report", "progress_report", row.id)
    except (NothingToReport, StoreError) as error:
        raise NoReport(error) from None
    return see_other(f"/cases/{case_id}/reports/{row.id}?done=made")


@router.get("/reports/{report_id}")
def show(visit: InHub, case_id: str, report_id: str, done: str = "") -> Response:
    """What it says, line by line, and where each line comes from."""
    with visit.writing() as session:
        row = _row(session, case_id, report_id)
        visit.note(session, "read a report", "progress_report", row.id)
        hearing = session.get(Hearing, row.hearing_id) if row.hearing_id else None
        values = {
            "visit": visit,
            "form": Form(),
            "case_id": case_id,
            "who": circle(session, case_id)[0].person,
            "row": row,
            "report": said_in(row),
            "status": status_of(session, row, visit),
            "alone": ReportKind(row.kind) in FOR_COUNSEL_ALONE,
            "asks": row.ended_at is None
            and row.state in (DRAFT, SENT_BACK)
            and is_current(session, row, visit.now),
            "leaves": holds(session, row, visit.now)
            and ReportKind(row.kind) not in FOR_COUNSEL_ALONE,
            "hearing": hearing,
            "done": DONE.get(done, ""),
        }
        return visit.desk.page("report.html", values)


@router.post("/reports/{report_id}/ask")
def ask(visit: InHub, case_id: str, report_id: str, form: Sent) -> Response:
    """Hand it to counsel."""
    try:
        with visit.writing() as session:
            row = _row(session, case_id, report_id)
            if row.state != ASKED:
                ask_counsel(session, row.id, visit.source, visit.now)
    except (ReportProblem, NotConsented, NothingToReport) as error:
        raise NoReport(error) from None
    return see_other(f"/cases/{case_id}/reports/{report_id}?done=asked")


@router.post("/reports/{report_id}/withdraw")
def withdraw(visit: InHub, case_id: str, report_id: str, form: Sent) -> Response:
    """Take it back; counsel's page closes."""
    with visit.writing() as session:
        row = _row(session, case_id, report_id)
        withdraw_report(session, row.id, visit.source, visit.now)
    return see_other(f"/cases/{case_id}/reports/{report_id}")


@router.get("/reports/{report_id}/report.{make}")
async def take(request: Request, visit: InHub, case_id: str, report_id: str, make: str) -> Response:
    """The file, `docx` or `pdf`: a draft, or what counsel approved. It is written down."""
    if make not in ("docx", "pdf"):
        raise NotFound("file")

    def read() -> bytes:
        with visit.writing() as session:
            row = _row(session, case_id, report_id)
            visit.note(session, "took a report", "progress_report", row.id)
            key = row.docx_key if holds(session, row, visit.now) else row.document_key
        return visit.desk.store.get(key)

    settings = visit.desk.settings
    return await file_of(settings.data, settings.soffice, await apart(read), make)


def status_of(session: HubSession, row: ProgressReport, visit: Visit) -> Status:
    """Where a report stands, in words."""
    if row.ended_at is not None:
        return OVER
    if not is_current(session, row, visit.now):
        return STALE
    return STATES[row.state]


def titles() -> list[tuple[str, str]]:
    """The kinds of reports, with what they are called."""
    return [(kind.value, Words(title)) for kind, title in TITLES.items()]


def _row(session: HubSession, case_id: str, report_id: str) -> ProgressReport:
    row = get_report(session, report_id)
    if get_plan(session, row.plan_id).case_id != case_id:
        raise NotFound("report")
    return row
