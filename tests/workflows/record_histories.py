"""Records what `test_replay.py` replays: `python -m tests.workflows.record_histories NAME`.

Run it only to add a new history beside the old ones: running cases were written by old programs,
so an old history is never replaced.
"""

import asyncio
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from engine.embedded import test_server
from engine.relay import relay_once
from engine.skipping import SkippingClock, register_search_attributes
from engine.worker import build_workers
from records.hearings import Setting, move_hearing
from records.packets import PacketContent, request_packet
from records.plans import NewStep, start_plan
from tests.houses import (
    ROSA,
    ZONE,
    a_case,
    a_hearing,
    a_mother,
    a_share,
    a_shelter,
    hub_of,
    make_house,
    wall,
)
from tests.workflows.plain import PLAIN_CONVERTER

FOLDER = Path(__file__).parent / "histories"


async def record(folder: Path, name: str) -> None:
    """Live a short case with a plan, a packet and a shelter, and keep the four histories."""
    clock = SkippingClock()
    with tempfile.TemporaryDirectory() as data:
        house = make_house(Path(data), clock)
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(test_server()), data_converter=PLAIN_CONVERTER
        ) as env:
            clock.env = env
            await register_search_attributes(env.client)
            workers = build_workers(env.client, house)
            async with workers[0], workers[1]:
                now = await env.get_current_time()
                records = house.records
                day = (now + timedelta(days=12)).date()
                case = a_case(records, now)
                a_mother(records, case, now, email="denise@example.org")
                hearing = a_hearing(records, case, f"{day} 09:00", now)
                with records.writing(hub_of(records)) as session:
                    step = NewStep("check_in", "Meet the mentor", day)
                    plan = start_plan(session, case.id, (step,), ROSA, now)
                    packet = request_packet(session, case.id, "release", PacketContent(), ROSA, now)
                    ids = [f"case-{case.id}", f"plan-{plan.id}", f"packet-{packet.id}"]
                shelter = a_shelter(records, now)
                a_share(records, shelter, case, now)
                ids.append(f"agency-{shelter.id}")
                await _pass(env, house.records, 6)
                with records.writing(hub_of(records)) as session:
                    setting = Setting(wall(f"{day} 14:00"), ZONE, "3A", "1351 NW 12th St, Miami")
                    move_hearing(session, hearing.id, setting, ROSA, await clock.now())
                await _pass(env, house.records, 9)
                for workflow_id in ids:
                    await _keep(env.client, workflow_id, folder, name)
        house.records.close()


async def _pass(env: WorkflowEnvironment, records: object, days: int) -> None:
    for _ in range(days):
        while await relay_once(records, env.client):  # type: ignore[arg-type]
            pass
        await env.sleep(timedelta(days=1))


async def _keep(client: Client, workflow_id: str, folder: Path, name: str) -> None:
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    kind = workflow_id.split("-", 1)[0]
    # Which process on which machine wrote it is nobody's business.
    text = re.sub(r'"(\w*[iI]dentity)": "[^"]*"', r'"\1": "worker"', history.to_json())
    (folder / f"{kind}-{name}.json").write_text(text)


if __name__ == "__main__":
    asyncio.run(record(FOLDER, sys.argv[1]))
