"""Referrals to providers as closed loops, and people who must not meet through them."""

from datetime import date, datetime

from sqlmodel import UniqueConstraint

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class Referral(HubOwned, table=True):
    """Somebody is referred to a provider, with the states of the FHIR Task.

    Attributes:
        note: what the provider is told beyond the first name and what is asked for.
        agreed_words, agreed_how: how the person agreed that the provider is told.
        walled: a survivor's service: only the case's advocate and supervisors see it.
        first_meeting_at: when they are to meet first; `met` whether they did.
        introduced_by, introduced_how: the warm hand-off: who, and in which way.
        declined, reason: why the provider could not, and in whose words.
        replaces_id: the referral that this one follows, to another provider.
        round: grows with what must be said anew (`ReferralFacts.round`).
    """

    case_id: str | None = maybe_ref("case.id")
    person_id: str | None = maybe_ref("person.id")
    plan_id: str | None = maybe_ref("support_plan.id")
    step_id: str | None = maybe_ref("plan_step.id")
    provider_id: str = ref("provider.id")
    service_id: str | None = maybe_ref("service.id", index=False)
    need: str = ""
    state: str = "draft"
    note: str = sealed("referral.note")
    agreed_words: str = sealed("referral.agreed_words")
    agreed_how: str = ""
    walled: bool = False
    asked_by: str = ""
    requested_at: datetime | None = maybe_instant()
    answered_at: datetime | None = maybe_instant()
    state_since: datetime | None = maybe_instant()
    first_meeting_at: datetime | None = maybe_instant()
    met: bool | None = None
    met_at: datetime | None = maybe_instant()
    introduced_by: str = sealed("referral.introduced_by")
    introduced_how: str = ""
    declined: str = ""
    reason: str = sealed("referral.reason")
    replaces_id: str | None = maybe_ref("referral.id", index=False)
    round: int = 1
    revision: int = 1


class ReferralVisit(HubOwned, table=True):
    """A day on which somebody was to be at a provider, and whether they came, by whose word."""

    __tablename__ = "referral_visit"
    referral_id: str = ref("referral.id")
    visited_on: date
    came: bool
    said_by: str = ""
    said_at: datetime = instant()

    __table_args__ = (UniqueConstraint("referral_id", "visited_on"),)


class PersonConflict(HubOwned, table=True):
    """Two people who must not be sent to the same provider. Why is kept nowhere."""

    __tablename__ = "person_conflict"
    person_id: str = ref("person.id")
    other_id: str = ref("person.id")
    declared_by: str = ""
    declared_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()
