"""The link to a consent, sent to the person at a phone or mailbox of their own.

It leaves through the workflow of their case, like every other message: claimed once, settled, and
a task where it cannot arrive. The message says that a page waits, and nothing else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.mailing import ASKS_CONSENT
from domain.vocabulary import Channel
from records.answering import CannotAnswer, answer_carrier, queue_answer
from records.casework import NotFound, Source, record_event
from records.consents import AlreadySigned
from records.database import HubSession
from records.tables import Answer, Case, ConsentTerms, ContactPoint, Defendant

LINK_USEFUL: Final = timedelta(days=2)
"""For how long a link is tried to be sent; after that a person hands it over."""
WRITTEN: Final = (Channel.SMS, Channel.EMAIL)
"""Ways that carry the address of a page."""


def contacts_for(session: HubSession, row: ConsentTerms) -> Sequence[ContactPoint]:
    """The person's own phones and mailboxes to which the link may go now, first to last."""
    return session.exec(
        select(ContactPoint)
        .where(
            ContactPoint.person_id == row.person_id,
            col(ContactPoint.channel).in_(WRITTEN),
            col(ContactPoint.opted_out_at).is_(None),
            col(ContactPoint.unreachable_at).is_(None),
        )
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    ).all()


def send_consent_link(
    session: HubSession, row: ConsentTerms, contact_id: str, source: Source, now: datetime
) -> Answer:
    """Send the link of a consent to one of the person's own contacts. While one is on its way
    there, a second time changes nothing.

    Args:
        session: of the hub.
        row: the consent, signed or not.
        contact_id: where to.
        source: who sends it.
        now: UTC.

    Raises:
        NotFound: this person has no such contact.
        AlreadySigned: the consent is not wanted any more.
        CannotAnswer: nothing may be sent there; says what to do in its place.
    """
    session.lock(row)
    if row.cancelled_at is not None:
        raise AlreadySigned
    contact = session.get(ContactPoint, contact_id)
    if contact is None or contact.person_id != row.person_id:
        raise NotFound("contact")
    case = answer_carrier(session, contact)
    if _held(session, case, row.person_id):
        raise CannotAnswer("They are in custody, and others may have their phone. Bring the form.")
    waiting = session.exec(
        select(Answer).where(
            Answer.consent_id == row.id,
            Answer.contact_id == contact.id,
            col(Answer.written_at) > now - LINK_USEFUL,
            col(Answer.until) > now,
        )
    ).first()
    return waiting or _written(session, row, contact, case, source, now)


def _written(
    session: HubSession,
    row: ConsentTerms,
    contact: ContactPoint,
    case: Case,
    source: Source,
    now: datetime,
) -> Answer:
    answer = Answer(
        case_id=case.id,
        person_id=row.person_id,
        contact_id=contact.id,
        consent_id=row.id,
        step=ASKS_CONSENT,
        written_by=source.actor,
        written_at=now,
        until=now + LINK_USEFUL,
    )
    queue_answer(session, case, answer, now)
    record_event(session, case, "circle", "consent_link_sent", source, now, subject_id=row.id)
    return answer


def _held(session: HubSession, case: Case, person_id: str) -> bool:
    own = session.get(Defendant, case.defendant_id)
    return case.custody == "detained" and own is not None and own.person_id == person_id
