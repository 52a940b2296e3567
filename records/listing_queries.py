"""Lists in pages: ordered by id, which grows with time, and continued after the last one seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from records.access import Caller
from records.casework import NotFound, get_case
from records.database import HubSession
from records.referral_wall import outside_wall
from records.tables import (
    ApiToken,
    CaseEvent,
    Consent,
    ContactPoint,
    Docket,
    FeedToken,
    Hearing,
    HubOwned,
    HumanTask,
    Message,
    Person,
    StaffMember,
    Supporter,
    TeamContact,
)

Row = TypeVar("Row", bound=HubOwned)


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` rows after the row `after` ("" for the first)."""

    limit: int = 50
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Part of a list; `after` is where the next page starts, "" when this is the last."""

    rows: list[Row]
    after: str = ""


def page_of(
    session: HubSession,
    statement: SelectOfScalar[Row],
    row_id: Any,
    window: Window,
    *,
    newest_first: bool = False,
) -> Page[Row]:
    """One page of a statement that selects whole rows.

    Args:
        statement: without an order of its own.
        row_id: the id column of the table.
        window: which part.
        newest_first: from the newest row back, for histories.
    """
    column = col(row_id)
    if window.after:
        statement = statement.where(
            column < window.after if newest_first else column > window.after
        )
    statement = statement.order_by(column.desc() if newest_first else column.asc())
    rows = list(session.exec(statement.limit(window.limit + 1)).all())
    return _cut(rows, window)


def _cut(rows: list[Row], window: Window) -> Page[Row]:
    more = len(rows) > window.limit
    kept = rows[: window.limit]
    return Page(kept, kept[-1].id if more else "")


def hearings_page(
    session: HubSession,
    window: Window,
    *,
    case_id: str = "",
    status: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> Page[Hearing]:
    """Hearings by the instant at which they start.

    Args:
        window: `after` is the id of a hearing.
        since, before: instants (UTC) between which they start.

    Raises:
        NotFound: no such case, or no hearing of the id in `after`.
    """
    statement = select(Hearing)
    if case_id:
        statement = statement.where(Hearing.case_id == get_case(session, case_id).id)
    if status:
        statement = statement.where(Hearing.status == status)
    if since is not None:
        statement = statement.where(col(Hearing.starts_at) >= since)
    if before is not None:
        statement = statement.where(col(Hearing.starts_at) < before)
    if window.after:
        last = session.get(Hearing, window.after)
        if last is None:
            raise NotFound("hearing")
        later = col(Hearing.starts_at) > last.starts_at
        same = (col(Hearing.starts_at) == last.starts_at) & (col(Hearing.id) > last.id)
        statement = statement.where(or_(later, same))
    statement = statement.order_by(col(Hearing.starts_at), col(Hearing.id))
    return _cut(list(session.exec(statement.limit(window.limit + 1)).all()), window)


def events_page(session: HubSession, case_id: str, window: Window) -> Page[CaseEvent]:
    """A case's history, newest first.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    return page_of(
        session,
        select(CaseEvent).where(CaseEvent.case_id == case.id),
        CaseEvent.id,
        window,
        newest_first=True,
    )


def dockets_page(session: HubSession, case_id: str, window: Window) -> Page[Docket]:
    """A case's docket numbers.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    return page_of(session, select(Docket).where(Docket.case_id == case.id), Docket.id, window)


def supporters_page(session: HubSession, case_id: str, window: Window) -> Page[Supporter]:
    """Everyone who is or was in a case's circle.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    statement = select(Supporter).where(Supporter.case_id == case.id)
    return page_of(session, statement, Supporter.id, window)


def get_person(session: HubSession, person_id: str) -> Person:
    """The person.

    Raises:
        NotFound: not in this hub.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    return person


def contacts_page(session: HubSession, person_id: str, window: Window) -> Page[ContactPoint]:
    """How a person can or could be reached.

    Raises:
        NotFound: no such person.
    """
    person = get_person(session, person_id)
    statement = select(ContactPoint).where(ContactPoint.person_id == person.id)
    return page_of(session, statement, ContactPoint.id, window)


def get_contact(session: HubSession, contact_id: str) -> ContactPoint:
    """The contact point.

    Raises:
        NotFound: not in this hub.
    """
    contact = session.get(ContactPoint, contact_id)
    if contact is None:
        raise NotFound("contact")
    return contact


def consents_page(session: HubSession, person_id: str, window: Window) -> Page[Consent]:
    """What a person agreed to, and what they took back.

    Raises:
        NotFound: no such person.
    """
    person = get_person(session, person_id)
    statement = select(Consent).where(Consent.person_id == person.id)
    return page_of(session, statement, Consent.id, window)


def tasks_page(
    session: HubSession,
    window: Window,
    caller: Caller,
    *,
    case_id: str = "",
    closed: bool | None = False,
) -> Page[HumanTask]:
    """Tasks for people that the caller may see; open ones unless said otherwise (None for all).

    Raises:
        NotFound: no such case.
    """
    statement = select(HumanTask).where(outside_wall(HumanTask, caller.role, caller.id))
    if case_id:
        statement = statement.where(HumanTask.case_id == get_case(session, case_id).id)
    if closed is not None:
        at = col(HumanTask.closed_at)
        statement = statement.where(at.is_not(None) if closed else at.is_(None))
    return page_of(session, statement, HumanTask.id, window)


def messages_page(
    session: HubSession,
    window: Window,
    caller: Caller,
    *,
    case_id: str = "",
    state: str = "",
    since: datetime | None = None,
) -> Page[Message]:
    """Messages that the caller may see, newest first.

    Raises:
        NotFound: no such case.
    """
    statement = select(Message).where(outside_wall(Message, caller.role, caller.id))
    if case_id:
        statement = statement.where(Message.case_id == get_case(session, case_id).id)
    if state:
        statement = statement.where(Message.state == state)
    if since is not None:
        statement = statement.where(col(Message.claimed_at) >= since)
    return page_of(session, statement, Message.id, window, newest_first=True)


def tokens_page(session: HubSession, window: Window) -> Page[ApiToken]:
    """The hub's tokens for programs, ended ones too."""
    return page_of(session, select(ApiToken), ApiToken.id, window)


def feeds_page(session: HubSession, window: Window) -> Page[FeedToken]:
    """The hub's private calendar addresses, ended ones too."""
    return page_of(session, select(FeedToken), FeedToken.id, window)


def team_page(session: HubSession, window: Window) -> Page[TeamContact]:
    """The team's own phones and mailboxes."""
    return page_of(session, select(TeamContact), TeamContact.id, window)


def staff_page(session: HubSession, window: Window) -> Page[StaffMember]:
    """The hub's staff."""
    return page_of(session, select(StaffMember), StaffMember.id, window)


__all__ = [
    "Page",
    "Window",
    "consents_page",
    "contacts_page",
    "dockets_page",
    "events_page",
    "feeds_page",
    "get_contact",
    "get_person",
    "hearings_page",
    "messages_page",
    "page_of",
    "staff_page",
    "supporters_page",
    "tasks_page",
    "team_page",
    "tokens_page",
]
