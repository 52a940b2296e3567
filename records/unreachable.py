"""People of open circles whom messages do not reach: not by one of their ways, or not at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func
from sqlmodel import col, or_, select

from domain.tracks import ENDED_STAGES
from records.circle import REMINDERS
from records.correspondents import Correspondent, correspondents
from records.database import HubSession
from records.listing_queries import Page, Window, page_of
from records.tables import Case, Consent, ContactPoint, Defendant, Person, Supporter

OPTED_OUT = "opted-out"
NOT_AGREED = "not-agreed"
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ClosedWay:
    """A phone or mailbox to which nothing goes.

    Attributes:
        why: `opted-out`, `not-agreed`, or the code with which it became unreachable.
        since: UTC; None for one that was never agreed to.
    """

    contact_id: str
    channel: str
    address: str
    why: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Unreached:
    """Someone of an open circle, with the ways that are closed.

    Attributes:
        reachable: another way is still open.
    """

    who: Correspondent
    closed: tuple[ClosedWay, ...]
    reachable: bool


def unreached_page(
    session: HubSession, window: Window, *, nobody_left: bool = False
) -> Page[Person]:
    """People with a closed way, or with no way at all.

    Args:
        session: of the hub.
        window: which part.
        nobody_left: only those whom no way is left to reach.
    """
    statement = select(Person).where(*_which(nobody_left=nobody_left))
    return page_of(session, statement, Person.id, window)


def count_unreached(session: HubSession, *, nobody_left: bool = False) -> int:
    """How many there are."""
    return session.exec(
        select(func.count(col(Person.id))).where(*_which(nobody_left=nobody_left))
    ).one()


def worst_first(session: HubSession, part: slice) -> list[Person]:
    """A part of all of them: those whom no way is left to reach first."""
    lost = case((_usable_way(), 1), else_=0)
    statement = select(Person).where(*_which()).order_by(lost, col(Person.id))
    return list(session.exec(statement.offset(part.start).limit(part.stop - part.start)).all())


def unreached(session: HubSession, people: Sequence[Person]) -> list[Unreached]:
    """What is closed to each, and why, in a fixed number of queries."""
    ids = {person.id for person in people}
    known = correspondents(session, ids)
    ways = _ways(session, ids)
    agreed = _agreed(session, ids)
    found = []
    for person in people:
        those = [(way, closed_why(way, agreed=way.id in agreed)) for way in ways.get(person.id, ())]
        closed = tuple(_closed(way, why) for way, why in those if why)
        found.append(Unreached(known[person.id], closed, any(not why for _, why in those)))
    return found


def closed_why(contact: ContactPoint, *, agreed: bool) -> str:
    """Why nothing goes to a contact: a code as in `ClosedWay.why`; "" where something may."""
    if contact.opted_out_at is not None:
        return OPTED_OUT
    if contact.unreachable_at is not None:
        return contact.unreachable_code or UNREACHABLE
    return "" if agreed else NOT_AGREED


def _closed(contact: ContactPoint, why: str) -> ClosedWay:
    since = contact.opted_out_at or contact.unreachable_at
    return ClosedWay(contact.id, contact.channel, contact.address, why, since)


def _which(*, nobody_left: bool = False) -> tuple[ColumnElement[bool], ...]:
    lost = ~_usable_way()
    return _to_be_told(), lost if nobody_left else or_(lost, _closed_way())


def _to_be_told() -> ColumnElement[bool]:
    """Who is told of hearings in a followed case; nothing is sent to whoever is in custody."""
    followed = col(Case.closed_at).is_(None), col(Case.stage).not_in(sorted(ENDED_STAGES))
    own = (
        select(col(Defendant.person_id))
        .join(Case, col(Case.defendant_id) == Defendant.id)
        .where(*followed, Case.custody != "detained")
    )
    beside = (
        select(col(Supporter.person_id))
        .join(Case, col(Case.id) == Supporter.case_id)
        .where(
            *followed,
            col(Supporter.ended_at).is_(None),
            col(Supporter.may_know_hearings).is_(True),
        )
    )
    return or_(col(Person.id).in_(own), col(Person.id).in_(beside))


def _usable_way() -> ColumnElement[bool]:
    return (
        select(col(ContactPoint.id))
        .join(Consent, col(Consent.contact_id) == ContactPoint.id)
        .where(
            ContactPoint.person_id == Person.id,
            col(ContactPoint.opted_out_at).is_(None),
            col(ContactPoint.unreachable_at).is_(None),
            Consent.purpose == REMINDERS,
            col(Consent.withdrawn_at).is_(None),
        )
        .exists()
    )


def _closed_way() -> ColumnElement[bool]:
    return (
        select(col(ContactPoint.id))
        .where(
            ContactPoint.person_id == Person.id,
            or_(
                col(ContactPoint.opted_out_at).is_not(None),
                col(ContactPoint.unreachable_at).is_not(None),
            ),
        )
        .exists()
    )


def _ways(session: HubSession, person_ids: Collection[str]) -> dict[str, list[ContactPoint]]:
    rows = session.exec(
        select(ContactPoint)
        .where(col(ContactPoint.person_id).in_(person_ids))
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    ).all()
    found: dict[str, list[ContactPoint]] = {}
    for contact in rows:
        found.setdefault(contact.person_id, []).append(contact)
    return found


def _agreed(session: HubSession, person_ids: Collection[str]) -> set[str | None]:
    return set(
        session.exec(
            select(col(Consent.contact_id)).where(
                col(Consent.person_id).in_(person_ids),
                Consent.purpose == REMINDERS,
                col(Consent.withdrawn_at).is_(None),
            )
        ).all()
    )
