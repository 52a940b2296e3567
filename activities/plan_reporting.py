"""Reports on plans: made, handed to counsel, approved for just what counsel read, taken back.

Guarantee: nobody but the hub's team sees a report before counsel approved it, and nobody but
counsel and the team ever sees the memo. An approval is of what was read, by a hash over all that
the report says: when that would be said differently now, because evidence was checked or a consent
ended, it holds no more.
"""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from activities.documents.packet_context import long_date
from activities.documents.store import DocumentStore
from activities.plan_report_facts import ReportSheet, report_sheet
from activities.plan_report_papers import report_docx
from domain.consents import Recipient, RecipientKind
from domain.court_time import wall_time
from domain.plan_reports import (
    FOR_COUNSEL_ALONE,
    TITLES,
    NothingToReport,
    Origin,
    PlanReport,
    ReportKind,
    ReportLine,
    ReportPart,
)
from domain.vocabulary import Channel, LinkPurpose
from records.casework import NotFound, Source, get_case
from records.counsel import KnownCounsel, counsel_of
from records.database import HubSession
from records.disclosures import Telling, disclose
from records.hubs import the_hub
from records.plans import get_plan, plan_event
from records.private_links import LinkFor, make_link, revoke_links
from records.tables import Defendant, Hearing, HumanTask, PrivateLink, ProgressReport, SupportPlan

LINK_LASTS: Final = timedelta(days=90)
DRAFT, ASKED, APPROVED, SENT_BACK = "draft", "asked", "approved", "sent_back"
"""The life of a report; `ended_at` ends it from any of them."""
_WRITTEN = (Channel.EMAIL, Channel.SMS)


class ReportProblem(ValueError):
    """A report takes no such step now; the message says what to do."""


class ReportChanged(ReportProblem):
    """What would be said now is not what was read."""

    def __init__(self) -> None:
        super().__init__(
            "The plan, its evidence, counsel or a consent has changed since this report was made. "
            "Make it again, and read the new one."
        )


class NotForThem(ReportProblem):
    """This report is for counsel alone, or counsel has not approved it."""

    def __init__(self) -> None:
        super().__init__("This report may not leave: it is for counsel, or waits for counsel.")


def make_report(
    session: HubSession,
    store: DocumentStore,
    plan_id: str,
    kind: ReportKind,
    hearing_id: str | None,
    source: Source,
    now: datetime,
) -> ProgressReport:
    """Make a report of what can be said now; an earlier one of its kind for the same hearing ends.

    Raises:
        NotFound: no such plan, or the hearing is of another case.
        NothingToReport: there is nothing that it could say; says what it needs.
        StoreFull, StoreError: the file cannot be kept; nothing was written.
    """
    plan = get_plan(session, plan_id)
    session.lock(plan)
    hearing = session.get(Hearing, hearing_id) if hearing_id else None
    if hearing_id and (hearing is None or hearing.case_id != plan.case_id):
        raise NotFound("hearing")
    sheet = report_sheet(session, plan.id, kind, hearing_id, now)
    stored = store.put(report_docx(sheet, the_hub(session).zone, now))
    earlier = reports_of(session, plan.id)
    for row in earlier:
        if row.kind == kind and row.hearing_id == hearing_id and row.ended_at is None:
            _end(session, row, source, now)
    row = ProgressReport(
        plan_id=plan.id,
        kind=kind,
        number=1 + max((one.number for one in earlier if one.kind == kind), default=0),
        hearing_id=hearing_id,
        content=json.dumps(asdict(sheet.report), default=str, ensure_ascii=False),
        content_hash=sheet.digest,
        document_key=stored.key,
        sha256=stored.sha256,
        made_by=source.actor,
        made_at=now,
    )
    session.add(row)
    session.flush()
    plan_event(session, plan, "report_made", row.id, source, now)
    return row


def get_report(session: HubSession, report_id: str) -> ProgressReport:
    """The report.

    Raises:
        NotFound: not in this hub.
    """
    row = session.get(ProgressReport, report_id)
    if row is None:
        raise NotFound("report")
    return row


def reports_of(session: HubSession, plan_id: str) -> list[ProgressReport]:
    """The reports of a plan, the newest first."""
    return list(
        session.exec(
            select(ProgressReport)
            .where(ProgressReport.plan_id == plan_id)
            .order_by(col(ProgressReport.made_at).desc(), col(ProgressReport.id).desc())
        ).all()
    )


