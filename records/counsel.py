"""Counsel of a case: who defends, from which office, and how to reach them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.vocabulary import LinkPurpose
from records.casework import NotFound, Source, get_case, record_event, touch
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.private_links import LinkFor, revoke_links
from records.tables import Case, Counsel, Packet, Person


@dataclass(frozen=True, slots=True)
class NewCounsel:
    """Who defends. `kind` is appointed, retained or conflict."""

    first_name: str
    last_name: str
    office: str = ""
    kind: str = "appointed"
    bar_number: str = ""
    contacts: tuple[NewContact, ...] = ()


def counsel_of(session: HubSession, case: Case) -> tuple[Counsel, Person] | None:
    """Who defends in a case; None while nobody is named."""
    counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
    return (counsel, session.get_one(Person, counsel.person_id)) if counsel else None


def every_counsel(session: HubSession) -> Sequence[tuple[Counsel, Person]]:
    """All counsel that the hub knows, in the order in which they were named."""
    rows = session.exec(
        select(Counsel, Person)
        .join(Person, col(Person.id) == Counsel.person_id)
        .order_by(col(Counsel.created_at), col(Counsel.id))
    ).all()
    return [(counsel, person) for counsel, person in rows]


def name_counsel(
    session: HubSession, case_id: str, new: NewCounsel, source: Source, now: datetime
) -> Counsel:
    """Name somebody new as counsel of a case.

    Raises:
        NotFound: no such case.
        BadAddress: a contact cannot be right.
    """
    person = Person(first_name=new.first_name, last_name=new.last_name)
    session.add(person)
    session.flush()
    counsel = Counsel(
        person_id=person.id, kind=new.kind, office=new.office, bar_number=new.bar_number
    )
    session.add(counsel)
    session.flush()
    for contact in new.contacts:
        add_contact(session, person.id, contact, source, now)
    return choose_counsel(session, case_id, counsel.id, source, now)


def choose_counsel(
    session: HubSession, case_id: str, counsel_id: str, source: Source, now: datetime
) -> Counsel:
    """Make somebody whom the hub knows counsel of a case. Links of whoever defended before end.

    Raises:
        NotFound: no such case or counsel.
    """
    case = get_case(session, case_id)
    counsel = session.get(Counsel, counsel_id)
    if counsel is None:
        raise NotFound("counsel")
    before = counsel_of(session, case)
    if before is not None and before[0].id == counsel.id:
        return counsel
    if before is not None:
        _end_links(session, case, before[1], now)
    case.counsel_id = counsel.id
    session.add(case)
    record_event(session, case, "circle", "counsel_named", source, now, subject_id=counsel.id)
    touch(session, case, now)
    return counsel


def reach_counsel(
    session: HubSession,
    case_id: str,
    contacts: Sequence[NewContact],
    source: Source,
    now: datetime,
) -> None:
    """Note more ways to reach the counsel of a case.

    Raises:
        NotFound: no such case, or nobody is named.
        BadAddress: a contact cannot be right.
    """
    case = get_case(session, case_id)
    known = counsel_of(session, case)
    if known is None:
        raise NotFound("counsel")
    for contact in contacts:
        add_contact(session, known[1].id, contact, source, now)
    touch(session, case, now)


def _end_links(session: HubSession, case: Case, person: Person, now: datetime) -> None:
    for packet_id in session.exec(select(col(Packet.id)).where(Packet.case_id == case.id)).all():
        wanted = LinkFor(LinkPurpose.COUNSEL, packet_id=packet_id, person_id=person.id)
        revoke_links(session, wanted, now)
