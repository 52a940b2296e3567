"""Who defends: appointed, retained or conflict counsel, and where their packets are announced."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from domain.vocabulary import Channel
from records.casework import Source, get_case, record_event, touch
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.packets import close_packet_tasks
from records.tables import Case, ContactPoint, Counsel, Packet, Person

KINDS: Final = ("appointed", "retained", "conflict")
"""How counsel came to the case."""

_PHONES: Final = ("voice", "sms")


@dataclass(frozen=True, slots=True)
class NewCounsel:
    """Counsel as an advocate notes them. A packet needs an e-mail address or a mobile phone."""

    first_name: str
    last_name: str
    kind: str = "appointed"
    office: str = ""
    contacts: tuple[NewContact, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class KnownCounsel:
    """Counsel of a case, with the ways to write to them."""

    counsel: Counsel
    person: Person
    contacts: tuple[ContactPoint, ...]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.person.first_name} {self.person.last_name}".strip()

    @property
    def told_apart(self) -> str:
        """Name, office and one way to write to them: two lawyers may share a name, and whoever
        chooses the wrong one shows clients to a stranger."""
        ways = sorted(self.contacts, key=lambda way: way.channel != Channel.EMAIL.value)
        parts = (self.name, self.counsel.office, ways[0].address if ways else "")
        return " · ".join(part for part in parts if part)


def counsel_of(session: HubSession, case: Case) -> KnownCounsel | None:
    """Who defends in a case; None while nobody does."""
    counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
    if counsel is None:
        return None
    person = session.get_one(Person, counsel.person_id)
    ways = session.exec(
        select(ContactPoint)
        .where(ContactPoint.person_id == person.id)
        .order_by(col(ContactPoint.rank))
    ).all()
    return KnownCounsel(counsel, person, tuple(ways))


def counsel_phone(session: HubSession, case: Case) -> str:
    """The phone (E.164) at which whoever defends can be called; "" where none is known."""
    known = counsel_of(session, case)
    ways = known.contacts if known else ()
    phones = [one for one in ways if one.channel in _PHONES and one.unreachable_at is None]
    return phones[0].address if phones else ""


def known_counsel(session: HubSession) -> list[KnownCounsel]:
    """Everybody who defends in any case of this hub, by name: one lawyer has many clients."""
    rows = session.exec(
        select(Counsel, Person).join(Person, col(Person.id) == Counsel.person_id)
    ).all()
    ways: dict[str, list[ContactPoint]] = {}
    theirs = [person.id for _, person in rows]
    for way in session.exec(
        select(ContactPoint)
        .where(col(ContactPoint.person_id).in_(theirs))
        .order_by(col(ContactPoint.rank))
    ).all():
        ways.setdefault(way.person_id, []).append(way)
    found = [KnownCounsel(one, person, tuple(ways.get(person.id, ()))) for one, person in rows]
    return sorted(found, key=lambda one: (one.person.last_name, one.person.first_name))


def set_counsel(
    session: HubSession, case_id: str, new: NewCounsel, source: Source, now: datetime
) -> Counsel:
    """Note who defends from now on. The case's packets are built anew with their name.

    Raises:
        NotFound: no such case.
        BadAddress: a contact cannot be right.
    """
    case = get_case(session, case_id)
    person = Person(first_name=new.first_name, last_name=new.last_name)
    session.add(person)
    session.flush()
    for contact in new.contacts:
        add_contact(session, person.id, contact, source, now)
    counsel = Counsel(person_id=person.id, kind=new.kind, office=new.office)
    session.add(counsel)
    session.flush()
    return use_counsel(session, case, counsel, source, now)


def use_counsel(
    session: HubSession, case: Case, counsel: Counsel, source: Source, now: datetime
) -> Counsel:
    """Let somebody who is known here defend in this case, too."""
    case.counsel_id = counsel.id
    session.add(case)
    record_event(session, case, "counsel", "named", source, now, subject_id=counsel.person_id)
    for packet_id in session.exec(select(col(Packet.id)).where(Packet.case_id == case.id)).all():
        close_packet_tasks(session, packet_id, source.actor, now, kinds=("no_counsel",))
    touch(session, case, now)
    return counsel
