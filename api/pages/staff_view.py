"""People and roles as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.own_words import Words
from api.pages.session import Visit
from domain.vocabulary import Role
from records.database import HubSession
from records.invitations import invitation_of
from records.second_factors import staff_without_factor
from records.staff import CASE_ROLES, caseloads, members
from records.tables import StaffInvitation, StaffMember, StaffSession

ROLES: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.ADVOCATE: Words("Advocate"),
        Role.SUPERVISOR: Words("Supervising advocate"),
        Role.HUB_ADMIN: Words("Administrator"),
        Role.COUNSEL: Words("Counsel"),
    }
)
"""What each role is called."""
ROLE_HINTS: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.ADVOCATE: Words("Advocate: works on cases"),
        Role.SUPERVISOR: Words("Supervising advocate: works on cases, reviews, sees who read what"),
        Role.HUB_ADMIN: Words("Administrator: runs the hub and its people, reads no case"),
        Role.COUNSEL: Words("Counsel: sees their own clients"),
    }
)


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody who works here or is invited.

    Attributes:
        cases: how many open cases are theirs; None where their role has none.
        last_seen: when a browser was last signed in, in words of the hub's clock; "" for never.
        second_factor: whether their password alone is not enough.
        waiting: they are invited and have not come, and how long their link holds.
        is_me: the visitor.
    """

    id: str
    name: str
    sign_in: str
    role: str
    role_words: str
    cases: int | None
    last_seen: str
    second_factor: bool
    waiting: wording.Status | None
    is_me: bool


def staff_lines(session: HubSession, visit: Visit) -> list[StaffLine]:
    """Everybody, by role and name."""
    loads, seen = caseloads(session), _last_seen(session)
    alone = staff_without_factor(session)
    waiting = {
        row.staff_id: row
        for row in session.exec(
            select(StaffInvitation).where(
                col(StaffInvitation.used_at).is_(None), col(StaffInvitation.ended_at).is_(None)
            )
        ).all()
    }
    order = list(ROLES)
    lines = [
        _line(visit, one, loads, seen, waiting.get(one.id), second=one.id not in alone)
        for one in members(session)
    ]
    return sorted(lines, key=lambda one: order.index(Role(one.role)))


def staff_line(session: HubSession, visit: Visit, member: StaffMember) -> StaffLine:
    """One of them."""
    return _line(
        visit,
        member,
        caseloads(session),
        _last_seen(session),
        invitation_of(session, member.id),
        second=member.id not in staff_without_factor(session),
    )


def _line(
    visit: Visit,
    member: StaffMember,
    loads: Mapping[str, int],
    seen: Mapping[str, datetime],
    invitation: StaffInvitation | None,
    *,
    second: bool,
) -> StaffLine:
    last, role = seen.get(member.id), Role(member.role)
    return StaffLine(
        id=member.id,
        name=member.name,
        sign_in=member.sign_in,
        role=member.role,
        role_words=ROLES[role],
        cases=loads.get(member.id, 0) if role in CASE_ROLES else None,
        last_seen=dates.moment_words(last, visit.hub.zone) if last else "",
        second_factor=second and member.active,
        waiting=None if member.active else _waiting(invitation, visit),
        is_me=member.id == visit.caller.id,
    )


def _waiting(invitation: StaffInvitation | None, visit: Visit) -> wording.Status:
    if invitation is None or invitation.expires_at <= visit.now:
        return wording.Status("invited; the link has expired", "diamond", "amber")
    until = dates.moment_words(invitation.expires_at, visit.hub.zone)
    return wording.Status(f"invited; the link holds until {until}", "ring", "plain")


def _last_seen(session: HubSession) -> Mapping[str, datetime]:
    rows = session.exec(
        select(col(StaffSession.staff_id), func.max(col(StaffSession.created_at))).group_by(
            col(StaffSession.staff_id)
        )
    ).all()
    return dict(rows)
