"""Casework: opening a case, moving it along its tracks, and telling its workflow.

Every function works inside the caller's transaction. Whatever the agenda may depend on goes
through `touch`, which raises the case's revision and writes the news into the outbox.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.agenda import Subject
from domain.packets import ENDED_PACKETS
from domain.plan_steps import ENDED_PLANS
from domain.tracks import ENDED_STAGES, CourtStage, Custody, Track, check_move
from records.addresses import docket_index
from records.agency_news import tell_agencies_of_case
from records.database import HubSession
from records.outbox import announce
from records.tables import (
    Arrest,
    Case,
    CaseEvent,
    CustodyPeriod,
    Defendant,
    Docket,
    Packet,
    Person,
    SupportPlan,
)


class NotFound(LookupError):
    """No such row in this hub."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"There is no such {what} in this hub.")


@dataclass(frozen=True, slots=True)
class Source:
    """Who recorded something, and where it came from (staff, import, counsel, court)."""

    actor: str
    origin: str = "staff"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What intake asks for; everything else can wait.

    Attributes:
        arrested_at: instant of the arrest, where known (UTC).
        docket_number: as the court writes it; "" while there is none.
    """

    first_name: str
    last_name: str
    language: str = "en"
    docket_name: str = ""
    docket_number: str = ""
    jurisdiction: str = ""
    arrested_at: datetime | None = None
    agency: str = ""
    custody_place: str = ""
    custody: Custody = Custody.DETAINED
    advocate_id: str | None = None
    birth_date: str = ""
    pronouns: str = ""


def open_case(session: HubSession, new: NewCase, source: Source, now: datetime) -> Case:
    """Open a case at arrest; its workflow starts as soon as the news is passed on."""
    person = Person(
        first_name=new.first_name,
        last_name=new.last_name,
        language=new.language,
        pronouns=new.pronouns,
    )
    session.add(person)
    session.flush()
    defendant = Defendant(
        person_id=person.id,
        docket_name=new.docket_name or f"{new.last_name}, {new.first_name}".strip(", "),
        birth_date=new.birth_date,
    )
    session.add(defendant)
    session.flush()
    case = Case(
        defendant_id=defendant.id,
        jurisdiction=new.jurisdiction,
        custody=new.custody,
        advocate_id=new.advocate_id,
        enrolled_at=now,
        released_at=None,
    )
    session.add(case)
    session.flush()
    _record_arrest(session, case, new, now)
    record_event(session, case, Track.COURT, "opened", source, now, result=CourtStage.ARRESTED)
    announce(session, Subject.CASE, case.id, case.revision, now)
    if new.docket_number:
        add_docket(session, case, new.docket_number, now=now)
    return case


def _record_arrest(session: HubSession, case: Case, new: NewCase, now: datetime) -> None:
    at = new.arrested_at or now
    session.add(
        Arrest(case_id=case.id, arrested_at=at, agency=new.agency, custody_place=new.custody_place)
    )
    if new.custody == Custody.DETAINED:
        session.add(CustodyPeriod(case_id=case.id, started_at=at, place=new.custody_place))


def get_case(session: HubSession, case_id: str) -> Case:
    """The case.

    Raises:
        NotFound: not in this hub.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("case")
    return case


def touch(session: HubSession, case: Case, now: datetime) -> None:
    """Something that the agenda may depend on changed: new revision, news in the outbox.

    Plans and packets of the case look at the same facts, and agencies with which it is shared at
    its hearings, so their workflows hear of it too.
    """
    session.lock(case, "revision")
    case.revision += 1
    session.add(case)
    announce(session, Subject.CASE, case.id, case.revision, now)
    plans = session.exec(
        select(SupportPlan).where(
            SupportPlan.case_id == case.id, col(SupportPlan.state).not_in(ENDED_PLANS)
        )
    ).all()
    for plan in plans:
        touch_plan(session, plan, now)
    touch_packets(session, case.id, now)
    tell_agencies_of_case(session, case.id, now)


def touch_plan(session: HubSession, plan: SupportPlan, now: datetime) -> None:
    """Something in a support plan changed: new revision, news in the outbox."""
    session.lock(plan, "revision")
    plan.revision += 1
    session.add(plan)
    announce(session, Subject.PLAN, plan.id, plan.revision, now)


