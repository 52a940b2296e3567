"""People as the pages show them: by name and relation, with the ways to reach them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from api.pages import wording
from api.pages.own_words import Words
from domain.status_words import closed_words
from domain.vocabulary import Channel, HearingStatus, MessageState
from records.circle import REMINDERS
from records.database import HubSession
from records.messages import NOT_SENT
from records.tables import (
    Case,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    Message,
    Person,
    Supporter,
)
from records.unreachable import closed_why


@dataclass(frozen=True, slots=True)
class Named:
    """A person by name."""

    id: str
    first: str
    last: str

    @property
    def full(self) -> str:
        """Both names."""
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Agreement:
    """That someone agreed to be reached in one way, and perhaps took it back (UTC)."""

    given_at: datetime
    given_by: str
    how: str
    words: str
    ended_at: datetime | None
    ended_how: str
    ended_words: str


@dataclass(frozen=True, slots=True)
class Way:
    """A phone or mailbox, and whether messages may go there.

    Attributes:
        why_not: why no message goes there; "" when one may.
        agreement: the newest one of its owner.
        arrived_at: when a message last arrived there (UTC); None when none did, or nobody asked.
    """

    channel: str
    address: str
    why_not: str
    agreement: Agreement | None = None
    arrived_at: datetime | None = None

    @property
    def is_phone(self) -> bool:
        """Whether a person may call it."""
        return self.channel in (Channel.SMS, Channel.VOICE)

    @property
    def words(self) -> str:
        """The address as people write it."""
        return wording.phone_words(self.address) if self.is_phone else self.address


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in a case's circle.

    Attributes:
        relation: "mother"; "" for the participant.
        may_know: the participant agreed that they hear of court dates.
    """

    person: Named
    supporter_id: str
    relation: str
    language: str
    may_know: bool
    ways: tuple[Way, ...]
    mentor: bool = False

    @property
    def participant(self) -> bool:
        """Whether this is the person whose case it is."""
        return not self.supporter_id

    @property
    def reachable(self) -> bool:
        """Whether a message may go to at least one address."""
        return any(not way.why_not for way in self.ways)

    @property
    def phones(self) -> tuple[Way, ...]:
        """Numbers that a person may call."""
        return phones_of(way for way in self.ways if way.why_not != OPTED_OUT)


OPTED_OUT = closed_words("opted-out")


def phones_of(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Every number once, though it may get texts and calls."""
    return tuple({way.address: way for way in ways if way.is_phone}.values())


def participants(session: HubSession, case_ids: Collection[str]) -> dict[str, Named]:
    """Case id → the person whose case it is."""
    if not case_ids:
        return {}
    rows = session.exec(
        select(col(Case.id), col(Person.id), col(Person.first_name), col(Person.last_name))
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Case.id).in_(case_ids))
    ).all()
    return {case: Named(person, first, last) for case, person, first, last in rows}


def named(session: HubSession, person_ids: Collection[str]) -> dict[str, Named]:
    """Person id → name."""
    if not person_ids:
        return {}
    rows = session.exec(
        select(col(Person.id), col(Person.first_name), col(Person.last_name)).where(
            col(Person.id).in_(person_ids)
        )
    ).all()
    return {person: Named(person, first, last) for person, first, last in rows}


def next_hearings(
    session: HubSession, case_ids: Collection[str], now: datetime, going_on: timedelta
) -> dict[str, Hearing]:
    """Case id → the next hearing; one that began less than `going_on` ago still counts."""
    if not case_ids:
        return {}
    rows = session.exec(
        select(Hearing)
        .where(
            col(Hearing.case_id).in_(case_ids),
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) >= now - going_on,
        )
        .order_by(col(Hearing.starts_at).desc())
    ).all()
    return {hearing.case_id: hearing for hearing in rows}


def circle(session: HubSession, case_id: str) -> list[Member]:
    """The participant first, then everybody who stands by them, in the order they came."""
    own = session.exec(
        select(Person)
        .join(Defendant, col(Defendant.person_id) == Person.id)
        .join(Case, col(Case.defendant_id) == Defendant.id)
        .where(Case.id == case_id)
    ).one()
    rows = session.exec(
        select(Supporter, Person)
        .join(Person, col(Person.id) == Supporter.person_id)
        .where(Supporter.case_id == case_id, col(Supporter.ended_at).is_(None))
        .order_by(col(Supporter.enrolled_at), col(Supporter.id))
    ).all()
    ids = [own.id, *(person.id for _, person in rows)]
    ways = ways_of(session, ids, arrivals(session, ids))
    members = [Member(_named(own), "", "", own.language, True, ways.get(own.id, ()))]
    members += [
        Member(
            _named(person),
            supporter.id,
            supporter.relationship,
            person.language,
            supporter.may_know_hearings,
            ways.get(person.id, ()),
            supporter.mentor,
        )
        for supporter, person in rows
    ]
    return members


def ways_of(
    session: HubSession,
    person_ids: Collection[str],
    arrived: Mapping[str, datetime] | None = None,
) -> dict[str, tuple[Way, ...]]:
    """Person id → every address, the first to be tried first.

    Args:
        session: of the hub.
        person_ids: whose.
        arrived: contact id → when a message last arrived there (UTC).
    """
    if not person_ids:
        return {}
    contacts = session.exec(
        select(ContactPoint)
        .where(col(ContactPoint.person_id).in_(person_ids))
        .order_by(col(ContactPoint.rank))
    ).all()
    agreements = _agreements(session, person_ids)
    found: dict[str, tuple[Way, ...]] = {}
    for contact in contacts:
        agreement = agreements.get(contact.id)
        agreed = agreement is not None and agreement.ended_at is None
        why = closed_why(contact, agreed=agreed)
        way = Way(
            contact.channel,
            contact.address,
            Words(closed_words(why, contact.channel) if why else ""),
            agreement,
            (arrived or {}).get(contact.id),
        )
        found[contact.person_id] = (*found.get(contact.person_id, ()), way)
    return found


def _agreements(session: HubSession, person_ids: Collection[str]) -> dict[str | None, Agreement]:
    """Contact id → the newest agreement for it; one that holds goes before one that ended."""
    rows = session.exec(
        select(Consent)
        .where(col(Consent.person_id).in_(person_ids), Consent.purpose == REMINDERS)
        .order_by(col(Consent.withdrawn_at).is_(None), col(Consent.given_at), col(Consent.id))
    ).all()
    return {
        row.contact_id: Agreement(
            row.given_at,
            row.given_by,
            row.how,
            row.words,
            row.withdrawn_at,
            row.withdrawn_how,
            row.withdrawn_words,
        )
        for row in rows
    }


def arrivals(session: HubSession, person_ids: Collection[str]) -> dict[str, datetime]:
    """Contact id → when a message last arrived there (UTC)."""
    if not person_ids:
        return {}
    rows = session.exec(
        select(col(Message.contact_id), func.max(col(Message.settled_at)))
        .where(
            col(Message.person_id).in_(person_ids),
            Message.state == MessageState.DELIVERED,
            col(Message.transport).not_in(NOT_SENT),
        )
        .group_by(col(Message.contact_id))
    ).all()
    return {contact: at for contact, at in rows if contact and at}


def _named(person: Person) -> Named:
    return Named(person.id, person.first_name, person.last_name)
