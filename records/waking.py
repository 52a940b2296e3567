"""Telling workflows to plan again although nothing of theirs was changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from domain.agenda import Subject, SubjectRef
from records.database import Records
from records.hub_changes import plan_everything_again
from records.outbox import announce
from records.tables import Agency, Case, DatabaseMeta, Hub, Packet, Referral, SupportPlan

TABLES: dict[Subject, Any] = {
    Subject.CASE: Case,
    Subject.PLAN: SupportPlan,
    Subject.PACKET: Packet,
    Subject.AGENCY: Agency,
    Subject.REFERRAL: Referral,
}


_AWAY = "away:"
"""Before a channel's name: its provider was away when this was last written."""


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


def note_away(records: Records, channel: str, now: datetime) -> None:
    """A channel's provider is away, and messages wait for a worker that knows of them. Should
    that worker end, the next one must know that somebody waits."""
    with records.everywhere() as session:
        session.merge(DatabaseMeta(name=f"{_AWAY}{channel}", value=now.isoformat()))


def forget_away(records: Records, channel: str) -> None:
    """A channel's provider is back, and whoever waited was woken."""
    with records.everywhere() as session:
        known = session.get(DatabaseMeta, f"{_AWAY}{channel}")
        if known is not None:
            session.delete(known)


def wake_whoever_waits(records: Records, now: datetime) -> bool:
    """A worker starts: what waited for a provider in an earlier one's memory is planned again.

    Returns:
        Whether anybody may have waited.
    """
    with records.reading("") as session:
        away = session.exec(
            select(col(DatabaseMeta.name)).where(col(DatabaseMeta.name).startswith(_AWAY))
        ).all()
        hubs = session.exec(select(col(Hub.id))).all() if away else []
    for hub_id in hubs:
        with records.writing(hub_id) as hub_session:
            plan_everything_again(hub_session, now)
    for name in away:
        forget_away(records, name.removeprefix(_AWAY))
    return bool(away)
