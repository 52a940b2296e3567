"""Referrals: sending somebody to a provider, and everything until the loop is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.agenda import Subject
from domain.consents import HEALTH
from domain.referrals import OPEN, WAITS, ReferralMoveRefused, Setter, check_move
from domain.vocabulary import Channel, Declined, EvidenceKind, LinkPurpose
from domain.vocabulary import ReferralState as S
from records.addresses import BadAddress
from records.casework import NotFound, Source, get_case, record_event
from records.circle import NewContact, add_contact
from records.conflicts import check_no_conflict
from records.database import HubSession
from records.directory import offered_provider
from records.disclosures import NotConsented, Telling, disclose
from records.hubs import the_hub
from records.outbox import announce
from records.plans import MISSED, TO_DO, add_evidence, choose_provider, get_plan, get_step
from records.private_links import LinkFor, make_link, revoke_links
from records.referral_consents import kind_of_referral, may_be_told, the_provider
from records.tables import (
    Case,
    Defendant,
    HumanTask,
    Person,
    PrivateLink,
    Provider,
    Referral,
    ReferralVisit,
    Service,
)

LINK_LASTS: Final = timedelta(days=180)
"""How long a provider's link lasts; it ends with the referral."""
HOW: Final = ("in person", "by phone", "by text")
"""How somebody agreed that a provider is told of them."""
SURVIVORS: Final = frozenset({"victim_survivor_advocacy"})
"""Needs whose referrals are kept apart from everybody but the case's advocate and supervisors."""


class NotAgreed(ValueError):
    """The person has not agreed that the provider is told of them."""

    def __init__(self) -> None:
        super().__init__("Ask them first, and write down in which words they agreed.")


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as an advocate makes it.

    Attributes:
        need: a kind of plan step.
        note: what the provider is told beyond the first name and the need; no case, no charge.
        agreed_words, agreed_how: how the person agreed that the provider is told.
        introduced_by, introduced_how: the warm hand-off, where there is one.
    """

    provider_id: str
    need: str
    service_id: str | None = None
    step_id: str | None = None
    note: str = ""
    agreed_words: str = ""
    agreed_how: str = ""
    introduced_by: str = ""
    introduced_how: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said when a referral moves; whatever does not apply stays empty.

    Attributes:
        meeting_at: when they meet first (UTC).
        declined: why not, from the closed list.
        words: in the words of whoever says it.
    """

    meeting_at: datetime | None = None
    declined: Declined | None = None
    words: str = ""


def draft_referral(
    session: HubSession, case_id: str, new: NewReferral, source: Source, now: datetime
) -> Referral:
    """Write a referral down; nobody is told yet.

    Raises:
        NotFound: no such case, provider, service or step.
        ProviderEnded: nobody is sent there any more.
        NotOfferedHere: the conflict wall stands between.
    """
    case = get_case(session, case_id)
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    provider = offered_provider(session, new.provider_id)
    check_no_conflict(session, person_id, provider.id)
    _check_service(session, new)
    plan_id = _plan_of(session, case, new.step_id)
    row = Referral(
        case_id=case.id,
        person_id=person_id,
        plan_id=plan_id,
        step_id=new.step_id,
        provider_id=provider.id,
        service_id=new.service_id,
        need=new.need,
        note=new.note,
        agreed_words=new.agreed_words,
        agreed_how=new.agreed_how if new.agreed_how in HOW else "",
        walled=new.need in SURVIVORS,
        introduced_by=new.introduced_by,
        introduced_how=new.introduced_how,
        asked_by=source.actor,
        state_since=now,
    )
    session.add(row)
    session.flush()
    if new.step_id and not row.walled:  # counsel and the court read where a step is done
        choose_provider(session, new.step_id, provider.id, source, now)
    _changed(session, row, "referral_drafted", source, now)
    return row


def _check_service(session: HubSession, new: NewReferral) -> None:
    if new.service_id is None:
        return
    service = session.get(Service, new.service_id)
    if service is None or service.organization_id != new.provider_id:
        raise NotFound("service")


