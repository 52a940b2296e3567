"""Court calendars that were imported: when, by whom, and what each of them changed."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from starlette.responses import Response

from api.pages.guard import PageRoute
from api.pages.paging import Pages
from api.pages.session import InHub, Visit
from domain.court_time import wall_time
from records.database import HubSession
from records.tables import CalendarFeed, CalendarImport

router = APIRouter(route_class=PageRoute, prefix="/imports")

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One calendar that was applied. `at` is on the hub's clock; `counts` are those of
    `records.calendar_comparing.Counts`, by name."""

    at: datetime
    feed: str
    by: str
    counts: dict[str, int]


@router.get("")
def show_imports(visit: InHub, page: str = "1") -> Response:
    """The imports, newest first."""
    with visit.reading() as session:
        total = session.exec(select(func.count(col(CalendarImport.id)))).one()
        pages = Pages.of(page, total, A_PAGE)
        lines = _lines(session, visit, pages)
    return visit.desk.page("imports.html", {"visit": visit, "lines": lines, "pages": pages})


def _lines(session: HubSession, visit: Visit, pages: Pages) -> list[ImportLine]:
    rows = session.exec(
        select(CalendarImport, col(CalendarFeed.name))
        .join(CalendarFeed, col(CalendarFeed.id) == CalendarImport.feed_id)
        .order_by(col(CalendarImport.applied_at).desc(), col(CalendarImport.id).desc())
        .offset(pages.cut.start)
        .limit(A_PAGE)
    ).all()
    return [
        ImportLine(wall_time(row.applied_at, visit.hub.zone), feed, row.applied_by, row.counts)
        for row, feed in rows
    ]
