"""Whose referrals somebody of the team sees: survivors' services are kept apart."""

from typing import Any

from sqlmodel import and_, col, or_, select

from domain.vocabulary import Role
from records.casework import NotFound
from records.conflicts import SUPERVISORS_ONLY
from records.database import HubSession
from records.referrals import get_referral
from records.tables import Case, HumanTask, Message, Referral

SEES_ALL = frozenset({Role.SUPERVISOR})


def visible_to(role: Role, staff_id: str) -> Any:
    """The condition under which somebody sees a referral: not walled, or theirs, or a supervisor.

    Args:
        role: whose.
        staff_id: of the staff member; the id of a token is nobody's, and sees nothing walled.
    """
    if role in SEES_ALL:
        return col(Referral.case_id).is_not(None)
    theirs = select(col(Case.id)).where(Case.advocate_id == staff_id)
    return and_(
        col(Referral.case_id).is_not(None),
        or_(col(Referral.walled).is_(False), col(Referral.case_id).in_(theirs)),
    )


def outside_wall(rows: type[Message] | type[HumanTask], role: Role, staff_id: str) -> Any:
    """The condition under which somebody sees a message or a task: it belongs to no referral, or to
    one that they see; a task that tells of a conflict is for supervisors.

    Args:
        rows: the table.
        role, staff_id: as for `visible_to`.
    """
    seen = select(col(Referral.id)).where(visible_to(role, staff_id))
    outside = or_(col(rows.referral_id).is_(None), col(rows.referral_id).in_(seen))
    if rows is HumanTask and role not in SEES_ALL:
        return and_(outside, col(HumanTask.kind).not_in(SUPERVISORS_ONLY))
    return outside


def seen_task(session: HubSession, task_id: str, role: Role, staff_id: str) -> HumanTask:
    """The task, where this person may see it.

    Raises:
        NotFound: not in this hub, or behind the wall; nobody can tell which.
    """
    row = session.exec(
        select(HumanTask).where(HumanTask.id == task_id, outside_wall(HumanTask, role, staff_id))
    ).first()
    if row is None:
        raise NotFound("task")
    return row


def seen_referral(session: HubSession, referral_id: str, role: Role, staff_id: str) -> Referral:
    """The referral, where this person may see it.

    Raises:
        NotFound: not in this hub, or behind the wall; nobody can tell which.
    """
    row = get_referral(session, referral_id)
    case = session.get(Case, row.case_id)
    theirs = case is not None and case.advocate_id == staff_id
    if row.walled and role not in SEES_ALL and not theirs:
        raise NotFound("referral")
    return row
