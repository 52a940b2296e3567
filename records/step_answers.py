"""What people write back about a step of their plan, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from domain.court_time import wall_time
from domain.reply_kinds import ReplyKind
from domain.step_replies import StepAsked, StepReply
from domain.vocabulary import LEFT, EvidenceKind, PlanState
from records.answering import open_question
from records.casework import Source
from records.database import HubSession
from records.hubs import the_hub
from records.plans import MISSED, TO_DO, add_evidence, note_answer
from records.tables import Case, ContactPoint, Defendant, Message, PlanStep, SupportPlan

ASKED = ("plan_step", "plan_step_missed")
"""Messages that ask about a step."""
ASKED_FOR = timedelta(days=10)
"""For how long a digit answers the step that was asked about last."""
ASKED_WHY = "ack_step_why"


@dataclass(frozen=True, slots=True)
class AskedStep:
    """The step that somebody was asked about last, and how."""

    step: PlanStep
    case: Case
    asked: StepAsked


def step_asked(
    session: HubSession, contacts: Sequence[ContactPoint], now: datetime
) -> AskedStep | None:
    """The step whose person was asked about it last at one of these addresses, within ten days.
    Where they were asked about several, it is the one whose day came last and that is still open:
    a reminder of tomorrow's step does not take the answer about today's.

    None where it was asked of somebody else (a mentor's word is nobody else's), where its plan has
    ended, or where several people share the address and were asked about different steps.

    Args:
        session: of the hub.
        contacts: whoever has the address.
        now: UTC.
    """
    messages = _asked_there(session, contacts, now)
    question = open_question(session, contacts, now)
    if not messages or len({message.person_id for message in messages}) > 1:
        return None
    if question is not None and question.step == "answer":
        return None  # an advocate asked something since
    today = wall_time(now, the_hub(session).zone).date()
    message = _meant(session, messages, today)
    step = session.get(PlanStep, message.subject_id)
    plan = session.get(SupportPlan, step.plan_id) if step is not None else None
    if step is None or plan is None or plan.state != PlanState.IN_PROGRESS:
        return None
    case = session.get_one(Case, plan.case_id)
    if session.get_one(Defendant, case.defendant_id).person_id != message.person_id:
        return None
    return AskedStep(
        step,
        case,
        StepAsked(
            message.step,
            newest=_is_newest(session, messages[0]),
            to_come=step.due_on is not None and step.due_on > today,
            asked_why=question is not None and question.step == ASKED_WHY,
        ),
    )


def _meant(session: HubSession, messages: Sequence[Message], today: date) -> Message:
    """Of the messages that asked, the newest first, the one that an answer today is about."""
    newest = session.get(PlanStep, messages[0].subject_id)
    if newest is None or newest.due_on is None or newest.due_on <= today:
        return messages[0]
    due: list[tuple[date, Message]] = []
    for message in messages[1:]:
        step = session.get(PlanStep, message.subject_id)
        if step is None or step.due_on is None or step.due_on > today or step.state not in TO_DO:
            continue
        due.append((step.due_on, message))
    return max(due, key=lambda one: one[0])[1] if due else messages[0]


def _asked_there(
    session: HubSession, contacts: Sequence[ContactPoint], now: datetime
) -> list[Message]:
    return list(
        session.exec(
            select(Message)
            .where(
                col(Message.contact_id).in_([contact.id for contact in contacts]),
                col(Message.step).in_(ASKED),
                col(Message.state).in_(sorted(LEFT)),
                col(Message.claimed_at) > now - ASKED_FOR,
            )
            .order_by(col(Message.claimed_at).desc(), col(Message.id).desc())
        ).all()
    )


def _is_newest(session: HubSession, asked: Message) -> bool:
    """Whether nothing but acknowledgements was sent there since."""
    later = session.exec(
        select(col(Message.id)).where(
            Message.contact_id == asked.contact_id,
            col(Message.claimed_at) > asked.claimed_at,
            ~col(Message.step).startswith("ack_"),
        )
    ).first()
    return later is None


def take_step_reply(
    session: HubSession, about: AskedStep, said: StepReply, source: Source, now: datetime
) -> bool:
    """Do what a reply says of a step; whether a person should look at it now.

    Their word is evidence that nobody has checked yet. What is done, excused or cancelled stays.
    """
    step = about.step
    if step.recurrence or step.state not in (*TO_DO, *MISSED):
        return False
    if said.kind is ReplyKind.STEP_WENT:
        missed = step.state in MISSED
        add_evidence(session, step.id, EvidenceKind.WORD, "", source, now)
        return missed
    if said.words and said.kind in (ReplyKind.STEP_COULD_NOT, ReplyKind.STEP_WHY):
        note_answer(session, step.id, said.words, source, now)
    return False
