"""Shelters and agencies that get a weekly digest, and what each of them may know."""

from datetime import datetime, time

from sqlmodel import Field, UniqueConstraint

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class Agency(HubOwned, table=True):
    """A shelter, probation office, employer's program … that helps people get to court.

    Its contact is a person like any other: language, phones and mailboxes, consents. `weekday`
    (Monday is 0) and `at` are when its digest leaves, on the hub's wall clock.
    """

    name: str = sealed("agency.name")
    kind: str = ""
    person_id: str = ref("person.id")
    weekday: int = 0
    at: time = time(9, 0)
    revision: int = 1
    enrolled_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()


class AgencyShare(HubOwned, table=True):
    """That an agency may know of one case's hearings, under which consent of the defendant.

    `what` is `date` (day and time only) or `place` (room and address too).
    """

    __tablename__ = "agency_share"
    agency_id: str = ref("agency.id")
    case_id: str = ref("case.id")
    consent_id: str | None = maybe_ref("consent.id", index=False)
    what: str = Field(default="place")
    since: datetime = instant()
    ended_at: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("agency_id", "case_id"),)
