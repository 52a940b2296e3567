"""Small factories for tests: records in a folder, a house on any clock, people on demand."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from activities.house import Clock, House
from domain.vocabulary import Channel, HearingKind, ShareScope
from engine.building import build_house, open_the_records
from engine.settings import Settings
from records.agencies import NewAgency, add_agency, running_agency
from records.agency_shares import Agreement, share_case
from records.casework import NewCase, Source, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.database import HubSession, Records
from records.hearings import Setting, schedule_hearing
from records.tables import (
    Agency,
    AgencyShare,
    Case,
    ContactPoint,
    Defendant,
    Hearing,
    Hub,
    Message,
)

ROSA = Source("rosa", "staff")
ZONE = "America/New_York"
AGREED = "Yes, text me."


class FixedClock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    async def now(self) -> datetime:
        """Where it stands."""
        return self.at


def utc(text: str) -> datetime:
    """An instant from `2026-12-01 15:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """A wall time from `2026-12-01 09:00`."""
    return datetime.fromisoformat(text)


def settings_in(folder: Path, **more: object) -> Settings:
    """Settings of an installation that lives in `folder`."""
    return Settings(data=folder, **more)  # type: ignore[arg-type]


def make_house(folder: Path, clock: Clock, **more: object) -> House:
    """A whole house in `folder`, with the hub's people in New York."""
    settings = settings_in(folder, **more)
    house = build_house(settings, open_the_records(settings), clock)
    with house.records.everywhere() as session:
        hub = session.get_one(Hub, house.records.sole_hub())
        hub.name, hub.phone, hub.zone = "Liberty City Defense", "(305) 555-0100", ZONE
        session.add(hub)
    return house


def with_carrier(house: House, channel: Channel, carrier: object) -> House:
    """The same house with another provider on one channel."""
    return replace(house, carriers={**house.carriers, channel: carrier})  # type: ignore[dict-item]


def hub_of(records: Records) -> str:
    """The only hub."""
    return records.sole_hub()


def a_case(
    records: Records,
    now: datetime,
    *,
    phone: str = "+13055550110",
    custody: str = "released",
    language: str = "en",
    docket: str = "",
) -> Case:
    """Marcus's case, released unless said otherwise, reachable by text where a phone is given."""
    with records.writing(hub_of(records)) as session:
        case = open_case(
            session,
            NewCase(
                "Marcus",
                "Johnson",
                custody=custody,  # type: ignore[arg-type]
                language=language,
                docket_number=docket,
            ),
            ROSA,
            now,
        )
        if phone:
            person = session.get_one(Defendant, case.defendant_id).person_id
            add_contact(session, person, NewContact(Channel.SMS, phone, AGREED), ROSA, now)
    return case


def a_mother(
    records: Records,
    case: Case,
    now: datetime,
    *,
    phone: str = "+13055550111",
    email: str = "",
    language: str = "en",
) -> str:
    """Denise, his mother, in the circle; her person id."""
    contacts = []
    if phone:
        contacts.append(NewContact(Channel.SMS, phone, AGREED))
    if email:
        contacts.append(NewContact(Channel.EMAIL, email, AGREED))
    with records.writing(hub_of(records)) as session:
        supporter = enroll_supporter(
            session,
            case.id,
            NewSupporter("Denise", "Johnson", "mother", language, tuple(contacts)),
            ROSA,
            now,
        )
        return supporter.person_id


def a_hearing(
    records: Records,
    case: Case,
    local: str,
    now: datetime,
    *,
    kind: HearingKind = HearingKind.ARRAIGNMENT,
    zone: str = ZONE,
) -> Hearing:
    """A hearing at a wall time."""
    with records.writing(hub_of(records)) as session:
        return schedule_hearing(
            session,
            case.id,
            kind,
            Setting(wall(local), zone, "3A", "1351 NW 12th St, Miami"),
            ROSA,
            now,
        )


def a_shelter(
    records: Records,
    now: datetime,
    *,
    phone: str = "",
    email: str = "desk@example.org",
    weekday: int = 0,
    language: str = "en",
) -> Agency:
    """A shelter: Gloria at its front desk reads the digest on Mondays at nine."""
    contacts = []
    if phone:
        contacts.append(NewContact(Channel.SMS, phone, AGREED))
    if email:
        contacts.append(NewContact(Channel.EMAIL, email, AGREED))
    new = NewAgency(
        "Riverside Shelter",
        "Gloria",
        "Reyes",
        "shelter",
        language,
        tuple(contacts),
        weekday=weekday,
    )
    with records.writing(hub_of(records)) as session:
        return add_agency(session, new, ROSA, now)


def a_share(
    records: Records,
    agency: Agency,
    case: Case,
    now: datetime,
    *,
    what: ShareScope = ShareScope.PLACE,
    expires_at: datetime | None = None,
) -> AgencyShare:
    """The defendant lets the agency know."""
    agreed = Agreement("Yes, tell the shelter when I have court.", "in person", "self", expires_at)
    with records.writing(hub_of(records)) as session:
        running = running_agency(session, agency.id)
        return share_case(session, running, case.id, what, agreed, ROSA, now)


def a_message(
    session: HubSession,
    contact: ContactPoint,
    body: str,
    at: datetime,
    *,
    case_id: str | None = None,
    claim: str = "",
    subject_id: str = "",
    step: str = "before_3",
    state: str = "delivered",
    temporary: bool = False,
) -> Message:
    """A message that went to a contact."""
    row = Message(
        claim=claim or f"{contact.person_id}|{body}",
        case_id=case_id,
        person_id=contact.person_id,
        contact_id=contact.id,
        subject_id=subject_id,
        step=step,
        audience="family",
        language="en",
        channel=contact.channel,
        transport="twilio",
        template="en/x",
        template_version="1",
        body=body,
        state=state,
        claimed_at=at,
        temporary=temporary,
    )
    session.add(row)
    session.flush()
    return row
