"""Who read and changed what: for the supervisors of a hub, and for its administrators without
names of the people it is about.

Reading it is itself noted. Nothing can be changed here; `homeward audit verify` proves that
nothing was.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form
from api.pages.guard import PageRoute
from api.pages.own_words import Words
from api.pages.paging import Pages
from api.pages.people import participants
from api.pages.session import InHub, Visit
from domain.court_time import instant_at, wall_time
from domain.vocabulary import Role
from records.database import HubSession
from records.tables import ApiToken, AuditEvent, AuditHead, Case, Person, StaffMember
from records.trail import Wanted, count_deeds, find_deeds

router = APIRouter(route_class=PageRoute, prefix="/audit")

A_PAGE: Final = 100
MOST_ROWS: Final = 100_000
CSV_NAME: Final = "audit.csv"
_GENERIC: Final = {
    "opened": "opened the page",
    "sent": "sent a form of the page",
    "called": "called over the API:",
}
_FROM_A_LINK: Final = Words("somebody with a private link")
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One deed in words. `page` is an address, or what a program called; `about` is "" where
    nothing more is told; `case_id` leads there."""

    number: int | None
    at: datetime
    who: str
    did: Words
    page: str
    about: str
    case_id: str


@router.get("")
def show_trail(request: Request, visit: InHub, page: str = "1") -> Response:
    """The newest deeds, those of one member of staff, about one case, or of some days."""
    form, wanted = _asked(request, visit)
    with visit.writing() as session:
        pages = Pages.of(page, count_deeds(session, wanted), A_PAGE)
        lines = _lines(session, visit, find_deeds(session, wanted, pages.cut))
        head = session.exec(select(AuditHead)).first()
        values = {
            "visit": visit,
            "form": form,
            "lines": lines,
            "pages": pages,
            "about": _about_case(session, visit, wanted.subject_id),
            "staff": _staff(session),
            "asked": "&".join(f"{name}={form.kept(name)}" for name in _ASKED if form.kept(name)),
            "head": (head.number, head.seal) if head else None,
        }
        visit.note(session, "read the audit trail", *_subject(wanted))
        return visit.desk.page("audit.html", values)


@router.get(f"/{CSV_NAME}")
def take_trail(request: Request, visit: InHub) -> Response:
    """The same as a table: ids, deeds and seals, nobody's name."""
    _, wanted = _asked(request, visit)
    with visit.writing() as session:
        rows = find_deeds(session, wanted, slice(0, MOST_ROWS))
        visit.note(session, "took the audit trail", *_subject(wanted))
    return Response(
        _table(rows).encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{CSV_NAME}"'},
    )


_ASKED = ("who", "case", "since", "until")


def _asked(request: Request, visit: Visit) -> tuple[Form, Wanted]:
    form = Form({name: request.query_params.get(name, "")[:40] for name in _ASKED})
    since, until = form.day("since"), form.day("until")
    zone = visit.hub.zone
    return form, Wanted(
        actor=form.kept("who"),
        subject_id=form.kept("case"),
        since=instant_at(since, time(), zone) if since else None,
        until=instant_at(until + _A_DAY, time(), zone) if until else None,
    )


def _subject(wanted: Wanted) -> tuple[str, str]:
    return ("case", wanted.subject_id) if wanted.subject_id else ("hub", "")


def _staff(session: HubSession) -> list[tuple[str, str]]:
    rows = session.exec(select(StaffMember)).all()
    return sorted(((row.id, row.name) for row in rows), key=lambda one: one[1])


def sees_names(visit: Visit) -> bool:
    """Whether this visitor may learn whom a deed was about."""
    return visit.reader.role is Role.SUPERVISOR


def _about_case(session: HubSession, visit: Visit, case_id: str) -> str:
    if not case_id or not sees_names(visit) or session.get(Case, case_id) is None:
        return ""
    return participants(session, [case_id])[case_id].full


def _lines(session: HubSession, visit: Visit, rows: Sequence[AuditEvent]) -> list[Line]:
    who = _actors(session, visit, rows)
    about = _subjects(session, rows) if sees_names(visit) else {}
    return [
        Line(
            row.number,
            wall_time(row.happened_at, visit.hub.zone),
            who.get(row.actor, _FROM_A_LINK if ":" in row.actor else row.actor),
            Words(_deed(row)),
            _page_of(row),
            about.get(row.subject_id, ""),
            row.subject_id if row.subject_kind == "case" and row.subject_id in about else "",
        )
        for row in rows
    ]


def did(row: AuditEvent) -> str:
    """A deed in words: in its own, or by the page that was opened."""
    return f"{_deed(row)} {_page_of(row)}".strip()


def _deed(row: AuditEvent) -> str:
    return _GENERIC.get(row.action, row.action) if _page_of(row) else row.action


def _page_of(row: AuditEvent) -> str:
    """The page that was opened, by its address without ids, or what a program called."""
    page = row.detail.get("page", "")
    if row.action == "called" or not page:
        return page.replace("_", " ")
    parts = [part for part in page.split("/") if part and not part.startswith("{")]
    return " › ".join(part.replace("-", " ") for part in parts) or "today"


def _actors(session: HubSession, visit: Visit, rows: Sequence[AuditEvent]) -> Mapping[str, str]:
    ids = {row.actor for row in rows}
    staff = session.exec(select(StaffMember).where(col(StaffMember.id).in_(ids))).all()
    tokens = session.exec(select(ApiToken).where(col(ApiToken.id).in_(ids))).all()
    found = {one.id: one.name for one in staff}
    return found | {one.id: Words(f"the program “{one.name}”") for one in tokens}


def _subjects(session: HubSession, rows: Sequence[AuditEvent]) -> dict[str, str]:
    """Cases and people by name."""
    ids = {row.subject_id for row in rows if row.subject_id}
    cases = session.exec(select(col(Case.id)).where(col(Case.id).in_(ids))).all()
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    named = {one.id: f"{one.first_name} {one.last_name}".strip() for one in people}
    return named | {key: who.full for key, who in participants(session, list(cases)).items()}


def _table(rows: Sequence[AuditEvent]) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("number", "happened_at", "actor", "deed", "about", "id", "seal"))
    for row in rows:
        at = row.happened_at.isoformat()
        about = (row.subject_kind, row.subject_id)
        table.writerow((row.number, at, row.actor, did(row), *about, row.seal))
    return out.getvalue()
