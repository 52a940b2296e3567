"""The world of the story: a time-skipping Temporal server, and providers on loopback.

Everything that runs is what runs in service: records, workflows, activities, words, channels.
Only three things are played: time, the SMS provider and the mail server. Nothing leaves loopback.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.house import House
from cli.demonstration.cast import Cast
from cli.demonstration.receipts import AsksForReceipts, Receipts
from cli.demonstration.telling import Teller, Tone
from cli.demonstration.watching import Watcher
from domain.court_time import instant_of, wall_time
from domain.vocabulary import Channel
from engine.building import build_house, open_the_records
from engine.codec import data_converter
from engine.embedded import test_server
from engine.relay import relay_once
from engine.settings import Settings
from engine.worker import build_workers
from records.crypto import keys
from records.database import HubSession
from records.packets import versions_of
from workflows.names import SEARCH_ATTRIBUTES

T = TypeVar("T")

AT_ONCE = timedelta(minutes=1)
"""What is due at once has happened a minute later."""
_REST_AT = time(12, 0)
"""Time passes from noon to noon: nothing is ever due just then."""
_TYPES = {
    "HubId": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "CaseStage": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "NextDue": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


class NeverHappened(Exception):
    """Something that the story waits for did not happen."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"{what} did not happen within {seconds:g} seconds of real time.")


class ServerClock:
    """The time-skipping server's clock: the one clock of the house and of the providers."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env

    async def now(self) -> datetime:
        """The server's present (UTC)."""
        return await self._env.get_current_time()


@dataclass(slots=True)
class World:
    """The house, its providers, and time, which passes only when the story says so."""

    env: WorkflowEnvironment
    house: House
    hub_id: str
    texts: LoopbackSmsProvider
    mail: LoopbackMailServer
    receipts: Receipts
    cast: Cast
    teller: Teller
    watcher: Watcher

    async def now(self) -> datetime:
        """The present on the server's clock (UTC)."""
        return await self.env.get_current_time()

    async def until(self, local: datetime) -> None:
        """Let time pass up to a wall time of the court, telling what happens on the way."""
        moment = instant_of(local, self.cast.zone)
        while (now := await self.now()) < moment:
            await self._pass(min(self._next_rest(now), moment) - now)

    async def act(self, local: datetime, said: str, work: Callable[[HubSession, datetime], T]) -> T:
        """Somebody does something at a wall time: tell it, record it, see what follows at once."""

        def record(now: datetime) -> T:
            with self.house.records.writing(self.hub_id) as session:
                return work(session, now)

        result = await self.do(local, said, record)
        await self.follow()
        return result

    async def do(self, local: datetime, said: str, work: Callable[[datetime], T]) -> T:
        """Somebody does something that opens the records itself; `follow` shows what follows."""
        await self.until(local)
        now = await self.now()
        self.teller.tell(now, Tone.PEOPLE, said)
        return await self.house.records.run(lambda: work(now))

    async def follow(self) -> None:
        """Let happen what is due at once."""
        await self._pass(AT_ONCE)

    async def tell(self, local: datetime, said: str) -> None:
        """Something happens that the records do not know yet."""
        await self.until(local)
        self.teller.tell(await self.now(), Tone.PEOPLE, said)

    def read(self, work: Callable[[HubSession], T]) -> T:
        """Look something up."""
        with self.house.records.reading(self.hub_id) as session:
            return work(session)

    async def wait_for(
        self, what: str, happened: Callable[[HubSession], bool], *, seconds: float = 90.0
    ) -> None:
        """Wait in real time for work that takes real time, such as a conversion to PDF.

        Raises:
            NeverHappened: it took too long.
        """
        waited = 0.0
        while not self.read(happened):
            if waited >= seconds:
                raise NeverHappened(what, seconds)
            await asyncio.sleep(0.05)
            waited += 0.05

    async def built(self, packet_id: str, number: int) -> None:
        """Wait until a version of a packet is there, and tell of it.

        Raises:
            NeverHappened: it was not built.
        """
        await self.wait_for(
            f"Version {number} of the packet",
            lambda session: len(versions_of(session, packet_id)) >= number,
        )
        await self.follow()

    async def _pass(self, span: timedelta) -> None:
        """Skip time. The server holds it while an activity runs, so nothing is left behind."""
        since = await self.now()
        await self.relay()
        await self.env.sleep(span)
        await self.texts.settle()
        self.receipts.settle(self.house.records, self.hub_id, await self.now())
        self.watcher.look(since - AT_ONCE)

    async def relay(self) -> None:
        """Carry what the records have to say to the workflows; no time passes meanwhile."""
        while await relay_once(self.house.records, self.env.client):
            pass

    def _next_rest(self, now: datetime) -> datetime:
        local = wall_time(now, self.cast.zone)
        rest = datetime.combine(local.date(), _REST_AT)
        if rest <= local:
            rest += timedelta(days=1)
        return instant_of(rest, self.cast.zone)


