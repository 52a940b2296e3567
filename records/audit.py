"""The audit trail: who read or changed what. It cannot be altered afterwards without being found.

The rows of a hub form a chain. Each has a number, one more than the row before it, and a seal: an
HMAC-SHA-256, with a key that is not in the database, over the seal of the row before it and over
every field of its own. The head of the chain (last number, last seal, and how many rows are from
before it began) stands in a row of its own under a mark of the same key. Whoever changes, removes,
adds or swaps rows in the database, without the key file, is told by `verify`.

What it does not find: that the whole database was put back to an earlier state, key and all. For
that, note the head elsewhere now and then (`homeward audit head`) and verify against it.

Rows are noted while a transaction works and are chained as its very last act, so that the head is
held for the moment of the commit alone and nobody waits for it while holding anything else.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from records.crypto import keys
from records.scope import HubSession, RecordsProblem
from records.tables import AuditEvent, AuditHead

START: Final = "0" * 64
"""What stands for the seal before the first row."""
BATCH: Final = 2000
_ROW, _HEAD = "audit-row", "audit-head"
_NAMES: Final = (
    "id",
    "created_at",
    "happened_at",
    "actor",
    "action",
    "subject_kind",
    "subject_id",
    "detail",
    "note",
    "until",
)
_FIELDS = tuple(getattr(AuditEvent, name) for name in _NAMES)
NOTED: ContextVar[list[str] | None] = ContextVar("NOTED", default=None)
"""What was noted while a request is answered, for whoever answers it; None outside of one."""

Progress = Callable[[int, int], None]


def note_deed(
    session: HubSession,
    actor: str,
    action: str,
    now: datetime,
    kind: str = "",
    subject_id: str = "",
    *,
    hub_id: str = "",
    detail: Mapping[str, str] | None = None,
) -> AuditEvent:
    """Note who read or changed what. It is written with the transaction, or not at all.

    Args:
        session: a transaction.
        actor: an id: of a member of staff, a program's token, a private link's person. No name.
        action: what was done, in plain words that are the same for everybody.
        now: UTC.
        kind: what it was done to; `subject_id`: which.
        hub_id: whose trail; the session's own where it has one.
        detail: more ids and settings; nothing personal.

    Raises:
        RecordsProblem: the session only reads, and would forget it.
    """
    if not session.writes:
        raise RecordsProblem("What is noted in a session that only reads would be lost.")
    deed = AuditEvent(
        hub_id=hub_id or session.hub_id,
        happened_at=now,
        actor=actor,
        action=action,
        subject_kind=kind,
        subject_id=subject_id,
        detail=dict(detail or {}),
    )
    session.deeds.append(deed)
    noted = NOTED.get()
    if noted is not None:
        noted.append(action)
    return deed


def chain_deeds(session: HubSession) -> None:
    """Chain what was noted in this transaction; nothing else may follow but its commit."""
    deeds, session.deeds = session.deeds, []
    if not deeds:
        return
    session.flush()
    for hub_id in dict.fromkeys(deed.hub_id for deed in deeds):
        head = _held(session, hub_id)
        for deed in (one for one in deeds if one.hub_id == hub_id):
            head.number += 1
            deed.number = head.number
            deed.seal = head.seal = _seal(head.seal, hub_id, head.number, _said(deed))
            session.add(deed)
        head.mark = _mark(head)
        session.add(head)


def _held(session: HubSession, hub_id: str) -> AuditHead:
    """The head of a hub's chain, held until the transaction ends; made where there is none."""
    head = _locked(session, hub_id)
    if head is not None:
        return head
    unchained = session.exec(
        select(func.count(col(AuditEvent.id))).where(
            AuditEvent.hub_id == hub_id, col(AuditEvent.number).is_(None)
        )
    ).one()
    try:
        with session.begin_nested():
            session.add(AuditHead(hub_id=hub_id, number=0, seal=START, unchained=unchained))
    except IntegrityError:
        pass  # somebody else made it in this moment, and has committed it
    made = _locked(session, hub_id)
    if made is None:
        raise RecordsProblem("The audit trail has no head, and none could be made.")
    return made


