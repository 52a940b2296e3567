"""Putting an import back: court dates as they were, the calendar's list as it was.

Every date goes back through `records.hearings`, so that revision, history, news and messages
follow as for any change: a date that the import brought is cancelled, one that it moved is moved
back. What anybody changed since then is theirs and is left alone. Imports of one calendar are
undone newest first, as each rests on the one before it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from domain.court_time import instant_of
from domain.vocabulary import HearingStatus
from records.calendar_entries import drop_entries, restore_entries
from records.calendar_following import change_kind
from records.calendar_keeping import Kept, State, state_of
from records.calendar_reviews import Outcome
from records.calendar_tasks import UNREAD_ROWS, looked_at
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession, RecordsProblem
from records.hearings import Setting, move_hearing, vacate_hearing
from records.tables import (
    CalendarChange,
    CalendarEntry,
    CalendarFeed,
    CalendarImport,
    CalendarLink,
    Hearing,
    HumanTask,
)

NOT_KEPT = (
    "It was imported before changes were kept, so it cannot be undone here. Correct the court "
    "dates on the pages of their cases."
)
NEWER = "A newer import of this calendar rests on it. Undo that one first."
UNDONE_TASK = "the import was undone"
CHANGED_SINCE = "somebody changed it after the import"
CANCELLED_SINCE = "somebody cancelled it after the import"
BROUGHT_SINCE = "it came onto a case that was opened after the import"
HELD_SINCE = "it was held"
OVER = "it is over"
OVER_BEFORE = "the time that it had before the import is over"


class CannotUndo(RecordsProblem):
    """This import cannot be undone; the message says why."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """A court date that goes back; `before` is None for one that the import brought: it is
    cancelled."""

    change_id: str
    hearing: Hearing
    before: State | None
    after: State

    @property
    def setting(self) -> Setting:
        """Where it goes."""
        one = self.before or self.after
        return Setting(one.local, one.zone, one.room, one.place)


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A court date that stays as it is, and why."""

    hearing: Hearing
    why: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an import would do now.

    Attributes:
        why_not: why it cannot be undone; "" when it can.
        entries: how many lines of the calendar's list go back.
        digest: over all of it, with the revisions of the court dates.
    """

    made: CalendarImport
    feed: str
    back: tuple[PutBack, ...]
    left: tuple[LeftAlone, ...]
    entries: int
    why_not: str
    digest: str


def plan_undo(session: HubSession, import_id: str, now: datetime) -> Undoing:
    """What undoing would do; nothing is written. `now`: UTC.

    Raises:
        NotFound: no such import in this hub.
    """
    made = session.get(CalendarImport, import_id)
    if made is None:
        raise NotFound("import")
    return _planned(session, made, now)


def undo_import(
    session: HubSession, import_id: str, digest: str | None, source: Source, now: datetime
) -> Outcome:
    """Put an import back, in the caller's transaction. Twice is once.

    Args:
        session: a transaction.
        digest: of what was shown; None where nobody looked (the command line).
        source: who undoes it.
        now: UTC.

    Raises:
        NotFound: no such import in this hub.
        CannotUndo: it cannot be undone.
    """
    made = session.exec(
        select(CalendarImport).where(CalendarImport.id == import_id).with_for_update()
    ).first()
    if made is None:
        raise NotFound("import")
    if made.undone_at is not None:
        return Outcome.AGAIN
    feed = session.exec(
        select(CalendarFeed).where(CalendarFeed.id == made.feed_id).with_for_update()
    ).one()
    plan = _planned(session, made, now)
    if plan.why_not:
        raise CannotUndo(plan.why_not)
    if digest is not None and digest != plan.digest:
        return Outcome.CHANGED
    attempt = session.begin_nested()
    if not all(_put_back(session, one, source, now) for one in plan.back):
        attempt.rollback()
        session.expire_all()
        return Outcome.CHANGED
    attempt.commit()
    changes = _changes(session, made.id)
    _restore_list(session, made.id, changes)
    _restore_tasks(session, changes, now)
    _restore_feed(session, feed, made)
    looked_at(session, UNREAD_ROWS, made.id, UNDONE_TASK, now)
    made.undone_at, made.undone_by = now, source.actor
    session.add(made)
    return Outcome.DONE


def _planned(session: HubSession, made: CalendarImport, now: datetime) -> Undoing:
    feed = session.get_one(CalendarFeed, made.feed_id)
    changes = _changes(session, made.id)
    back: list[PutBack] = []
    left: list[LeftAlone] = []
    for change in changes:
        if change.kind != Kept.HEARING:
            continue
        hearing = session.get(Hearing, change.hearing_id or "")
        if hearing is None:
            continue
        before = State.model_validate_json(change.before) if change.before else None
        after = State.model_validate_json(change.after)
        why = _why_left(hearing, before, after, now)
        if why:
            left.append(LeftAlone(hearing, why))
        else:
            back.append(PutBack(change.id, hearing, before, after))
    ended = {change.hearing_id for change in changes if change.kind == Kept.HEARING}
    left += [LeftAlone(one, BROUGHT_SINCE) for one in _brought_since(session, made, ended)]
    entries = sum(one.kind in (Kept.ENTRY_CHANGED, Kept.ENTRY_DROPPED) for one in changes)
    return Undoing(
        made,
        feed.name,
        tuple(back),
        tuple(left),
        entries + made.counts.get("new", 0),
        _why_not(session, made),
        _digest(made, back, left),
    )


def _why_not(session: HubSession, made: CalendarImport) -> str:
    if made.undone_at is not None:
        return "It was undone already."
    if not made.kept:
        return NOT_KEPT
    newest = session.exec(
        select(col(CalendarImport.id))
        .where(CalendarImport.feed_id == made.feed_id, col(CalendarImport.undone_at).is_(None))
        .order_by(col(CalendarImport.applied_at).desc(), col(CalendarImport.created_at).desc())
    ).first()
    return "" if newest == made.id else NEWER


def _why_left(hearing: Hearing, before: State | None, after: State, now: datetime) -> str:
    if hearing.status == HearingStatus.HELD:
        return HELD_SINCE
    if hearing.status == HearingStatus.VACATED:
        return CANCELLED_SINCE
    now_is = state_of(hearing)
    if now_is != after:
        return CHANGED_SINCE
    if hearing.starts_at <= now:
        return OVER
    if before is not None and instant_of(before.local, before.zone) <= now:
        return OVER_BEFORE
    return ""


def _brought_since(
    session: HubSession, made: CalendarImport, known: set[str | None]
) -> list[Hearing]:
    """Dates that came from the import's entries later, as cases were opened: they stay."""
    rows = session.exec(
        select(Hearing)
        .join(CalendarLink, col(CalendarLink.hearing_id) == Hearing.id)
        .join(CalendarEntry, col(CalendarEntry.id) == CalendarLink.entry_id)
        .where(
            CalendarEntry.feed_id == made.feed_id,
            CalendarEntry.import_id == made.id,
            Hearing.created_at > made.created_at,
            Hearing.status == HearingStatus.SCHEDULED.value,
        )
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).all()
    return list({one.id: one for one in rows if one.id not in known}.values())


