"""What a person lets others know: the elements of each consent, and what was disclosed under it."""

from datetime import date, datetime

from sqlmodel import Field

from records.tables.base import HubOwned, instant, json_list, maybe_instant, maybe_ref, ref, sealed


class ConsentTerms(HubOwned, table=True):
    """What a consent to share says: the elements of 42 CFR 2.31 and 45 CFR 164.508(c).

    It exists before it is signed, when a form is printed or a link is sent. From the signature on
    there is a `Consent` with the same id: who gave it and when, when it ends, how it was taken
    back. `kinds` and `statements` are words of `domain.consents`; `recipient_id` is an agency's or
    a provider's id. `event_at` is when the event that ends it happened.
    """

    __tablename__ = "consent_terms"
    person_id: str = ref("person.id")
    case_id: str | None = maybe_ref("case.id", index=False)
    person_name: str = sealed("consent_terms.person_name")
    discloser: str = sealed("consent_terms.discloser")
    kinds: list[str] = json_list()
    limits: str = sealed("consent_terms.limits")
    recipient_kind: str
    recipient_id: str = ""
    recipient: str = sealed("consent_terms.recipient")
    purpose: str
    purpose_words: str = sealed("consent_terms.purpose_words")
    revoke_how: str = sealed("consent_terms.revoke_how")
    expires_at: datetime | None = maybe_instant()
    event: str = ""
    event_words: str = sealed("consent_terms.event_words")
    event_at: datetime | None = maybe_instant()
    statements: list[str] = json_list()
    language: str = "en"
    asked_at: datetime = instant()
    asked_by: str = ""
    cancelled_at: datetime | None = maybe_instant()
    medium: str = ""
    signer: str = ""
    signed_as: str = sealed("consent_terms.signed_as")
    signed_on: date | None = None
    guardian_as: str = sealed("consent_terms.guardian_as")
    guardian_on: date | None = None
    authority: str = sealed("consent_terms.authority")
    minor_law: str = sealed("consent_terms.minor_law")
    recorded_by: str = ""
    revoked_by: str = ""


class Disclosure(HubOwned, table=True):
    """That something was shown to someone outside the hub, under which consent.

    Written in the transaction that lets it leave, before it leaves. `how` is the way it went;
    `subject_kind` and `subject_id` name the document that holds it, where there is one; `notice`
    says whether the statement of 42 CFR 2.32 went along.
    """

    person_id: str = ref("person.id")
    consent_id: str | None = maybe_ref("consent.id")
    case_id: str | None = maybe_ref("case.id", index=False)
    recipient: str = sealed("disclosure.recipient")
    recipient_kind: str = ""
    recipient_id: str = ""
    what: str = sealed("disclosure.what")
    kinds: list[str] = json_list()
    purpose: str = ""
    how: str = ""
    disclosed_by: str = ""
    subject_kind: str = ""
    subject_id: str = Field(default="", index=True)
    notice: bool = False
    disclosed_at: datetime = instant()
