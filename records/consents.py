"""Consents to share in the records: asked for, signed, taken back, and whether one holds now.

A consent that is taken back, has expired, or whose event has happened covers nothing from that
moment on: whoever shares asks `basis_for` of `domain.consents` in the transaction in which it
leaves. Consents to be reminded are another thing and live in `records.circle`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import col, select

from domain.consents import (
    HEALTH,
    PUBLIC,
    ExpiryEvent,
    Lack,
    Medium,
    NoConsent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Sharing,
    Signature,
    Signer,
    Statement,
    Terms,
    lacks_of_signature,
    lacks_of_terms,
)
from domain.court_time import wall_time
from domain.tracks import ENDED_STAGES
from records.casework import NotFound, Source, get_case, record_event, touch
from records.database import HubSession
from records.guardian_consents import check_off_guardians
from records.hubs import the_hub
from records.tables import AgencyShare, Answer, Case, Consent, ConsentTerms, Defendant, Person

SHARING: Final = "sharing"
"""The purpose of a consent to share."""


class AlreadySigned(ValueError):
    """The consent was signed, or taken back before it was."""

    def __init__(self) -> None:
        super().__init__("This consent was signed or withdrawn already. Make a new one.")


class NotSigned(ValueError):
    """The consent was not signed yet."""

    def __init__(self) -> None:
        super().__init__("This consent was never signed; there is nothing to take back.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A consent as the records hold it; `consent` is None until it is signed."""

    terms: ConsentTerms
    consent: Consent | None
    sharing: Sharing | None


def get_terms(session: HubSession, consent_id: str) -> ConsentTerms:
    """What a consent says, signed or not.

    Raises:
        NotFound: not in this hub.
    """
    row = session.get(ConsentTerms, consent_id)
    if row is None:
        raise NotFound("consent")
    return row


def ask_consent(
    session: HubSession,
    person_id: str,
    terms: Terms,
    source: Source,
    now: datetime,
    *,
    case_id: str | None = None,
) -> ConsentTerms:
    """Write down what a person is to be asked for; it covers nothing until it is signed.

    Args:
        session: of the hub.
        person_id: whose information it is.
        terms: all that the consent says.
        source: who asks.
        now: UTC.
        case_id: the case at whose end it ends, or that it is for; the person's only case where
            none is named.

    Raises:
        NotFound: no such person or case.
        NoConsent: an element is missing; each is named.
    """
    if session.get(Person, person_id) is None:
        raise NotFound("person")
    case_id = _case_of(session, person_id, case_id)
    lacks = list(lacks_of_terms(terms, now))
    if terms.event is ExpiryEvent.CASE_END and terms.expires_at is None and case_id is None:
        lacks.append(Lack.EXPIRY)
    if lacks:
        raise NoConsent(lacks)
    assert terms.recipient is not None
    assert terms.purpose is not None
    row = ConsentTerms(
        person_id=person_id,
        case_id=case_id,
        person_name=terms.person.strip(),
        discloser=terms.discloser.strip(),
        kinds=sorted(terms.kinds),
        limits=terms.limits.strip(),
        recipient_kind=terms.recipient.kind,
        recipient_id=terms.recipient.id,
        recipient=terms.recipient.name.strip(),
        purpose=terms.purpose,
        purpose_words=terms.purpose_words.strip(),
        revoke_how=terms.revoke_how.strip(),
        expires_at=terms.expires_at,
        event=terms.event or "",
        event_words=terms.event_words.strip(),
        statements=sorted(terms.statements),
        language=terms.language,
        asked_at=now,
        asked_by=source.actor,
    )
    session.add(row)
    session.flush()
    return row


def sign_consent(
    session: HubSession, consent_id: str, given: Signature, source: Source, now: datetime
) -> Consent:
    """From now on what the consent names may be shared with whom it names.

    Args:
        session: of the hub.
        consent_id: of what was asked for.
        given: the signature.
        source: who took it, or the link.
        now: UTC.

    Raises:
        NotFound: no such consent.
        AlreadySigned: it was signed, or withdrawn before it was.
        NoConsent: the signature lacks something, or the terms have run out meanwhile.
    """
    row = get_terms(session, consent_id)
    session.lock(row)
    if row.cancelled_at is not None or session.get(Consent, row.id) is not None:
        raise AlreadySigned
    terms = terms_of(row)
    today = wall_time(now, the_hub(session).zone).date()
    born = birth_date_of(session, row.person_id)
    lacks = (*lacks_of_terms(terms, now), *lacks_of_signature(terms, given, born, today))
    if lacks:
        raise NoConsent(lacks)
    assert given.medium is not None
    row.medium, row.signer = given.medium, given.signer
    row.signed_as, row.signed_on = given.signed_as.strip(), given.signed_on
    row.guardian_as, row.guardian_on = given.guardian_as.strip(), given.guardian_on
    row.authority, row.minor_law = given.authority.strip(), given.minor_law.strip()
    row.recorded_by = source.actor
    session.add(row)
    consent = Consent(
        id=row.id,
        person_id=row.person_id,
        purpose=SHARING,
        words=given.words.strip(),
        given_by=row.signed_as if given.signer is not Signer.REPRESENTATIVE else row.guardian_as,
        given_at=now,
        how=given.how or given.medium,
        expires_at=row.expires_at,
    )
    session.add(consent)
    session.flush()
    _tell(session, row, "consent_given", source, now)
    check_off_guardians(session, row.person_id, source, now)
    return consent