def _plan_of(session: HubSession, case: Case, step_id: str | None) -> str | None:
    if step_id is None:
        return None
    plan = get_plan(session, get_step(session, step_id).plan_id)
    if plan.case_id != case.id:
        raise NotFound("plan step")
    return plan.id


def send_referral(session: HubSession, referral_id: str, source: Source, now: datetime) -> Referral:
    """Ask the provider: from now on its loop is followed.

    What names a need of health leaves under a consent for this provider alone, and stands in the
    log of disclosures.

    Raises:
        NotFound: no such referral.
        NotAgreed: the person was not asked.
        NotConsented: a need of health without a consent for this provider; nothing is sent.
        NotOfferedHere: the conflict wall stands between.
        ReferralMoveRefused: it is no draft.
    """
    row = get_referral(session, referral_id)
    session.lock(row, "state")
    check_move(S(row.state), S.REQUESTED, Setter.TEAM)
    provider = offered_provider(session, row.provider_id)
    assert row.person_id is not None
    check_no_conflict(session, row.person_id, provider.id)
    kind = kind_of_referral(session, row)
    if kind in HEALTH:
        telling = Telling(
            person_id=row.person_id,
            to=the_provider(provider),
            kinds=frozenset({kind}),
            what="A referral: first name, and what is asked for.",
            how="private link",
            case_id=row.case_id,
            subject_kind="referral",
            subject_id=row.id,
        )
        disclose(session, telling, source, now)
    elif not row.agreed_words.strip():
        raise NotAgreed
    _desk(session, provider, source, now)
    row.state, row.state_since = S.REQUESTED, now
    row.requested_at = now
    _changed(session, row, "referral_requested", source, now)
    return row


def _desk(session: HubSession, provider: Provider, source: Source, now: datetime) -> None:
    """Whoever reads the provider's mailbox; made at the first referral, kept for the next."""
    if provider.desk_id is None:
        desk = Person(first_name=provider.name, language=the_hub(session).default_language)
        session.add(desk)
        session.flush()
        provider.desk_id = desk.id
        session.add(provider)
    if provider.email:
        words = "The address that the provider publishes."
        contact = NewContact(Channel.EMAIL, provider.email, words, how="published")
        try:
            add_contact(session, provider.desk_id, contact, source, now)
        except BadAddress:
            return  # a task asks to call instead


def move_referral(
    session: HubSession,
    referral_id: str,
    wanted: S,
    by: Setter,
    said: Answer,
    source: Source,
    now: datetime,
) -> Referral:
    """A referral goes on: accepted, declined, met, on hold, finished, cancelled.

    Raises:
        NotFound: no such referral.
        ReferralMoveRefused: it cannot, or not by whoever asks.
    """
    row = get_referral(session, referral_id)
    session.lock(row, "state")
    if wanted is S.REQUESTED:
        raise ReferralMoveRefused(S(row.state), wanted, by)
    check_move(S(row.state), wanted, by)
    row.answered_at = row.answered_at or (now if wanted in (S.ACCEPTED, S.REJECTED) else None)
    if wanted is S.ACCEPTED and row.state == S.ON_HOLD:
        row.round += 1
    row.state, row.state_since = wanted, now
    if said.meeting_at is not None:
        row.first_meeting_at, row.met = said.meeting_at, None
        row.round += 1
    if said.declined is not None:
        row.declined = said.declined
    row.reason = said.words or row.reason
    if wanted is S.IN_PROGRESS and row.met is None:
        row.met, row.met_at = True, now
    _changed(session, row, f"referral_{wanted.replace('-', '_')}", source, now)
    if wanted not in OPEN:
        revoke_links(session, _link_for(session, row), now)
    return row


