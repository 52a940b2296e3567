"""Cases: opened at arrest, found, moved along their tracks."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Id, In, Instant, Language, Line, Name, Out
from api.once import AtOnce
from api.permissions import OVERRIDES
from api.problems import Refusal, documented
from api.v1.hearing_shapes import HearingOut
from api.v1.paging import Listed, PartAsked
from domain.tracks import (
    AlternativeState,
    CourtStage,
    Custody,
    Track,
    allowed_moves,
)
from records import case_listing, casework
from records.case_listing import CaseFilter, CaseView
from records.casework import NewCase, get_case
from records.database import HubSession

router = guarded_router("cases")

CaseId = Annotated[Id, Path(description="Id of a case.")]


class CaseOut(Out):
    """A case: who it is, where it stands on each track, and what comes next."""

    id: Id
    person_id: Id
    first_name: str
    last_name: str
    pronouns: str
    language: str
    jurisdiction: str
    docket_numbers: list[str]
    stage: str
    custody: str
    alternative: str
    advocate_id: Id | None
    enrolled_at: Instant
    released_at: Instant | None
    closed_at: Instant | None
    revision: int
    next_hearing: HearingOut | None
    may_move_to: dict[str, list[str]] = Field(
        description="By track: the stages that may follow now."
    )


class CaseIn(In):
    """What intake knows; everything but the names can wait."""

    first_name: Name
    last_name: Name
    language: Language = "en"
    pronouns: Line = ""
    docket_name: Line = Field("", description="As the court writes the name.")
    docket_number: Line = ""
    jurisdiction: Line = ""
    arrested_at: Instant | None = None
    agency: Line = ""
    custody_place: Line = ""
    custody: Custody = Custody.DETAINED
    advocate_id: Id | None = None
    birth_date: Day | None = Field(
        None, description="Kept encrypted; /identity gives it to the roles that may read it."
    )


class DocketIn(In):
    """A docket number to look for. It travels in the body so that no log keeps it."""

    docket_number: Name


class CasesFound(Out):
    """Cases that were found."""

    items: list[CaseOut]


class MoveIn(In):
    """A move along one track, by a recorded event."""

    track: Track
    to: CourtStage | Custody | AlternativeState = Field(description="A stage of that track.")
    note: Line = Field("", description="No facts of the alleged offense here.")
    override_reason: Line = Field(
        "", description="A supervisor's reason for a move that the table does not know."
    )


def case_out(view: CaseView) -> CaseOut:
    """A case as the API tells it."""
    case, person = view.case, view.person
    tracks = {Track.COURT: case.stage, Track.CUSTODY: case.custody}
    tracks[Track.ALTERNATIVE] = case.alternative
    return CaseOut(
        id=case.id,
        person_id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        pronouns=person.pronouns,
        language=person.language,
        jurisdiction=case.jurisdiction,
        docket_numbers=list(view.dockets),
        stage=case.stage,
        custody=case.custody,
        alternative=case.alternative,
        advocate_id=case.advocate_id,
        enrolled_at=case.enrolled_at,
        released_at=case.released_at,
        closed_at=case.closed_at,
        revision=case.revision,
        next_hearing=HearingOut.of(view.next_hearing) if view.next_hearing else None,
        may_move_to={
            str(track): list(allowed_moves(track, stage)) for track, stage in tracks.items()
        },
    )


def _one(session: HubSession, case_id: str, now: datetime) -> CaseOut:
    return case_out(case_listing.views_of(session, [get_case(session, case_id)], now)[0])


@router.get("/cases", summary="Cases")
def list_cases(
    desk: AtDesk,
    asked: PartAsked,
    stage: Annotated[CourtStage | None, Query()] = None,
    custody: Annotated[Custody | None, Query()] = None,
    advocate_id: Annotated[Id | None, Query()] = None,
    closed: Annotated[bool | None, Query(description="Only closed, or only open ones.")] = None,
) -> Listed[CaseOut]:
    """The hub's cases, in the order in which they were opened."""
    wanted = CaseFilter(stage or "", custody or "", advocate_id or "", closed)
    with desk.reading() as session:
        page = case_listing.cases_page(session, asked.window, wanted)
        views = case_listing.views_of(session, page.rows, desk.now)
        return asked.answer(map(case_out, views), page.after)


@router.post(
    "/cases",
    summary="Open a case",
    status_code=201,
    response_model=CaseOut,
    responses=documented(problems.NOT_FOUND),
)
def open_case(desk: AtOnce, new: CaseIn) -> Response:
    """Open a case at arrest. From now on it is followed: reminders, tasks, packets, plans."""

    def make(session: HubSession) -> CaseOut:
        if new.advocate_id is not None:
            case_listing.get_staff(session, new.advocate_id)
        said = dict(new)
        said["birth_date"] = new.birth_date.isoformat() if new.birth_date else ""
        case = casework.open_case(session, NewCase(**said), desk.source, desk.now)
        return _one(session, case.id, desk.now)

    return desk.do(new, make)


@router.post("/case-searches", summary="Find cases by docket number", response_model=CasesFound)
def find_cases(desk: AtOnce, wanted: DocketIn) -> Response:
    """Find cases by a docket number, however it is spaced or hyphenated. Changes nothing."""

    def make(session: HubSession) -> CasesFound:
        cases = case_listing.cases_with_docket(session, wanted.docket_number)
        views = case_listing.views_of(session, cases, desk.now)
        return CasesFound(items=[case_out(view) for view in views])

    return desk.do(wanted, make, 200)


@router.get("/cases/{case_id}", summary="One case", responses=documented(problems.NOT_FOUND))
def read_case(desk: AtDesk, case_id: CaseId) -> CaseOut:
    """One case, with the moves that each track allows now."""
    with desk.reading() as session:
        return _one(session, case_id, desk.now)


@router.post(
    "/cases/{case_id}/moves",
    summary="Move a case along a track",
    status_code=201,
    response_model=CaseOut,
    responses=documented(problems.NOT_FOUND, problems.MOVE_REFUSED, problems.NOT_ALLOWED),
)
def move_case(desk: AtOnce, case_id: CaseId, move: MoveIn) -> Response:
    """Move a case in court, in custody or on a deferred alternative.

    A move that the table does not know is refused with those that it does. A supervisor may
    override with a reason.
    """

    def make(session: HubSession) -> CaseOut:
        case = get_case(session, case_id)
        if move.override_reason.strip() and desk.caller.role not in OVERRIDES:
            raise Refusal(
                problems.NOT_ALLOWED, "Leave out override_reason, or ask a supervisor to move it."
            )
        casework.move_track(
            session,
            case,
            move.track,
            move.to,
            desk.source,
            desk.now,
            override_reason=move.override_reason,
            note=move.note,
        )
        return _one(session, case_id, desk.now)

    return desk.do(move, make)
