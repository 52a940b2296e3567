"""The consent that a referral rests on: a need of health is told to one provider while it holds.

Whether it holds is asked each time the provider's page is opened or answered and each time a
message to the provider is planned: what was agreed yesterday may have been taken back today.
"""

from datetime import datetime

from sqlmodel import col, select

from domain.agenda import Subject
from domain.consents import (
    HEALTH,
    Recipient,
    RecipientKind,
    ShareKind,
    basis_for,
    kind_of_step,
)
from domain.referrals import WAITS
from records.consents import signed_of
from records.database import HubSession
from records.outbox import announce
from records.plans import get_step
from records.tables import Provider, Referral


def kind_of_referral(session: HubSession, row: Referral) -> ShareKind:
    """What a consent must name for a referral to be told to its provider."""
    treatment = row.step_id is not None and get_step(session, row.step_id).treatment
    return kind_of_step(row.need, treatment=treatment)


def the_provider(provider: Provider) -> Recipient:
    """A provider as a consent names it."""
    return Recipient(RecipientKind.PROVIDER, provider.name, provider.id)


def may_be_told(session: HubSession, row: Referral, now: datetime, *, held: bool = False) -> bool:
    """Whether the provider may know of a referral at `now` (UTC): it tells nothing of health, or a
    consent that holds covers it.

    Args:
        session: of the hub.
        row: the referral.
        now: UTC.
        held: keep the consents from being taken back until the transaction ends.
    """
    kind = kind_of_referral(session, row)
    if kind not in HEALTH:
        return True
    if row.person_id is None:
        return False
    to = the_provider(session.get_one(Provider, row.provider_id))
    return basis_for(signed_of(session, row.person_id, held=held), to, kind, now) is not None


def tell_referrals(session: HubSession, person_id: str, now: datetime) -> None:
    """A consent has ended: the person's referrals that a provider waits on are planned again."""
    rows = session.exec(
        select(Referral)
        .where(Referral.person_id == person_id, col(Referral.state).in_(sorted(WAITS)))
        .order_by(col(Referral.id))
    ).all()
    for row in rows:
        session.lock(row, "revision")
        row.revision += 1
        session.add(row)
        session.flush()
        announce(session, Subject.REFERRAL, row.id, row.revision, now)
