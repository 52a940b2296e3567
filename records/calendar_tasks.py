"""What a court's calendar leaves to a person, because guessing would be dangerous.

`vanished_from_calendar`: a hearing that was listed is not listed any more. It stays scheduled
and everyone still comes until a person has asked the court: a wrong cancellation is a warrant.
`calendar_conflict`: the calendar contradicts itself or what was recorded by hand. The earliest
knowledge stands and nobody is told twice.
`calendar_which_court`: several courts use the case's number and the case does not say which.
`calendar_review`: a calendar was handed in and nobody has looked at what it changes yet.
`calendar_rows`: rows of a calendar that was applied could not be read.
"""

from datetime import datetime

from sqlmodel import col, select

from records.database import HubSession
from records.tables import Case, Hearing, HumanTask

VANISHED = "vanished_from_calendar"
CONFLICT = "calendar_conflict"
WHICH_COURT = "calendar_which_court"
TO_REVIEW = "calendar_review"
UNREAD_ROWS = "calendar_rows"
CALENDAR_TASKS = frozenset({VANISHED, CONFLICT, WHICH_COURT})


def ask_about_hearing(
    session: HubSession, kind: str, case: Case, hearing: Hearing, entry_id: str, now: datetime
) -> bool:
    """Open a task about a hearing; False when the same is asked already.

    It is claimed by hearing, revision and entry, so that a date that comes back and vanishes
    again is asked about again.
    """
    asked = session.exec(
        select(HumanTask.id).where(
            HumanTask.hearing_id == hearing.id,
            HumanTask.kind == kind,
            col(HumanTask.closed_at).is_(None),
        )
    ).first()
    claim = f"{kind}:{hearing.id}:{hearing.revision}:{entry_id}"
    if asked is not None or _claimed(session, claim):
        return False
    session.add(
        HumanTask(
            claim=claim,
            kind=kind,
            case_id=case.id,
            hearing_id=hearing.id,
            subject_id=hearing.id,
            assigned_to_id=case.advocate_id,
            opened_at=now,
            by=hearing.starts_at,
        )
    )
    session.flush()
    return True


def ask_which_court(
    session: HubSession, case: Case, docket_index: str, by: datetime, now: datetime
) -> bool:
    """Open a task about a number that several courts use; False when it was asked before."""
    claim = f"{WHICH_COURT}:{case.id}:{docket_index}"
    if _claimed(session, claim):
        return False
    session.add(
        HumanTask(
            claim=claim,
            kind=WHICH_COURT,
            case_id=case.id,
            subject_id=case.id,
            assigned_to_id=case.advocate_id,
            opened_at=now,
            by=by,
        )
    )
    session.flush()
    return True


def listed_again(session: HubSession, hearing: Hearing, now: datetime) -> None:
    """The calendar lists a hearing again: nobody needs to ask where it went."""
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.hearing_id == hearing.id,
            HumanTask.kind == VANISHED,
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        task.closed_at, task.closed_by = now, "the calendar lists it again"
        session.add(task)


def ask_for_hub(session: HubSession, kind: str, subject_id: str, now: datetime) -> None:
    """Ask anybody of the hub to look at a calendar: a review or an import. Once."""
    claim = f"{kind}:{subject_id}"
    if not _claimed(session, claim):
        session.add(HumanTask(claim=claim, kind=kind, subject_id=subject_id, opened_at=now))
        session.flush()


def looked_at(session: HubSession, kind: str, subject_id: str, by: str, now: datetime) -> None:
    """Somebody did: what was asked of the hub is closed."""
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.claim == f"{kind}:{subject_id}", col(HumanTask.closed_at).is_(None)
        )
    ).all():
        task.closed_at, task.closed_by = now, by
        session.add(task)


def _claimed(session: HubSession, claim: str) -> bool:
    found = session.exec(select(HumanTask.id).where(HumanTask.claim == claim)).first()
    return found is not None
