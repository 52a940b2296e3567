"""Court calendars that were imported: when, by whom, and what each of them changed."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from starlette.responses import Response

from api.pages.guard import PageRoute
from api.pages.import_view import names_by_sign_in
from api.pages.paging import Pages
from api.pages.session import InHub, Visit
from domain.court_time import wall_time
from records.calendar_reviews import waiting_reviews
from records.database import HubSession
from records.tables import CalendarFeed, CalendarImport

router = APIRouter(route_class=PageRoute, prefix="/imports")

A_PAGE = 50
THROWN = "Thrown away. Nothing of it counted."


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One calendar that was applied. `at` is on the hub's clock; `counts` are those of
    `records.calendar_comparing.Counts`, by name."""

    id: str
    at: datetime
    feed: str
    by: str
    counts: dict[str, int]
    undone: bool


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One that waits for somebody to look at it. `at` is on the hub's clock."""

    id: str
    at: datetime
    feed: str
    by: str


@router.get("")
def show_imports(visit: InHub, page: str = "1", done: str = "") -> Response:
    """Those that wait, and the imports, newest first."""
    with visit.reading() as session:
        total = session.exec(select(func.count(col(CalendarImport.id)))).one()
        pages = Pages.of(page, total, A_PAGE)
        values = {
            "visit": visit,
            "lines": _lines(session, visit, pages),
            "waiting": [
                WaitingLine(
                    one.id,
                    wall_time(one.handed_in_at, visit.hub.zone),
                    one.feed_name,
                    one.handed_in_by,
                )
                for one in waiting_reviews(session)
            ],
            "pages": pages,
            "done": THROWN if done == "thrown" else "",
        }
    return visit.desk.page("imports.html", values)


def _lines(session: HubSession, visit: Visit, pages: Pages) -> list[ImportLine]:
    rows = session.exec(
        select(CalendarImport, col(CalendarFeed.name))
        .join(CalendarFeed, col(CalendarFeed.id) == CalendarImport.feed_id)
        .order_by(col(CalendarImport.applied_at).desc(), col(CalendarImport.id).desc())
        .offset(pages.cut.start)
        .limit(A_PAGE)
    ).all()
    names = names_by_sign_in(session)
    return [
        ImportLine(
            row.id,
            wall_time(row.applied_at, visit.hub.zone),
            feed,
            names.get(row.applied_by, row.applied_by),
            row.counts,
            row.undone_at is not None,
        )
        for row, feed in rows
    ]