def set_meeting(
    session: HubSession,
    referral_id: str,
    meeting_at: datetime,
    source: Source,
    now: datetime,
    *,
    introduced_by: str = "",
    introduced_how: str = "",
) -> Referral:
    """When they meet first, and who introduces them; a new date is told anew.

    Raises:
        NotFound: no such referral.
        ReferralMoveRefused: the provider has not accepted.
    """
    row = get_referral(session, referral_id)
    session.lock(row, "state")
    if row.state != S.ACCEPTED:
        raise ReferralMoveRefused(S(row.state), S.ACCEPTED, Setter.TEAM)
    row.first_meeting_at, row.met, row.met_at = meeting_at, None, None
    row.round += 1
    row.introduced_by = introduced_by or row.introduced_by
    row.introduced_how = introduced_how or row.introduced_how
    _changed(session, row, "referral_meeting_set", source, now)
    return row


def not_met(
    session: HubSession, referral_id: str, source: Source, now: datetime, *, words: str = ""
) -> Referral:
    """The first meeting did not happen; a person asks why, and helps.

    Raises:
        NotFound: no such referral.
        ReferralMoveRefused: the provider has not accepted.
    """
    row = get_referral(session, referral_id)
    session.lock(row, "state")
    if row.state != S.ACCEPTED:
        raise ReferralMoveRefused(S(row.state), S.ACCEPTED, Setter.TEAM)
    row.met, row.met_at, row.state_since = False, now, now
    row.reason = words or row.reason
    _changed(session, row, "referral_not_met", source, now)
    return row


def note_visit(
    session: HubSession, referral_id: str, day: date, source: Source, now: datetime, *, came: bool
) -> ReferralVisit:
    """Whether they came on a day; the first visit begins the work. Of the referral's step it is
    evidence that a person still checks, except of a survivor's, of which the plan tells nothing.
    Saying it again changes what was said.

    Raises:
        NotFound: no such referral.
        ReferralMoveRefused: it has not been accepted, or is over.
    """
    row = get_referral(session, referral_id)
    session.lock(row, "state")
    if S(row.state) not in (S.ACCEPTED, S.IN_PROGRESS, S.ON_HOLD):
        raise ReferralMoveRefused(S(row.state), S.IN_PROGRESS, Setter.PROVIDER)
    visit = session.exec(
        select(ReferralVisit).where(
            ReferralVisit.referral_id == row.id, ReferralVisit.visited_on == day
        )
    ).first()
    known = visit is not None and visit.came == came
    visit = visit or ReferralVisit(referral_id=row.id, visited_on=day, came=came)
    visit.came, visit.said_by, visit.said_at = came, source.actor, now
    session.add(visit)
    session.flush()
    if came and row.state == S.ACCEPTED:
        row.state, row.state_since, row.met, row.met_at = S.IN_PROGRESS, now, True, now
    if came and not known and not row.walled:
        _attest(session, row, day, source, now)
    _changed(session, row, "referral_visit", source, now)
    return visit


def _attest(session: HubSession, row: Referral, day: date, source: Source, now: datetime) -> None:
    """The provider's word for the step that was due on that day, or the one step."""
    step = _step_on(session, row, day)
    if step is not None:
        add_evidence(session, step, EvidenceKind.ATTESTATION, day.isoformat(), source, now)


def _step_on(session: HubSession, row: Referral, day: date) -> str | None:
    if row.step_id is None:
        return None
    step = get_step(session, row.step_id)
    if step.recurrence:
        found = session.exec(
            select(type(step)).where(col(type(step).parent_id) == step.id, type(step).due_on == day)
        ).first()
        if found is None:
            return None
        step = found
    return step.id if step.state in (*TO_DO, *MISSED) else None