def _digest(made: CalendarImport, back: Sequence[PutBack], left: Sequence[LeftAlone]) -> str:
    content = [
        made.id,
        sorted((one.hearing.id, one.hearing.revision) for one in back),
        sorted((one.hearing.id, one.hearing.revision, one.why) for one in left),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _changes(session: HubSession, import_id: str) -> Sequence[CalendarChange]:
    return session.exec(
        select(CalendarChange)
        .where(CalendarChange.import_id == import_id)
        .order_by(col(CalendarChange.place))
    ).all()


def _put_back(session: HubSession, one: PutBack, source: Source, now: datetime) -> bool:
    """Put one date back; False if somebody changed it in this very moment."""
    hearing = one.hearing
    session.lock(hearing)
    if state_of(hearing) != one.after:
        return False
    if one.before is None:
        vacate_hearing(session, hearing.id, source, now)
    else:
        if one.before.kind != one.after.kind:
            change_kind(session, hearing, one.before.kind, source, now)
        move_hearing(session, hearing.id, one.setting, source, now)
        hearing.source = one.before.source
        session.add(hearing)
    case = get_case(session, hearing.case_id)
    record_event(session, case, "court", "import_undone", source, now, subject_id=hearing.id)
    change = session.get_one(CalendarChange, one.change_id)
    change.undone_at = now
    session.add(change)
    session.flush()
    return True


def _restore_list(session: HubSession, import_id: str, changes: Sequence[CalendarChange]) -> None:
    """The calendar's own list as it was: what was added goes, what was dropped comes back."""
    blindly = {"synchronize_session": False}
    for kind, entry, hearing in _ties(changes):
        if kind is Kept.TIED:
            session.execute(
                delete(CalendarLink).where(
                    col(CalendarLink.entry_id) == entry, col(CalendarLink.hearing_id) == hearing
                ),
                execution_options=blindly,
            )
    made = session.get_one(CalendarImport, import_id)
    added = select(col(CalendarEntry.id)).where(
        CalendarEntry.feed_id == made.feed_id, CalendarEntry.import_id == import_id
    )
    drop_entries(session, session.exec(added).all())
    restore_entries(session, _rows(changes, Kept.ENTRY_CHANGED), dropped=False)
    restore_entries(session, _rows(changes, Kept.ENTRY_DROPPED), dropped=True)
    for kind, entry, hearing in _ties(changes):
        if kind is Kept.UNTIED and session.get(Hearing, hearing) is not None:
            session.add(CalendarLink(entry_id=entry, hearing_id=hearing))
    session.flush()


def _ties(changes: Sequence[CalendarChange]) -> list[tuple[Kept, str, str]]:
    wanted = (Kept.TIED, Kept.UNTIED)
    return [
        (Kept(one.kind), one.subject_id, one.hearing_id or "")
        for one in changes
        if one.kind in wanted
    ]


def _rows(changes: Sequence[CalendarChange], kind: Kept) -> list[dict[str, Any]]:
    return [json.loads(one.before) for one in changes if one.kind == kind]


def _restore_tasks(session: HubSession, changes: Sequence[CalendarChange], now: datetime) -> None:
    """Questions that the import asked are answered; those that it answered are open again."""
    for change in changes:
        if change.kind not in (Kept.TASK_OPENED, Kept.TASK_CLOSED):
            continue
        task = session.get(HumanTask, change.subject_id)
        if task is None:
            continue
        if change.kind == Kept.TASK_OPENED and task.closed_at is None:
            task.closed_at, task.closed_by = now, UNDONE_TASK
        elif change.kind == Kept.TASK_CLOSED and _still_open(session, task, now):
            task.closed_at, task.closed_by = None, ""
        session.add(task)


def _still_open(session: HubSession, task: HumanTask, now: datetime) -> bool:
    """Whether what a task asks about still lies ahead, and nobody asks it again already."""
    hearing = session.get(Hearing, task.hearing_id) if task.hearing_id else None
    if hearing is not None and (
        hearing.status != HearingStatus.SCHEDULED or hearing.starts_at <= now
    ):
        return False
    same = select(HumanTask.id).where(
        HumanTask.hearing_id == task.hearing_id,
        HumanTask.kind == task.kind,
        HumanTask.case_id == task.case_id,
        col(HumanTask.closed_at).is_(None),
    )
    return session.exec(same).first() is None


def _restore_feed(session: HubSession, feed: CalendarFeed, made: CalendarImport) -> None:
    before = made.feed_before
    feed.mapping = before.get("mapping", feed.mapping)
    feed.listed = int(before.get("listed", feed.listed))
    at = before.get("imported_at", "")
    feed.imported_at = datetime.fromisoformat(at) if at else None
    session.add(feed)
