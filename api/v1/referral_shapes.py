"""Referrals and conflicts, as the API takes and tells them."""

from enum import StrEnum

from pydantic import Field, StrictBool

from api.fields import Day, Id, In, Instant, Line, LocalTime, Out, Text
from domain.court_time import instant_of
from domain.vocabulary import Declined, ReferralState
from records.database import HubSession
from records.hubs import the_hub
from records.referrals import Answer, NewReferral, visits_of
from records.step_kinds import check_kind
from records.tables import PersonConflict, Referral


class Agreed(StrEnum):
    """How somebody agreed that a provider is told of them."""

    IN_PERSON = "in person"
    BY_PHONE = "by phone"
    BY_TEXT = "by text"


class ReferralIn(In):
    """A referral to write down; nobody is told before it is sent."""

    provider_id: Id
    need: Line = Field(description="A kind of plan step, of /step-kinds.")
    service_id: Id | None = None
    step_id: Id | None = Field(None, description="The plan's step that is done there.")
    note: Text = Field("", description="What the provider is told. No case, no charge.")
    agreed_words: Line = Field("", description="In which words the person agreed.")
    agreed_how: Agreed | None = None
    introduced_by: Line = Field("", description="Who goes along or introduces them.")
    introduced_how: Line = ""

    def referral(self, session: HubSession) -> NewReferral:
        """The same for the records.

        Raises:
            UnknownKind: there is no such need.
        """
        return NewReferral(
            provider_id=self.provider_id,
            need=check_kind(session, self.need),
            service_id=self.service_id,
            step_id=self.step_id,
            note=self.note,
            agreed_words=self.agreed_words,
            agreed_how=self.agreed_how or "",
            introduced_by=self.introduced_by,
            introduced_how=self.introduced_how,
        )


class MoveIn(In):
    """Where a referral goes from here."""

    state: ReferralState
    meeting: LocalTime | None = Field(None, description="First meeting, on the hub's wall.")
    declined: Declined | None = None
    words: Text = ""

    def answer(self, session: HubSession) -> Answer:
        """The same for the records.

        Raises:
            CourtTimeError: no clock of the hub shows such a time.
        """
        at = instant_of(self.meeting, the_hub(session).zone) if self.meeting else None
        return Answer(at, self.declined, self.words)


class MeetingIn(In):
    """When they meet first, and who introduces them."""

    meeting: LocalTime
    introduced_by: Line = ""
    introduced_how: Line = ""


class NotMetIn(In):
    """The first meeting did not happen."""

    words: Text = ""


class VisitIn(In):
    """A day on which they were to be there."""

    visited_on: Day
    came: StrictBool = True


class ReofferIn(In):
    """Another provider for the same."""

    provider_id: Id
    service_id: Id | None = None


class VisitOut(Out):
    """A day, and whether they came."""

    visited_on: Day
    came: bool
    said_by: str
    said_at: Instant


class ReferralOut(Out):
    """A referral, with where its loop stands."""

    id: Id
    case_id: Id
    person_id: Id
    step_id: Id | None
    provider_id: Id
    service_id: Id | None
    need: str
    state: ReferralState
    note: str
    agreed_words: str
    agreed_how: str
    asked_by: str
    requested_at: Instant | None
    answered_at: Instant | None
    first_meeting_at: Instant | None
    met: bool | None
    introduced_by: str
    introduced_how: str
    declined: str
    reason: str
    replaces_id: Id | None
    visits: list[VisitOut]
    revision: int


def referral_out(session: HubSession, row: Referral) -> ReferralOut:
    """A referral as the team reads it."""
    assert row.case_id is not None
    assert row.person_id is not None
    own = (
        *("id", "case_id", "person_id", "step_id", "provider_id", "service_id", "need", "state"),
        *("note", "agreed_words", "agreed_how", "asked_by", "requested_at", "answered_at"),
        *("first_meeting_at", "met", "introduced_by", "introduced_how", "declined", "reason"),
        *("replaces_id", "revision"),
    )
    visits = [
        VisitOut(visited_on=one.visited_on, came=one.came, said_by=one.said_by, said_at=one.said_at)
        for one in visits_of(session, row.id)
    ]
    return ReferralOut(**{name: getattr(row, name) for name in own}, visits=visits)


class ConflictIn(In):
    """Somebody from whom this person is kept apart."""

    other_id: Id


class ConflictOut(Out):
    """Two people who are not sent to the same provider."""

    id: Id
    person_id: Id
    other_id: Id
    declared_by: str
    declared_at: Instant
    ended_at: Instant | None

    @classmethod
    def of(cls, row: PersonConflict) -> "ConflictOut":
        """The row as it is told."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