def record_consent(
    session: HubSession,
    person_id: str,
    terms: Terms,
    given: Signature,
    source: Source,
    now: datetime,
    *,
    case_id: str | None = None,
) -> Consent:
    """Record a consent that was signed on paper or given by word of mouth: both steps at once.

    Raises:
        NotFound: no such person or case.
        NoConsent: an element of it is missing; all that are missing are named.
    """
    today = wall_time(now, the_hub(session).zone).date()
    born = birth_date_of(session, person_id)
    lacks = (*lacks_of_terms(terms, now), *lacks_of_signature(terms, given, born, today))
    if lacks:
        raise NoConsent(lacks)
    row = ask_consent(session, person_id, terms, source, now, case_id=case_id)
    return sign_consent(session, row.id, given, source, now)


def revoke_consent(
    session: HubSession,
    consent_id: str,
    source: Source,
    now: datetime,
    *,
    how: str,
    words: str = "",
) -> ConsentTerms:
    """The person takes a consent back: from this moment on it covers nothing. A second time
    changes nothing; one that is not signed yet is not asked for any more.

    Word of mouth is enough, whatever the consent says of the way. What went out before stays out;
    packets and reports that hold it are pointed out to the advocate.

    Args:
        session: of the hub.
        consent_id: which.
        source: who took it, or the link.
        now: UTC.
        how: it was said: "in person", "by phone", "on paper", "link" …
        words: in which; "" where none were written down.

    Raises:
        NotFound: no such consent.
    """
    row = get_terms(session, consent_id)
    session.lock(row)
    consent = session.get(Consent, row.id)
    if consent is None:
        row.cancelled_at = row.cancelled_at or now
        session.add(row)
        _stop_links(session, row, now)
        return row
    shares = session.exec(
        select(AgencyShare).where(
            AgencyShare.consent_id == row.id, col(AgencyShare.ended_at).is_(None)
        )
    ).all()
    if shares:
        # Shares stand on consents, which reach for them only to end them.
        from records.agency_shares import end_share

        for share in shares:
            end_share(session, share.id, source, now, how=how, words=words)
    end_consent(session, consent, how, words, source, now)
    return row


def _stop_links(session: HubSession, row: ConsentTerms, now: datetime) -> None:
    """A link that has not left yet does not leave any more."""
    for answer in session.exec(select(Answer).where(Answer.consent_id == row.id)).all():
        answer.until = answer.written_at
        session.add(answer)
        if answer.case_id is not None:
            touch(session, get_case(session, answer.case_id), now)


def end_consent(
    session: HubSession, consent: Consent, how: str, words: str, source: Source, now: datetime
) -> bool:
    """End a consent, whoever ends it; whether it had not been taken back before."""
    session.lock(consent)
    if consent.withdrawn_at is not None:
        return False
    consent.withdrawn_at, consent.withdrawn_how, consent.withdrawn_words = now, how, words.strip()
    session.add(consent)
    row = session.get(ConsentTerms, consent.id)
    if row is not None:
        row.revoked_by = source.actor
        session.add(row)
        session.flush()
        _ended(session, row, source, now)
    return True


def note_event(session: HubSession, consent_id: str, source: Source, now: datetime) -> ConsentTerms:
    """The event that ends a consent has happened; it covers nothing from now on.

    Raises:
        NotFound: no such consent.
        NotSigned: it was never signed.
    """
    row = get_terms(session, consent_id)
    session.lock(row)
    if session.get(Consent, row.id) is None:
        raise NotSigned
    if row.event_at is None:
        row.event_at = now
        session.add(row)
        session.flush()
        _ended(session, row, source, now)
    return row


def consents_of(session: HubSession, person_id: str) -> list[Kept]:
    """What a person lets others know, or was asked to or did; the newest first."""
    rows = session.exec(
        select(ConsentTerms)
        .where(ConsentTerms.person_id == person_id)
        .order_by(col(ConsentTerms.id).desc())
    ).all()
    return [kept(session, row) for row in rows]


def kept(session: HubSession, row: ConsentTerms) -> Kept:
    """One consent with its signature, where it has one."""
    consent = session.get(Consent, row.id)
    return Kept(row, consent, sharing_of(session, row, consent) if consent else None)


