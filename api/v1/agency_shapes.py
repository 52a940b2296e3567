"""Agencies and what is shared with them, as the API takes and tells them."""

from typing import Annotated

from pydantic import Field

from api.fields import Changes, Clock, Id, In, Instant, Language, Line, LocalTime, Name, Out
from api.v1.contact_shapes import ContactIn
from domain.vocabulary import ShareScope
from records.agencies import NewAgency
from records.agency_shares import Agreement
from records.database import HubSession
from records.tables import Agency, AgencyShare, Consent, Person

Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]


class AgencyOut(Out):
    """A shelter or agency, and the person there who reads its digest."""

    id: Id
    name: str
    kind: str
    person_id: Id = Field(description="Its contacts and consents: /people/{person_id}/contacts.")
    first_name: str
    last_name: str
    language: str
    weekday: Weekday
    at: Clock
    enrolled_at: Instant
    ended_at: Instant | None


class AgencyIn(In):
    """A shelter or agency to take in, whom to write to there, and when."""

    name: Name
    kind: Line = Field("", description="Shelter, reentry program …")
    first_name: Name = Field(description="Of the person who reads the digest.")
    last_name: Line = ""
    language: Language = "en"
    contacts: Annotated[list[ContactIn], Field(max_length=10)] = []
    weekday: Weekday = 0
    at: Clock = Field("09:00", validate_default=True, description="On the hub's wall.")

    def agency(self) -> NewAgency:
        """The same for the records."""
        return NewAgency(
            self.name,
            self.first_name,
            self.last_name,
            self.kind,
            self.language,
            tuple(contact.contact() for contact in self.contacts),
            self.weekday,
            self.at,
        )


class AgencyChanges(Changes):
    """What to change of an agency."""

    name: Name = ""
    kind: Line = ""
    first_name: Name = ""
    last_name: Line = ""
    language: Language = ""
    weekday: Weekday = 0
    at: Clock = Field("09:00", validate_default=True)


class ShareOut(Out):
    """That an agency may know of one case's court dates, and under which consent."""

    id: Id
    agency_id: Id
    case_id: Id
    consent_id: Id | None
    what: ShareScope
    since: Instant
    expires_at: Instant | None = Field(description="When the consent runs out.")
    ended_at: Instant | None


class ShareIn(In):
    """A case to share, with the defendant's consent."""

    case_id: Id
    what: ShareScope = Field(ShareScope.PLACE, description="Day and time, or the place too.")
    consent_words: Line = Field(description="What the defendant agreed to, as said or signed.")
    how: Line = Field(description="How they agreed: in person, on paper, by phone …")
    given_by: Name = Field("self", description="Who agreed, when it was not the defendant.")
    expires_at: Instant | None = None

    def agreement(self) -> Agreement:
        """The consent for the records."""
        return Agreement(self.consent_words, self.how, self.given_by, self.expires_at)


class ShareEnd(In):
    """Why sharing ends."""

    how: Line = Field("", description="How the consent was taken back; empty if it was not.")
    words: Line = Field("", description="In which words it was taken back.")


class DigestDate(Out):
    """One court date as the agency may know it."""

    case_id: Id
    hearing_id: Id
    first_name: str
    local_time: LocalTime
    zone: str
    room: str
    address: str


class DigestOut(Out):
    """What the digest would say now; nothing was sent."""

    leaves_at: Instant | None = Field(description="When the next one leaves; null for none.")
    channel: str
    language: str | None
    subject: str | None
    text: str | None = Field(description="Null while there is nothing to tell.")
    segments: int
    template: str | None
    template_version: str | None
    dates: list[DigestDate]


def agency_out(session: HubSession, agency: Agency) -> AgencyOut:
    """An agency with its contact person."""
    person = session.get_one(Person, agency.person_id)
    return AgencyOut(
        id=agency.id,
        name=agency.name,
        kind=agency.kind,
        person_id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        language=person.language,
        weekday=agency.weekday,
        at=agency.at,
        enrolled_at=agency.enrolled_at,
        ended_at=agency.ended_at,
    )


def share_out(session: HubSession, share: AgencyShare) -> ShareOut:
    """A share with the date on which its consent runs out."""
    consent = session.get(Consent, share.consent_id) if share.consent_id else None
    return ShareOut(
        id=share.id,
        agency_id=share.agency_id,
        case_id=share.case_id,
        consent_id=share.consent_id,
        what=ShareScope(share.what),
        since=share.since,
        expires_at=consent.expires_at if consent else None,
        ended_at=share.ended_at,
    )
