"""A person's own steps behind their private link: "1 I went, 2 I couldn't, 3 call me".

What is said here counts as what is written back to a text: their own word, that nobody has checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.court_time import wall_time
from domain.reply_kinds import ReplyKind
from domain.step_replies import MOST_WORDS, StepAsked, StepReply
from domain.vocabulary import LinkPurpose, PlanState, StepOwner, StepState
from records.casework import NotFound, Source, record_event
from records.database import HubSession
from records.hubs import the_hub
from records.plans import MISSED
from records.private_links import LinkFor, make_link
from records.reply_tasks import open_step_task
from records.step_answers import AskedStep, take_step_reply
from records.tables import Case, Defendant, PlanStep, PrivateLink, SupportPlan

LINK_LASTS: Final = timedelta(days=60)
"""How long a link opens after the last message that named it."""
AHEAD: Final = timedelta(days=21)
LOOKS_BACK: Final = timedelta(days=14)
MISSED_FOR: Final = timedelta(days=30)
"""For how long a missed step is asked about here; afterwards the team talks with them."""
SAID: Final = (StepState.EVIDENCED, StepState.VERIFIED, StepState.CURED)
"""Steps that were shown, by whomever."""
_SAYS: Final = (ReplyKind.STEP_WENT, ReplyKind.STEP_COULD_NOT, ReplyKind.STEP_CALL)


class NotYet(ValueError):
    """The day of this step is still to come."""

    def __init__(self) -> None:
        super().__init__("The day of this step is still to come.")


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step as its person sees it.

    Attributes:
        missed: its day is over, and nobody has shown it.
        to_come: its day is not here yet, local to the hub.
        said: it was shown; there is nothing to answer.
    """

    step: PlanStep
    case: Case
    missed: bool
    to_come: bool
    said: bool


def steps_link(session: HubSession, person_id: str, now: datetime) -> PrivateLink:
    """The person's private page of their own steps, made where there is none. One that has expired
    does not open again: whoever kept an old text may have somebody else's phone by now."""
    wanted = LinkFor(LinkPurpose.STEPS, person_id=person_id)
    return make_link(session, wanted, now + LINK_LASTS, after=now)


def own_steps(session: HubSession, person_id: str, now: datetime) -> list[OwnStep]:
    """What is theirs to do in the plans that run, by day; then what was missed in the last month,
    newest first; then what was shown.

    Nothing of a plan that rests while they are in custody: others may have their phone.

    Args:
        session: of the hub.
        person_id: whose.
        now: UTC.
    """
    today = wall_time(now, the_hub(session).zone).date()
    rows = session.exec(
        select(PlanStep, Case)
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(
            Defendant.person_id == person_id,
            Case.custody != "detained",
            SupportPlan.state == PlanState.IN_PROGRESS,
            PlanStep.recurrence == "",
            col(PlanStep.owner).in_((StepOwner.PERSON, StepOwner.MENTOR)),
            col(PlanStep.state).in_((StepState.ACTIVE, *MISSED, *SAID)),
        )
    ).all()
    found = [_seen(step, case, today) for step, case in rows if _is_near(step, today)]
    return sorted(
        found,
        key=lambda one: (
            one.said,
            one.missed,
            -(one.step.due_on or date.min).toordinal()
            if one.missed
            else (one.step.due_on or date.max).toordinal(),
            one.step.id,
        ),
    )


def say_of_step(
    session: HubSession,
    person_id: str,
    step_id: str,
    kind: ReplyKind,
    words: str,
    source: Source,
    now: datetime,
) -> None:
    """Do what they say of one of their steps, as if they had written it back to a text. The same
    button a second time changes nothing.

    Args:
        session: of the hub.
        person_id: who says it.
        step_id: of which step.
        kind: STEP_WENT, STEP_COULD_NOT or STEP_CALL.
        words: what got in the way; "" where they did not say.
        source: the link.
        now: UTC.

    Raises:
        NotFound: no such step is theirs to answer now.
        NotYet: they say that they went, and its day is still to come.
    """
    assert kind in _SAYS
    step = session.get(PlanStep, step_id)
    if step is not None:
        session.lock(step)
    mine = {one.step.id: one for one in own_steps(session, person_id, now)}
    one = mine.get(step_id)
    if one is None:
        raise NotFound("plan step")
    if one.said and kind is not ReplyKind.STEP_CALL:
        return
    if kind is ReplyKind.STEP_WENT and one.to_come:
        raise NotYet
    said = StepReply(kind, words[:MOST_WORDS] if kind is ReplyKind.STEP_COULD_NOT else "")
    about = AskedStep(one.step, one.case, StepAsked("plan_step", to_come=one.to_come))
    to_check = take_step_reply(session, about, said, source, now)
    record_event(session, one.case, "circle", f"reply_{kind}", source, now, subject_id=person_id)
    today = wall_time(now, the_hub(session).zone).date()
    mark = f"{step_id}|{today.isoformat()}"
    if to_check:
        open_step_task(session, "step_check", one.case, one.step, person_id, mark, now)
    # Of a missed step its own ladder tells the advocate, as soon as there is an answer.
    if kind is ReplyKind.STEP_CALL or (kind is ReplyKind.STEP_COULD_NOT and not one.missed):
        open_step_task(session, str(kind), one.case, one.step, person_id, mark, now)


def _is_near(step: PlanStep, today: date) -> bool:
    if step.state in SAID:
        return step.due_on is not None and today - LOOKS_BACK <= step.due_on <= today + AHEAD
    if step.state in MISSED:
        return step.due_on is not None and step.due_on >= today - MISSED_FOR
    return step.due_on is None or step.due_on <= today + AHEAD


def _seen(step: PlanStep, case: Case, today: date) -> OwnStep:
    return OwnStep(
        step,
        case,
        missed=step.state in MISSED,
        to_come=step.due_on is not None and step.due_on > today,
        said=step.state in SAID,
    )
