"""What a person faced when the family first came, and what they received: the source of time saved.

Written by counsel. Nothing is ever rewritten: what is written anew takes the place of what was
there, and both stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import col, select

from domain.exposure import SentenceState, Term
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession
from records.tables import Case, ExposureSnapshot, Sentence

_Kept = TypeVar("_Kept", ExposureSnapshot, Sentence)


class Replaced(ValueError):
    """Something newer has taken its place, so it is not confirmed any more."""

    def __init__(self) -> None:
        super().__init__("Somebody wrote something newer meanwhile. Read that, and confirm it.")


@dataclass(frozen=True, slots=True)
class NewExposure:
    """Maximum exposure when the family first came, who computed it and how.

    Attributes:
        confirmed: counsel who writes it down says that it is right.
    """

    term: Term
    computed_by: str
    method: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NewReceived:
    """The incarceration received, and the day on which it was decided, on the court's clock."""

    term: Term
    state: SentenceState
    decided_on: date
    words: str = ""


def exposures(session: HubSession, case_id: str) -> Sequence[ExposureSnapshot]:
    """All that was written of what a person faced, the one that counts first."""
    return session.exec(
        select(ExposureSnapshot)
        .where(ExposureSnapshot.case_id == case_id)
        .order_by(
            col(ExposureSnapshot.replaced_at).is_not(None),
            col(ExposureSnapshot.taken_at).desc(),
            col(ExposureSnapshot.id).desc(),
        )
    ).all()


def received(session: HubSession, case_id: str) -> Sequence[Sentence]:
    """All that was written of what a person received, the one that counts first."""
    return session.exec(
        select(Sentence)
        .where(Sentence.case_id == case_id)
        .order_by(
            col(Sentence.replaced_at).is_not(None),
            col(Sentence.recorded_at).desc(),
            col(Sentence.id).desc(),
        )
    ).all()


def write_exposure(
    session: HubSession, case_id: str, new: NewExposure, source: Source, now: datetime
) -> ExposureSnapshot:
    """Write down what a person faced; it takes the place of what was written before.

    Raises:
        NotFound: no such case.
    """
    case = _held(session, case_id)
    _replace(session, exposures(session, case.id), now)
    snapshot = ExposureSnapshot(
        case_id=case.id,
        taken_at=now,
        exposure_days=0 if new.term.life else new.term.days,
        life=new.term.life,
        computed_by=new.computed_by,
        method=new.method,
        recorded_by=source.actor,
    )
    if new.confirmed:
        snapshot.confirmed_by_counsel_at, snapshot.counsel_id = now, case.counsel_id
    session.add(snapshot)
    session.flush()
    record_event(session, case, "court", "exposure_written", source, now, subject_id=snapshot.id)
    return snapshot


def confirm_exposure(
    session: HubSession, case_id: str, snapshot_id: str, source: Source, now: datetime
) -> ExposureSnapshot:
    """The counsel who defends now says that it is right; a second time changes nothing.

    Raises:
        NotFound: no such case, or nothing of the kind in it.
        Replaced: something newer was written.
    """
    case = _held(session, case_id)
    snapshot = session.get(ExposureSnapshot, snapshot_id)
    if snapshot is None or snapshot.case_id != case.id:
        raise NotFound("exposure")
    if snapshot.replaced_at is not None:
        raise Replaced
    if snapshot.confirmed_by_counsel_at is None:
        snapshot.confirmed_by_counsel_at, snapshot.counsel_id = now, case.counsel_id
        session.add(snapshot)
        record_event(
            session, case, "court", "exposure_confirmed", source, now, subject_id=snapshot.id
        )
    return snapshot


def write_received(
    session: HubSession, case_id: str, new: NewReceived, source: Source, now: datetime
) -> Sentence:
    """Write down what a person received; it takes the place of what was written before.

    Raises:
        NotFound: no such case.
    """
    case = _held(session, case_id)
    _replace(session, received(session, case.id), now)
    sentence = Sentence(
        case_id=case.id,
        state=new.state,
        imposed_on=new.decided_on,
        incarceration_days=0 if new.term.life else new.term.days,
        life=new.term.life,
        words=new.words,
        recorded_at=now,
        recorded_by=source.actor,
    )
    session.add(sentence)
    session.flush()
    record_event(session, case, "court", "received_written", source, now, subject_id=sentence.id)
    return sentence


def _held(session: HubSession, case_id: str) -> Case:
    """The case, which nobody else writes to until this transaction ends: one row counts."""
    case = get_case(session, case_id)
    session.lock(case)
    return case


def _replace(session: HubSession, rows: Sequence[_Kept], now: datetime) -> None:
    for row in rows:
        if row.replaced_at is None:
            row.replaced_at = now
            session.add(row)
