"""What a referral's messages are about: the provider's private page, or a first meeting."""

from datetime import datetime

from domain.agenda import AgendaItem
from domain.consents import HEALTH
from domain.court_time import wall_time
from domain.referrals import ASKS
from records.database import HubSession
from records.hubs import the_hub
from records.matters import Matter, participant_of
from records.private_links import path_of
from records.referral_consents import kind_of_referral
from records.referrals import get_referral, provider_link
from records.tables import Provider, Referral


def referral_matter(session: HubSession, item: AgendaItem, now: datetime) -> Matter | None:
    """What one item of a referral's agenda is about; None when that is gone.

    The provider's private link is made here where there is none, in the transaction that claims
    the message. Where the name of a provider of care would say what somebody is treated for, the
    reminder of a first meeting leaves it out; so it does for survivors: others may hold their
    phone.
    """
    row = get_referral(session, item.subject_id)
    hub = the_hub(session)
    assert row.case_id is not None
    name = participant_of(session, row.case_id)
    if item.step in ASKS:
        return Matter(hub, name, detained=False, link=path_of(provider_link(session, row, now)))
    if row.first_meeting_at is None:
        return None
    at = wall_time(row.first_meeting_at, hub.zone)
    return Matter(hub, name, detained=False, at=at, provider=_place(session, row))


def _place(session: HubSession, row: Referral) -> str:
    if row.walled:
        return ""
    if kind_of_referral(session, row) in HEALTH:
        return ""
    return session.get_one(Provider, row.provider_id).name
