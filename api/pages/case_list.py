"""The list of cases: by name, with the next hearing of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute
from api.pages.paging import Pages
from api.pages.people import Named, next_hearings, participants
from api.pages.session import InHub, Visit
from domain.tracks import ENDED_STAGES
from records.database import HubSession
from records.finding import MOST_FOUND, find_cases
from records.staff import caseworkers
from records.tables import Case, Hearing

router = APIRouter(route_class=PageRoute)

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of the list; `through` is who of the circle was looked for."""

    id: str
    who: str
    custody: wording.Status
    ended: bool
    hearing: Hearing | None
    away: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose cases are shown, as the address has it, and everybody who may have some."""

    asked: str
    team: Sequence[tuple[str, str]]


@router.get("/cases")
def show_cases(visit: InHub, page: str = "1", whose: str = "") -> Response:
    """Cases, newest first: everybody's, one's own, one advocate's, or nobody's.

    `whose` is "", "mine", "nobody" or the id of a member of staff; anything else is nobody's id.
    """
    asked = _whose(visit, whose)
    with visit.reading() as session:
        pages = Pages.of(page, count_cases(session, asked), A_PAGE)
        lines = _lines(session, visit, _newest(session, pages, asked))
        team = [(one.id, one.name) for one in caseworkers(session)]
    return _page(visit, Form(), lines, pages, whose=Whose(whose, team))


@router.post("/cases/find")
def find(visit: InHub, form: Sent) -> Response:
    """Cases that fit a name, a docket number or a phone, best first. Changes nothing; what is
    looked for is sent as a form, so that no name stands in an address."""
    wanted = form.line("q", most=80)
    with visit.reading() as session:
        found = find_cases(session, wanted) if wanted else []
        through = {one.case_id: one.through for one in found}
        lines = [
            replace(line, through=through[line.id])
            for line in _lines(session, visit, [one.case_id for one in found])
        ]
    return _page(visit, form, lines, Pages.of("1", len(found), MOST_FOUND), wanted)


def _whose(visit: Visit, whose: str) -> Sequence[ColumnElement[bool]]:
    if whose == "nobody":
        return (col(Case.advocate_id).is_(None), col(Case.stage).not_in(sorted(ENDED_STAGES)))
    if whose:
        return (col(Case.advocate_id) == (visit.caller.id if whose == "mine" else whose),)
    return ()


def _page(
    visit: Visit,
    form: Form,
    lines: Sequence[CaseLine],
    pages: Pages,
    wanted: str = "",
    *,
    whose: Whose | None = None,
) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "wanted": wanted,
        "lines": lines,
        "pages": pages,
        "most": MOST_FOUND,
        "whose": whose,
    }
    return visit.desk.page("cases.html", values)


def count_cases(session: HubSession, asked: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many cases the hub has, or how many of those that are asked for."""
    return session.exec(select(func.count(col(Case.id))).where(*asked)).one()


def _newest(session: HubSession, pages: Pages, asked: Sequence[ColumnElement[bool]]) -> list[str]:
    ids = session.exec(
        select(col(Case.id))
        .where(*asked)
        .order_by(col(Case.enrolled_at).desc(), col(Case.id))
        .offset(pages.cut.start)
        .limit(A_PAGE)
    ).all()
    return list(ids)


def _lines(session: HubSession, visit: Visit, ids: Sequence[str]) -> list[CaseLine]:
    going_on = timedelta(hours=visit.hub.ask_outcome_hours)
    hearings = next_hearings(session, ids, visit.now, going_on)
    people = participants(session, ids)
    cases = session.exec(
        select(col(Case.id), col(Case.custody), col(Case.stage)).where(col(Case.id).in_(ids))
    ).all()
    facts = {case_id: (custody, stage) for case_id, custody, stage in cases}
    return [_line(i, people[i], facts[i], hearings.get(i), visit.now) for i in ids]


def _line(
    case_id: str, who: Named, facts: tuple[str, str], hearing: Hearing | None, now: datetime
) -> CaseLine:
    custody, stage = facts
    today = dates.today_in(hearing.zone, now) if hearing else None
    return CaseLine(
        id=case_id,
        who=who.full,
        custody=wording.custody(custody),
        ended=stage in ENDED_STAGES,
        hearing=hearing,
        away=dates.away(hearing.local_time.date(), today) if hearing and today else "",
    )
