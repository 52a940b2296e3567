"""People as the pages show them: by name and relation, with the ways to reach them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from api.pages import wording
from domain.vocabulary import Channel, HearingStatus
from records.circle import REMINDERS
from records.database import HubSession
from records.tables import (
    Case,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    Person,
    Supporter,
)


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
class Way:
    """A phone or mailbox, and whether messages may go there.

    Attributes:
        why_not: why no message goes there; "" when one may.
        agreed_at: when its owner agreed (UTC).
    """

    channel: str
    address: str
    why_not: str
    agreed_at: datetime | None

    @property
    def words(self) -> str:
        """The address as people write it."""
        return wording.phone_words(self.address) if self.channel == Channel.SMS else self.address


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
        return tuple(
            way for way in self.ways if way.channel == Channel.SMS and way.why_not != OPTED_OUT
        )


OPTED_OUT = "asked for no more messages"


def participants(session: HubSession, case_ids: Collection[str]) -> dict[str, Named]:
    """Case id → the person whose case it is."""
    rows = session.exec(
        select(col(Case.id), col(Person.id), col(Person.first_name), col(Person.last_name))
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Case.id).in_(case_ids))
    ).all()
    return {case: Named(person, first, last) for case, person, first, last in rows}


def named(session: HubSession, person_ids: Collection[str]) -> dict[str, Named]:
    """Person id → name."""
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
    ways = ways_of(session, [own.id, *(person.id for _, person in rows)])
    members = [Member(_named(own), "", "", own.language, True, ways.get(own.id, ()))]
    members += [
        Member(
            _named(person),
            supporter.id,
            supporter.relationship,
            person.language,
            supporter.may_know_hearings,
            ways.get(person.id, ()),
        )
        for supporter, person in rows
    ]
    return members


def ways_of(session: HubSession, person_ids: Collection[str]) -> dict[str, tuple[Way, ...]]:
    """Person id → every address, the first to be tried first."""
    contacts = session.exec(
        select(ContactPoint)
        .where(col(ContactPoint.person_id).in_(person_ids))
        .order_by(col(ContactPoint.rank))
    ).all()
    consents = session.exec(
        select(col(Consent.contact_id), col(Consent.given_at)).where(
            col(Consent.person_id).in_(person_ids),
            Consent.purpose == REMINDERS,
            col(Consent.withdrawn_at).is_(None),
        )
    ).all()
    agreed = dict(consents)
    found: dict[str, tuple[Way, ...]] = {}
    for contact in contacts:
        at = agreed.get(contact.id)
        way = Way(contact.channel, contact.address, _why_not(contact, at), at)
        found[contact.person_id] = (*found.get(contact.person_id, ()), way)
    return found


def _named(person: Person) -> Named:
    return Named(person.id, person.first_name, person.last_name)


def _why_not(contact: ContactPoint, agreed_at: datetime | None) -> str:
    if contact.opted_out_at is not None:
        return OPTED_OUT
    if contact.unreachable_at is not None:
        return "the provider says it cannot be reached"
    return "" if agreed_at is not None else "has not agreed to messages"
