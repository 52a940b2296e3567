"""Replies that need a person: one task for each thing to do, never two for the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from domain.replies import ReplyKind
from records.database import HubSession
from records.tables import Case, Hearing, HumanTask, PlanStep, Reply
from records.tasks import close_task

KINDS = {
    ReplyKind.CANNOT_COME: "cannot_come",
    ReplyKind.RIDE: "ride_wanted",
    ReplyKind.WRONG_NUMBER: "verify_number",
    ReplyKind.FOR_A_PERSON: "reply_waiting",
    ReplyKind.STEP_COULD_NOT: "step_could_not",
    ReplyKind.STEP_CALL: "step_call",
}
UNKNOWN_NUMBER = "unknown_number"
CALL_WITHIN = timedelta(hours=4)
"""How soon somebody who cannot come is called; they were told: today."""
ABOUT_REPLIES = frozenset({*KINDS.values(), UNKNOWN_NUMBER})
"""Every kind of task that something written back opens."""
CLOSED_BY_AN_ANSWER = ("reply_waiting", UNKNOWN_NUMBER)
"""Tasks that an answer closes."""


def ask_a_person(
    session: HubSession,
    reply: Reply,
    kinds: Sequence[ReplyKind],
    hearing: Hearing | None,
    cases: Sequence[Case],
    now: datetime,
    *,
    known: bool,
    asked: bool = False,
    closed: bool = False,
) -> None:
    """Open the tasks that a reply calls for. A phone that several cases share is told apart by
    a person.

    Args:
        session: of the hub.
        reply: what was written.
        kinds: all that it asks for.
        hearing: the one it is about, where that is known.
        cases: open ones it may be about.
        now: UTC.
        known: whether the hub knows this address at all.
        asked: whether they are asked which case they mean.
        closed: whether nothing may be sent to this address any more.
    """
    if not known:
        if ReplyKind.STOP not in kinds:
            _open(session, reply, UNKNOWN_NUMBER, None, None, now)
        return
    about = next((case for case in cases if case.id == reply.case_id), None)
    if about is None and len(cases) == 1:
        about = cases[0]
    for kind in kinds:
        if kind in KINDS:
            _open(session, reply, KINDS[kind], about, hearing, now)
    unsettled = hearing is None and ReplyKind.CONFIRMED in kinds and not asked
    if unsettled or (closed and ReplyKind.START in kinds):
        _open(session, reply, "reply_waiting", about, None, now)


def open_step_task(
    session: HubSession,
    kind: str,
    case: Case,
    step: PlanStep,
    person_id: str | None,
    mark: str,
    now: datetime,
) -> None:
    """What somebody said of a step needs a person, whatever way they said it; a second time under
    the same mark changes nothing.

    Args:
        session: of the hub.
        kind: `step_check` (they say that a missed step was done after all: somebody asks the
            provider, and checking the step closes it), `step_call` or `step_could_not`.
        case: whose.
        step: which.
        person_id: who said it.
        mark: of the reply, or of the press of a button.
        now: UTC.
    """
    claim = f"task|{kind}|{session.hub_id}|{mark}"
    if session.exec(select(HumanTask.id).where(HumanTask.claim == claim)).first() is not None:
        return
    session.add(
        HumanTask(
            claim=claim,
            kind=kind,
            case_id=case.id,
            plan_id=step.plan_id,
            person_id=person_id,
            subject_id=step.id,
            assigned_to_id=case.advocate_id,
            opened_at=now,
            by=_by(kind, None, now),
        )
    )
    session.flush()


def _open(
    session: HubSession,
    reply: Reply,
    kind: str,
    case: Case | None,
    hearing: Hearing | None,
    now: datetime,
) -> None:
    if kind in CLOSED_BY_AN_ANSWER and _waits_already(session, reply.contact_index, kind):
        return
    session.add(
        HumanTask(
            claim=f"task|{kind}|{session.hub_id}|{reply.id}",
            kind=kind,
            case_id=case.id if case else None,
            person_id=reply.person_id,
            hearing_id=hearing.id if hearing else None,
            subject_id=reply.id,
            assigned_to_id=case.advocate_id if case else None,
            opened_at=now,
            by=_by(kind, hearing, now),
        )
    )
    session.flush()


def _by(kind: str, hearing: Hearing | None, now: datetime) -> datetime | None:
    """Until when it must be done (UTC): whoever cannot come was promised a call today."""
    called = kind in (KINDS[ReplyKind.CANNOT_COME], KINDS[ReplyKind.STEP_CALL])
    soon = now + CALL_WITHIN if called else None
    moments = [moment for moment in (soon, hearing.starts_at if hearing else None) if moment]
    return min(moments, default=None)


def _waits_already(session: HubSession, contact_index: str, kind: str) -> bool:
    return bool(_waiting(session, contact_index, (kind,)))


def _waiting(
    session: HubSession, contact_index: str, kinds: Sequence[str] = CLOSED_BY_AN_ANSWER
) -> list[HumanTask]:
    return list(
        session.exec(
            select(HumanTask)
            .join(Reply, col(Reply.id) == HumanTask.subject_id)
            .where(
                Reply.contact_index == contact_index,
                col(HumanTask.kind).in_(kinds),
                col(HumanTask.closed_at).is_(None),
            )
        ).all()
    )


def settled_by_choice(session: HubSession, earlier: Reply, now: datetime) -> None:
    """They said which case they had meant: what was asked of nobody in particular is asked anew
    for that case."""
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.subject_id == earlier.id,
            col(HumanTask.case_id).is_(None),
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        close_task(session, task.id, "homeward", "They said which case they mean.", now)


def now_known(session: HubSession, contact_index: str, by: str, now: datetime) -> int:
    """Somebody said whose number it is: nobody has to find that out any more.

    Returns:
        How many tasks were closed.
    """
    waiting = _waiting(session, contact_index, (UNKNOWN_NUMBER,))
    for task in waiting:
        close_task(session, task.id, by, "It is known whose number this is.", now)
    session.flush()
    return len(waiting)


def answered(session: HubSession, upto: Reply, by: str, outcome: str, now: datetime) -> int:
    """Somebody answered, or saw that no answer is needed: what waited for that is done.

    Args:
        session: of the hub.
        upto: the newest reply that they have read; what came in behind it still waits.
        by: who.
        outcome: in words.
        now: UTC.

    Returns:
        How many tasks were closed.
    """
    behind = session.exec(
        select(Reply)
        .where(Reply.contact_index == upto.contact_index, col(Reply.seen_at).is_(None))
        .order_by(col(Reply.received_at), col(Reply.id))
    ).all()
    place = (upto.received_at, upto.id)
    unread = [reply for reply in behind if (reply.received_at, reply.id) > place]
    for reply in behind:
        if reply not in unread:
            reply.seen_at = now
            session.add(reply)
    waiting = _waiting(session, upto.contact_index)
    done = [task for task in waiting if task.subject_id not in {reply.id for reply in unread}]
    for task in done:
        close_task(session, task.id, by, outcome, now)
    session.flush()
    for reply in unread:
        # It had joined the task that was closed just now.
        if done and ReplyKind.FOR_A_PERSON in (reply.read_as, *reply.also.split(",")):
            case = session.get(Case, reply.case_id) if reply.case_id else None
            _open(session, reply, "reply_waiting", case, None, now)
    return len(done)
