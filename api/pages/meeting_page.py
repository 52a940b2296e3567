"""The weekly meeting: an agenda from the cases as they stand, to be printed or read aloud.

What went well comes first, then whoever is new, what is in court, who needs the table's help, and
last whom nobody has looked at for a while: nobody is forgotten by the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter
from sqlalchemy import and_, func, or_
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.guard import PageRoute
from api.pages.people import participants
from api.pages.session import InHub, Visit
from api.pages.tasks_view import open_rows
from api.pages.week import MOST, coming_week
from domain.court_time import wall_time
from domain.tracks import ENDED_STAGES, CourtStage, Custody, Track
from records.database import HubSession
from records.tables import Case, CaseEvent, Hearing, HumanTask

router = APIRouter(route_class=PageRoute)

SINCE = timedelta(days=7)
QUIET = timedelta(days=30)
MOST_LINES = 200
MOST_QUIET = 40
_GOOD_EVENTS = {
    "plan_discharged_successful": "completed the support plan",
    "packet_delivered": "has a packet in counsel’s hands",
}
_GOOD_STAGES = {
    CourtStage.DISMISSED: "the case was dismissed",
    CourtStage.ACQUITTED: "was acquitted",
    CourtStage.DIVERSION: "goes to diversion",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One line: whose case, and what is said of it."""

    case_id: str
    who: str
    words: str
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """One person for whom something is to be done, worst first."""

    case_id: str
    who: str
    urgent: bool
    titles: tuple[str, ...]


@router.get("/meeting")
def show_meeting(visit: InHub) -> Response:
    """The agenda of today. That it was read is written down: it names everybody."""
    zone, now = visit.hub.zone, visit.now
    with visit.writing() as session:
        visit.note(session, "read the meeting's agenda", "hub", visit.hub.id)
        values = {
            "visit": visit,
            "today": dates.today_in(zone, now),
            "good": _named(session, _good(session, now, zone)),
            "new": _named(session, _new(session, now, zone)),
            "held": _named(session, _held(session, now, zone)),
            "week": coming_week(session, now, zone, most=MOST),
            "needs": _needs(session, visit),
            "quiet": _named(session, _quiet(session, now, zone)),
            "most_quiet": MOST_QUIET,
            "quiet_days": QUIET.days,
        }
    return visit.desk.page("meeting.html", values)


_Line = tuple[str, str, date | None]


def _named(session: HubSession, lines: Sequence[_Line]) -> list[Said]:
    people = participants(session, {case_id for case_id, _, _ in lines})
    return [Said(case_id, people[case_id].full, words, at) for case_id, words, at in lines]


def _good(session: HubSession, now: datetime, zone: str) -> list[_Line]:
    """What went well in the last seven days."""
    moved = col(CaseEvent.kind) == "moved"
    came_home = and_(
        moved,
        col(CaseEvent.track) == Track.CUSTODY,
        col(CaseEvent.origin) == Custody.DETAINED,
        col(CaseEvent.result) == Custody.RELEASED,
    )
    won = and_(
        moved,
        col(CaseEvent.track) == Track.COURT,
        col(CaseEvent.result).in_(sorted(_GOOD_STAGES)),
    )
    events = session.exec(
        select(CaseEvent)
        .where(
            col(CaseEvent.happened_at) >= now - SINCE,
            col(CaseEvent.happened_at) <= now,
            or_(col(CaseEvent.kind).in_(_GOOD_EVENTS), came_home, won),
        )
        .order_by(col(CaseEvent.happened_at), col(CaseEvent.id))
        .limit(MOST_LINES)
    ).all()
    return [
        (event.case_id, _good_words(event), wall_time(event.happened_at, zone).date())
        for event in events
    ]


def _good_words(event: CaseEvent) -> str:
    if event.track == Track.COURT:
        return _GOOD_STAGES[CourtStage(event.result)]
    return _GOOD_EVENTS.get(event.kind, "came home")


def _new(session: HubSession, now: datetime, zone: str) -> list[_Line]:
    """Who came in the last seven days, and where they are."""
    rows = session.exec(
        select(col(Case.id), col(Case.custody), col(Case.enrolled_at))
        .where(col(Case.enrolled_at) >= now - SINCE)
        .order_by(col(Case.enrolled_at), col(Case.id))
        .limit(MOST_LINES)
    ).all()
    return [
        (case_id, wording.custody(custody).word, wall_time(at, zone).date())
        for case_id, custody, at in rows
    ]


def _held(session: HubSession, now: datetime, zone: str) -> list[_Line]:
    """What was in court in the last seven days, and whether they were there."""
    rows = session.exec(
        select(Hearing)
        .where(col(Hearing.starts_at) >= now - SINCE, col(Hearing.starts_at) < now)
        .where(col(Hearing.status).in_(("held", "scheduled")))
        .order_by(col(Hearing.starts_at), col(Hearing.id))
        .limit(MOST_LINES)
    ).all()
    return [
        (
            row.case_id,
            f"{wording.hearing_kind(row.kind)}: {wording.appearance(row.appearance)}",
            row.local_time.date(),
        )
        for row in rows
    ]


def _needs(session: HubSession, visit: Visit) -> list[Needs]:
    """Open tasks, a line for each person, in the order of Today."""
    found: dict[str, list[str]] = {}
    who: dict[str, str] = {}
    urgent: set[str] = set()
    for row in open_rows(session, visit.caller, visit.now, visit.hub.zone, most=MOST_LINES):
        if not row.case_id:
            continue
        found.setdefault(row.case_id, []).append(row.title)
        who[row.case_id] = row.who
        if row.urgent:
            urgent.add(row.case_id)
    return [
        Needs(case_id, who[case_id], case_id in urgent, tuple(dict.fromkeys(titles)))
        for case_id, titles in found.items()
    ]


def _quiet(session: HubSession, now: datetime, zone: str) -> list[_Line]:
    """Open cases of which nothing was written for a month, with no court date and no task ahead."""
    last = (
        select(func.max(col(CaseEvent.happened_at)))
        .where(CaseEvent.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
    dated = select(col(Hearing.case_id)).where(
        col(Hearing.starts_at) >= now, Hearing.status == "scheduled"
    )
    asked = select(col(HumanTask.case_id)).where(
        col(HumanTask.closed_at).is_(None), col(HumanTask.case_id).is_not(None)
    )
    rows = session.exec(
        select(col(Case.id), last)
        .where(
            col(Case.stage).not_in(sorted(ENDED_STAGES)),
            col(Case.enrolled_at) < now - QUIET,
            last < now - QUIET,
            col(Case.id).not_in(dated),
            col(Case.id).not_in(asked),
        )
        .order_by(last, col(Case.id))
        .limit(MOST_QUIET)
    ).all()
    return [
        (case_id, f"nothing written since {dates.day_words(wall_time(at, zone).date())}", None)
        for case_id, at in rows
        if at is not None
    ]
