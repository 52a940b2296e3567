"""Telling the workflows of agencies that something they plan by has changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from domain.agenda import Subject
from records.database import HubSession
from records.outbox import announce
from records.tables import Agency, AgencyShare


def touch_agency(session: HubSession, agency: Agency, now: datetime) -> None:
    """Something in an agency or its shares changed: new revision, news in the outbox."""
    session.lock(agency, "revision")
    agency.revision += 1
    session.add(agency)
    announce(session, Subject.AGENCY, agency.id, agency.revision, now)


def tell_agencies_of_case(session: HubSession, case_id: str, now: datetime) -> None:
    """A case changed: those with which it is shared plan again."""
    shared = (
        select(Agency)
        .join(AgencyShare, col(AgencyShare.agency_id) == Agency.id)
        .where(
            AgencyShare.case_id == case_id,
            col(AgencyShare.ended_at).is_(None),
            col(Agency.ended_at).is_(None),
        )
        .order_by(col(Agency.id))
    )
    _touch_all(session, session.exec(shared).all(), now)


def tell_agencies_of_person(session: HubSession, person_id: str, now: datetime) -> None:
    """A way to reach someone changed, or a message to them did not arrive: the agencies whose
    contact they are plan again."""
    served = select(Agency).where(Agency.person_id == person_id).order_by(col(Agency.id))
    _touch_all(session, session.exec(served).all(), now)


def _touch_all(session: HubSession, agencies: Iterable[Agency], now: datetime) -> None:
    for agency in agencies:
        touch_agency(session, agency, now)
