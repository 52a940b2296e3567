"""Reading the audit trail: one page of it, by who, about what and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from records.database import HubSession
from records.listing_queries import Page, Window, page_of
from records.tables import AuditEvent


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; "" and None for anything.

    Attributes:
        actor: id of who did it.
        subject_id: id of what it was done to.
        since, until: instants (UTC); `until` itself is left out.
    """

    actor: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def count_deeds(session: HubSession, wanted: Wanted) -> int:
    """How many rows there are."""
    return session.exec(select(func.count(col(AuditEvent.id))).where(*_such(wanted))).one()


def find_deeds(session: HubSession, wanted: Wanted, cut: slice) -> list[AuditEvent]:
    """Rows, newest first; `cut` of them."""
    statement = (
        select(AuditEvent)
        .where(*_such(wanted))
        .order_by(col(AuditEvent.happened_at).desc(), col(AuditEvent.id).desc())
        .offset(cut.start)
        .limit(cut.stop - cut.start)
    )
    return list(session.exec(statement).all())


def deeds_page(session: HubSession, wanted: Wanted, window: Window) -> Page[AuditEvent]:
    """One page of rows, newest first."""
    statement = select(AuditEvent).where(*_such(wanted))
    return page_of(session, statement, AuditEvent.id, window, newest_first=True)


def _such(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor:
        found.append(col(AuditEvent.actor) == wanted.actor)
    if wanted.subject_id:
        found.append(col(AuditEvent.subject_id) == wanted.subject_id)
    if wanted.since is not None:
        found.append(col(AuditEvent.happened_at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(AuditEvent.happened_at) < wanted.until)
    return found