def touch_packets(session: HubSession, case_id: str, now: datetime) -> None:
    """Something that every packet of a case says changed: the docket numbers, the support plan."""
    packets = session.exec(
        select(Packet)
        .where(Packet.case_id == case_id, col(Packet.state).not_in(ENDED_PACKETS))
        .order_by(col(Packet.id))
    ).all()
    for packet in packets:
        touch_packet(session, packet, now)


def touch_packet(session: HubSession, packet: Packet, now: datetime) -> None:
    """Something that a packet is made from changed: new revision, news in the outbox."""
    session.lock(packet, "revision")
    packet.revision += 1
    packet.changed_at = now
    session.add(packet)
    announce(session, Subject.PACKET, packet.id, packet.revision, now)


def add_docket(
    session: HubSession,
    case: Case,
    number: str,
    court_id: str | None = None,
    *,
    now: datetime | None = None,
) -> Docket:
    """Note a number under which a court keeps the case; the same number twice is one.

    Args:
        session: of the hub.
        case: whose number.
        number: as the court writes it.
        court_id: which court.
        now: UTC. What imported calendars list under the number from then on becomes the case's
            hearings at once; without it, at the next import.
    """
    index = docket_index(number)
    found = session.exec(
        select(Docket).where(Docket.case_id == case.id, Docket.number_index == index)
    ).first()
    if found is not None:
        return found
    docket = Docket(case_id=case.id, number=number, number_index=index, court_id=court_id)
    session.add(docket)
    session.flush()
    if now is not None:
        touch_packets(session, case.id, now)
        # Hearings stand on casework, so casework reaches for them only when it is called.
        from records.calendar_adopting import adopt_entries

        adopt_entries(session, case, now)
    return docket


def cases_by_docket(session: HubSession, number: str) -> list[Case]:
    """Followed cases with this docket number."""
    return list(
        session.exec(
            select(Case)
            .join(Docket, col(Docket.case_id) == Case.id)
            .where(Docket.number_index == docket_index(number))
        ).all()
    )


def record_event(
    session: HubSession,
    case: Case,
    track: Track | str,
    kind: str,
    source: Source,
    now: datetime,
    *,
    origin: str = "",
    result: str = "",
    subject_id: str = "",
    override_reason: str = "",
    note: str = "",
) -> CaseEvent:
    """Write one line of the case's history: who, when, from which source."""
    event = CaseEvent(
        case_id=case.id,
        track=track,
        kind=kind,
        origin=origin,
        result=result,
        subject_id=subject_id,
        happened_at=now,
        recorded_by=source.actor,
        source=source.origin,
        override_reason=override_reason,
        note=note,
    )
    session.add(event)
    return event


def move_track(
    session: HubSession,
    case: Case,
    track: Track,
    wanted: str,
    source: Source,
    now: datetime,
    *,
    override_reason: str = "",
    note: str = "",
) -> CaseEvent:
    """Move a case along a track by a recorded event.

    Raises:
        MoveRefused: the table does not know the move and no override reason was given.
        UnknownStage: no such stage.
    """
    column = {Track.COURT: "stage", Track.CUSTODY: "custody", Track.ALTERNATIVE: "alternative"}
    session.lock(case, column[track])
    origin = str(getattr(case, column[track]))
    check_move(track, origin, wanted, override_reason=override_reason)
    setattr(case, column[track], str(wanted))
    if track is Track.CUSTODY:
        _note_custody(session, case, wanted, now)
    if track is Track.COURT:
        case.closed_at = (case.closed_at or now) if wanted in ENDED_STAGES else None
        if wanted in ENDED_STAGES:
            # Private links stand on casework, so casework reaches for them only when it is called.
            from records.family_ending import end_pages_of_case

            end_pages_of_case(session, case.id, now)
    event = record_event(
        session,
        case,
        track,
        "moved",
        source,
        now,
        origin=origin,
        result=str(wanted),
        override_reason=override_reason,
        note=note,
    )
    touch(session, case, now)
    return event


def _note_custody(session: HubSession, case: Case, wanted: str, now: datetime) -> None:
    running = session.exec(
        select(CustodyPeriod).where(
            CustodyPeriod.case_id == case.id, col(CustodyPeriod.ended_at).is_(None)
        )
    ).all()
    if wanted == Custody.DETAINED and not running:
        session.add(CustodyPeriod(case_id=case.id, started_at=now))
    if wanted == Custody.DETAINED:
        return
    for period in running:
        period.ended_at = now
        session.add(period)
    if wanted == Custody.RELEASED:
        case.released_at = now
