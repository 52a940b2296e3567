"""Telling workflows to plan again although nothing of theirs was changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from domain.agenda import Subject, SubjectRef
from records.database import Records
from records.outbox import announce
from records.tables import Agency, Case, Packet, SupportPlan

TABLES: dict[Subject, Any] = {
    Subject.CASE: Case,
    Subject.PLAN: SupportPlan,
    Subject.PACKET: Packet,
    Subject.AGENCY: Agency,
}


def wake_subjects(records: Records, subjects: Iterable[SubjectRef], now: datetime) -> None:
    """Raise the revision of each subject and tell its workflow; those that are gone stay so."""
    by_hub: dict[str, list[SubjectRef]] = {}
    for subject in sorted(subjects, key=lambda subject: subject.workflow_id):
        by_hub.setdefault(subject.hub_id, []).append(subject)
    for hub_id, those in by_hub.items():
        with records.writing(hub_id) as session:
            for subject in those:
                table = TABLES[subject.kind]
                session.execute(
                    update(table)
                    .where(col(table.id) == subject.id)
                    .values(revision=col(table.revision) + 1)
                    .execution_options(synchronize_session=False)
                )
                revision = session.exec(
                    select(col(table.revision)).where(col(table.id) == subject.id)
                ).first()
                if revision is not None:
                    announce(session, subject.kind, subject.id, revision, now)
