"""Cases, from arrest to the end, and everything that happens to them in court and custody."""

from datetime import date, datetime

from sqlmodel import Field, UniqueConstraint

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class Case(HubOwned, table=True):
    """One case of one defendant.

    `revision` grows with every change that the agenda may depend on; the workflow is told.
    """

    __tablename__ = "case"
    defendant_id: str = ref("defendant.id")
    counsel_id: str | None = maybe_ref("counsel.id")
    advocate_id: str | None = maybe_ref("staff_member.id")
    site_id: str | None = maybe_ref("site.id")
    jurisdiction: str = ""
    filed_on: date | None = None
    stage: str = "arrested"
    custody: str = "detained"
    alternative: str = "none"
    released_at: datetime | None = maybe_instant()
    enrolled_at: datetime = instant()
    closed_at: datetime | None = maybe_instant()
    notes: str = sealed("case.notes")
    revision: int = 1


class Docket(HubOwned, table=True):
    """A number under which a court keeps the case; found by its blind index."""

    case_id: str = ref("case.id")
    number: str = sealed("docket.number")
    number_index: str = Field(index=True)
    court_id: str | None = maybe_ref("court.id")

    __table_args__ = (UniqueConstraint("case_id", "number_index"),)


class CaseEvent(HubOwned, table=True):
    """Something that happened on a track: who recorded it, when, and from which source."""

    __tablename__ = "case_event"
    case_id: str = ref("case.id")
    track: str
    kind: str
    origin: str = ""
    result: str = ""
    subject_id: str = ""
    happened_at: datetime = instant()
    recorded_by: str = ""
    source: str = "staff"
    override_reason: str = sealed("case_event.override_reason")
    note: str = sealed("case_event.note")


class Arrest(HubOwned, table=True):
    """The arrest that began it."""

    case_id: str = ref("case.id")
    arrested_at: datetime = instant()
    agency: str = ""
    custody_place: str = sealed("arrest.custody_place")


class CustodyPeriod(HubOwned, table=True):
    """From when to when the defendant was held, and where."""

    __tablename__ = "custody_period"
    case_id: str = ref("case.id")
    started_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()
    place: str = sealed("custody_period.place")


class ReleaseCondition(HubOwned, table=True):
    """What the court asked for in return for release."""

    __tablename__ = "release_condition"
    case_id: str = ref("case.id")
    words: str = sealed("release_condition.words")
    since: date
    until: date | None = None


class Warrant(HubOwned, table=True):
    """A warrant, and how it ended."""

    case_id: str = ref("case.id")
    issued_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()
    how_ended: str = ""


class Charge(HubOwned, table=True):
    """A charge; never in a message, a feed or a family page."""

    case_id: str = ref("case.id")
    statute: str = sealed("charge.statute")
    words: str = sealed("charge.words")
    charge_class: str = ""
    state: str = "pending"


class Plea(HubOwned, table=True):
    """A plea that was entered."""

    case_id: str = ref("case.id")
    charge_id: str | None = maybe_ref("charge.id")
    plea: str
    entered_on: date


class Disposition(HubOwned, table=True):
    """How a charge, or the case, ended."""

    case_id: str = ref("case.id")
    charge_id: str | None = maybe_ref("charge.id")
    outcome: str
    disposed_on: date


class Sentence(HubOwned, table=True):
    """What was received: days of incarceration where there are any, or life.

    Never rewritten: the newest takes the place of the one before (`replaced_at`). Of a case that
    ended without a sentence the state is `none`. `imposed_on` is the day on which it was decided,
    on the court's clock. With `life`, `incarceration_days` is not read.
    """

    case_id: str = ref("case.id")
    state: str = "pending"
    imposed_on: date = Field(index=True)
    incarceration_days: int = 0
    words: str = sealed("sentence.words")
    life: bool = False
    recorded_at: datetime | None = maybe_instant()
    recorded_by: str = ""
    replaced_at: datetime | None = maybe_instant()


class ExposureSnapshot(HubOwned, table=True):
    """Maximum exposure when the family first came, in days, or life; who computed it and how.

    Never rewritten: the newest takes the place of the one before (`replaced_at`). With `life`,
    `exposure_days` is not read. `counsel_id` is who confirmed it.
    """

    __tablename__ = "exposure_snapshot"
    case_id: str = ref("case.id")
    taken_at: datetime = instant()
    exposure_days: int
    computed_by: str = sealed("exposure_snapshot.computed_by")
    method: str = sealed("exposure_snapshot.method")
    confirmed_by_counsel_at: datetime | None = maybe_instant()
    life: bool = False
    counsel_id: str | None = maybe_ref("counsel.id", index=False)
    recorded_by: str = ""
    replaced_at: datetime | None = maybe_instant()
