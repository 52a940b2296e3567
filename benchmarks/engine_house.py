"""A real house for measurements: the embedded server with its file, records, and many cases."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from temporalio.client import Client

from activities.house import House
from domain.court_time import wall_time
from domain.ledger import message_key
from domain.vocabulary import Audience, Channel, MessageState
from engine.building import build_house, open_the_records
from engine.connection import connect
from engine.embedded import command, free_port
from engine.settings import Settings
from records.casework import NewCase, Source, open_case
from records.circle import NewContact, add_contact
from records.database import Records
from records.hearings import Setting, schedule_hearing
from records.tables import Defendant, Hub, Message

BENCH = Source("bench", "bench")
ZONE = "UTC"


@dataclass
class Engine:
    """A running embedded server and an open house."""

    settings: Settings
    client: Client
    house: House


@asynccontextmanager
async def embedded_engine(**more: object) -> AsyncIterator[Engine]:
    """The embedded server in a temporary folder; stopped and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        data = Path(folder)
        port = free_port()
        server = await asyncio.create_subprocess_exec(
            *command(data / "temporal.db", port),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        settings = Settings(
            data=data,
            temporal_address=f"127.0.0.1:{port}",
            **more,  # type: ignore[arg-type]
        )
        records = open_the_records(settings, busy_seconds=0.1)
        try:
            client = await connect(settings, patience=30)
            yield Engine(settings, client, build_house(settings, records))
        finally:
            records.close()
            server.terminate()
            await server.wait()


def prepare_hub(records: Records, reminder_at: time = time(10, 0)) -> str:
    """A hub on UTC without quiet hours, which reminds at a chosen second."""
    hub_id = records.sole_hub()
    with records.everywhere() as session:
        hub = session.get_one(Hub, hub_id)
        hub.name, hub.phone, hub.zone = "Liberty City Defense", "(305) 555-0100", ZONE
        hub.quiet_from = hub.quiet_to = time(0, 0)
        hub.reminder_at = reminder_at
        hub.reminder_days = [7, 3, 1]
        session.add(hub)
    return hub_id


def add_cases(records: Records, hub_id: str, count: int, due: datetime) -> list[str]:
    """Cases with one reachable person, whose three-day reminder falls due on the day of `due`.

    They were told of the date before, so that the reminder is the next thing that happens.
    """
    day: date = wall_time(due, ZONE).date() + timedelta(days=3)
    earlier = due - timedelta(days=2)
    ids: list[str] = []
    for first in range(0, count, 250):
        with records.writing(hub_id) as session:
            for number in range(first, min(first + 250, count)):
                case = open_case(
                    session,
                    NewCase(f"Person{number}", "Johnson", custody="released"),  # type: ignore[arg-type]
                    BENCH,
                    earlier,
                )
                person = session.get_one(Defendant, case.defendant_id).person_id
                phone = f"+1305{(5550100 + number % 100):07d}"
                add_contact(session, person, NewContact(Channel.SMS, phone, "yes"), BENCH, earlier)
                hearing = schedule_hearing(
                    session,
                    case.id,
                    "arraignment",  # type: ignore[arg-type]
                    Setting(datetime.combine(day, time(9, 0)), ZONE, "3A", "1351 NW 12th St"),
                    BENCH,
                    earlier,
                )
                session.add(_already_told(case.id, person, hearing.id, earlier))
                ids.append(case.id)
    return ids


def _already_told(case_id: str, person_id: str, hearing_id: str, at: datetime) -> Message:
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
        template_version="bench",
        body="told before",
        state=MessageState.SENT,
        claimed_at=at,
    )


def in_seconds(seconds: float) -> datetime:
    """A whole second that far ahead (UTC)."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.replace(microsecond=0) + timedelta(seconds=1)
