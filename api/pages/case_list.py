"""The list of cases: by name, with the next hearing of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.forms import Form
from api.pages.guard import PageRoute
from api.pages.paging import Pages
from api.pages.people import Named, next_hearings, participants
from api.pages.session import Caseworker, Visit
from domain.folding import folded
from domain.tracks import ENDED_STAGES
from records.database import HubSession
from records.tables import Case, Defendant, Hearing, Person

router = APIRouter(route_class=PageRoute)

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of the list."""

    id: str
    who: str
    custody: wording.Status
    ended: bool
    hearing: Hearing | None
    away: str


@router.get("/cases")
def show_cases(visit: Caseworker, q: str = "", page: str = "1") -> Response:
    """Cases, newest first; with `q` those whose name has these letters."""
    wanted = " ".join(q.split())[:80]
    with visit.reading() as session:
        found = search(session, wanted) if wanted else None
        total = count_cases(session) if found is None else len(found)
        pages = Pages.of(page, total, A_PAGE)
        ids = _newest(session, pages) if found is None else found[pages.cut]
        lines = _lines(session, visit, ids)
    values = {
        "visit": visit,
        "form": Form({"q": wanted}),
        "wanted": wanted,
        "lines": lines,
        "pages": pages,
    }
    return visit.desk.page("cases.html", values)


def search(session: HubSession, wanted: str) -> list[str]:
    """Ids of cases whose person's name has all the words; accents and case do not matter.

    Names are sealed, so each is opened and compared here.
    """
    words = folded(wanted).split()
    rows = session.exec(
        select(col(Case.id), col(Person.first_name), col(Person.last_name))
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .order_by(col(Case.enrolled_at).desc(), col(Case.id))
    )
    found = []
    for case_id, first, last in rows:
        name = folded(f"{first} {last}")
        if all(word in name for word in words):
            found.append(case_id)
    return found


def count_cases(session: HubSession) -> int:
    """How many cases the hub has."""
    return session.exec(select(func.count(col(Case.id)))).one()


def _newest(session: HubSession, pages: Pages) -> list[str]:
    ids = session.exec(
        select(col(Case.id))
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