def said_in(row: ProgressReport) -> PlanReport:
    """What a report says, as it was made."""
    raw = json.loads(row.content)
    parts = tuple(
        ReportPart(
            part["heading"],
            tuple(ReportLine(line["text"], tuple(line["origins"])) for line in part["lines"]),
        )
        for part in raw["parts"]
    )
    origins = tuple(Origin(**one) for one in raw["origins"])
    return PlanReport(ReportKind(raw["kind"]), raw["title"], parts, origins)


def is_current(session: HubSession, row: ProgressReport, now: datetime) -> bool:
    """Whether it would be said just so at `now` (UTC): same evidence, same consents."""
    try:
        sheet = report_sheet(session, row.plan_id, ReportKind(row.kind), row.hearing_id, now)
    except NothingToReport:
        return False
    return sheet.digest == row.content_hash


def holds(session: HubSession, row: ProgressReport, now: datetime) -> bool:
    """Whether counsel's approval holds at `now` (UTC)."""
    return (
        row.state == APPROVED
        and row.ended_at is None
        and row.approved_hash == row.content_hash
        and is_current(session, row, now)
    )


def check_leaves(session: HubSession, row: ProgressReport, now: datetime) -> None:
    """Let a report go to somebody who is neither counsel nor of the team: the person, the court.

    Raises:
        NotForThem: it is counsel's alone, or not approved, or the approval holds no more.
    """
    if ReportKind(row.kind) in FOR_COUNSEL_ALONE or not holds(session, row, now):
        raise NotForThem


def ask_counsel(
    session: HubSession, report_id: str, source: Source, now: datetime
) -> ProgressReport:
    """Hand a report to counsel: they are written to, and have a private page.

    What it tells of care is written into the log of disclosures, under the consent that covers it.

    Raises:
        NotFound: no such report.
        ReportProblem: nobody can be written to, or the report is over.
        ReportChanged: it would be said differently now.
        NotConsented: a consent ended in this very moment.
    """
    row, plan = _held(session, report_id)
    if row.ended_at is not None or row.state not in (DRAFT, SENT_BACK):
        raise ReportProblem("Counsel has it already, or it is over. Make a new one instead.")
    counsel = _counsel(session, plan)
    sheet = report_sheet(session, plan.id, ReportKind(row.kind), row.hearing_id, now)
    if sheet.digest != row.content_hash:
        raise ReportChanged
    _log(session, plan, row, counsel, sheet, source, now)
    row.state, row.asked_at, row.comment = ASKED, now, ""
    session.add(row)
    plan_event(session, plan, "report_asked", row.id, source, now)
    return row


def _counsel(session: HubSession, plan: SupportPlan) -> KnownCounsel:
    known = counsel_of(session, get_case(session, plan.case_id))
    ways = known.contacts if known else ()
    if known is None or not any(
        way.channel in _WRITTEN and way.opted_out_at is None and way.unreachable_at is None
        for way in ways
    ):
        raise ReportProblem(
            "Name counsel on the case, with an e-mail address or a mobile phone. A report says who "
            "counsel is: make it again after that, and ask then."
        )
    return known


def _log(
    session: HubSession,
    plan: SupportPlan,
    row: ProgressReport,
    counsel: KnownCounsel,
    sheet: ReportSheet,
    source: Source,
    now: datetime,
) -> None:
    if not sheet.shared:
        return
    case = get_case(session, plan.case_id)
    telling = Telling(
        person_id=session.get_one(Defendant, case.defendant_id).person_id,
        to=Recipient(RecipientKind.COUNSEL, counsel.name, counsel.person.id),
        kinds=frozenset(sheet.shared),
        what=f"{TITLES[ReportKind(row.kind)]}, version {row.number}",
        how="private link",
        case_id=case.id,
        subject_kind="progress_report",
        subject_id=row.id,
    )
    disclose(session, telling, source, now)


