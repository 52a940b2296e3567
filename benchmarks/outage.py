"""A day without an SMS provider, with 2,000 messages falling due: what leaves when it is back.

Lived on the time-skipping server with the real workflow, activities and records, and a provider on
loopback whose port is closed for a day. A quarter are reminders seven days before, a quarter three
days before, a quarter for the next day (useless when the provider is back), a quarter are hearings
that move in the course of the day.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as wall
from pathlib import Path

from sqlmodel import select
from temporalio.testing import WorkflowEnvironment

from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, LoopbackSmsProvider
from activities.house import House
from benchmarks.engine_house import BENCH, prepare_hub
from benchmarks.result import Result
from domain.ledger import message_key
from domain.vocabulary import Channel, HearingKind, MessageState
from engine.building import build_house, open_the_records
from engine.codec import data_converter
from engine.embedded import free_port, test_server
from engine.relay import relay_once
from engine.settings import Settings
from engine.skipping import SkippingClock, register_search_attributes
from engine.worker import build_workers
from records.casework import NewCase, open_case
from records.circle import NewContact, add_contact
from records.crypto import keys
from records.hearings import Setting, move_hearing, schedule_hearing
from records.outbox import pending
from records.tables import Defendant, Hearing, Hub, Message, MessageAttempt

RATE = 5.0
"""Texts a second that the provider takes."""
BACK_WITHIN = timedelta(minutes=10)
KINDS = (("before_7", 7), ("before_3", 3), ("before_1", 1), ("changed", 12))
"""What falls due, and how many days before its hearing the outage begins."""
HAS_IT = (MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED)


@dataclass
class Outage:
    """One house, one server, one provider that goes and comes back."""

    env: WorkflowEnvironment
    house: House
    hub_id: str
    url: str
    state: Path

    def provider(self) -> LoopbackSmsProvider:
        """The provider at its address, with what it remembers."""
        port = int(self.url.rpartition(":")[2])
        return LoopbackSmsProvider(port=port, state=self.state, clock=self.env.get_current_time)

    async def until(self, moment: datetime, step: timedelta = timedelta(minutes=2)) -> None:
        """Let time pass."""
        while pending(self.house.records, 1):  # noqa: ASYNC110  (the relay empties a table)
            await asyncio.sleep(0.05)
        while (left := moment - await self.env.get_current_time()) > timedelta(0):
            # A call to the test server ends after half a real minute, done or not, and then its
            # clock stands: so little passes in each that what falls due in it is quickly done.
            await self.env.sleep(min(left, step))


async def measure(count: int = 2000) -> Result:
    """Live the day."""
    started = time.monotonic()
    async with AsyncExitStack() as stack:
        outage = await _begin(stack, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        await stack.enter_async_context(_relaying(outage))
        now = await outage.env.get_current_time()
        ten = datetime.combine(now.date() + timedelta(days=2), wall(10), now.tzinfo)
        cases = _cases(outage, count, ten)
        provider = outage.provider()
        await provider.start()
        await outage.until(ten - timedelta(minutes=30))
        before = len(provider.accepted())
        await provider.stop()
        gone = await outage.env.get_current_time()
        await _day(outage, cases["changed"], gone)
        provider = outage.provider()
        await provider.start()
        back = await outage.env.get_current_time()
        await outage.until(back + BACK_WITHIN, timedelta(seconds=10))
        await outage.until(back + timedelta(hours=2))
        accepted = provider.accepted()[before:]
        tries = _tries(outage.house)
        faults = _faults(outage.house, cases)
        await provider.stop()
    late = [text.date_created - back for text in accepted]
    last = max(late, default=timedelta(0))
    useful = sum(len(cases[kind]) for kind in ("before_7", "before_3", "changed"))
    once = max(Counter((t.to, t.body) for t in accepted).values(), default=0) <= 1
    ok = last <= BACK_WITHIN and len(accepted) == useful and once and not faults
    return Result(
        name="outage",
        value=round(last.total_seconds(), 1),
        unit="seconds after its return until the last useful message",
        floor=BACK_WITHIN.total_seconds(),
        ratio=round(last / BACK_WITHIN, 3),
        wanted=f"all useful ones within {BACK_WITHIN}, none useless, each once",
        ok=ok,
        details={
            "due": count,
            "useful": useful,
            "accepted": len(accepted),
            "each_once": once,
            "faults": faults[:5],
            "rate": RATE,
            "least_possible_seconds": useful / RATE,
            "hours_away": round((back - gone) / timedelta(hours=1), 1),
            "tries_in_all": tries,
            "real_seconds": round(time.monotonic() - started, 1),
        },
    )


@asynccontextmanager
async def _relaying(outage: Outage) -> AsyncIterator[None]:
    """The relay beside the day, as in service; it looks more often, as time flies here."""

    async def relay() -> None:
        while True:
            await relay_once(outage.house.records, outage.env.client)
            await asyncio.sleep(0.02)

    running = asyncio.create_task(relay())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _begin(stack: AsyncExitStack, folder: Path) -> Outage:
    url = f"http://127.0.0.1:{free_port()}"
    settings = Settings(
        data=folder,
        sms_url=url,
        sms_account=ACCOUNT,
        sms_token=AUTH_TOKEN,
        sms_sender="+13055550199",
        sms_rate=RATE,
    )
    records = open_the_records(settings)
    stack.callback(records.close)
    clock = SkippingClock()
    house = build_house(settings, records, clock)
    env = await stack.enter_async_context(
        await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(test_server()), data_converter=data_converter(keys())
        )
    )
    clock.env = env
    await register_search_attributes(env.client)
    await stack.enter_async_context(build_workers(env.client, house, cached=3000)[0])
    hub_id = prepare_hub(records)
    with records.everywhere() as session:
        hub = session.get_one(Hub, hub_id)
        hub.daily_cap = 0
        session.add(hub)
    return Outage(env, house, hub_id, url, folder / "texts.jsonl")


def _cases(outage: Outage, count: int, ten: datetime) -> dict[str, list[str]]:
    """Cases by what will fall due for them; each was told of its date before."""
    cases: dict[str, list[str]] = {kind: [] for kind, _ in KINDS}
    earlier = ten - timedelta(days=1, hours=20)
    for first in range(0, count, 250):
        with outage.house.records.writing(outage.hub_id) as session:
            for number in range(first, min(first + 250, count)):
                kind, days = KINDS[number % len(KINDS)]
                new = NewCase(f"Person{number}", "Johnson", custody="released")  # type: ignore[arg-type]
                case = open_case(session, new, BENCH, earlier)
                person = session.get_one(Defendant, case.defendant_id).person_id
                phone = f"+1305555{100 + number % 100:04d}"
                add_contact(session, person, NewContact(Channel.SMS, phone, "yes"), BENCH, earlier)
                local = datetime.combine((ten + timedelta(days=days)).date(), wall(9, number % 60))
                setting = Setting(local, "UTC", f"{number}", "1351 NW 12th St")
                hearing = schedule_hearing(
                    session, case.id, HearingKind.STATUS, setting, BENCH, earlier
                )
                session.add(_told(case.id, person, hearing.id, earlier))
                cases[kind].append(hearing.id)
    return cases


def _told(case_id: str, person_id: str, hearing_id: str, at: datetime) -> Message:
    return Message(
        claim=message_key(person_id, hearing_id, 1, "enrolled", Channel.SMS),
        case_id=case_id,
        person_id=person_id,
        subject_id=hearing_id,
        subject_revision=1,
        step="enrolled",
        audience="defendant",
        language="en",
        channel=Channel.SMS,
        transport="bench",
        template="bench",
        template_version="bench",
        state=MessageState.DELIVERED,
        claimed_at=at,
    )


async def _day(outage: Outage, hearings: list[str], gone: datetime) -> None:
    """A day in which hearings move, hour by hour."""
    for hour in range(24):
        now = await outage.env.get_current_time()
        with outage.house.records.writing(outage.hub_id) as session:
            for hearing_id in hearings[hour::24]:
                hearing = session.get_one(Hearing, hearing_id)
                moved = hearing.local_time + timedelta(days=2)
                setting = Setting(moved, "UTC", hearing.room, hearing.place)
                move_hearing(session, hearing_id, setting, BENCH, now)
        await outage.until(gone + timedelta(hours=hour + 1))


def _tries(house: House) -> int:
    with house.records.reading("") as session:
        return len(session.exec(select(MessageAttempt.id)).all())


def _faults(house: House, cases: dict[str, list[str]]) -> list[str]:
    """What is not as it should be, by what the records say."""
    wanted = {hearing: kind for kind, hearings in cases.items() for hearing in hearings}
    with house.records.reading("") as session:
        rows = session.exec(select(Message).where(Message.transport != "bench")).all()
    left = {(m.subject_id, m.step) for m in rows if m.state in HAS_IT}
    faults = [
        f"{kind} did not leave"
        for hearing, kind in wanted.items()
        if kind != "before_1" and (hearing, kind) not in left
    ]
    faults += [f"{step} left too late" for _, step in left if step == "before_1"]
    faults += ["a claim without a fate" for m in rows if m.state == MessageState.CLAIMED]
    return faults


if __name__ == "__main__":
    print(asyncio.run(measure(200)).as_dict())
