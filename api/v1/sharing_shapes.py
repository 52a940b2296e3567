"""Consents to share and disclosures, as the API takes and tells them."""

from typing import Annotated

from pydantic import Field, StrictBool

from api.desk import Desk
from api.fields import Day, Id, In, Instant, Language, Line, Name, Out, Text
from api.permissions import SEES_TREATMENT
from api.v1.packet_shapes import Words
from domain.consents import (
    HEALTH,
    ExpiryEvent,
    Medium,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Signer,
    Statement,
    Terms,
    is_live,
    needs_notice,
)
from records.consents import kept
from records.database import HubSession
from records.tables import ConsentTerms

Kinds = Annotated[list[ShareKind], Field(max_length=len(ShareKind))]
_TO_COUNSEL = frozenset({RecipientKind.COURT, RecipientKind.COUNSEL})


class SignatureIn(In):
    """How it was agreed to. What is missing is refused in a sentence that names it."""

    medium: Medium | None = Field(None, description="By word of mouth: only without health.")
    signed_as: Line = ""
    signed_on: Day | None = Field(None, description="On the hub's calendar.")
    words: Text = Field("", description="What was said, for a consent by word of mouth.")
    how: Line = Field("", description="In person, by phone, on paper …")
    signer: Signer = Signer.SELF
    guardian_as: Line = Field("", description="Of a parent, guardian or representative.")
    guardian_on: Day | None = None
    authority: Line = Field("", description="Why that person may sign.")
    minor_law: Line = Field("", description="The State's law under which a minor signs alone.")

    def signature(self) -> Signature:
        """The same for the records."""
        return Signature(**dict(self))


class SharingIn(In):
    """A consent to ask for; with a signature, one that was given. What is missing is refused in a
    sentence that names it."""

    case_id: Id | None = None
    kinds: Kinds = []
    limits: Text = Field("", description="How much of it, in words; empty for all of a kind.")
    recipient_kind: RecipientKind | None = None
    recipient_id: Id | None = Field(None, description="Of an agency or a provider in the records.")
    recipient: Line = Field("", description="By name. The court and the care team need none.")
    purpose: SharePurpose | None = None
    purpose_words: Line = ""
    expires_at: Instant | None = None
    event: ExpiryEvent | None = Field(None, description="What ends it, where no instant does.")
    event_words: Line = ""
    ours: StrictBool = Field(
        True,
        description="It is the hub's own form, which says who shares, how to take it back, and "
        "all required statements. Of another form, say below what it says.",
    )
    person: Line = Field("", description="The name on the form; empty for the name in the records.")
    discloser: Line = ""
    revoke_how: Text = ""
    statements: Annotated[list[Statement], Field(max_length=len(Statement))] = []
    language: Language = "en"
    signature: SignatureIn | None = None

    def terms(self) -> Terms:
        """What the consent says, as far as it was told."""
        to = None
        if self.recipient_kind is not None:
            to = Recipient(self.recipient_kind, self.recipient, self.recipient_id or "")
        return Terms(
            person=self.person,
            discloser=self.discloser,
            kinds=frozenset(self.kinds),
            recipient=to,
            purpose=self.purpose,
            limits=self.limits,
            purpose_words=self.purpose_words,
            revoke_how=self.revoke_how,
            expires_at=self.expires_at,
            event=self.event,
            event_words=self.event_words,
            statements=frozenset(self.statements),
            language=self.language,
        )


class RevokeIn(In):
    """How it was taken back; word of mouth is enough."""

    how: Name = Field(description="By phone, in person, letter …")
    words: Text = ""


class SendIn(In):
    """Where the link goes: a contact of the person's own."""

    contact_id: Id


class SharingOut(Out):
    """A consent to share, and whether it holds now. `kinds` and `limits` are null for roles that
    may not read about treatment, unless the consent is for them."""

    id: Id
    person_id: Id
    case_id: Id | None
    withheld: bool
    kinds: list[ShareKind] | None
    limits: str | None
    person: str
    discloser: str
    recipient_kind: RecipientKind
    recipient_id: str
    recipient: str
    purpose: SharePurpose
    purpose_words: str
    revoke_how: str
    statements: list[Statement]
    language: str
    asked_at: Instant
    expires_at: Instant | None
    event: str
    event_words: str
    event_at: Instant | None
    cancelled_at: Instant | None
    signed_at: Instant | None = Field(description="Null until it is signed: it covers nothing.")
    medium: str
    signer: str
    signed_as: str
    signed_on: Day | None
    guardian_as: str
    authority: str
    revoked_at: Instant | None
    revoked_how: str
    revoked_by: str
    live: bool = Field(description="Whether something may be shared under it now.")
    notice: bool = Field(description="The notice of 42 CFR 2.32 goes with what is shared.")


class DisclosureIn(In):
    """Something that is about to be told to somebody outside the hub."""

    kinds: Annotated[list[ShareKind], Field(min_length=1, max_length=len(ShareKind))]
    recipient_kind: RecipientKind
    recipient_id: Id | None = None
    recipient: Line = ""
    what: Words = Field(description="In words, as the log keeps it.")
    how: Name = Field(description="By phone, letter, e-mail …")
    case_id: Id | None = None


class DisclosureOut(Out):
    """What was shared, with whom, when, how, and under which consent."""

    id: Id
    person_id: Id
    case_id: Id | None
    consent_id: Id | None
    recipient_kind: str
    recipient_id: str
    recipient: str
    what: str
    kinds: list[str]
    purpose: str
    how: str
    disclosed_by: str
    disclosed_at: Instant
    notice: bool = Field(description="The notice of 42 CFR 2.32 had to go along.")


class NotedOut(Out):
    """The lines of the log, and the notice that must go with what is shared."""

    items: list[DisclosureOut]
    notice: str | None


def sharing_out(session: HubSession, row: ConsentTerms, desk: Desk) -> SharingOut:
    """A consent as this role may read it."""
    one = kept(session, row)
    consent = one.consent
    hidden = (
        desk.caller.role not in SEES_TREATMENT
        and not HEALTH.isdisjoint(row.kinds)
        and row.recipient_kind not in _TO_COUNSEL
    )
    return SharingOut(
        id=row.id,
        person_id=row.person_id,
        case_id=row.case_id,
        withheld=hidden,
        kinds=None if hidden else [ShareKind(kind) for kind in row.kinds],
        limits=None if hidden else row.limits,
        person=row.person_name,
        discloser=row.discloser,
        recipient_kind=RecipientKind(row.recipient_kind),
        recipient_id=row.recipient_id,
        recipient="" if hidden else row.recipient,
        purpose=SharePurpose(row.purpose),
        purpose_words="" if hidden else row.purpose_words,
        revoke_how=row.revoke_how,
        statements=[Statement(one) for one in row.statements],
        language=row.language,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        event=row.event,
        event_words="" if hidden else row.event_words,
        event_at=row.event_at,
        cancelled_at=row.cancelled_at,
        signed_at=consent.given_at if consent else None,
        medium=row.medium,
        signer=row.signer,
        signed_as=row.signed_as,
        signed_on=row.signed_on,
        guardian_as=row.guardian_as,
        authority=row.authority,
        revoked_at=consent.withdrawn_at if consent else None,
        revoked_how=consent.withdrawn_how if consent else "",
        revoked_by=row.revoked_by,
        live=one.sharing is not None and is_live(one.sharing, desk.now),
        notice=not hidden and needs_notice(ShareKind(kind) for kind in row.kinds),
    )
