"""The conflict wall: two people who must not be sent to the same provider.

A supervisor says which two; why is kept nowhere. Whoever is refused by it learns that the provider
cannot be offered, and nothing of whom.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, or_, select

from domain.referrals import OPEN
from domain.vocabulary import ReferralState, StepState
from records.audit import note_deed
from records.casework import NotFound, Source
from records.database import HubSession
from records.tables import (
    Case,
    Defendant,
    HumanTask,
    Person,
    PersonConflict,
    PlanStep,
    Referral,
    SupportPlan,
)

_NEVER_CAME = frozenset({ReferralState.REJECTED, ReferralState.ENTERED_IN_ERROR})
"""States in which somebody was never with the provider that was asked."""
TOGETHER: Final = "conflict_together"
"""The task that two people who are kept apart are with one provider already; it names nobody."""
SUPERVISORS_ONLY: Final = frozenset({TOGETHER})
"""Tasks that nobody but a supervisor sees: that there is one says that there is a conflict."""
MOVED_WITHIN: Final = timedelta(days=1)


class NotOfferedHere(ValueError):
    """The provider cannot be offered to this person; nothing says because of whom."""

    def __init__(self) -> None:
        super().__init__(
            "This provider cannot be offered here. Choose another one, or ask your supervisor."
        )


class SamePerson(ValueError):
    """Nobody is in conflict with themselves."""

    def __init__(self) -> None:
        super().__init__("Choose two different people.")


def declare_conflict(
    session: HubSession, person_id: str, other_id: str, source: Source, now: datetime
) -> PersonConflict:
    """Two people are kept apart from now on; saying it twice changes nothing.

    Where both are with one provider already, supervisors get a task, which names nobody.

    Raises:
        NotFound: one of them is not in this hub.
        SamePerson: they are one.
    """
    if person_id == other_id:
        raise SamePerson
    for one in (person_id, other_id):
        if session.get(Person, one) is None:
            raise NotFound("person")
    known = next((row for row in conflicts_of(session, person_id) if other_id in _pair(row)), None)
    if known is not None:
        return known
    row = PersonConflict(
        person_id=person_id, other_id=other_id, declared_by=source.actor, declared_at=now
    )
    session.add(row)
    session.flush()
    _audit(session, "declared a conflict", row, source, now)
    if open_together(session, row):
        _point_out(session, row, now)
    return row


def _point_out(session: HubSession, row: PersonConflict, now: datetime) -> None:
    session.add(
        HumanTask(
            claim=f"task|{TOGETHER}|{session.hub_id}|{row.id}",
            kind=TOGETHER,
            subject_id=row.id,
            opened_at=now,
            by=now + MOVED_WITHIN,
        )
    )
    session.flush()


def end_conflict(
    session: HubSession, conflict_id: str, source: Source, now: datetime
) -> PersonConflict:
    """They need not be kept apart any more; saying it twice changes nothing.

    Raises:
        NotFound: no such conflict in this hub.
    """
    row = session.get(PersonConflict, conflict_id)
    if row is None:
        raise NotFound("conflict")
    if row.ended_at is None:
        row.ended_at = now
        session.add(row)
        _audit(session, "ended a conflict", row, source, now)
        _settle(session, row, source, now)
    return row


def _settle(session: HubSession, row: PersonConflict, source: Source, now: datetime) -> None:
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.kind == TOGETHER,
            HumanTask.subject_id == row.id,
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)


def conflicts_of(session: HubSession, person_id: str) -> list[PersonConflict]:
    """The conflicts of a person that hold, oldest first."""
    return list(
        session.exec(
            select(PersonConflict)
            .where(
                or_(PersonConflict.person_id == person_id, PersonConflict.other_id == person_id),
                col(PersonConflict.ended_at).is_(None),
            )
            .order_by(col(PersonConflict.declared_at), col(PersonConflict.id))
        ).all()
    )


def barred_providers(session: HubSession, person_id: str) -> frozenset[str]:
    """Providers at which somebody is, or was, whom this person must not meet."""
    others = {
        one for row in conflicts_of(session, person_id) for one in _pair(row) if one != person_id
    }
    if not others:
        return frozenset()
    referred = session.exec(
        select(col(Referral.provider_id)).where(
            col(Referral.person_id).in_(others),
            col(Referral.requested_at).is_not(None),
            col(Referral.state).not_in(_NEVER_CAME),
        )
    ).all()
    return frozenset(referred) | _of_steps(session, others)


def _of_steps(session: HubSession, people: Collection[str]) -> frozenset[str]:
    """Providers at which steps of these people's plans are done, or were."""
    found = session.exec(
        select(col(PlanStep.provider_id))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(
            col(Defendant.person_id).in_(people),
            col(PlanStep.provider_id).is_not(None),
            PlanStep.state != StepState.CANCELLED,
        )
        .distinct()
    ).all()
    return frozenset(one for one in found if one is not None)


def check_no_conflict_in_case(session: HubSession, case_id: str, provider_id: str) -> None:
    """The same for the person of a case.

    Raises:
        NotOfferedHere: as `check_no_conflict` does.
    """
    case = session.get_one(Case, case_id)
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    check_no_conflict(session, person_id, provider_id)


def check_no_conflict(session: HubSession, person_id: str, provider_id: str) -> None:
    """Let somebody be referred there, or not. Their conflicts are held until the transaction ends:
    of two who are sent there in the same moment, the second one is refused.

    Raises:
        NotOfferedHere: they could meet somebody there from whom they are kept apart.
    """
    for row in sorted(conflicts_of(session, person_id), key=lambda row: row.id):
        session.lock(row)
    if provider_id in barred_providers(session, person_id):
        raise NotOfferedHere


def open_together(session: HubSession, row: PersonConflict) -> frozenset[str]:
    """Providers with which both have an open referral or a step already: somebody must look."""
    both = [
        set(
            session.exec(
                select(col(Referral.provider_id)).where(
                    Referral.person_id == one, col(Referral.state).in_(sorted(OPEN))
                )
            ).all()
        )
        | _of_steps(session, {one})
        for one in _pair(row)
    ]
    return frozenset(both[0] & both[1])


def every_conflict(session: HubSession) -> list[PersonConflict]:
    """All conflicts of the hub that hold, newest first."""
    return list(
        session.exec(
            select(PersonConflict)
            .where(col(PersonConflict.ended_at).is_(None))
            .order_by(col(PersonConflict.declared_at).desc(), col(PersonConflict.id).desc())
        ).all()
    )


def _pair(row: PersonConflict) -> tuple[str, str]:
    return row.person_id, row.other_id


def _audit(
    session: HubSession, action: str, row: PersonConflict, source: Source, now: datetime
) -> None:
    note_deed(session, source.actor, action, now, "person_conflict", row.id)