@asynccontextmanager
async def open_world(
    folder: Path, cast: Cast, begins: datetime, teller: Teller
) -> AsyncIterator[World]:
    """Everything started, at the wall time `begins`; everything stopped afterwards.

    Args:
        folder: an empty one; records, keys and documents live in it.

    Raises:
        TemporalMissing: the time-skipping server is not installed.
        KeyProblem, RecordsProblem: from opening the records.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(_quiet_logs())
        records = open_the_records(_settings(folder))
        stack.callback(records.close)
        env = await stack.enter_async_context(await _start_server())
        clock = ServerClock(env)
        now = await clock.now()
        await env.sleep(instant_of(begins, cast.zone) - now)
        texts = await stack.enter_async_context(LoopbackSmsProvider(clock=clock.now))
        mail = await stack.enter_async_context(LoopbackMailServer())
        receipts = Receipts(texts.auth_token)
        await receipts.start()
        stack.push_async_callback(receipts.stop)
        house = build_house(_settings(folder, texts, mail, cast), records, clock)
        texting = AsksForReceipts(house.carriers[Channel.SMS], receipts.url)
        stack.push_async_callback(texting.aclose)
        house = replace(house, carriers={**house.carriers, Channel.SMS: texting})
        await _start_workers(stack, env, house)
        hub_id = records.sole_hub()
        watcher = Watcher(records, hub_id, cast, teller)
        yield World(env, house, hub_id, texts, mail, receipts, cast, teller, watcher)


async def _start_workers(stack: AsyncExitStack, env: WorkflowEnvironment, house: House) -> None:
    """The workers; built once more when they fail to start, as in service (engine/worker.py)."""
    for attempt in (1, 2):
        try:
            async with AsyncExitStack() as started:
                for worker in build_workers(env.client, house):
                    await started.enter_async_context(worker)
                stack.push_async_callback(started.pop_all().aclose)
            return
        except RuntimeError:
            if attempt == 2:
                raise


async def _start_server() -> WorkflowEnvironment:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(test_server()),
        data_converter=data_converter(keys()),
        runtime=Runtime(
            telemetry=TelemetryConfig(
                logging=LoggingConfig(
                    filter=TelemetryFilter(core_level="ERROR", other_level="ERROR")
                )
            )
        ),
    )
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=env.client.namespace,
            search_attributes={key.name: _TYPES[key.name] for key in SEARCH_ATTRIBUTES},
        )
    )
    return env


def _settings(
    folder: Path,
    texts: LoopbackSmsProvider | None = None,
    mail: LoopbackMailServer | None = None,
    cast: Cast | None = None,
) -> Settings:
    """Settings of a house in `folder`; of the environment only LibreOffice's place is heeded."""
    return Settings(
        data=folder,
        database_url="",
        key_file=None,
        public_url="https://hub.example.org",
        sms_url=texts.url if texts else "",
        sms_account=texts.account_sid if texts else "",
        sms_token=texts.auth_token if texts else "",
        sms_sender="+13055550199" if texts else "",
        smtp_host="127.0.0.1" if mail else "",
        smtp_port=mail.port if mail else 587,
        smtp_user="",
        smtp_password="",
        smtp_sender=f"{cast.hub} <hub@example.org>" if cast else "",
        smtp_starttls="never",
    )


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """A send that is tried again is part of the story, not a warning on the screen."""
    loggers = [logging.getLogger(name) for name in ("temporalio", "mail.log")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
