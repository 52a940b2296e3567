"""The example hub: made-up people at different moments of a case, to look at before real work."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select

from domain.court_time import wall_time
from domain.tracks import Custody
from domain.vocabulary import Channel, HearingKind, Role
from records.access import hash_password
from records.casework import NewCase, Source, open_case
from records.circle import NewContact, add_contact
from records.database import HubSession, Records, RecordsProblem
from records.example_removing import SLUG, find_example
from records.hearings import Setting, schedule_hearing, vacate_hearing
from records.tables import Case, Defendant, Hub, StaffMember

ZONE = "America/New_York"
_BY = Source("example", "example")
_STAFF = (
    ("Ada Example", "example-advocate", Role.ADVOCATE),
    ("Sol Example", "example-supervisor", Role.SUPERVISOR),
    ("Ines Example", "example-admin", Role.HUB_ADMIN),
)


class ExampleNameTaken(RecordsProblem):
    """A hub of real work, or somebody in it, has the example's name."""

    def __init__(self) -> None:
        super().__init__("A real hub or member of staff has a name that the example needs.")


@dataclass(frozen=True, slots=True)
class _Life:
    """One made-up person.

    Attributes:
        arrested: days before today.
        hearing: days from today; None while there is none.
        phone: last two digits of a made-up number; "" for somebody whom nobody reaches.
    """

    first: str
    last: str
    arrested: int
    hearing: int | None
    kind: HearingKind = HearingKind.STATUS
    phone: str = ""
    language: str = "en"
    custody: Custody = Custody.RELEASED
    vacated: bool = False


_LIVES = (
    _Life("Mara", "Quill", 1, 1, HearingKind.BAIL_REVIEW, "21", custody=Custody.DETAINED),
    _Life("Tomas", "Abril", 30, 1, HearingKind.ARRAIGNMENT, "22", "es"),
    _Life("Dell", "Harrow", 20, 5),
    _Life("Rosa", "Llano", 45, 3, phone="23", language="es"),
    _Life("Owen", "Marsh", 60, 14, phone="24"),
    _Life("Nadia", "Frost", 75, 9, phone="25", vacated=True),
    _Life("Ellis", "Rowe", 12, None, phone="26"),
    _Life("Pilar", "Vega", 90, 30, phone="27", language="es"),
)


def load_example(records: Records, now: datetime) -> dict[str, str]:
    """Load the example hub, in one transaction; loaded already, it stays as it is.

    Args:
        records: the installation's.
        now: the present (UTC); every date of the example is relative to it.

    Returns:
        New passwords by the name for signing in, to be shown once; empty when it was loaded.

    Raises:
        ExampleNameTaken: real work has the hub's name or a sign-in of the example.
    """
    if find_example(records):
        return {}
    passwords = {sign_in: secrets.token_urlsafe(12) for _, sign_in, _ in _STAFF}
    hashed = {sign_in: hash_password(word) for sign_in, word in passwords.items()}
    hub = Hub(name="Example hub", slug=SLUG, zone=ZONE, example=True)
    with records.everywhere() as session:
        _refuse_taken(session)
        session.add(hub)
        session.flush()
        # From here on the same transaction is the new hub's: its rows are stamped as any other's.
        session.hub_id = hub.id
        advocate = _add_staff(session, hashed)
        for life in _LIVES:
            _add_life(session, life, advocate, now)
    return passwords


def _refuse_taken(session: HubSession) -> None:
    names = [sign_in for _, sign_in, _ in _STAFF]
    members = session.exec(select(StaffMember.sign_in)).all()
    hubs = session.exec(select(Hub.slug)).all()
    if SLUG in hubs or set(names) & set(members):
        raise ExampleNameTaken


def _add_staff(session: HubSession, hashed: dict[str, str]) -> str:
    """The made-up staff; gives the advocate's id."""
    rows = [
        StaffMember(name=name, sign_in=sign_in, role=role, password_hash=hashed[sign_in])
        for name, sign_in, role in _STAFF
    ]
    session.add_all(rows)
    session.flush()
    return rows[0].id


def _add_life(session: HubSession, life: _Life, advocate: str, now: datetime) -> None:
    new = NewCase(
        first_name=life.first,
        last_name=life.last,
        language=life.language,
        arrested_at=now - timedelta(days=life.arrested),
        custody=life.custody,
        advocate_id=advocate,
    )
    case = open_case(session, new, _BY, now)
    if life.phone:
        _add_phone(session, case, life.phone, now)
    if life.hearing is not None:
        _add_hearing(session, case, life, life.hearing, now)


def _add_phone(session: HubSession, case: Case, digits: str, now: datetime) -> None:
    person = session.get_one(Defendant, case.defendant_id).person_id
    contact = NewContact(Channel.SMS, f"+130555501{digits}", "Yes, text me.", how="in person")
    add_contact(session, person, contact, _BY, now)


def _add_hearing(session: HubSession, case: Case, life: _Life, days: int, now: datetime) -> None:
    at = wall_time(now, ZONE) + timedelta(days=days)
    at = at.replace(hour=9, minute=30, second=0, microsecond=0)
    hearing = schedule_hearing(session, case.id, life.kind, Setting(at, ZONE, "4"), _BY, now)
    if life.vacated:
        vacate_hearing(session, hearing.id, _BY, now)
