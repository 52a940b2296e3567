"""Charges of a case: written by counsel, never in a message, a feed or a family page."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession
from records.listing_queries import Page, Window, page_of
from records.tables import Charge


@dataclass(frozen=True, slots=True)
class ChargeWords:
    """What a charge is: statute, words, class (felony, misdemeanor …) and state."""

    statute: str
    words: str
    charge_class: str
    state: str


def charges_page(session: HubSession, case_id: str, window: Window) -> Page[Charge]:
    """The charges of a case.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    return page_of(session, select(Charge).where(Charge.case_id == case.id), Charge.id, window)


def add_charge(
    session: HubSession, case_id: str, new: ChargeWords, source: Source, now: datetime
) -> Charge:
    """Write down a charge.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    charge = Charge(case_id=case.id, statute=new.statute, words=new.words)
    charge.charge_class, charge.state = new.charge_class, new.state
    session.add(charge)
    session.flush()
    record_event(session, case, "court", "charge_added", source, now, subject_id=charge.id)
    return charge


def get_charge(session: HubSession, charge_id: str) -> Charge:
    """The charge.

    Raises:
        NotFound: not in this hub.
    """
    charge = session.get(Charge, charge_id)
    if charge is None:
        raise NotFound("charge")
    return charge


def change_charge(
    session: HubSession, charge_id: str, new: ChargeWords, source: Source, now: datetime
) -> Charge:
    """Correct a charge, or write down what became of it.

    Raises:
        NotFound: no such charge.
    """
    charge = get_charge(session, charge_id)
    origin = charge.state
    charge.statute, charge.words = new.statute, new.words
    charge.charge_class, charge.state = new.charge_class, new.state
    session.add(charge)
    case = get_case(session, charge.case_id)
    record_event(
        session,
        case,
        "court",
        "charge_changed",
        source,
        now,
        origin=origin,
        result=new.state,
        subject_id=charge.id,
    )
    return charge
