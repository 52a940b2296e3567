"""The prepared statements with which one support plan is read (records/prepared.py).

Titles, goals and answers stay sealed in their rows: nobody reads them to plan.
"""

from sqlalchemy import bindparam
from sqlmodel import col, select

from domain.tracks import Track
from domain.vocabulary import HearingStatus
from records.case_statements import HUB_COLUMNS
from records.prepared import Prepared
from records.tables import (
    Case,
    CaseEvent,
    Counsel,
    CustodyPeriod,
    Defendant,
    Hearing,
    Hub,
    HumanTask,
    PlanStep,
    ProgressReport,
    Supporter,
    SupportPlan,
)

PLAN = Prepared(
    select(  # type: ignore[call-overload]
        col(SupportPlan.revision),
        col(SupportPlan.state),
        col(SupportPlan.mandated),
        col(SupportPlan.created_at),
        col(SupportPlan.began_at),
        col(SupportPlan.ends_on),
        col(Case.id),
        col(Case.stage),
        col(Case.custody),
        col(Case.released_at),
        col(Case.closed_at),
        col(Defendant.person_id),
        col(Hub.packet_letters_days),
        col(Hub.packet_draft_days),
        col(Hub.packet_counsel_days),
        *HUB_COLUMNS,
    )
    .join(Case, col(Case.id) == SupportPlan.case_id)
    .join(Defendant, col(Defendant.id) == Case.defendant_id)
    .join(Hub, col(Hub.id) == SupportPlan.hub_id)
    .where(SupportPlan.id == bindparam("plan"))
)

STEPS = Prepared(
    select(  # type: ignore[call-overload]
        col(PlanStep.id),
        col(PlanStep.revision),
        col(PlanStep.state),
        col(PlanStep.due_on),
        col(PlanStep.announced_at),
        col(PlanStep.owner),
        col(PlanStep.mandated),
        col(PlanStep.parent_id),
        col(PlanStep.to_mentors),
        col(PlanStep.missed_at),
        col(PlanStep.answered_at),
        col(PlanStep.escalated_at),
    )
    .where(PlanStep.plan_id == bindparam("plan"), col(PlanStep.recurrence) == "")
    .order_by(col(PlanStep.due_on).nulls_last(), col(PlanStep.id))
)
"""What is done once: single steps and occurrences."""

MENTORS = Prepared(
    select(col(Supporter.person_id), col(Supporter.enrolled_at))
    .where(
        Supporter.case_id == bindparam("case"),
        col(Supporter.mentor).is_(True),
        col(Supporter.ended_at).is_(None),
    )
    .order_by(col(Supporter.enrolled_at), col(Supporter.id))
)
"""Supporters whom the person chose as mentors, and who are still there."""

HELD = Prepared(
    select(col(CustodyPeriod.started_at), col(CustodyPeriod.ended_at))
    .where(CustodyPeriod.case_id == bindparam("case"))
    .order_by(col(CustodyPeriod.started_at), col(CustodyPeriod.id))
)

STAGE = Prepared(
    select(col(CaseEvent.happened_at))
    .where(
        CaseEvent.case_id == bindparam("case"),
        CaseEvent.track == Track.COURT,
        CaseEvent.result == bindparam("stage"),
    )
    .order_by(col(CaseEvent.happened_at).desc())
    .limit(1)
)
"""When the case last came to a stage in court."""

HEARINGS = Prepared(
    select(col(Hearing.id), col(Hearing.kind), col(Hearing.starts_at), col(Hearing.announced_at))
    .where(Hearing.case_id == bindparam("case"), Hearing.status == HearingStatus.SCHEDULED)
    .order_by(col(Hearing.starts_at), col(Hearing.id))
)

TASKS = Prepared(select(col(HumanTask.claim)).where(HumanTask.plan_id == bindparam("plan")))

_IS_HEARD = (
    select(col(Hearing.starts_at))
    .where(col(Hearing.id) == col(ProgressReport.hearing_id))
    .correlate(ProgressReport)
    .scalar_subquery()
)

REPORTS = Prepared(
    select(col(ProgressReport.id), col(ProgressReport.asked_at), _IS_HEARD)
    .where(
        ProgressReport.plan_id == bindparam("plan"),
        ProgressReport.state == "asked",
        col(ProgressReport.ended_at).is_(None),
    )
    .order_by(col(ProgressReport.asked_at), col(ProgressReport.id))
)
"""Reports that wait for counsel, with the hearing that some are for."""

COUNSEL = Prepared(
    select(col(Counsel.person_id))
    .join(Case, col(Case.counsel_id) == Counsel.id)
    .where(Case.id == bindparam("case"))
)
