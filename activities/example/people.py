"""Who is in the example: its hub, the people who work there, and those whom it stands by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.court_time import instant_of, wall_time
from domain.tracks import CourtStage, Custody, Track
from domain.vocabulary import Channel, Role
from records.casework import NewCase, Source, move_track, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.clients import connect
from records.counsel import NewCounsel, set_counsel, use_counsel
from records.courts import NewCourt, add_court
from records.database import HubSession
from records.example_removing import SLUG
from records.tables import Case, Counsel, Defendant, Hub, StaffMember

ZONE: Final = "America/New_York"
NAME: Final = "Example hub"
PHONE: Final = "+13055550100"
COURT: Final = "Example County Court"
ADDRESS: Final = "100 Court Street, Example City"
AGREED: Final = "Yes, text me."
BY: Final = Source("Ada Example", "staff")
"""The advocate, who records most things."""
STAFF: Final = (
    ("Ada Example", "example-advocate", Role.ADVOCATE, "en"),
    ("Rey Ejemplo", "example-advocate-2", Role.ADVOCATE, "es"),
    ("Sol Example", "example-supervisor", Role.SUPERVISOR, "en"),
    ("Ines Example", "example-admin", Role.HUB_ADMIN, "en"),
    ("Avery Example", "example-counsel", Role.COUNSEL, "en"),
)
"""Name, sign-in, role and language of everybody who signs in. None has a password yet."""
SIGN_INS: Final = tuple(sign_in for _, sign_in, _, _ in STAFF)


def the_hub() -> Hub:
    """The hub itself, which nothing ever leaves."""
    return Hub(name=NAME, slug=SLUG, zone=ZONE, phone=PHONE, example=True)


@dataclass(frozen=True, slots=True)
class Days:
    """Days around the present, on the hub's clock.

    Attributes:
        now: the present (UTC).
    """

    now: datetime

    @property
    def today(self) -> date:
        """The present day, local to the hub."""
        return wall_time(self.now, ZONE).date()

    def day(self, days: int) -> date:
        """So many days from today; negative ones are past."""
        return self.today + timedelta(days=days)

    def ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """The instant (UTC) of a wall time some days ago; at least one, so that it is past."""
        return instant_of(datetime.combine(self.day(-days), time(hour, minute)), ZONE)

    def court(self, days: int, hour: int, minute: int = 30) -> datetime:
        """The wall time of a court date that far ahead, on the next weekday."""
        day = self.day(days)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return datetime.combine(day, time(hour, minute))


@dataclass(frozen=True, slots=True)
class Supporter:
    """Somebody who stands beside a participant; `phone`: the last two digits of a made-up one."""

    first: str
    last: str
    relationship: str
    phone: str
    language: str = "en"
    mentor: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """One made-up person.

    Attributes:
        arrested: days before today.
        phone: last two digits of a made-up number; "" for somebody whom nobody reaches.
        advocate: the sign-in of whose case it is.
    """

    first: str
    last: str
    arrested: int
    docket: str
    phone: str = ""
    language: str = "en"
    custody: Custody = Custody.RELEASED
    circle: tuple[Supporter, ...] = ()
    has_counsel: bool = False
    advocate: str = "example-advocate"
    stages: tuple[CourtStage, ...] = ()
    """Where the case has come in court since the arrest, in this order."""


@dataclass(slots=True)
class Scene:
    """What came to be so far: ids by name. `people` are person ids by first name."""

    days: Days
    staff: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    """Hearings, packets, letters, steps, referrals by a name of the story's own."""


def phone_of(digits: str) -> str:
    """A number that belongs to nobody."""
    return f"+130555501{digits}"


def furnish(scene: Scene, session: HubSession) -> None:
    """Who works in the hub, and its court."""
    for name, sign_in, role, language in STAFF:
        member = StaffMember(name=name, sign_in=sign_in, role=role, language=language)
        session.add(member)
        session.flush()
        scene.staff[sign_in] = member.id
    court = NewCourt(COURT, ZONE, address=ADDRESS, phone="+13055550101")
    scene.more["court"] = add_court(session, court).id


