"""What the chapters share: the world, the moments, the ids, and the chronicle of what was done."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import select

from cli.demonstration.almanac import OUTCOME_AFTER, Almanac, Step
from cli.demonstration.cast import Cast, Someone
from cli.demonstration.expecting import PACKET, Chronicle
from cli.demonstration.telling import clock
from cli.demonstration.world import World
from domain.tracks import CourtStage, Track
from domain.vocabulary import Appearance, Channel, HearingKind
from records.casework import Source, get_case, move_track
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.database import HubSession
from records.hearings import Setting, record_outcome, schedule_hearing
from records.tables import HumanTask
from records.tasks import close_task

BAIL = "bail review"
AGREED = "Yes, you can text or write to me about court dates."


@dataclass(frozen=True, slots=True)
class Reading:
    """What counsel had before them: a version and the hash that its page carried."""

    version_id: str
    seen_hash: str


@dataclass(frozen=True, slots=True)
class Filing:
    """How things stood when counsel filed: the approval that held ("" for none), what the packet
    was made of just then, and the version that was filed."""

    approval_id: str
    content_hash: str
    version_id: str


@dataclass(slots=True)
class Story:
    """One life in the making. Ids are filled in as things come to be; `papers` are the packet and
    the letter in it."""

    world: World
    cast: Cast
    days: Almanac
    chronicle: Chronicle = field(default_factory=Chronicle)
    case_id: str = ""
    defendant_id: str = ""
    papers: dict[str, str] = field(default_factory=dict)
    reading: Reading | None = None
    filing: Filing | None = None
    plan_id: str = ""
    court_id: str = ""
    people: dict[str, str] = field(default_factory=dict)
    hearings: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    steps_ahead: list[Step] = field(default_factory=list)

    @property
    def advocate(self) -> Source:
        """The hub's advocate, who records most things."""
        return Source(self.cast.advocate.lower(), "staff")

    @property
    def packet_id(self) -> str:
        """The packet; "" before it is asked for."""
        return self.papers.get(PACKET, "")

    @property
    def her(self) -> str:
        """The defendant's first name."""
        return self.cast.defendant.first_name

    def setting(self, local: datetime) -> Setting:
        """In the usual courtroom at a wall time."""
        return Setting(local, self.cast.zone, self.cast.room, self.cast.address)

    def set_hearing(
        self,
        session: HubSession,
        about: str,
        kind: HearingKind,
        local: datetime,
        now: datetime,
        known: datetime,
    ) -> None:
        """Put a court date on the calendar, and remember it as `about`."""
        hearing = schedule_hearing(
            session,
            self.case_id,
            kind,
            self.setting(local),
            self.advocate,
            now,
            court_id=self.court_id,
        )
        self.hearings[about] = hearing.id
        self.chronicle.sets(about, local, known)

    def held(
        self,
        session: HubSession,
        about: str,
        appearance: Appearance,
        now: datetime,
        *stages: CourtStage,
    ) -> None:
        """The advocate writes down what happened, and where the case stands now."""
        record_outcome(session, self.hearings[about], appearance, self.advocate, now)
        case = get_case(session, self.case_id)
        for stage in stages:
            move_track(session, case, Track.COURT, stage, self.advocate, now)

    def enroll(self, session: HubSession, who: Someone, at: datetime, now: datetime) -> None:
        """Take one of the family into the circle."""
        contacts = [NewContact(Channel.SMS, who.phone, AGREED)] if who.phone else []
        contacts += [NewContact(Channel.EMAIL, who.email, AGREED)] if who.email else []
        supporter = enroll_supporter(
            session,
            self.case_id,
            NewSupporter(who.first_name, who.last_name, who.role, who.language, tuple(contacts)),
            self.advocate,
            now,
        )
        self.people[supporter.person_id] = who.role
        self.chronicle.joins(who.role, at)

    def close(self, session: HubSession, kind: str, outcome: str, now: datetime) -> None:
        """The advocate has done the open tasks of a kind."""
        for task in session.exec(
            select(HumanTask).where(HumanTask.kind == kind, HumanTask.case_id == self.case_id)
        ).all():
            close_task(session, task.id, self.cast.advocate, outcome, now)


def after(hearing: datetime) -> datetime:
    """When the advocate writes down what happened at a hearing."""
    return hearing + OUTCOME_AFTER


def day_and_hour(local: datetime) -> str:
    """ "Thursday, April 8 at 9:30 am"."""
    return f"{local:%A, %B} {local.day} at {clock(local)}"
