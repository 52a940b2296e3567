"""The circle around a defendant: supporters, how to reach each, and what they agreed to."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.tracks import ENDED_STAGES
from domain.vocabulary import Channel
from records.addresses import address_index, normalise
from records.agency_news import tell_agencies_of_person
from records.casework import NotFound, Source, get_case, record_event, touch
from records.database import HubSession
from records.family_ending import end_page_in_case
from records.packet_news import tell_packets_of_person
from records.tables import Case, Consent, ContactPoint, Defendant, Person, Supporter

REMINDERS = "reminders"
"""The purpose of a consent to be reminded."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A way to reach someone, and the words with which they agreed to it.

    Attributes:
        how: they agreed: "in person", "by phone", "on paper", "by text" …
    """

    channel: Channel
    address: str
    consent_words: str
    given_by: str = "self"
    how: str = ""


@dataclass(frozen=True, slots=True)
class NewSupporter:
    """Family or a friend who stands beside the defendant."""

    first_name: str
    last_name: str
    relationship: str
    language: str = "en"
    contacts: tuple[NewContact, ...] = ()
    may_know_hearings: bool = True
    mentor: bool = False


def enroll_supporter(
    session: HubSession, case_id: str, new: NewSupporter, source: Source, now: datetime
) -> Supporter:
    """Take a supporter into the circle; they are told of the next hearing at once.

    Raises:
        NotFound: no such case.
        BadAddress: a contact cannot be right.
    """
    case = get_case(session, case_id)
    person = Person(first_name=new.first_name, last_name=new.last_name, language=new.language)
    session.add(person)
    session.flush()
    for contact in new.contacts:
        _add_contact(session, person.id, contact, now)
    supporter = Supporter(
        case_id=case.id,
        person_id=person.id,
        relationship=new.relationship,
        may_know_hearings=new.may_know_hearings,
        mentor=new.mentor,
        enrolled_at=now,
    )
    session.add(supporter)
    session.flush()
    record_event(session, case, "circle", "enrolled", source, now, subject_id=person.id)
    touch(session, case, now)
    return supporter


def end_supporter(
    session: HubSession, supporter_id: str, source: Source, now: datetime
) -> Supporter:
    """A supporter leaves the circle: nothing more is sent to them about this case.

    Raises:
        NotFound: no such supporter.
    """
    supporter = session.get(Supporter, supporter_id)
    if supporter is None:
        raise NotFound("supporter")
    if supporter.ended_at is None:
        supporter.ended_at = now
        session.add(supporter)
        end_page_in_case(session, supporter.person_id, supporter.case_id, now)
        case = get_case(session, supporter.case_id)
        record_event(session, case, "circle", "left", source, now, subject_id=supporter.person_id)
        touch(session, case, now)
    return supporter


def add_contact(
    session: HubSession, person_id: str, new: NewContact, source: Source, now: datetime
) -> ContactPoint:
    """Note a way to reach someone; the same address in another spelling is the same.

    Raises:
        NotFound: no such person.
        BadAddress: it cannot be right.
    """
    if session.get(Person, person_id) is None:
        raise NotFound("person")
    contact = _add_contact(session, person_id, new, now)
    for case in cases_of(session, person_id):
        record_event(session, case, "circle", "contact_added", source, now, subject_id=person_id)
        touch(session, case, now)
    tell_packets_of_person(session, person_id, now)
    tell_agencies_of_person(session, person_id, now)
    return contact


def _add_contact(
    session: HubSession, person_id: str, new: NewContact, now: datetime
) -> ContactPoint:
    address = normalise(new.channel, new.address)
    index = address_index(address)
    contact = session.exec(
        select(ContactPoint).where(
            ContactPoint.person_id == person_id,
            ContactPoint.channel == new.channel,
            ContactPoint.address_index == index,
        )
    ).first()
    if contact is None:
        known = session.exec(
            select(col(ContactPoint.id)).where(ContactPoint.person_id == person_id)
        )
        contact = ContactPoint(
            person_id=person_id,
            channel=new.channel,
            address=address,
            address_index=index,
            rank=len(known.all()),
        )
        session.add(contact)
        session.flush()
    contact.unreachable_at, contact.unreachable_code = None, ""
    agree(session, contact, new.consent_words, new.how, now, given_by=new.given_by)
    return contact


def agree(
    session: HubSession,
    contact: ContactPoint,
    words: str,
    how: str,
    now: datetime,
    *,
    given_by: str = "self",
) -> None:
    """They want to be reached there, and said so: kept with the words and the way of saying it."""
    contact.opted_out_at, contact.opted_out_how = None, ""
    session.add(contact)
    session.add(
        Consent(
            person_id=contact.person_id,
            contact_id=contact.id,
            purpose=REMINDERS,
            channel=contact.channel,
            words=words,
            given_by=given_by,
            given_at=now,
            how=how,
        )
    )
    session.flush()


def opt_out(
    session: HubSession,
    contact: ContactPoint,
    source: Source,
    now: datetime,
    *,
    words: str = "",
) -> None:
    """They want no more messages there: the contact and its consents end at once.

    Any reasonable words do (47 CFR 64.1200(a)(10)); they are kept. Ways that were agreed to
    separately go on.

    Args:
        session: of the hub.
        contact: where they want none any more.
        source: who heard it, and how.
        now: UTC.
        words: how they said it; "" where nobody knows, e.g. told by the provider.
    """
    contact.opted_out_at, contact.opted_out_how = now, source.origin
    session.add(contact)
    for consent in session.exec(
        select(Consent).where(Consent.contact_id == contact.id, col(Consent.withdrawn_at).is_(None))
    ).all():
        consent.withdrawn_at, consent.withdrawn_how = now, source.origin
        consent.withdrawn_words = words
        session.add(consent)
    _tell_cases(session, contact, "opted_out", source, now)


def mark_unreachable(
    session: HubSession, contact: ContactPoint, code: str, source: Source, now: datetime
) -> None:
    """The provider says that this address can never be reached; `code` is its word."""
    contact.unreachable_at = now
    contact.unreachable_code = code
    session.add(contact)
    _tell_cases(session, contact, "unreachable", source, now)


def _tell_cases(
    session: HubSession, contact: ContactPoint, kind: str, source: Source, now: datetime
) -> None:
    for case in cases_of(session, contact.person_id):
        record_event(session, case, "circle", kind, source, now, subject_id=contact.person_id)
        touch(session, case, now)
    tell_packets_of_person(session, contact.person_id, now)
    tell_agencies_of_person(session, contact.person_id, now)


def contacts_at(session: HubSession, address: str) -> list[ContactPoint]:
    """Everyone's contact points with this normalised address."""
    return list(
        session.exec(
            select(ContactPoint).where(ContactPoint.address_index == address_index(address))
        ).all()
    )


