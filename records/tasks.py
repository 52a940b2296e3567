"""Tasks for people: what a person must do now, why, by when, and what closed it."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.agenda import AgendaItem, SubjectRef
from domain.vocabulary import Role
from records.casework import NotFound
from records.database import HubSession
from records.matters import case_of_subject
from records.tables import Case, Hearing, HumanTask, StaffMember

_ABOUT_A_HEARING = frozenset(
    {
        *("ask_outcome", "nobody_reached", "not_told", "call_now", "not_reached", "tell_agency"),
        "progress_report_due",
    }
)


def open_task(
    session: HubSession, item: AgendaItem, owner: SubjectRef, now: datetime
) -> HumanTask | None:
    """Open the task of an agenda item; None when it was opened before."""
    if _find(session, item.key) is not None:
        return None
    case_id = case_of_subject(session, owner)
    hearing_id = item.subject_id if item.step in _ABOUT_A_HEARING else None
    hearing = session.get(Hearing, hearing_id) if hearing_id else None
    if hearing is not None and owner.kind == "agency":
        case_id = hearing.case_id
    case = session.get(Case, case_id) if case_id else None
    task = HumanTask(
        claim=item.key,
        kind=item.step,
        case_id=case_id,
        plan_id=owner.id if owner.kind == "plan" else None,
        packet_id=owner.id if owner.kind == "packet" else None,
        referral_id=owner.id if owner.kind == "referral" else None,
        hearing_id=hearing.id if hearing else None,
        person_id=item.person_id or None,
        subject_id=item.subject_id,
        assigned_to_id=_assignee(session, item.step, case),
        opened_at=now,
        by=item.until,
    )
    return _added(session, task)


def _assignee(session: HubSession, kind: str, case: Case | None) -> str | None:
    """The case's advocate; for what has climbed, the supervising advocate, where there is one."""
    if kind != "step_escalated":
        return case.advocate_id if case else None
    supervisors = session.exec(
        select(col(StaffMember.id)).where(
            StaffMember.role == Role.SUPERVISOR, col(StaffMember.active).is_(True)
        )
    ).all()
    return supervisors[0] if len(supervisors) == 1 else None


def _added(session: HubSession, task: HumanTask) -> HumanTask | None:
    """The task as a new row; None when somebody else has just opened the same."""
    try:
        with session.begin_nested():
            session.add(task)
    except IntegrityError:
        if _find(session, task.claim) is None:
            raise
        return None
    return task


def open_house_task(
    session: HubSession, kind: str, claim: str, now: datetime, by: datetime | None = None
) -> HumanTask | None:
    """A task that belongs to no case (a provider is down, a disk is full)."""
    if _find(session, claim) is not None:
        return None
    return _added(session, HumanTask(claim=claim, kind=kind, opened_at=now, by=by))


def close_task(
    session: HubSession, task_id: str, by: str, outcome: str, now: datetime
) -> HumanTask:
    """A person did it.

    Raises:
        NotFound: no such task.
    """
    task = session.get(HumanTask, task_id)
    if task is None:
        raise NotFound("task")
    if task.closed_at is None:
        task.closed_at, task.closed_by, task.outcome = now, by, outcome
        session.add(task)
    return task


def open_tasks(session: HubSession, case_id: str = "") -> list[HumanTask]:
    """What still needs a person, oldest deadline first."""
    statement = select(HumanTask).where(col(HumanTask.closed_at).is_(None))
    if case_id:
        statement = statement.where(HumanTask.case_id == case_id)
    return list(
        session.exec(statement.order_by(col(HumanTask.by).nulls_last(), col(HumanTask.id))).all()
    )


def _find(session: HubSession, claim: str) -> HumanTask | None:
    return session.exec(select(HumanTask).where(HumanTask.claim == claim)).first()