def signed_of(session: HubSession, person_id: str, *, held: bool = False) -> list[Sharing]:
    """A person's signed consents, whether or not they hold.

    Args:
        session: of the hub.
        person_id: whose.
        held: keep them from being taken back until this transaction ends; what is taken back in
            the same moment was either before, and is seen here, or comes after.
    """
    rows = session.exec(
        select(ConsentTerms, Consent)
        .join(Consent, col(Consent.id) == ConsentTerms.id)
        .where(ConsentTerms.person_id == person_id, Consent.purpose == SHARING)
        .order_by(col(ConsentTerms.id))
    ).all()
    if held:
        for row, consent in rows:
            session.lock(row)
            session.lock(consent)
    return [sharing_of(session, row, consent) for row, consent in rows]


def sharing_of(session: HubSession, row: ConsentTerms, consent: Consent) -> Sharing:
    """A signed consent as a plain value."""
    case = session.get(Case, row.case_id) if row.case_id else None
    ends_with_case = row.event == ExpiryEvent.CASE_END and consent.expires_at is None
    return Sharing(
        id=row.id,
        person_id=row.person_id,
        kinds=frozenset(ShareKind(kind) for kind in row.kinds),
        recipient=recipient_of(row),
        purpose=SharePurpose(row.purpose),
        given_at=consent.given_at,
        expires_at=consent.expires_at,
        revoked_at=consent.withdrawn_at,
        event_at=row.event_at,
        case_over=ends_with_case and case is not None and case.stage in ENDED_STAGES,
    )


def recipient_of(row: ConsentTerms) -> Recipient:
    """Whom a consent names."""
    return Recipient(RecipientKind(row.recipient_kind), row.recipient, row.recipient_id)


def terms_of(row: ConsentTerms) -> Terms:
    """What a consent says, as a plain value."""
    return Terms(
        person=row.person_name,
        discloser=row.discloser,
        kinds=frozenset(ShareKind(kind) for kind in row.kinds),
        recipient=recipient_of(row),
        purpose=SharePurpose(row.purpose),
        limits=row.limits,
        purpose_words=row.purpose_words,
        revoke_how=row.revoke_how,
        expires_at=row.expires_at,
        event=ExpiryEvent(row.event) if row.event else None,
        event_words=row.event_words,
        statements=frozenset(Statement(one) for one in row.statements),
        language=row.language,
    )


def signature_of(row: ConsentTerms) -> Signature | None:
    """How it was signed; None until it is."""
    if not row.medium:
        return None
    return Signature(
        medium=Medium(row.medium),
        signed_as=row.signed_as,
        signed_on=row.signed_on,
        signer=Signer(row.signer),
        guardian_as=row.guardian_as,
        guardian_on=row.guardian_on,
        authority=row.authority,
        minor_law=row.minor_law,
    )


def next_end(consents: Iterable[Sharing], now: datetime) -> datetime | None:
    """When the next of these expires after `now` (UTC); None when none does."""
    ends = [one.expires_at for one in consents if one.expires_at and one.expires_at > now]
    return min(ends, default=None)


def birth_date_of(session: HubSession, person_id: str) -> date | None:
    """A defendant's birth date; None where it is not known or not written as a date."""
    for defendant in session.exec(select(Defendant).where(Defendant.person_id == person_id)):
        try:
            return date.fromisoformat(defendant.birth_date)
        except ValueError:
            continue
    return None


def own_cases(session: HubSession, person_id: str) -> Sequence[Case]:
    """Cases in which the person is the defendant."""
    return session.exec(
        select(Case)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(Defendant.person_id == person_id)
        .order_by(col(Case.id))
    ).all()


def _case_of(session: HubSession, person_id: str, case_id: str | None) -> str | None:
    cases = own_cases(session, person_id)
    if case_id is None:
        running = [case for case in cases if case.stage not in ENDED_STAGES]
        return running[0].id if len(running) == 1 else None
    if get_case(session, case_id).id not in {case.id for case in cases}:
        raise NotFound("case")
    return case_id


def _ended(session: HubSession, row: ConsentTerms, source: Source, now: datetime) -> None:
    _tell(session, row, "consent_ended", source, now)
    if HEALTH.isdisjoint(row.kinds):
        return
    # Packets stand on consents, which reach for them only to point them out.
    from records.packet_consents import flag_what_was_shared

    flag_what_was_shared(session, row, now)


def _tell(session: HubSession, row: ConsentTerms, kind: str, source: Source, now: datetime) -> None:
    """Packets, plans and referrals of the person look anew; an agency's court dates have news of
    their own (records/agency_shares.py)."""
    if PUBLIC.issuperset(row.kinds):
        return
    for case in own_cases(session, row.person_id):
        record_event(session, case, "circle", kind, source, now, subject_id=row.id)
        touch(session, case, now)
    if not HEALTH.isdisjoint(row.kinds):
        # Referrals stand on consents, which reach for them only to have them planned again.
        from records.referral_consents import tell_referrals

        tell_referrals(session, row.person_id, now)
