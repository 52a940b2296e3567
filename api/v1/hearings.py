"""Hearings: scheduled, moved, vacated, and what came of them."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.hearing_shapes import HearingIn, HearingOut, OutcomeIn, SettingIn
from api.v1.paging import Listed, PartAsked, listed
from domain.vocabulary import HearingStatus
from records import hearings as book
from records.database import HubSession
from records.listing_queries import hearings_page

router = guarded_router("hearings")

HearingId = Annotated[Id, Path(description="Id of a hearing.")]


@router.get("/hearings", summary="Hearings", responses=documented(problems.NOT_FOUND))
def list_hearings(
    desk: AtDesk,
    asked: PartAsked,
    case_id: Annotated[Id | None, Query(description="Of one case.")] = None,
    status: Annotated[HearingStatus | None, Query()] = None,
    since: Annotated[Instant | None, Query(description="Starting then or later.")] = None,
    before: Annotated[Instant | None, Query(description="Starting earlier than that.")] = None,
) -> Listed[HearingOut]:
    """Hearings by the moment at which they start.

    Without any filter: those that are still to come. With a case: all of that case's.
    """
    if not any((case_id, status, since, before)):
        since, status = desk.now, HearingStatus.SCHEDULED
    with desk.reading() as session:
        page = hearings_page(
            session,
            asked.window,
            case_id=case_id or "",
            status=status or "",
            since=since,
            before=before,
        )
        return listed(asked, page, HearingOut.of)


@router.get(
    "/hearings/{hearing_id}", summary="One hearing", responses=documented(problems.NOT_FOUND)
)
def read_hearing(desk: AtDesk, hearing_id: HearingId) -> HearingOut:
    """One hearing at its present revision."""
    with desk.reading() as session:
        return HearingOut.of(book.get_hearing(session, hearing_id))


@router.post(
    "/cases/{case_id}/hearings",
    summary="Schedule a hearing",
    status_code=201,
    response_model=HearingOut,
    responses=documented(problems.NOT_FOUND),
)
def schedule_hearing(desk: AtOnce, case_id: CaseId, new: HearingIn) -> Response:
    """Put a hearing on the calendar. Whoever is to know is told at once, and reminded."""

    def make(session: HubSession) -> HearingOut:
        hearing = book.schedule_hearing(
            session,
            case_id,
            new.kind,
            new.setting(),
            desk.source,
            desk.now,
            court_id=new.court_id,
        )
        return HearingOut.of(hearing)

    return desk.do(new, make)


@router.post(
    "/hearings/{hearing_id}/move",
    summary="Move a hearing",
    response_model=HearingOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT),
)
def move_hearing(desk: AtOnce, hearing_id: HearingId, setting: SettingIn) -> Response:
    """Move a hearing in time or place. Whoever was told another date is told of the new one;
    nothing is sent for the old date any more. The same setting again changes nothing."""

    def make(session: HubSession) -> HearingOut:
        return HearingOut.of(
            book.move_hearing(session, hearing_id, setting.setting(), desk.source, desk.now)
        )

    return desk.do(setting, make, 200)


@router.post(
    "/hearings/{hearing_id}/vacate",
    summary="Take a hearing off the calendar",
    response_model=HearingOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.CONFLICT),
)
def vacate_hearing(desk: AtOnce, hearing_id: HearingId) -> Response:
    """Take a hearing off the calendar. Whoever was told a date is told not to come."""

    def make(session: HubSession) -> HearingOut:
        return HearingOut.of(book.vacate_hearing(session, hearing_id, desk.source, desk.now))

    return desk.do(None, make, 200)


@router.post(
    "/hearings/{hearing_id}/outcome",
    summary="Say what happened at a hearing",
    response_model=HearingOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def record_outcome(desk: AtOnce, hearing_id: HearingId, outcome: OutcomeIn) -> Response:
    """A person says what happened. Only a confirmed miss leads to the message with the way back."""

    def make(session: HubSession) -> HearingOut:
        hearing = book.record_outcome(
            session, hearing_id, outcome.appearance, desk.source, desk.now, note=outcome.note
        )
        return HearingOut.of(hearing)

    return desk.do(outcome, make, 200)