def approve_report(
    session: HubSession,
    store: DocumentStore,
    report_id: str,
    seen: str,
    by: str,
    source: Source,
    now: datetime,
) -> ProgressReport:
    """Counsel approves what counsel read; doing it twice changes nothing.

    Args:
        seen: the hash that the page with the report carried.
        by: counsel's name, as it is printed.

    Raises:
        NotFound: no such report.
        ReportProblem: counsel was not asked, or it is over.
        ReportChanged: another report was read, or it would be said differently now.
        StoreFull, StoreError: the file cannot be kept; nothing was written.
    """
    row, plan = _held(session, report_id)
    if row.state == APPROVED and row.ended_at is None and seen == row.content_hash:
        return row
    if row.state != ASKED or row.ended_at is not None:
        raise ReportProblem("This report does not wait for counsel. Ask for the newest one.")
    sheet = report_sheet(session, plan.id, ReportKind(row.kind), row.hearing_id, now)
    if not seen == row.content_hash == sheet.digest:
        raise ReportChanged
    zone = the_hub(session).zone
    words = f"{by} on {long_date(wall_time(now, zone).date())}"
    row.docx_key = store.put(report_docx(sheet, zone, row.made_at, words)).key
    row.state, row.approved_at, row.approved_by = APPROVED, now, by
    row.approved_hash = seen
    session.add(row)
    _close(session, plan, row, source, now)
    plan_event(session, plan, "report_approved", row.id, source, now)
    return row


def send_back(
    session: HubSession, report_id: str, words: str, source: Source, now: datetime
) -> ProgressReport:
    """Counsel wants it changed; the words come before the advocate.

    Raises:
        NotFound: no such report.
        ReportProblem: it does not wait for counsel.
    """
    row, plan = _held(session, report_id)
    if row.state != ASKED or row.ended_at is not None:
        raise ReportProblem("This report does not wait for counsel.")
    row.state, row.comment = SENT_BACK, words
    session.add(row)
    case = get_case(session, plan.case_id)
    session.add(
        HumanTask(
            claim=f"task|report_sent_back|{row.id}|{now.isoformat()}",
            kind="report_sent_back",
            case_id=case.id,
            plan_id=plan.id,
            subject_id=row.id,
            assigned_to_id=case.advocate_id,
            opened_at=now,
        )
    )
    plan_event(session, plan, "report_sent_back", row.id, source, now)
    return row


def withdraw_report(
    session: HubSession, report_id: str, source: Source, now: datetime
) -> ProgressReport:
    """Take a report back; its link ends.

    Raises:
        NotFound: no such report.
    """
    row, plan = _held(session, report_id)
    if row.ended_at is None:
        _end(session, row, source, now)
        plan_event(session, plan, "report_withdrawn", row.id, source, now)
    return row


def report_link(session: HubSession, row: ProgressReport, now: datetime) -> PrivateLink:
    """Counsel's private link to a report, made where there is none.

    Raises:
        ReportProblem: nobody can be written to.
    """
    counsel = _counsel(session, get_plan(session, row.plan_id))
    wanted = LinkFor(LinkPurpose.REPORT, report_id=row.id, person_id=counsel.person.id)
    return make_link(session, wanted, now + LINK_LASTS)


def _held(session: HubSession, report_id: str) -> tuple[ProgressReport, SupportPlan]:
    row = get_report(session, report_id)
    plan = get_plan(session, row.plan_id)
    session.lock(plan)
    session.lock(row)
    return row, plan


def _end(session: HubSession, row: ProgressReport, source: Source, now: datetime) -> None:
    row.ended_at = now
    session.add(row)
    for link in session.exec(
        select(PrivateLink).where(
            PrivateLink.report_id == row.id, col(PrivateLink.revoked_at).is_(None)
        )
    ).all():
        wanted = LinkFor(LinkPurpose.REPORT, report_id=row.id, person_id=link.person_id)
        revoke_links(session, wanted, now)
    _close_about(session, row, source, now)


def _close(
    session: HubSession, plan: SupportPlan, row: ProgressReport, source: Source, now: datetime
) -> None:
    """What asked for this report is done: the task of its hearing, and whatever waited for it."""
    _close_about(session, row, source, now)
    if ReportKind(row.kind) in FOR_COUNSEL_ALONE or row.hearing_id is None:
        return
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.plan_id == plan.id,
            HumanTask.kind == "progress_report_due",
            HumanTask.hearing_id == row.hearing_id,
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)


def _close_about(session: HubSession, row: ProgressReport, source: Source, now: datetime) -> None:
    for task in session.exec(
        select(HumanTask).where(HumanTask.subject_id == row.id, col(HumanTask.closed_at).is_(None))
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)
