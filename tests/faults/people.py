"""Many made-up people, each with a number of their own and a reminder due at a chosen second."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.court_time import instant_at, wall_time
from domain.ledger import message_key
from domain.tracks import Custody
from domain.vocabulary import Audience, Channel, HearingKind, MessageState
from records.casework import NewCase, Source, open_case
from records.circle import NewContact, add_contact
from records.database import HubSession, Records
from records.hearings import Setting, schedule_hearing
from records.tables import Defendant, Hub, Message

ROSA = Source("rosa", "staff")
ZONE = "UTC"
ROOM, PLACE = "3A", "1351 NW 12th St, Miami"
AREAS = (305, 212, 415, 617)
"""Area codes; 100 made-up numbers in each (555-0100 to 555-0199)."""


@dataclass(frozen=True, slots=True)
class Someone:
    """One defendant with one case, one hearing and one number."""

    case_id: str
    person_id: str
    hearing_id: str
    phone: str
    day: datetime

    @property
    def key(self) -> str:
        """The claim of the three-day reminder for the first date."""
        return message_key(self.person_id, self.hearing_id, 1, "before_3", Channel.SMS)

    def changed_key(self, revision: int) -> str:
        """The claim of the notice of a new date."""
        return message_key(self.person_id, self.hearing_id, revision, "changed", Channel.SMS)


def in_seconds(seconds: float) -> datetime:
    """A whole second about that far ahead (UTC)."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds + 1)


def remind_at(records: Records, due: datetime) -> None:
    """A hub in UTC without quiet hours, which reminds at that second of the day."""
    with records.everywhere() as session:
        hub = session.get_one(Hub, records.sole_hub())
        hub.name, hub.phone, hub.zone = "Liberty City Defense", "(305) 555-0100", ZONE
        hub.quiet_from = hub.quiet_to = time(0, 0)
        hub.reminder_at = due.timetz().replace(tzinfo=None)
        session.add(hub)


def add_people(records: Records, count: int, due: datetime, *, first: int = 0) -> list[Someone]:
    """People whose three-day reminder falls due at `due` (UTC).

    They were told of the date before, so that the reminder is the next thing that happens.

    Args:
        records: of a hub that reminds at that second (`remind_at`).
        count: how many.
        due: the second.
        first: from which number on, so that nobody shares one.
    """
    day = datetime.combine(wall_time(due, ZONE).date() + timedelta(days=3), time(9, 0))
    assert instant_at(day.date() - timedelta(days=3), due.time(), ZONE) == due
    with records.writing(records.sole_hub()) as session:
        return [_add(session, number, day, due) for number in range(first, first + count)]


def _add(session: HubSession, number: int, day: datetime, due: datetime) -> Someone:
    earlier = due - timedelta(days=2)
    new = NewCase(f"Person{number}", "Johnson", custody=Custody.RELEASED)
    case = open_case(session, new, ROSA, earlier)
    person = session.get_one(Defendant, case.defendant_id).person_id
    phone = f"+1{AREAS[number // 100]}555{100 + number % 100:04d}"
    add_contact(session, person, NewContact(Channel.SMS, phone, "Yes, text me."), ROSA, earlier)
    setting = Setting(day, ZONE, ROOM, PLACE)
    hearing = schedule_hearing(session, case.id, HearingKind.ARRAIGNMENT, setting, ROSA, earlier)
    session.add(_told(case.id, person, hearing.id, earlier))
    return Someone(case.id, person, hearing.id, phone, day)


def _told(case_id: str, person_id: str, hearing_id: str, at: datetime) -> Message:
    """The message of the first date, which left some days ago."""
    return Message(
        claim=message_key(person_id, hearing_id, 1, "enrolled", Channel.SMS),
        case_id=case_id,
        person_id=person_id,
        subject_id=hearing_id,
        subject_revision=1,
        step="enrolled",
        audience=Audience.DEFENDANT,
        language="en",
        channel=Channel.SMS,
        transport="outbox",
        template="enrolled",
        template_version="faults",
        body="told before",
        state=MessageState.SENT,
        claimed_at=at,
    )