def cases_of(session: HubSession, person_id: str) -> list[Case]:
    """Cases in which this person is the defendant or a supporter."""
    own = (
        select(Case)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(Defendant.person_id == person_id)
    )
    stands_by = (
        select(Case)
        .join(Supporter, col(Supporter.case_id) == Case.id)
        .where(Supporter.person_id == person_id)
    )
    found = {case.id: case for case in (*session.exec(own).all(), *session.exec(stands_by).all())}
    return [found[case_id] for case_id in sorted(found)]


def talked_about(session: HubSession, person_id: str) -> list[Case]:
    """Open cases of whose hearings this person is told: their own, and those they stand by."""
    return [
        case
        for case in cases_of(session, person_id)
        if case.stage not in ENDED_STAGES and is_told_of(session, person_id, case)
    ]


def is_told_of(session: HubSession, person_id: str, case: Case) -> bool:
    """Whether a person is told of a case's hearings: it is theirs, or they stand by it and may."""
    own = session.exec(
        select(col(Defendant.id)).where(
            Defendant.id == case.defendant_id, Defendant.person_id == person_id
        )
    ).first()
    stands_by = session.exec(
        select(col(Supporter.id)).where(
            Supporter.case_id == case.id,
            Supporter.person_id == person_id,
            col(Supporter.ended_at).is_(None),
            col(Supporter.may_know_hearings).is_(True),
        )
    ).first()
    return (own or stands_by) is not None
