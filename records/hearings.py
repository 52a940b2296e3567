"""Hearings: schedule, move, vacate, record what happened. Every change is a revision."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.court_time import instant_of
from domain.vocabulary import Appearance, HearingKind, HearingStatus
from records.casework import NotFound, Source, get_case, record_event, touch
from records.database import HubSession
from records.plan_moves import follow_hearings
from records.roster import settle_again
from records.tables import Case, Court, Hearing, HearingRevision, HumanTask


class HearingClosed(ValueError):
    """The hearing was vacated or held; it cannot be changed like this any more."""

    def __init__(self, status: str) -> None:
        super().__init__(f"This hearing is {status}; schedule a new one instead.")


@dataclass(frozen=True, slots=True)
class Setting:
    """When and where a hearing is: the court's wall time, its zone, room and address."""

    local_time: datetime
    zone: str
    room: str = ""
    place: str = ""


def schedule_hearing(
    session: HubSession,
    case_id: str,
    kind: HearingKind,
    setting: Setting,
    source: Source,
    now: datetime,
    *,
    court_id: str | None = None,
) -> Hearing:
    """Put a hearing on the calendar.

    Raises:
        NotFound: no such case or court.
        CourtTimeError: the wall clock never shows that time, or the zone is unknown.
    """
    case = get_case(session, case_id)
    if court_id is not None and session.get(Court, court_id) is None:
        raise NotFound("court")
    hearing = Hearing(
        case_id=case.id,
        court_id=court_id,
        kind=kind,
        local_time=setting.local_time,
        zone=setting.zone,
        starts_at=instant_of(setting.local_time, setting.zone),
        room=setting.room,
        place=setting.place,
        source=source.origin,
        announced_at=now,
    )
    session.add(hearing)
    session.flush()
    _changed(session, case, hearing, "hearing_scheduled", source, now)
    return hearing


def get_hearing(session: HubSession, hearing_id: str) -> Hearing:
    """The hearing.

    Raises:
        NotFound: not in this hub.
    """
    hearing = session.get(Hearing, hearing_id)
    if hearing is None:
        raise NotFound("hearing")
    return hearing


def _held(session: HubSession, hearing_id: str) -> Hearing:
    """The hearing, which nobody else changes until this transaction ends."""
    hearing = get_hearing(session, hearing_id)
    session.lock(hearing)
    return hearing


def move_hearing(
    session: HubSession, hearing_id: str, setting: Setting, source: Source, now: datetime
) -> Hearing:
    """Move a hearing in time or place. The same setting again changes nothing.

    Raises:
        NotFound: no such hearing.
        HearingClosed: it was vacated or held.
        CourtTimeError: the wall clock never shows that time, or the zone is unknown.
    """
    hearing = _held(session, hearing_id)
    if hearing.status != HearingStatus.SCHEDULED:
        raise HearingClosed(hearing.status)
    if setting == Setting(hearing.local_time, hearing.zone, hearing.room, hearing.place):
        return hearing
    starts_at = instant_of(setting.local_time, setting.zone)
    _keep_revision(session, hearing)
    hearing.local_time, hearing.zone = setting.local_time, setting.zone
    hearing.starts_at = starts_at
    hearing.room, hearing.place = setting.room, setting.place
    _next_revision(session, hearing, source, now, "hearing_moved")
    settle_again(session, hearing, now)
    return hearing


def vacate_hearing(session: HubSession, hearing_id: str, source: Source, now: datetime) -> Hearing:
    """Take a hearing off the calendar; whoever was told is told.

    Raises:
        NotFound: no such hearing.
        HearingClosed: it was held.
    """
    hearing = _held(session, hearing_id)
    if hearing.status == HearingStatus.VACATED:
        return hearing
    if hearing.status != HearingStatus.SCHEDULED:
        raise HearingClosed(hearing.status)
    _keep_revision(session, hearing)
    hearing.status = HearingStatus.VACATED
    _next_revision(session, hearing, source, now, "hearing_vacated")
    settle_again(session, hearing, now)
    return hearing


def record_outcome(
    session: HubSession,
    hearing_id: str,
    appearance: Appearance,
    source: Source,
    now: datetime,
    *,
    note: str = "",
) -> Hearing:
    """A person says what happened at a hearing; a miss is never inferred.

    Raises:
        NotFound: no such hearing.
        HearingClosed: it was vacated.
    """
    hearing = _held(session, hearing_id)
    if hearing.status == HearingStatus.VACATED:
        raise HearingClosed(hearing.status)
    if hearing.status == HearingStatus.HELD and hearing.appearance == appearance:
        return hearing
    hearing.status = HearingStatus.HELD
    hearing.appearance = appearance
    hearing.outcome_at, hearing.outcome_by = now, source.actor
    session.add(hearing)
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.hearing_id == hearing.id,
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)
    case = get_case(session, hearing.case_id)
    _changed(session, case, hearing, "hearing_held", source, now, result=appearance, note=note)
    return hearing


def _keep_revision(session: HubSession, hearing: Hearing) -> None:
    session.add(
        HearingRevision(
            hearing_id=hearing.id,
            revision=hearing.revision,
            local_time=hearing.local_time,
            zone=hearing.zone,
            starts_at=hearing.starts_at,
            room=hearing.room,
            place=hearing.place,
            status=hearing.status,
        )
    )


def _next_revision(
    session: HubSession, hearing: Hearing, source: Source, now: datetime, kind: str
) -> None:
    hearing.revision += 1
    hearing.announced_at = now
    hearing.source = source.origin
    session.add(hearing)
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.hearing_id == hearing.id, col(HumanTask.closed_at).is_(None)
        )
    ).all():
        task.closed_at, task.closed_by = now, "the hearing changed"
        session.add(task)
    _changed(session, get_case(session, hearing.case_id), hearing, kind, source, now)


def _changed(
    session: HubSession,
    case: Case,
    hearing: Hearing,
    kind: str,
    source: Source,
    now: datetime,
    *,
    result: str = "",
    note: str = "",
) -> None:
    record_event(
        session, case, "court", kind, source, now, subject_id=hearing.id, result=result, note=note
    )
    session.flush()
    follow_hearings(session, case.id, now)
    touch(session, case, now)
