"""Counsel's page of one report on a plan: read, take the file, approve just that, or send it back.

The link is the right to use it. An approval carries what was shown; when the report would say
something else by then, nothing is approved.
"""

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.errors import ConversionError
from activities.plan_report_papers import report_pdf
from activities.plan_reporting import (
    APPROVED,
    ASKED,
    ReportChanged,
    ReportProblem,
    approve_report,
    get_report,
    holds,
    is_current,
    said_in,
    send_back,
)
from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.private import (
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    door,
    enter,
    in_language,
    is_running,
    renewed,
    visiting,
)
from api.pages.private_problems import PrivateRoute, written_in
from api.pages.problems import PageProblem
from api.version_files import DOCX_TYPE
from domain.plan_reports import FOR_COUNSEL_ALONE, ReportKind
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import HubSession
from records.matters import participant_of
from records.plans import get_plan
from records.private_links import PATHS
from records.tables import Person, ProgressReport

router = APIRouter(route_class=PrivateRoute, prefix="/report/{token}")

MOST_WORDS = 5000
Work = Callable[[PrivateVisit], Response]


class NoReportFile(PageProblem):
    """There is no PDF of a report now; `text` says why."""

    status = 503
    title = "The PDF could not be made"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = f"{why} The Word file is as good."


@router.get("")
async def show(request: Request, token: str, said: str = "") -> Response:
    """The button, or the report once it was pressed. Changes nothing."""
    try:
        visit = await begin(request, token, LinkPurpose.REPORT)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return door(visit)
    return await apart(lambda: _page(visit, Form(), thanked=said == "yes"))


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.REPORT)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _entered(visit))


@router.get("/report.{make}")
async def take(request: Request, token: str, make: str) -> Response:
    """The report as it stands, `docx` or `pdf`. That it was taken is written down."""
    try:
        visit = await visiting(request, token, LinkPurpose.REPORT)
    except NoVisit as none:
        return none.answer
    if make not in ("docx", "pdf"):
        raise NotFound("file")
    docx = await apart(lambda: _taken(visit))
    return await file_of(visit.desk.settings.data, visit.desk.settings.soffice, docx, make)


async def file_of(data: Path, soffice: str, docx: bytes, make: str) -> Response:
    """A report's file as an answer; the PDF is made of the very same Word file."""
    name, kind = f"report.{make}", DOCX_TYPE if make == "docx" else "application/pdf"
    if make == "pdf":
        try:
            docx = await report_pdf(docx, data / "soffice-web", soffice)
        except ConversionError as error:
            raise NoReportFile(error) from None
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(docx, media_type=kind, headers=headers)


@router.post("/approve")
async def approve(request: Request, token: str, form: Sent) -> Response:
    """Counsel approves what was shown."""

    def save(visit: PrivateVisit) -> Response:
        name = form.line("name", visit.say("say.name"), most=100)

        def deed(session: HubSession) -> None:
            seen = form.secret("seen")
            approve_report(
                session, visit.desk.store, _id(visit), seen, name, visit.source, visit.now
            )

        return _done(visit, form, deed)

    return await _acting(request, token, form, save)


@router.post("/back")
async def give_back(request: Request, token: str, form: Sent) -> Response:
    """Counsel wants it changed."""

    def save(visit: PrivateVisit) -> Response:
        words = form.text("words", visit.say("say.words"))[:MOST_WORDS]

        def deed(session: HubSession) -> None:
            send_back(session, _id(visit), words, visit.source, visit.now)

        return _done(visit, form, deed)

    return await _acting(request, token, form, save)


@router.get("/approve")
@router.get("/back")
def lead_back(token: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.REPORT] + token)


def _done(visit: PrivateVisit, form: Form, deed: Callable[[HubSession], None]) -> Response:
    if not form.ok:
        return _page(visit, form)
    try:
        with visit.writing() as session:
            deed(session)
    except ReportChanged:
        form.refuse("name", in_language(visit, "en").say("say.changed"))
        return _page(visit, form)
    except ReportProblem:
        form.refuse("words", in_language(visit, "en").say("say.over"))
        return _page(visit, form)
    return see_other(f"{visit.path}?said=yes")


def _page(visit: PrivateVisit, form: Form, *, thanked: bool = False) -> Response:
    """The report, in English like the report itself, whatever language the door was in."""
    visit = in_language(visit, "en")
    with visit.reading() as session:
        row = get_report(session, _id(visit))
        case_id = get_plan(session, row.plan_id).case_id
        counsel = session.get(Person, visit.link.person_id or "")
        values = {
            "row": row,
            "report": said_in(row),
            "who": participant_of(session, case_id),
            "form": form,
            "thanked": thanked,
            "name": f"{counsel.first_name} {counsel.last_name}".strip() if counsel else "",
            "waits": row.state == ASKED and is_current(session, row, visit.now),
            "changed": not is_current(session, row, visit.now),
            "approved": row.state == APPROVED and holds(session, row, visit.now),
            "alone": ReportKind(row.kind) in FOR_COUNSEL_ALONE,
        }
    return visit.page("report_counsel.html", values, status=200 if form.ok else 422)


def _taken(visit: PrivateVisit) -> bytes:
    with visit.writing() as session:
        row = get_report(session, _id(visit))
        if not is_current(session, row, visit.now):
            raise NotFound("file")
        visit.note(session, "took a report", "progress_report", row.id)
        key = row.docx_key or row.document_key
    return visit.desk.store.get(key)


def _id(visit: PrivateVisit) -> str:
    if visit.link.report_id is None:
        raise NotFound("report")
    return visit.link.report_id


def _entered(visit: PrivateVisit) -> Response:
    report_id = _id(visit)

    def note(session: HubSession) -> None:
        row = session.get_one(ProgressReport, report_id)
        row.opened_at = row.opened_at or visit.now
        session.add(row)
        visit.note(session, "opened a report", "progress_report", report_id)

    return enter(visit, note)


async def _acting(request: Request, token: str, form: Form, work: Work) -> Response:
    """Do what a form says; where the link itself has ended, give back what was written."""
    try:
        visit = await begin(request, token, LinkPurpose.REPORT, written_in(form))
    except NoVisit as none:
        return none.answer
    return await apart(lambda: renewed(request, visit, work(visit), going_in=_entered))
