"""A young person's plan waits until a parent or guardian signs: a step that the team follows."""

from datetime import datetime
from typing import Final

from sqlmodel import col, select

from domain.consents import Signer
from domain.plan_steps import ENDED_PLANS
from domain.vocabulary import EvidenceKind, StepKind
from records.casework import Source
from records.database import HubSession
from records.plans import MISSED, TO_DO, add_evidence
from records.tables import Case, Consent, ConsentTerms, Defendant, PlanStep, SupportPlan

GUARDIANS: Final = (Signer.BOTH, Signer.REPRESENTATIVE)
"""Who signed where a parent, guardian or representative did."""
SIGNED: Final = "A parent or guardian signed a consent."


def guardian_signed(session: HubSession, person_id: str, now: datetime) -> bool:
    """Whether a parent or guardian has signed a consent that was neither taken back nor ran out."""
    return (
        session.exec(
            select(col(ConsentTerms.id))
            .join(Consent, col(Consent.id) == ConsentTerms.id)
            .where(
                ConsentTerms.person_id == person_id,
                col(ConsentTerms.signer).in_(GUARDIANS),
                col(ConsentTerms.event_at).is_(None),
                col(Consent.withdrawn_at).is_(None),
                col(Consent.expires_at).is_(None) | (col(Consent.expires_at) > now),
            )
            .limit(1)
        ).first()
        is not None
    )


def check_off_guardians(
    session: HubSession, person_id: str, source: Source, now: datetime
) -> list[PlanStep]:
    """Steps of the person's plans that waited for a parent or guardian are done, where one signed.

    Args:
        session: of the hub.
        person_id: whose plans.
        source: who recorded the signature.
        now: UTC.

    Returns:
        The steps that were checked off.
    """
    rows = session.exec(
        select(PlanStep)
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .join(Case, col(Case.id) == SupportPlan.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(
            Defendant.person_id == person_id,
            PlanStep.kind == StepKind.GUARDIAN_CONSENT,
            PlanStep.recurrence == "",
            col(PlanStep.state).in_((*TO_DO, *MISSED)),
            col(SupportPlan.state).not_in(ENDED_PLANS),
        )
        .order_by(col(PlanStep.id))
    ).all()
    if not rows or not guardian_signed(session, person_id, now):
        return []
    for step in rows:
        add_evidence(session, step.id, EvidenceKind.OTHER, SIGNED, source, now, verified=True)
    return list(rows)