def arrive(scene: Scene, who: Participant, session: HubSession, now: datetime) -> Case:
    """Intake: the case, how to reach them, and who stands beside them."""
    new = NewCase(
        first_name=who.first,
        last_name=who.last,
        language=who.language,
        docket_number=who.docket,
        arrested_at=scene.days.ago(who.arrested, 2),
        custody=who.custody,
        custody_place="Example County Jail" if who.custody is Custody.DETAINED else "",
        advocate_id=scene.staff[who.advocate],
    )
    case = open_case(session, new, BY, now)
    person = session.get_one(Defendant, case.defendant_id).person_id
    scene.cases[who.first], scene.people[who.first] = case.id, person
    if who.phone:
        add_contact(session, person, _text(who.phone), BY, now)
    for one in who.circle:
        supporter = NewSupporter(
            *(one.first, one.last, one.relationship, one.language, (_text(one.phone),)),
            mentor=one.mentor,
        )
        row = enroll_supporter(session, case.id, supporter, BY, now)
        scene.people[one.first] = row.person_id
    for stage in who.stages:
        move_track(session, case, Track.COURT, stage, BY, now)
    if who.has_counsel:
        _counsel(scene, session, case, now)
    return case


def _text(digits: str) -> NewContact:
    return NewContact(Channel.SMS, phone_of(digits), AGREED, how="in person")


def _counsel(scene: Scene, session: HubSession, case: Case, now: datetime) -> None:
    """The one counsel of the example, whose account sees these cases."""
    known = scene.more.get("counsel")
    if known:
        use_counsel(session, case, session.get_one(Counsel, known), BY, now)
        return
    mail = NewContact(Channel.EMAIL, "avery@example.org", "Work address.", how="in person")
    new = NewCounsel("Avery", "Example", office="Example Public Defender", contacts=(mail,))
    counsel = set_counsel(session, case.id, new, BY, now)
    scene.more["counsel"] = counsel.id
    connect(session, counsel.id, scene.staff["example-counsel"])


_SEEN: Final = (CourtStage.FIRST_APPEARANCE,)
_CHARGED: Final = (*_SEEN, CourtStage.CHARGED, CourtStage.ARRAIGNED)
CAST: Final[Mapping[str, Participant]] = {
    one.first: one
    for one in (
        Participant(
            *("Mara", "Quill", 1, "EX-1001"),
            custody=Custody.DETAINED,
            has_counsel=True,
            stages=_SEEN,
        ),
        Participant(
            *("Tomas", "Abril", 30, "EX-1002", "22", "es"),
            circle=(Supporter("Luz", "Abril", "cousin", "32", "es"),),
            advocate="example-advocate-2",
            stages=(*_SEEN, CourtStage.CHARGED),
        ),
        Participant(
            *("Rosa", "Llano", 45, "EX-1003", "23", "es"),
            advocate="example-advocate-2",
            stages=_CHARGED,
        ),
        Participant(
            *("Jean-Marc", "Pierre", 20, "EX-1004", "24", "ht"),
            circle=(Supporter("Marie", "Pierre", "mother", "34", "ht"),),
            stages=(*_CHARGED, CourtStage.PRETRIAL),
        ),
        Participant(
            *("Owen", "Marsh", 60, "EX-1005", "25"),
            circle=(Supporter("June", "Marsh", "wife", "35"),),
            has_counsel=True,
            stages=(*_CHARGED, CourtStage.PLEA, CourtStage.PRESENTENCE),
        ),
        Participant(
            *("Nadia", "Frost", 25, "EX-1006"),
            custody=Custody.DETAINED,
            circle=(Supporter("Irene", "Frost", "mother", "36"),),
            has_counsel=True,
            stages=(*_CHARGED, CourtStage.BAIL_REVIEW),
        ),
        Participant("Ellis", "Rowe", 12, "EX-1007", "26", stages=_SEEN),
        Participant(
            *("Pilar", "Vega", 90, "EX-1008", "27"),
            circle=(Supporter("Carmen", "Vega", "sister", "37", mentor=True),),
            has_counsel=True,
            stages=(*_CHARGED, CourtStage.DIVERSION),
        ),
    )
}
"""The eight participants, by first name."""
