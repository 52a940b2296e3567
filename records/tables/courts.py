"""Courts, hearings with all their revisions, and who came to sit in the courtroom."""

from datetime import date, datetime

from sqlmodel import Field, UniqueConstraint

from records.columns import UtcDateTime
from records.tables.base import (
    HubOwned,
    instant,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
    wall_time,
)


class Court(HubOwned, table=True):
    """A court: where it is, on whose clock, how to reach it."""

    name: str
    jurisdiction: str = ""
    zone: str
    address: str = ""
    phone: str = ""
    directions: str = ""
    filing_limit_mb: int = 25
    filing_refuses_links: bool = False

    __table_args__ = (UniqueConstraint("hub_id", "name", "jurisdiction"),)


class Courtroom(HubOwned, table=True):
    """A room of a court."""

    court_id: str = ref("court.id")
    name: str
    notes: str = ""

    __table_args__ = (UniqueConstraint("court_id", "name"),)


class CourtClosure(HubOwned, table=True):
    """A day on which a court (or, without one, every court of the hub) is closed."""

    __tablename__ = "court_closure"
    court_id: str | None = maybe_ref("court.id")
    closed_on: date
    why: str = ""


class Hearing(HubOwned, table=True):
    """A court date at its present revision: local wall time, zone, and the instant derived.

    `announced_at` is when the present revision was recorded.
    """

    case_id: str = ref("case.id")
    court_id: str | None = maybe_ref("court.id")
    kind: str = "other"
    local_time: datetime = wall_time()
    zone: str
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    room: str = ""
    place: str = ""
    status: str = "scheduled"
    appearance: str | None = None
    outcome_at: datetime | None = maybe_instant()
    outcome_by: str = ""
    source: str = "staff"
    confirmed_by: str = ""
    revision: int = 1
    announced_at: datetime = instant()
    minutes: int = 60


class HearingRevision(HubOwned, table=True):
    """What a hearing was at an earlier revision."""

    __tablename__ = "hearing_revision"
    hearing_id: str = ref("hearing.id")
    revision: int
    local_time: datetime = wall_time()
    zone: str
    starts_at: datetime = instant()
    room: str = ""
    place: str = ""
    status: str = "scheduled"

    __table_args__ = (UniqueConstraint("hearing_id", "revision"),)


class CourtSupport(HubOwned, table=True):
    """Somebody who comes to sit in the courtroom and is not of the circle, whose answers are
    `HearingAnswer`: of the team (`staff_id`), or somebody else by `name`.

    `hearing_revision` is the date to which they said yes: for another one they are asked again.
    `person_id`, `coming`, `ride` and `what_happened` are of a time before answers and rides had
    rows of their own; nothing writes them any more.
    """

    __tablename__ = "court_support"
    hearing_id: str = ref("hearing.id")
    hearing_revision: int
    staff_id: str | None = maybe_ref("staff_member.id")
    name: str = sealed("court_support.name")
    person_id: str | None = maybe_ref("person.id")
    coming: bool | None = None
    ride: str = ""
    what_happened: str = sealed("court_support.what_happened")


class CourtRide(HubOwned, table=True):
    """A ride to a hearing: who drives, how many they take, when and where it leaves.

    `leaves_local` is on the court's clock (`zone`), `leaves_at` the instant of it. It holds for
    `hearing_revision` alone.
    """

    __tablename__ = "court_ride"
    hearing_id: str = ref("hearing.id")
    hearing_revision: int
    driver: str = sealed("court_ride.driver")
    phone: str = sealed("court_ride.phone")
    seats: int
    leaves_local: datetime = wall_time()
    zone: str
    leaves_at: datetime = Field(sa_type=UtcDateTime, index=True)
    leaves_from: str = sealed("court_ride.leaves_from")


class CourtRideSeat(HubOwned, table=True):
    """Somebody has a seat in a ride; one person has one seat for one date of a hearing."""

    __tablename__ = "court_ride_seat"
    ride_id: str = ref("court_ride.id")
    hearing_id: str = ref("hearing.id")
    hearing_revision: int
    person_id: str = ref("person.id")

    __table_args__ = (UniqueConstraint("hearing_id", "hearing_revision", "person_id"),)
