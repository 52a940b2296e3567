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
    Sharing,
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
    if kind_of_referral(session, row) not in HEALTH:
        return True
    return basis_of(session, row, now, held=held) is not None


def basis_of(
    session: HubSession, row: Referral, now: datetime, *, held: bool = False
) -> Sharing | None:
    """The consent under which a provider may know of a referral at `now` (UTC); None where none
    holds. Arguments as for `may_be_told`."""
    if row.person_id is None:
        return None
    to = the_provider(session.get_one(Provider, row.provider_id))
    consents = signed_of(session, row.person_id, held=held)
    return basis_for(consents, to, kind_of_referral(session, row), now)


def told_until(session: HubSession, row: Referral, now: datetime) -> datetime | None:
    """When the provider may not know of a referral any more (UTC), as the consent that holds says;
    None where it names no day, and where none is needed or none holds."""
    if kind_of_referral(session, row) not in HEALTH:
        return None
    basis = basis_of(session, row, now)
    return basis.expires_at if basis else None


def tell_referrals(session: HubSession, person_id: str, now: datetime) -> None:
    """A consent was signed or has ended: the person's referrals at providers are planned again."""
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
