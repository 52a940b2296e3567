"""Reading one referral into the plain values that its planner needs."""

from datetime import datetime

from sqlmodel import col, func, select

from domain.facts import MessageFact, PersonFacts
from domain.referrals import ReferralFacts
from domain.vocabulary import LEFT, Audience, Channel, MessageState, ReferralState
from records.case_facts import load_person, load_task_keys
from records.database import HubSession
from records.hubs import closed_days, policy_of, the_hub
from records.referral_consents import may_be_told, told_until
from records.tables import Case, HumanTask, Message, Provider, Referral

_WRITTEN = frozenset({Channel.SMS, Channel.EMAIL})
"""Ways that can carry the address of a private page; a call cannot."""


def load_referral(session: HubSession, referral_id: str, now: datetime) -> ReferralFacts | None:
    """The facts of one referral at `now` (UTC), or None when there is no such one in the hub."""
    session.flush()
    row = session.get(Referral, referral_id)
    case = session.get(Case, row.case_id) if row and row.case_id else None
    if row is None or case is None or row.person_id is None:
        return None
    hub = the_hub(session)
    provider = session.get_one(Provider, row.provider_id)
    asked = row.requested_at or row.created_at
    person = _written_to(load_person(session, row.person_id, Audience.DEFENDANT, asked))
    return ReferralFacts(
        id=row.id,
        hub_id=session.hub_id,
        revision=row.revision,
        state=ReferralState(row.state),
        policy=policy_of(hub, closed_days(session)),
        answer_days=hub.referral_days,
        requested_at=row.requested_at,
        answered_at=row.answered_at,
        state_since=row.state_since,
        meeting_at=row.first_meeting_at,
        met=row.met,
        introduced=bool(row.introduced_by),
        covered=may_be_told(session, row, now),
        covered_until=told_until(session, row, now),
        replaced=_replaced(session, referral_id),
        provider=_desk(session, provider, asked),
        person=None if case.custody == "detained" else person,
        messages=_messages(session, referral_id),
        task_keys=load_task_keys(session, HumanTask.referral_id, referral_id),
        elsewhere=_elsewhere(session, referral_id, row.person_id),
        round=row.round,
    )


def _replaced(session: HubSession, referral_id: str) -> bool:
    found = session.exec(select(col(Referral.id)).where(Referral.replaces_id == referral_id))
    return found.first() is not None


def _desk(session: HubSession, provider: Provider, since: datetime) -> PersonFacts | None:
    if provider.desk_id is None:
        return None
    return _written_to(load_person(session, provider.desk_id, Audience.PROVIDER, since))


def _written_to(found: PersonFacts) -> PersonFacts:
    ways = tuple(way for way in found.contacts if way.channel in _WRITTEN)
    return PersonFacts(found.id, found.audience, found.enrolled_at, ways)


def _messages(session: HubSession, referral_id: str) -> tuple[MessageFact, ...]:
    rows = session.exec(select(Message).where(Message.referral_id == referral_id)).all()
    return tuple(
        MessageFact(
            row.claim,
            row.person_id,
            row.subject_id,
            row.subject_revision,
            row.step,
            row.channel,
            MessageState(row.state),
            row.claimed_at,
            row.contact_id or "",
            row.settled_at,
            row.temporary,
        )
        for row in rows
    )


def _elsewhere(session: HubSession, referral_id: str, person_id: str) -> dict[str, datetime]:
    """When the person was last told anything that is not of this referral (UTC)."""
    said = session.exec(
        select(func.max(col(Message.claimed_at))).where(
            Message.person_id == person_id,
            col(Message.referral_id).is_distinct_from(referral_id),
            col(Message.state).in_(sorted(LEFT)),
        )
    ).one()
    return {person_id: said} if said else {}
