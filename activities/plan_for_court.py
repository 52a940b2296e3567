"""The support plan as a packet shows it: treatment only under a consent that covers the court.

Steps of health care, and others that the plan marks so, stay out unless the person lets the court
know, through their lawyer, of that very kind (42 CFR 2.31(d), 45 CFR 164.508); when the consent
ends they are gone from the next version, and the packet's inputs have changed. Where a step is of
substance use, the notice of 42 CFR 2.32(a)(2) stands below it, with what the consent covers (42
CFR 2.32(b)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from activities.documents.packet_values import SupportStep
from domain.consents import (
    HEALTH,
    PART2_NOTICE,
    ShareKind,
    Sharing,
    kind_of_step,
    kinds_in_words,
    needs_notice,
)
from domain.court_time import wall_time
from domain.recurrence import parse_rule, repeats_words
from records.consents import next_end
from records.database import HubSession
from records.hubs import the_hub
from records.packet_consents import basis_in, consents_for_court
from records.plans import agreed_steps
from records.tables import Case, Defendant, PlanStep, SupportPlan

_SHOWN = {"active": "planned", "evidenced": "done", "verified": "done", "cured": "done"}
"""States of steps that a court is told of, in its words."""


@dataclass(frozen=True, slots=True)
class SharedKind:
    """A kind of treatment that a packet shows, and the consent under which it does."""

    kind: ShareKind
    consent_id: str


@dataclass(frozen=True, slots=True)
class PlanForCourt:
    """The plan's lines; `next_end` is when the next consent for the court runs out (UTC)."""

    steps: tuple[SupportStep, ...] = ()
    shared: tuple[SharedKind, ...] = ()
    next_end: datetime | None = None


def plan_for_court(session: HubSession, case: Case, now: datetime) -> PlanForCourt:
    """What a packet may show of a case's running plan at `now` (UTC)."""
    plan = session.exec(
        select(SupportPlan)
        .where(SupportPlan.case_id == case.id, SupportPlan.state == "in_progress")
        .order_by(col(SupportPlan.created_at).desc())
    ).first()
    if plan is None:
        return PlanForCourt()
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    consents = consents_for_court(session, person_id, now)
    under: dict[ShareKind, Sharing] = {}
    shown: list[SupportStep] = []
    for step in agreed_steps(session, plan.id):
        kind = kind_of_step(step.kind, treatment=step.treatment)
        closed = step.consent_needed or kind in HEALTH
        basis = basis_in(consents, kind, now) if closed else None
        if step.state not in _SHOWN or (closed and basis is None):
            continue
        if basis is not None:
            under[kind] = basis
        shown.append(_line(step))
    return PlanForCourt(
        (*shown, *_notice(session, under)),
        tuple(SharedKind(kind, one.id) for kind, one in sorted(under.items())),
        next_end(consents, now),
    )


def _line(step: PlanStep) -> SupportStep:
    return SupportStep(step.title, "", _by_when(step), _SHOWN[step.state])


def _by_when(step: PlanStep) -> str:
    if step.recurrence:
        return repeats_words(parse_rule(step.recurrence))
    return f"by {step.due_on:%B} {step.due_on.day}" if step.due_on else "ongoing"


def _notice(session: HubSession, under: dict[ShareKind, Sharing]) -> Sequence[SupportStep]:
    """A last line, which any template prints: whoever reads the plan reads it too."""
    if not under:
        return ()
    zone = the_hub(session).zone
    days = sorted({wall_time(one.given_at, zone).date() for one in under.values()})
    signed = " and ".join(f"{day:%B} {day.day}, {day.year}" for day in days)
    scope = (
        f"Shown with the participant's written consent of {signed}, which lets the lawyer, and "
        f"the court through the lawyer, know of {kinds_in_words(under)}, and nobody else."
    )
    return (SupportStep(f"{PART2_NOTICE} {scope}" if needs_notice(under) else scope),)
