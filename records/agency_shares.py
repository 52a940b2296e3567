"""What a defendant lets an agency know: a case shared with their consent, and taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.digests import TELL_AGENCY
from domain.vocabulary import ShareScope
from records.agency_news import touch_agency
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession
from records.tables import Agency, AgencyShare, Case, Consent, Defendant, HumanTask

AGENCY_CONSENT = "agency"
"""The purpose of a consent that an agency may know of court dates."""
UNSHARED = "unshared"
"""How a consent ended whose share the hub ended itself."""


class NoConsent(ValueError):
    """A case is shared only with the words of the defendant's consent, while it holds."""

    def __init__(self, lacks: str) -> None:
        super().__init__(f"The consent lacks {lacks}; nothing was shared.")


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

    def check(self, now: datetime) -> None:
        """Refuse what is no consent at `now` (UTC).

        Raises:
            NoConsent: the message names what is missing.
        """
        for value, lacks in ((self.words, "its words"), (self.how, "how it was given")):
            if not value.strip():
                raise NoConsent(lacks)
        if self.expires_at is not None and self.expires_at <= now:
            raise NoConsent("a date of expiry that is still to come")


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
    agreement.check(now)
    case = get_case(session, case_id)
    share = _share_of(session, agency.id, case.id)
    held = _end_consent(session, share.consent_id, "replaced", "", now)
    if not (held and share.what == what):
        share.since = now
    share.consent_id = _consent_of(session, case, agreement, now).id
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


def _consent_of(session: HubSession, case: Case, given: Agreement, now: datetime) -> Consent:
    defendant = session.get_one(Defendant, case.defendant_id)
    consent = Consent(
        person_id=defendant.person_id,
        purpose=AGENCY_CONSENT,
        words=given.words,
        given_by=given.given_by,
        given_at=now,
        how=given.how,
        expires_at=given.expires_at,
    )
    session.add(consent)
    session.flush()
    return consent


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
    _end_consent(session, share.consent_id, how, words, now)
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
    session: HubSession, consent_id: str | None, how: str, words: str, now: datetime
) -> bool:
    """End a consent; whether it held until now."""
    consent = session.get(Consent, consent_id) if consent_id else None
    if consent is None or consent.withdrawn_at is not None:
        return False
    consent.withdrawn_at, consent.withdrawn_how, consent.withdrawn_words = now, how, words
    session.add(consent)
    return consent.expires_at is None or now < consent.expires_at
