"""People and roles: who works in a hub, invited, changed and removed, and whose cases are whose.

The hub's row is held while roles change, so that two administrators cannot remove each other in
one moment and leave a hub that nobody runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import CursorResult, Update, func, update
from sqlmodel import col, select

from domain.tracks import ENDED_STAGES
from domain.vocabulary import Role
from records.browsers import end_browsers
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession
from records.invitations import StaffProblem, end_invitations, invitation_of, is_open
from records.second_factors import remove_second_factors
from records.tables import (
    Case,
    Counsel,
    CourtSupport,
    FeedToken,
    Hearing,
    Hub,
    HumanTask,
    StaffInvitation,
    StaffMember,
)

CASE_ROLES: Final = frozenset({Role.ADVOCATE, Role.SUPERVISOR})
"""Roles whose holders have cases of their own."""


class LastAdministrator(StaffProblem):
    """Nobody would run the hub any more."""


class HasCases(StaffProblem):
    """They have open cases, which would be nobody's without anybody noticing."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} open cases are still theirs")
        self.count = count


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over."""

    cases: int
    tasks: int


def members(session: HubSession) -> Sequence[StaffMember]:
    """Everybody who works here or is invited, by role and name; not who was removed."""
    waiting = select(col(StaffInvitation.staff_id)).where(is_open())
    rows = session.exec(
        select(StaffMember).where(
            col(StaffMember.active).is_(True) | col(StaffMember.id).in_(waiting)
        )
    ).all()
    return sorted(rows, key=lambda one: (one.role, one.name.casefold(), one.id))


def member_of(session: HubSession, staff_id: str) -> StaffMember:
    """Somebody who works here or is invited.

    Raises:
        NotFound: not in this hub, or removed.
    """
    member = session.get(StaffMember, staff_id)
    if member is None or not (member.active or invitation_of(session, staff_id)):
        raise NotFound("member of staff")
    return member


def change_role(session: HubSession, staff_id: str, role: Role, now: datetime) -> StaffMember:
    """Give somebody another role. They sign in anew: what they may see is another thing now.

    Raises:
        NotFound: nobody of this hub.
        LastAdministrator: nobody else runs the hub.
        HasCases: the new role has no cases, and they do; hand them over first.
    """
    _hold(session)
    member = member_of(session, staff_id)
    if member.role == role:
        return member
    _keep_an_administrator(session, member)
    session.lock(member, "active", "role")
    if role not in CASE_ROLES:
        _refuse_cases(session, staff_id)
    _let_counsel_go(session, staff_id)
    member.role = role
    session.add(member)
    end_browsers(session, staff_id, now)
    return member


def remove(session: HubSession, staff_id: str, now: datetime) -> StaffMember:
    """Let somebody work here no more: signed out everywhere, at once, for good.

    What they wrote stays theirs. Their calendar address ends, their invitation too.

    Raises:
        NotFound: nobody of this hub.
        LastAdministrator: nobody else runs the hub.
        HasCases: hand them over first.
    """
    _hold(session)
    member = member_of(session, staff_id)
    _keep_an_administrator(session, member)
    session.lock(member, "active", "role")
    _refuse_cases(session, staff_id)
    _leave_rosters(session, staff_id, now)
    _pass_tasks(session, staff_id, None)
    _let_counsel_go(session, staff_id)
    member.active = False
    member.password_hash = ""
    session.add(member)
    end_browsers(session, staff_id, now)
    remove_second_factors(session, staff_id)
    end_invitations(session, staff_id, now)
    feeds = update(FeedToken).where(
        col(FeedToken.staff_id) == staff_id, col(FeedToken.revoked_at).is_(None)
    )
    session.execute(feeds.values(revoked_at=now))
    return member


def caseloads(session: HubSession) -> Mapping[str, int]:
    """Id of a member of staff → how many open cases are theirs; "" → how many are nobody's."""
    rows = session.exec(
        select(col(Case.advocate_id), func.count(col(Case.id)))
        .where(col(Case.stage).not_in(sorted(ENDED_STAGES)))
        .group_by(col(Case.advocate_id))
    ).all()
    return {staff_id or "": count for staff_id, count in rows}


