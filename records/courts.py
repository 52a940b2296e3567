"""Courts, their rooms' addresses and clocks, and the days on which they are closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from domain.court_time import zone_of
from records.casework import NotFound
from records.database import HubSession
from records.listing_queries import Page, Window, page_of
from records.packet_news import tell_packets_of_court
from records.tables import Court, CourtClosure, Courtroom

DEFAULT_FILING_LIMIT_MB = 25


@dataclass(frozen=True, slots=True)
class NewCourt:
    """A court: what it is called, where it is, on whose clock (IANA zone), what it takes.

    `filing_limit_mb` is the largest document that its e-filing takes, in megabytes of 1,000,000
    bytes; `filing_refuses_links` says whether it refuses documents that link to the web. Ask the
    court: limits change. Usual ones at the time of writing:

    | court | MB |
    | --- | --- |
    | California, Texas (eFileTexas) and Florida (statewide portal) | 25 |
    | federal courts (CM/ECF; each district sets its own) | 35 |
    | New York (NYSCEF) | 50 |
    | Illinois (eFileIL) | 15 |
    """

    name: str
    zone: str
    jurisdiction: str = ""
    address: str = ""
    phone: str = ""
    directions: str = ""
    filing_limit_mb: int = DEFAULT_FILING_LIMIT_MB
    filing_refuses_links: bool = False


def add_court(session: HubSession, new: NewCourt) -> Court:
    """Write a court down.

    Raises:
        UnknownZone: the zone is no IANA name.
        IntegrityError: the hub has a court of that name and jurisdiction.
    """
    zone_of(new.zone)
    court = Court(
        name=new.name,
        zone=new.zone,
        jurisdiction=new.jurisdiction,
        address=new.address,
        phone=new.phone,
        directions=new.directions,
        filing_limit_mb=new.filing_limit_mb,
        filing_refuses_links=new.filing_refuses_links,
    )
    session.add(court)
    session.flush()
    return court


def add_room(session: HubSession, court_id: str, name: str) -> Courtroom:
    """Note a room of a court; the same name twice is one room.

    Raises:
        NotFound: no such court.
    """
    get_court(session, court_id)
    known = session.exec(
        select(Courtroom).where(Courtroom.court_id == court_id, Courtroom.name == name)
    ).first()
    room = known or Courtroom(court_id=court_id, name=name)
    session.add(room)
    session.flush()
    return room


def known_courts(session: HubSession) -> Sequence[Court]:
    """Every court of the hub, by name."""
    return session.exec(select(Court).order_by(col(Court.name), col(Court.id))).all()


def known_rooms(session: HubSession) -> Sequence[str]:
    """The names of rooms that the hub has noted, of all its courts, each once."""
    return sorted(set(session.exec(select(Courtroom.name)).all()))


def get_court(session: HubSession, court_id: str) -> Court:
    """The court.

    Raises:
        NotFound: not in this hub.
    """
    court = session.get(Court, court_id)
    if court is None:
        raise NotFound("court")
    return court


def change_court(
    session: HubSession, court_id: str, changes: Mapping[str, Any], now: datetime
) -> Court:
    """Correct what is known of a court. Hearings keep the zone they were scheduled in; packets for
    them say what is known now.

    Args:
        changes: new values by the names of `NewCourt`.

    Raises:
        NotFound: no such court.
        UnknownZone: the zone is no IANA name.
    """
    court = get_court(session, court_id)
    if "zone" in changes:
        zone_of(changes["zone"])
    for name, value in changes.items():
        setattr(court, name, value)
    session.add(court)
    session.flush()
    tell_packets_of_court(session, court.id, now)
    return court


def courts_page(session: HubSession, window: Window) -> Page[Court]:
    """One page of the hub's courts."""
    return page_of(session, select(Court), Court.id, window)


def add_closure(
    session: HubSession, closed_on: date, why: str, court_id: str | None = None
) -> CourtClosure:
    """Note a day on which a court, or without one every court of the hub, is closed.

    The same day twice is one closure.

    Raises:
        NotFound: no such court.
    """
    if court_id is not None:
        get_court(session, court_id)
    known = session.exec(
        select(CourtClosure).where(
            CourtClosure.closed_on == closed_on, CourtClosure.court_id == court_id
        )
    ).first()
    closure = known or CourtClosure(closed_on=closed_on, court_id=court_id)
    closure.why = why
    session.add(closure)
    session.flush()
    return closure


def remove_closure(session: HubSession, closure_id: str) -> None:
    """The court is open that day after all.

    Raises:
        NotFound: no such closure.
    """
    closure = session.get(CourtClosure, closure_id)
    if closure is None:
        raise NotFound("closure")
    session.delete(closure)


def closures_page(
    session: HubSession, window: Window, *, since: date | None = None
) -> Page[CourtClosure]:
    """One page of the days on which courts are closed, from `since` on."""
    statement = select(CourtClosure)
    if since is not None:
        statement = statement.where(col(CourtClosure.closed_on) >= since)
    return page_of(session, statement, CourtClosure.id, window)
