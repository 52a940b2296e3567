"""People and roles: who works in a hub, invited, changed and removed, and whose cases are whose.

The hub's row is held while roles change, so that two administrators cannot remove each other in
one moment and leave a hub that nobody runs.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, Update, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.tracks import ENDED_STAGES
from domain.vocabulary import Role
from records.access import hash_token
from records.browsers import end_browsers
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession, Records
from records.second_factors import remove_second_factors
from records.tables import Case, Counsel, FeedToken, Hub, HumanTask, StaffInvitation, StaffMember

INVITATION_LASTS: Final = timedelta(days=7)
CASE_ROLES: Final = frozenset({Role.ADVOCATE, Role.SUPERVISOR})
"""Roles whose holders have cases of their own."""
_TOKEN_BYTES: Final = 16


class StaffProblem(ValueError):
    """Something about people and roles that cannot be done."""


class SignInTaken(StaffProblem):
    """Somebody signs in under this name already."""


class LastAdministrator(StaffProblem):
    """Nobody would run the hub any more."""


class HasCases(StaffProblem):
    """They have open cases, which would be nobody's without anybody noticing."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} open cases are still theirs")
        self.count = count


class InvitationOver(StaffProblem):
    """It was used, has expired, was replaced or never was: nobody is told which."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to work in the hub. `sign_in` is unique over all hubs, in small letters."""

    name: str
    sign_in: str
    role: Role
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a good invitation is for."""

    hub_id: str
    hub_name: str
    staff_id: str
    name: str
    sign_in: str
    invitation_id: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over."""

    cases: int
    tasks: int


def members(session: HubSession) -> Sequence[StaffMember]:
    """Everybody who works here or is invited, by role and name; not who was removed."""
    waiting = select(col(StaffInvitation.staff_id)).where(_open())
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


def invitation_of(session: HubSession, staff_id: str) -> StaffInvitation | None:
    """The invitation with which somebody may still come, even if it has expired."""
    return session.exec(
        select(StaffInvitation).where(StaffInvitation.staff_id == staff_id, _open())
    ).first()


def invite(session: HubSession, new: NewMember, now: datetime) -> tuple[StaffMember, str]:
    """Make a member of staff who cannot sign in yet, and the token with which they can.

    Raises:
        SignInTaken: the name for signing in is somebody's, of this hub or another.
    """
    sign_in = new.sign_in.strip().lower()
    member = StaffMember(
        name=new.name, sign_in=sign_in, role=new.role, language=new.language, active=False
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError:
        raise SignInTaken(sign_in) from None
    return member, _invitation(session, member.id, now)


def invite_again(session: HubSession, staff_id: str, now: datetime) -> str:
    """A new token for somebody who has not come; the one before is worth nothing any more.

    Raises:
        NotFound: nobody who is invited.
    """
    if invitation_of(session, staff_id) is None:
        raise NotFound("invitation")
    _end_invitations(session, staff_id, now)
    return _invitation(session, staff_id, now)


def guest_of(records: Records, token: str, now: datetime) -> Guest:
    """Whom an invitation is for. Looking changes nothing.

    Raises:
        InvitationOver: it opens nothing.
    """
    with records.reading("") as session:
        row = session.exec(
            select(StaffInvitation).where(StaffInvitation.token_hash == hash_token(token), _open())
        ).first()
        if row is None or row.expires_at <= now:
            raise InvitationOver
        member = session.get_one(StaffMember, row.staff_id)
        hub = session.get_one(Hub, row.hub_id)
    return Guest(hub.id, hub.name, member.id, member.name, member.sign_in, row.id)


def join(session: HubSession, guest: Guest, password_hash: str, now: datetime) -> None:
    """Use an invitation up: the guest works here from this transaction on.

    Raises:
        InvitationOver: somebody used or ended it a moment ago.
    """
    used = _changed(
        session,
        update(StaffInvitation)
        .where(col(StaffInvitation.id) == guest.invitation_id, _open())
        .where(col(StaffInvitation.expires_at) > now)
        .values(used_at=now),
    )
    if not used:
        raise InvitationOver
    member = session.get_one(StaffMember, guest.staff_id)
    member.active = True
    member.password_hash = password_hash
    session.add(member)


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
    _refuse_cases(session, staff_id)
    _pass_tasks(session, staff_id, None)
    _let_counsel_go(session, staff_id)
    member.active = False
    member.password_hash = ""
    session.add(member)
    end_browsers(session, staff_id, now)
    remove_second_factors(session, staff_id)
    _end_invitations(session, staff_id, now)
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


def _invitation(session: HubSession, staff_id: str, now: datetime) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        StaffInvitation(
            staff_id=staff_id, token_hash=hash_token(token), expires_at=now + INVITATION_LASTS
        )
    )
    return token


def _end_invitations(session: HubSession, staff_id: str, now: datetime) -> None:
    session.execute(
        update(StaffInvitation)
        .where(col(StaffInvitation.staff_id) == staff_id, _open())
        .values(ended_at=now)
    )


def _open() -> ColumnElement[bool]:
    """Neither used nor ended."""
    return col(StaffInvitation.used_at).is_(None) & col(StaffInvitation.ended_at).is_(None)