def caseworkers(session: HubSession) -> Sequence[StaffMember]:
    """Everybody who works here and may have cases, by name."""
    rows = session.exec(
        select(StaffMember).where(
            col(StaffMember.active).is_(True), col(StaffMember.role).in_(CASE_ROLES)
        )
    ).all()
    return sorted(rows, key=lambda one: (one.name.casefold(), one.id))


def caseworker_of(session: HubSession, staff_id: str) -> StaffMember:
    """Somebody who may have cases.

    Raises:
        NotFound: nobody who works here, or in a role without cases.
    """
    member = session.get(StaffMember, staff_id)
    if member is not None:
        # Whoever is being removed at this moment is not given another case.
        session.lock(member, "active", "role")
    if member is None or not member.active or member.role not in CASE_ROLES:
        raise NotFound("member of staff")
    return member


def open_cases_of(session: HubSession, staff_id: str) -> Sequence[Case]:
    """The open cases of a member of staff."""
    return session.exec(
        select(Case)
        .where(Case.advocate_id == staff_id, col(Case.stage).not_in(sorted(ENDED_STAGES)))
        .order_by(col(Case.id))
    ).all()


def hand_over(
    session: HubSession, staff_id: str, to: str | None, source: Source, now: datetime
) -> Handed:
    """Every open case and open task of one person becomes another's; nobody's, for None.

    Each case says so in its history. Closed cases stay with whom they were.

    Raises:
        NotFound: one of the two does not work here, or the other one may have no cases.
    """
    member_of(session, staff_id)
    if to is not None:
        caseworker_of(session, to)
    cases = open_cases_of(session, staff_id)
    for case in cases:
        _give(session, case, to, source, now)
    return Handed(len(cases), _pass_tasks(session, staff_id, to))


def give_case(
    session: HubSession, case_id: str, to: str | None, source: Source, now: datetime
) -> bool:
    """Make one case somebody's, or nobody's. Giving it to whose it is changes nothing.

    Returns:
        Whether it changed hands.

    Raises:
        NotFound: no such case, or nobody who may have cases.
    """
    case = get_case(session, case_id)
    if to is not None:
        caseworker_of(session, to)
    session.lock(case, "advocate_id")
    if case.advocate_id == to:
        return False
    before = case.advocate_id
    _give(session, case, to, source, now)
    if before is not None:
        _pass_tasks(session, before, to, case_id)
    return True


def _give(session: HubSession, case: Case, to: str | None, source: Source, now: datetime) -> None:
    case.advocate_id = to
    session.add(case)
    record_event(session, case, "", "handed_over", source, now, subject_id=to or "")


def _pass_tasks(session: HubSession, staff_id: str, to: str | None, case_id: str = "") -> int:
    tasks = update(HumanTask).where(
        col(HumanTask.assigned_to_id) == staff_id, col(HumanTask.closed_at).is_(None)
    )
    if case_id:
        tasks = tasks.where(col(HumanTask.case_id) == case_id)
    return _changed(session, tasks.values(assigned_to_id=to))


def _changed(session: HubSession, statement: Update) -> int:
    """How many rows a change took hold of."""
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _leave_rosters(session: HubSession, staff_id: str, now: datetime) -> None:
    """Nobody waits in a courtroom for somebody who works here no more."""
    coming = select(col(Hearing.id)).where(col(Hearing.starts_at) > now)
    rows = session.exec(
        select(CourtSupport).where(
            CourtSupport.staff_id == staff_id, col(CourtSupport.hearing_id).in_(coming)
        )
    ).all()
    for row in rows:
        session.delete(row)


def _let_counsel_go(session: HubSession, staff_id: str) -> None:
    """The counsel who signed in with this account may be given another one."""
    rows = update(Counsel).where(col(Counsel.staff_id) == staff_id)
    session.execute(rows.values(staff_id=None))


def _hold(session: HubSession) -> None:
    session.lock(session.get_one(Hub, session.hub_id), "id")


def _keep_an_administrator(session: HubSession, member: StaffMember) -> None:
    if member.role != Role.HUB_ADMIN or not member.active:
        return
    others = session.exec(
        select(func.count(col(StaffMember.id))).where(
            StaffMember.role == Role.HUB_ADMIN,
            col(StaffMember.active).is_(True),
            StaffMember.id != member.id,
        )
    ).one()
    if not others:
        raise LastAdministrator


def _refuse_cases(session: HubSession, staff_id: str) -> None:
    count = caseloads(session).get(staff_id, 0)
    if count:
        raise HasCases(count)
