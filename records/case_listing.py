"""Cases as lists show them: who it is, where the case stands, what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.vocabulary import HearingStatus
from records.addresses import docket_index
from records.casework import NotFound, Source, get_case, record_event, touch
from records.database import HubSession
from records.listing_queries import Page, Window, page_of
from records.tables import Case, Defendant, Docket, Hearing, Person, StaffMember


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; "" and None leave a side open."""

    stage: str = ""
    custody: str = ""
    advocate_id: str = ""
    closed: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with what belongs beside it on a list.

    Attributes:
        next_hearing: the first scheduled one that has not begun.
    """

    case: Case
    person: Person
    dockets: tuple[str, ...]
    next_hearing: Hearing | None


def cases_page(session: HubSession, window: Window, wanted: CaseFilter) -> Page[Case]:
    """One page of the hub's cases."""
    statement = select(Case)
    if wanted.stage:
        statement = statement.where(Case.stage == wanted.stage)
    if wanted.custody:
        statement = statement.where(Case.custody == wanted.custody)
    if wanted.advocate_id:
        statement = statement.where(Case.advocate_id == wanted.advocate_id)
    if wanted.closed is not None:
        at = col(Case.closed_at)
        statement = statement.where(at.is_not(None) if wanted.closed else at.is_(None))
    return page_of(session, statement, Case.id, window)


def cases_with_docket(session: HubSession, number: str) -> list[Case]:
    """Cases with this docket number, however it is spaced or hyphenated."""
    statement = (
        select(Case)
        .join(Docket, col(Docket.case_id) == Case.id)
        .where(Docket.number_index == docket_index(number))
        .order_by(col(Case.id))
    )
    return list(session.exec(statement).all())


def views_of(session: HubSession, cases: Iterable[Case], now: datetime) -> list[CaseView]:
    """What belongs beside each case, in a fixed number of queries."""
    cases = list(cases)
    people = _people(session, [case.defendant_id for case in cases])
    dockets = _dockets(session, [case.id for case in cases])
    coming = _coming(session, [case.id for case in cases], now)
    return [
        CaseView(
            case,
            people[case.defendant_id],
            tuple(dockets.get(case.id, ())),
            coming.get(case.id),
        )
        for case in cases
    ]


def get_staff(session: HubSession, staff_id: str) -> StaffMember:
    """The active member of staff.

    Raises:
        NotFound: not in this hub, or no longer active.
    """
    member = session.get(StaffMember, staff_id)
    if member is not None:
        session.lock(member, "active")
    if member is None or not member.active:
        raise NotFound("member of staff")
    return member


def _people(session: HubSession, defendant_ids: list[str]) -> dict[str, Person]:
    rows = session.exec(
        select(Defendant, Person)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Defendant.id).in_(defendant_ids))
    ).all()
    return {defendant.id: person for defendant, person in rows}


def _dockets(session: HubSession, case_ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = session.exec(
        select(Docket).where(col(Docket.case_id).in_(case_ids)).order_by(col(Docket.id))
    ).all()
    for docket in rows:
        found.setdefault(docket.case_id, []).append(docket.number)
    return found


def _coming(session: HubSession, case_ids: list[str], now: datetime) -> dict[str, Hearing]:
    rows = session.exec(
        select(Hearing)
        .where(
            col(Hearing.case_id).in_(case_ids),
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) >= now,
        )
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).all()
    found: dict[str, Hearing] = {}
    for hearing in rows:
        found.setdefault(hearing.case_id, hearing)
    return found


@dataclass(frozen=True, slots=True)
class Identity:
    """How the court and the jail know a defendant; `birth_date` is `2001-02-03` or ""."""

    docket_name: str
    birth_date: str


def identity_of(session: HubSession, case_id: str) -> Identity:
    """How the court knows the defendant of a case.

    Raises:
        NotFound: no such case.
    """
    defendant = _defendant(session, case_id)
    return Identity(defendant.docket_name, defendant.birth_date)


def change_identity(
    session: HubSession, case_id: str, new: Identity, source: Source, now: datetime
) -> None:
    """Correct how the court knows the defendant of a case.

    Raises:
        NotFound: no such case.
    """
    defendant = _defendant(session, case_id)
    defendant.docket_name, defendant.birth_date = new.docket_name, new.birth_date
    session.add(defendant)
    case = get_case(session, case_id)
    record_event(session, case, "circle", "identity_changed", source, now)
    touch(session, case, now)


def _defendant(session: HubSession, case_id: str) -> Defendant:
    return session.get_one(Defendant, get_case(session, case_id).defendant_id)
