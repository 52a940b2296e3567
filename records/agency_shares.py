"""What a defendant lets an agency know: a case shared with their consent, and taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from domain.consents import (
    OUR_STATEMENTS,
    ExpiryEvent,
    Lack,
    Medium,
    NoConsent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Signer,
    Terms,
)
from domain.court_time import wall_time
from domain.digests import TELL_AGENCY
from domain.vocabulary import ShareScope
from records.agency_news import touch_agency
from records.casework import NotFound, Source, get_case, record_event
from records.consents import end_consent, record_consent
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Agency, AgencyShare, Case, Consent, Defendant, HumanTask, Person

UNSHARED = "unshared"
"""How a consent ended whose share the hub ended itself."""
ON_PAPER = "on paper"
PURPOSE = "So that they can help me get to court."
LIMITS = {
    ShareScope.DATE: "First name; day and time of each court date.",
    ShareScope.PLACE: "First name; day, time, room and address of each court date.",
}
"""How much an agency may know, as its consent says it. Never a charge or a last name."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The defendant's consent that an agency may know.

    Attributes:
        words: what they agreed to, as it was said or signed.
        given_by: who gave it; "self" for the defendant.
        how: "in person", "on paper", "by phone" …
        expires_at: when it runs out (UTC); None for never.
    """

    words: str
    how: str
    given_by: str = "self"
    expires_at: datetime | None = None

    def signature(self, today: date) -> Signature:
        """The same as a signature of today (local to the hub): on paper, or by word of mouth."""
        how = self.how.strip()
        medium = Medium.PAPER if how == ON_PAPER else Medium.ORAL
        return Signature(
            medium=medium if how else None,
            signed_as=self.given_by,
            signed_on=today,
            words=self.words,
            how=how,
            # Court dates are no health record: whoever may speak for them may agree.
            signer=Signer.SELF,
        )


def share_case(
    session: HubSession,
    agency: Agency,
    case_id: str,
    what: ShareScope,
    agreement: Agreement,
    source: Source,
    now: datetime,
) -> AgencyShare:
    """Let an agency know of a case's hearings. Sharing again replaces what was agreed before.

    Args:
        session: of the hub.
        agency: one that gets digests (records.agencies.running_agency).
        case_id: which case.
        what: how much of each court date.
        agreement: the defendant's consent.
        source: who recorded it.
        now: UTC.

    Raises:
        NotFound: no such case.
        NoConsent: the consent lacks something.
    """
    case = get_case(session, case_id)
    share = _share_of(session, agency.id, case.id)
    held = _end_consent(session, share.consent_id, "replaced", "", source, now)
    if not (held and share.what == what):
        share.since = now
    share.consent_id = _consent_of(session, agency, case, what, agreement, source, now).id
    share.what, share.ended_at = what, None
    session.add(share)
    record_event(session, case, "circle", "agency_told", source, now, subject_id=agency.id)
    touch_agency(session, agency, now)
    return share


def _share_of(session: HubSession, agency_id: str, case_id: str) -> AgencyShare:
    found = session.exec(
        select(AgencyShare).where(
            AgencyShare.agency_id == agency_id, AgencyShare.case_id == case_id
        )
    ).first()
    return found or AgencyShare(agency_id=agency_id, case_id=case_id)


def _consent_of(
    session: HubSession,
    agency: Agency,
    case: Case,
    what: ShareScope,
    given: Agreement,
    source: Source,
    now: datetime,
) -> Consent:
    """The agreement as a consent like any other: for court dates, with this agency."""
    hub = the_hub(session)
    person = session.get_one(Person, session.get_one(Defendant, case.defendant_id).person_id)
    words = given.words.strip()
    if not words:
        raise NoConsent([Lack.WORDS])
    terms = Terms(
        person=f"{person.first_name} {person.last_name}".strip(),
        discloser=hub.name,
        kinds=frozenset({ShareKind.COURT_DATES}),
        limits=LIMITS[what],
        recipient=Recipient(RecipientKind.AGENCY, agency.name, agency.id),
        purpose=SharePurpose.SUPPORT,
        purpose_words=PURPOSE,
        revoke_how=f"Tell {hub.name}, in any way.",
        expires_at=given.expires_at,
        event=None if given.expires_at else ExpiryEvent.CASE_END,
        statements=OUR_STATEMENTS,
    )
    today = wall_time(now, hub.zone).date()
    signature = given.signature(today)
    return record_consent(session, person.id, terms, signature, source, now, case_id=case.id)


def get_share(session: HubSession, share_id: str) -> AgencyShare:
    """The share.

    Raises:
        NotFound: not in this hub.
    """
    share = session.get(AgencyShare, share_id)
    if share is None:
        raise NotFound("share")
    return share


def end_share(
    session: HubSession,
    share_id: str,
    source: Source,
    now: datetime,
    *,
    how: str = "",
    words: str = "",
) -> AgencyShare:
    """From now on the agency is told nothing of this case; the consent ends with it.

    Args:
        session: of the hub.
        share_id: which one.
        source: who recorded it.
        now: UTC.
        how: the defendant took the consent back; "" when the hub ended the sharing.
        words: those in which it was taken back.

    Raises:
        NotFound: no such share.
    """
    share = get_share(session, share_id)
    if share.ended_at is None:
        agency = session.get_one(Agency, share.agency_id)
        _end(session, share, agency, source, now, how=how or UNSHARED, words=words)
        touch_agency(session, agency, now)
    return share


def end_shares_of(session: HubSession, agency: Agency, source: Source, now: datetime) -> None:
    """Nothing is shared with an agency any more."""
    for share in shares_of(session, agency.id):
        _end(session, share, agency, source, now, how=UNSHARED, words="")


def shares_of(session: HubSession, agency_id: str) -> list[AgencyShare]:
    """What is shared with an agency, in the order in which it was."""
    return list(
        session.exec(
            select(AgencyShare)
            .where(AgencyShare.agency_id == agency_id, col(AgencyShare.ended_at).is_(None))
            .order_by(col(AgencyShare.id))
        ).all()
    )


def _end(
    session: HubSession,
    share: AgencyShare,
    agency: Agency,
    source: Source,
    now: datetime,
    *,
    how: str,
    words: str,
) -> None:
    share.ended_at = now
    session.add(share)
    _end_consent(session, share.consent_id, how, words, source, now)
    _close_calls(session, share, agency, source, now)
    case = get_case(session, share.case_id)
    record_event(session, case, "circle", "agency_not_told", source, now, subject_id=agency.id)


def _close_calls(
    session: HubSession, share: AgencyShare, agency: Agency, source: Source, now: datetime
) -> None:
    """Nobody is asked any more to call the agency about this case."""
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.kind == TELL_AGENCY,
            HumanTask.case_id == share.case_id,
            HumanTask.person_id == agency.person_id,
            col(HumanTask.closed_at).is_(None),
        )
    ).all():
        task.closed_at, task.closed_by = now, source.actor
        session.add(task)


def _end_consent(
    session: HubSession,
    consent_id: str | None,
    how: str,
    words: str,
    source: Source,
    now: datetime,
) -> bool:
    """End a consent; whether it held until now."""
    consent = session.get(Consent, consent_id) if consent_id else None
    if consent is None or not end_consent(session, consent, how, words, source, now):
        return False
    return consent.expires_at is None or now < consent.expires_at
