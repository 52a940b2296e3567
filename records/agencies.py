"""Shelters and agencies that get a weekly digest: taking one in, changing it, ending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlmodel import col, select

from domain.agenda import Subject
from records.agency_news import touch_agency
from records.agency_shares import end_shares_of
from records.casework import NotFound, Source
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.outbox import announce
from records.tables import Agency, Person

OF_THE_PERSON = frozenset({"first_name", "last_name", "language"})
"""What is kept with the agency's contact person."""


class AgencyEnded(ValueError):
    """The agency gets no digest any more; it takes no such change."""

    def __init__(self) -> None:
        super().__init__("This agency has ended; add it anew instead.")


@dataclass(frozen=True, slots=True)
class NewAgency:
    """A shelter or agency, whom to write to there, and when.

    Attributes:
        kind: "shelter", "reentry program" …; in the hub's own words.
        first_name, last_name: of the person who reads the digest.
        weekday: on which it leaves; Monday is 0.
        at: when, on the hub's wall.
    """

    name: str
    first_name: str
    last_name: str = ""
    kind: str = ""
    language: str = "en"
    contacts: tuple[NewContact, ...] = ()
    weekday: int = 0
    at: time = time(9, 0)


def add_agency(session: HubSession, new: NewAgency, source: Source, now: datetime) -> Agency:
    """Take an agency in. It is told nothing until a case is shared with it.

    Raises:
        BadAddress: a contact cannot be right.
    """
    person = Person(first_name=new.first_name, last_name=new.last_name, language=new.language)
    session.add(person)
    session.flush()
    for contact in new.contacts:
        add_contact(session, person.id, contact, source, now)
    agency = Agency(
        name=new.name,
        kind=new.kind,
        person_id=person.id,
        weekday=new.weekday,
        at=new.at,
        enrolled_at=now,
    )
    session.add(agency)
    session.flush()
    announce(session, Subject.AGENCY, agency.id, agency.revision, now)
    return agency


def get_agency(session: HubSession, agency_id: str) -> Agency:
    """The agency.

    Raises:
        NotFound: not in this hub.
    """
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("agency")
    return agency


def running_agency(session: HubSession, agency_id: str) -> Agency:
    """The agency, which gets digests.

    Raises:
        NotFound: not in this hub.
        AgencyEnded: it gets none any more.
    """
    agency = get_agency(session, agency_id)
    if agency.ended_at is not None:
        raise AgencyEnded
    return agency


def agencies_of(session: HubSession, *, ended: bool = False) -> list[Agency]:
    """The hub's agencies, in the order in which they were taken in.

    Args:
        session: of the hub.
        ended: also those that get nothing any more.
    """
    statement = select(Agency)
    if not ended:
        statement = statement.where(col(Agency.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(Agency.id))).all())


def change_agency(
    session: HubSession, agency_id: str, changes: Mapping[str, Any], now: datetime
) -> Agency:
    """Change the agency, or the name and language of its contact; the digest is planned again.

    Args:
        session: of the hub.
        agency_id: which one.
        changes: new values by name.
        now: UTC.

    Raises:
        NotFound: no such agency.
        AgencyEnded: it takes no change any more.
    """
    agency = running_agency(session, agency_id)
    person = session.get_one(Person, agency.person_id)
    for name, value in changes.items():
        setattr(person if name in OF_THE_PERSON else agency, name, value)
    session.add_all([agency, person])
    touch_agency(session, agency, now)
    return agency


def end_agency(session: HubSession, agency_id: str, source: Source, now: datetime) -> Agency:
    """The agency gets no digest any more, and nothing is shared with it from now on.

    Raises:
        NotFound: no such agency.
    """
    agency = get_agency(session, agency_id)
    if agency.ended_at is None:
        end_shares_of(session, agency, source, now)
        agency.ended_at = now
        touch_agency(session, agency, now)
    return agency
