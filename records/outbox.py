"""The outbox: a change and the news of it are written in one transaction.

The relay (engine/relay.py) reads the rows and signals the workflow of each subject. A row
goes away only after the signal was accepted, so the news survives every outage.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import col, select

from domain.agenda import Subject, SubjectRef
from records.database import HubSession, Records
from records.tables import OutboxRow


@dataclass(frozen=True, slots=True)
class News:
    """A subject changed: the newest revision, and the rows that said so."""

    subject: SubjectRef
    revision: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind the relay is: rows waiting, and seconds since the oldest was written."""

    rows: int
    seconds: float


def announce(
    session: HubSession, kind: Subject, subject_id: str, revision: int, now: datetime
) -> None:
    """Write the news of a change into the transaction that makes it."""
    session.add(
        OutboxRow(
            hub_id=session.hub_id,
            subject_kind=kind,
            subject_id=subject_id,
            revision=revision,
            written_at=now,
        )
    )


def pending(records: Records, limit: int = 200) -> list[News]:
    """The oldest news not yet passed on, one for each subject."""
    with records.reading("") as session:
        rows = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq)).limit(limit)).all()
    newest: dict[tuple[str, str], News] = {}
    for row in rows:
        ref = SubjectRef(Subject(row.subject_kind), row.subject_id, row.hub_id)
        before = newest.get((row.subject_kind, row.subject_id))
        newest[(row.subject_kind, row.subject_id)] = News(
            ref,
            max(row.revision, before.revision if before else 0),
            row.seq or 0,
        )
    return list(newest.values())


def passed_on(records: Records, news: list[News]) -> None:
    """Forget news that Temporal accepted; what was written since then stays."""
    with records.everywhere() as session:
        for item in news:
            session.execute(
                delete(OutboxRow).where(
                    col(OutboxRow.subject_kind) == item.subject.kind,
                    col(OutboxRow.subject_id) == item.subject.id,
                    col(OutboxRow.seq) <= item.last_seq,
                    # A server numbers rows before they are committed: a row that was not yet
                    # to be seen may stand before one that was.
                    col(OutboxRow.revision) <= item.revision,
                )
            )


def lag(records: Records, now: datetime) -> Lag:
    """How far behind the relay is at `now` (UTC)."""
    with records.reading("") as session:
        rows, oldest = session.exec(
            select(func.count(col(OutboxRow.seq)), func.min(col(OutboxRow.written_at)))
        ).one()
    seconds = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    return Lag(int(rows), seconds)
