"""Records what `test_replay.py` replays: `python -m tests.workflows.record_histories NAME
[KIND …]`.

Run it only to add a new history beside the old ones: running cases were written by old programs,
so an old history is never replaced.
"""

import asyncio
import re
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.referrals import Setter
from domain.vocabulary import ReferralState as S
from engine.embedded import test_server
from engine.relay import relay_once
from engine.skipping import SkippingClock, register_search_attributes
from engine.worker import build_workers
from records.casework import Source
from records.database import Records
from records.directory import NewProvider, add_provider
from records.hearings import Setting, move_hearing
from records.packets import PacketContent, request_packet
from records.plans import NewStep, start_plan
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    send_referral,
)
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


async def record(folder: Path, name: str, *kinds: str) -> None:
    """Live a short case with a plan, a packet, a shelter and a referral, and keep the histories of
    those kinds that are named, or of all."""
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
                referral_id = _refer(house.records, case.id, now)
                ids.append(f"referral-{referral_id}")
                await _pass(env, house.records, 6)
                with records.writing(hub_of(records)) as session:
                    setting = Setting(wall(f"{day} 14:00"), ZONE, "3A", "1351 NW 12th St, Miami")
                    move_hearing(session, hearing.id, setting, ROSA, await clock.now())
                await _say_yes(house.records, referral_id, clock)
                await _pass(env, house.records, 9)
                for workflow_id in ids:
                    if kinds and workflow_id.split("-", 1)[0] not in kinds:
                        continue
                    await _keep(env.client, workflow_id, folder, name)
        house.records.close()


def _refer(records: Records, case_id: str, now: datetime) -> str:
    """A coach who does not answer at first; the referral."""
    with records.writing(hub_of(records)) as session:
        coach = add_provider(session, NewProvider("Job Coach", email="coach@example.org"))
        new = NewReferral(coach.id, "employment", agreed_words="Yes", agreed_how="in person")
        row = draft_referral(session, case_id, new, ROSA, now)
        return send_referral(session, row.id, ROSA, now).id


async def _say_yes(records: Records, referral_id: str, clock: SkippingClock) -> None:
    """The coach was reminded, and says when they meet."""
    now = await clock.now()
    with records.writing(hub_of(records)) as session:
        answer = Answer(meeting_at=now + timedelta(days=3))
        coach = Source("referral:coach", "link")
        move_referral(session, referral_id, S.ACCEPTED, Setter.PROVIDER, answer, coach, now)


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
    asyncio.run(record(FOLDER, *sys.argv[1:]))
