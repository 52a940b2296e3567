"""The hub's calendar: court dates by month, week or as a list, of all cases or of one's own.

Days and hours are the court's own wall; a date of a court in another zone says so.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.guard import PageRoute
from api.pages.own_words import Words
from api.pages.people import participants
from api.pages.session import InHub, Visit
from domain.vocabulary import HearingStatus
from records.database import HubSession
from records.tables import Case, Court, Hearing

router = APIRouter(route_class=PageRoute)

SHOWS = ("month", "week", "list")
LIST_DAYS = 60
MOST = 1500
_MONTHS = (date(2000, 1, 1), date(2199, 12, 31))
_BROADLY = timedelta(days=2)
"""Zones lie at most so far apart; which dates are shown is decided by each court's own wall."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One court date: `zone` in words where it is not the hub's."""

    case_id: str
    who: str
    local: datetime
    kind: str
    room: str
    court: str
    zone: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar; `beside` says that it belongs to the month before or after."""

    day: date
    entries: tuple[Entry, ...]
    today: bool
    beside: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What is shown: from which day, to which day (included), and where one leafs to."""

    first: date
    last: date
    title: str
    before: date
    after: date


@router.get("/calendar")
def show_calendar(
    visit: InHub, show: str = "month", at: str = "", whose: str = "", court: str = ""
) -> Response:
    """The calendar; whatever in the address makes no sense is left out."""
    today = dates.today_in(visit.hub.zone, visit.now)
    show = show if show in SHOWS else "month"
    day = _day(at, today)
    span = _span(show, day)
    whose = "mine" if whose == "mine" else ""
    with visit.reading() as session:
        courts = session.exec(select(Court).order_by(col(Court.name), col(Court.id))).all()
        known = {row.id: row.name for row in courts}
        court = court if court in known else ""
        entries = _entries(session, visit, span, whose, court, known)
    days = _days(span, entries, today, day if show == "month" else None)
    values = {
        "visit": visit,
        "show": show,
        "span": span,
        "whose": whose,
        "court": court,
        "courts": list(known.items()),
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)] if show != "list" else [],
        "days": [one for one in days if one.entries] if show == "list" else [],
        "total": sum(len(one.entries) for one in days if not one.beside),
        "today": today,
    }
    return visit.desk.page("calendar.html", values)


def _day(typed: str, today: date) -> date:
    try:
        day = date.fromisoformat(typed[:10])
    except ValueError:
        return today
    return day if _MONTHS[0] <= day <= _MONTHS[1] else today


def _span(show: str, day: date) -> Span:
    """Weeks begin on Sunday, as on the calendars of American courts."""
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    if show == "week":
        week = timedelta(days=7)
        last = sunday + timedelta(days=6)
        title = Words(f"Week of {dates.day_words(sunday)}")
        return Span(sunday, last, title, sunday - week, sunday + week)
    if show == "list":
        step = timedelta(days=LIST_DAYS)
        last = day + step - timedelta(days=1)
        title = Words(f"{dates.day_words(day)} to {dates.day_words(last)}")
        return Span(day, last, title, day - step, day + step)
    first = day.replace(day=1)
    length = calendar.monthrange(first.year, first.month)[1]
    end = first.replace(day=length)
    begins = first - timedelta(days=(first.weekday() + 1) % 7)
    ends = end + timedelta(days=(5 - end.weekday()) % 7)
    before = (first - timedelta(days=1)).replace(day=1)
    return Span(begins, ends, Words(f"{first:%B %Y}"), before, end + timedelta(days=1))


def _entries(
    session: HubSession,
    visit: Visit,
    span: Span,
    whose: str,
    court: str,
    courts: dict[str, str],
) -> list[Entry]:
    begin = datetime.combine(span.first, time(0))
    end = datetime.combine(span.last + timedelta(days=1), time(0))
    statement = (
        select(Hearing)
        .join(Case, col(Case.id) == Hearing.case_id)
        .where(
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) >= begin.replace(tzinfo=UTC) - _BROADLY,
            col(Hearing.starts_at) < end.replace(tzinfo=UTC) + _BROADLY,
            col(Hearing.local_time) >= begin,
            col(Hearing.local_time) < end,
        )
    )
    if whose:
        statement = statement.where(Case.advocate_id == visit.caller.id)
    if court:
        statement = statement.where(Hearing.court_id == court)
    rows = session.exec(
        statement.order_by(col(Hearing.local_time), col(Hearing.id)).limit(MOST)
    ).all()
    people = participants(session, {row.case_id for row in rows})
    return [
        Entry(
            case_id=row.case_id,
            who=people[row.case_id].full,
            local=row.local_time,
            kind=wording.hearing_kind(row.kind),
            room=row.room,
            court=courts.get(row.court_id or "", ""),
            zone=wording.zone(row.zone) if row.zone != visit.hub.zone else "",
        )
        for row in rows
    ]


def _days(span: Span, entries: Sequence[Entry], today: date, month: date | None) -> list[Day]:
    on: dict[date, list[Entry]] = {}
    for entry in entries:
        on.setdefault(entry.local.date(), []).append(entry)
    length = (span.last - span.first).days + 1
    return [
        Day(
            day,
            tuple(on.get(day, ())),
            day == today,
            month is not None and (day.year, day.month) != (month.year, month.month),
        )
        for day in (span.first + timedelta(days=n) for n in range(length))
    ]