def reoffer(
    session: HubSession,
    referral_id: str,
    provider_id: str,
    service_id: str | None,
    source: Source,
    now: datetime,
) -> Referral:
    """Offer the same to another provider: the old one is ended, the new one is sent.

    Raises:
        NotFound: no such referral, provider or service.
        ReferralMoveRefused: the old one is going on.
        ProviderEnded, NotOfferedHere, NotConsented, NotAgreed: as for a new one.
    """
    old = get_referral(session, referral_id)
    session.lock(old, "state")
    if S(old.state) in (S.IN_PROGRESS, S.COMPLETED, S.ENTERED_IN_ERROR):
        raise ReferralMoveRefused(S(old.state), S.CANCELLED, Setter.TEAM)
    assert old.case_id is not None
    new = NewReferral(
        provider_id=provider_id,
        need=old.need,
        service_id=service_id,
        step_id=old.step_id,
        note=old.note,
        agreed_words=old.agreed_words,
        agreed_how=old.agreed_how,
        introduced_by=old.introduced_by,
        introduced_how=old.introduced_how,
    )
    row = draft_referral(session, old.case_id, new, source, now)
    row.replaces_id = old.id
    session.add(row)
    if S(old.state) in OPEN:
        move_referral(session, old.id, S.CANCELLED, Setter.TEAM, Answer(), source, now)
    else:
        _close_tasks(session, old, source, now)
    return send_referral(session, row.id, source, now)


def get_referral(session: HubSession, referral_id: str) -> Referral:
    """The referral.

    Raises:
        NotFound: not in this hub, or of no case.
    """
    row = session.get(Referral, referral_id)
    if row is None or row.case_id is None:
        raise NotFound("referral")
    return row


def referrals_of(session: HubSession, case_id: str) -> list[Referral]:
    """The referrals of a case, the newest first."""
    return list(
        session.exec(
            select(Referral)
            .where(Referral.case_id == case_id)
            .order_by(col(Referral.created_at).desc(), col(Referral.id).desc())
        ).all()
    )


def visits_of(session: HubSession, referral_id: str) -> list[ReferralVisit]:
    """The days on which somebody was, or was to be, there, first to last."""
    return list(
        session.exec(
            select(ReferralVisit)
            .where(ReferralVisit.referral_id == referral_id)
            .order_by(col(ReferralVisit.visited_on))
        ).all()
    )


def asked_already(session: HubSession, row: Referral) -> frozenset[str]:
    """Providers that were asked for this before, along the chain of referrals, and this one."""
    asked = {row.provider_id}
    earlier: Referral | None = row
    while earlier is not None and earlier.replaces_id:
        earlier = session.get(Referral, earlier.replaces_id)
        if earlier is not None:
            asked.add(earlier.provider_id)
    return frozenset(asked)


def open_for_provider(session: HubSession, row: Referral, now: datetime) -> Referral:
    """The referral, when its provider may open it.

    Raises:
        ReferralMoveRefused: it was not sent, or is over.
        NotConsented: the consent that it rests on does not hold any more.
    """
    if S(row.state) not in WAITS:
        raise ReferralMoveRefused(S(row.state), S.REQUESTED, Setter.PROVIDER)
    if not may_be_told(session, row, now):
        raise NotConsented({kind_of_referral(session, row)})
    return row


def provider_link(session: HubSession, row: Referral, now: datetime) -> PrivateLink:
    """The provider's private link, made where there is none."""
    return make_link(session, _link_for(session, row), now + LINK_LASTS)


def _link_for(session: HubSession, row: Referral) -> LinkFor:
    desk_id = session.get_one(Provider, row.provider_id).desk_id
    return LinkFor(LinkPurpose.REFERRAL, referral_id=row.id, person_id=desk_id)


def _changed(session: HubSession, row: Referral, kind: str, source: Source, now: datetime) -> None:
    """A new revision, an event of the case, news for the workflow; what was asked is done."""
    row.revision += 1
    session.add(row)
    _close_tasks(session, row, source, now)
    assert row.case_id is not None
    case = get_case(session, row.case_id)
    if not row.walled:  # nothing of it stands in the case's own history
        record_event(session, case, "referral", kind, source, now, subject_id=row.id)
    session.flush()
    announce(session, Subject.REFERRAL, row.id, row.revision, now)


def _close_tasks(session: HubSession, row: Referral, source: Source, now: datetime) -> None:
    for task in session.exec(
        select(HumanTask).where(HumanTask.referral_id == row.id, col(HumanTask.closed_at).is_(None))
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)