def _locked(session: HubSession, hub_id: str) -> AuditHead | None:
    return session.exec(
        select(AuditHead)
        .where(AuditHead.hub_id == hub_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _said(deed: Any) -> dict[str, Any]:
    return {name: getattr(deed, name) for name in _NAMES}


def _seal(before: str, hub_id: str, number: int, said: Mapping[str, Any]) -> str:
    plain = {
        name: value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for name, value in said.items()
    }
    words = json.dumps([before, hub_id, number, plain], sort_keys=True, ensure_ascii=True)
    return keys().mac(words.encode(), _ROW)


def _mark(head: AuditHead) -> str:
    words = json.dumps([head.hub_id, head.number, head.seal, head.unchained])
    return keys().mac(words.encode(), _HEAD)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one hub's trail.

    Attributes:
        rows: how many rows were read and fit, first to last.
        unchained: rows from before the chain began; nothing is known of them.
        head: the last seal, to be noted elsewhere; "" before the first row.
        problems: what does not fit, each in a sentence; empty for a whole trail.
    """

    rows: int
    unchained: int
    head: str = ""
    problems: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether the trail is whole."""
        return not self.problems


def verify(
    session: HubSession,
    hub_id: str,
    progress: Progress = lambda done, total: None,
    *,
    expect: str = "",
) -> Verdict:
    """Walk a hub's trail from its first row to its head.

    Args:
        session: of the hub, or of the house.
        progress: told rows read and rows in all.
        expect: a seal that was noted earlier: some row must still bear it.
    """
    head = session.exec(select(AuditHead).where(AuditHead.hub_id == hub_id)).first()
    walked = _Walk(hub_id, expect)
    total = head.number if head else 0
    for rows in _rows(session, hub_id):
        if not walked.read(rows):
            break
        progress(walked.number, total)
    unchained = session.exec(
        select(func.count(col(AuditEvent.id))).where(
            AuditEvent.hub_id == hub_id, col(AuditEvent.number).is_(None)
        )
    ).one()
    problems = walked.problems or list(_against(head, walked, unchained))
    if not problems and expect and not walked.met:
        problems = ["No row bears the seal that you noted: the trail was put back or cut."]
    return Verdict(walked.number, unchained, walked.seal, tuple(problems))


class _Walk:
    """The chain as it is read: the number and the seal of the last row that fits."""

    def __init__(self, hub_id: str, expect: str) -> None:
        self.hub_id, self.expect = hub_id, expect
        self.number, self.seal = 0, ""
        self.met = False
        self.problems: list[str] = []

    def read(self, rows: Sequence[Any]) -> bool:
        """Go on over some rows; False at the first that does not fit."""
        for row in rows:
            wanted = self.number + 1
            if row.number != wanted:
                self.problems.append(f"Row {wanted} is missing.")
                return False
            seal = _seal(self.seal or START, self.hub_id, wanted, _said(row))
            if not hmac.compare_digest(seal, row.seal):
                self.problems.append(f"Row {wanted} was changed, or is not the one that was there.")
                return False
            self.number, self.seal = wanted, seal
            self.met = self.met or seal == self.expect
        return True


def _against(head: AuditHead | None, walked: _Walk, unchained: int) -> Iterator[str]:
    if head is None:
        if walked.number:
            yield "The head of the trail is gone."
        return
    if not hmac.compare_digest(_mark(head), head.mark):
        yield "The head of the trail was changed."
    elif (head.number, head.seal) != (walked.number, walked.seal):
        yield f"The end is missing: row {head.number} was the last, and row {walked.number} is."
    elif head.unchained != unchained:
        yield (
            f"{unchained} rows stand outside of the chain, and {head.unchained} did when it began."
        )


def whole_trail(session: HubSession, hub_id: str) -> Iterator[AuditEvent]:
    """Every chained row of a hub, first to last, a few at a time."""
    last = 0
    statement = select(AuditEvent).where(AuditEvent.hub_id == hub_id)
    statement = statement.order_by(col(AuditEvent.number)).limit(BATCH)
    while rows := session.exec(statement.where(col(AuditEvent.number) > last)).all():
        yield from rows
        last = rows[-1].number or 0
        session.expunge_all()


def _rows(session: HubSession, hub_id: str) -> Iterator[Sequence[Any]]:
    last = 0
    statement = (
        select(col(AuditEvent.number), col(AuditEvent.seal), *_FIELDS)
        .where(AuditEvent.hub_id == hub_id)
        .order_by(col(AuditEvent.number))
        .limit(BATCH)
    )
    while True:
        rows = session.exec(statement.where(col(AuditEvent.number) > last)).all()
        if not rows:
            return
        yield rows
        last = rows[-1][0]
