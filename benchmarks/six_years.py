"""Three hundred hearings over six years in one case: its history stays bounded, nothing is lost.

Lived on the time-skipping server with the real workflow, activities and records.
"""

import tempfile
import time
from datetime import datetime, timedelta
from datetime import time as wall
from pathlib import Path

from sqlmodel import func, select
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from benchmarks.engine_house import BENCH, prepare_hub
from benchmarks.result import Result
from domain.vocabulary import Appearance, Channel, HearingKind, HearingStatus
from engine.building import build_house, open_the_records
from engine.codec import data_converter
from engine.embedded import test_server
from engine.relay import relay_once
from engine.settings import Settings
from engine.skipping import SkippingClock, register_search_attributes
from engine.worker import build_workers
from records.casework import NewCase, Source, open_case
from records.circle import NewContact, add_contact
from records.crypto import keys
from records.database import Records
from records.hearings import Setting, record_outcome, schedule_hearing
from records.tables import Defendant, Hearing, Message

HISTORY_LIMIT = 51_200
STEPS = 4


async def measure(hearings: int = 300, years: int = 6) -> Result:
    """Live it, and count the events of every run of the workflow."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        settings = Settings(data=Path(folder))
        records = open_the_records(settings)
        clock = SkippingClock()
        house = build_house(settings, records, clock)
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(test_server()), data_converter=data_converter(keys())
        ) as env:
            clock.env = env
            await register_search_attributes(env.client)
            workers = build_workers(env.client, house)
            async with workers[0]:
                case_id = await _live(env, records, hearings, years)
                runs = await _runs(env.client, case_id)
        sent = _count(records)
        records.close()
    longest = max(runs)
    return Result(
        name="six-years",
        value=longest,
        unit="events in the longest run",
        floor=HISTORY_LIMIT,
        ratio=round(longest / HISTORY_LIMIT, 3),
        wanted=f"under {HISTORY_LIMIT}, every message of {hearings} hearings sent once",
        ok=longest < HISTORY_LIMIT and sent == hearings * STEPS,
        details={
            "hearings": hearings,
            "messages": sent,
            "runs": len(runs),
            "events": runs,
            "seconds": round(time.monotonic() - started, 1),
        },
    )


async def _live(env: WorkflowEnvironment, records: Records, hearings: int, years: int) -> str:
    """One hearing after the other: scheduled three weeks ahead, held, its outcome recorded."""
    hub_id = prepare_hub(records)
    now = await env.get_current_time()
    with records.writing(hub_id) as session:
        new = NewCase("Marcus", "Johnson", custody="released")  # type: ignore[arg-type]
        case = open_case(session, new, BENCH, now)
        person = session.get_one(Defendant, case.defendant_id).person_id
        add_contact(session, person, NewContact(Channel.SMS, "+13055550123", "yes"), BENCH, now)
        case_id = case.id
    gap = timedelta(days=365 * years / hearings)
    for number in range(hearings):
        now = await env.get_current_time()
        _next_hearing(records, hub_id, case_id, now, number)
        while await relay_once(records, env.client):
            pass
        await env.sleep(gap)
    await env.sleep(timedelta(days=40))
    return case_id


def _next_hearing(records: Records, hub_id: str, case_id: str, now: datetime, number: int) -> None:
    """Record what happened at the hearings that are over, and schedule the next one."""
    source = Source("bench", "bench")
    with records.writing(hub_id) as session:
        for hearing in session.exec(
            select(Hearing).where(Hearing.status == HearingStatus.SCHEDULED)
        ).all():
            if hearing.starts_at < now:
                record_outcome(session, hearing.id, Appearance.APPEARED, source, now)
        day = (now + timedelta(days=21)).date()
        local = datetime.combine(day, wall(9, number % 60))
        setting = Setting(local, "UTC", f"{number}", "1351 NW 12th St")
        schedule_hearing(session, case_id, HearingKind.STATUS, setting, source, now)


async def _runs(client: Client, case_id: str) -> list[int]:
    """Events of every run, from the newest back along the chain of continue-as-new."""
    lengths: list[int] = []
    run_id: str | None = None
    while True:
        handle: WorkflowHandle[object, object] = client.get_workflow_handle(
            f"case-{case_id}", run_id=run_id
        )
        events = (await handle.fetch_history()).events
        lengths.append(len(events))
        before = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not before:
            return lengths
        run_id = before


def _count(records: Records) -> int:
    with records.reading("") as session:
        return session.exec(select(func.count()).select_from(Message)).one()
