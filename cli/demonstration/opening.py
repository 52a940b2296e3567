"""Opening the world: server, providers, house and workers started, and stopped afterwards."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.house import House
from cli.demonstration.cast import Cast
from cli.demonstration.receipts import Receipts
from cli.demonstration.telling import Teller
from cli.demonstration.watching import Watcher
from cli.demonstration.world import World
from domain.court_time import instant_of
from engine.building import build_house, open_the_records
from engine.codec import data_converter
from engine.embedded import test_server
from engine.settings import Settings
from engine.worker import build_workers
from records.crypto import keys
from workflows.names import SEARCH_ATTRIBUTES

SMS_SENDER = "+13055550199"
_TYPES = {
    "HubId": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "CaseStage": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "NextDue": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


class ServerClock:
    """The time-skipping server's clock: the one clock of the house and of the providers."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env

    async def now(self) -> datetime:
        """The server's present (UTC)."""
        return await self._env.get_current_time()


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
        house = replace(house, sms_status_url=receipts.url)
        for carrier in house.carriers.values():
            stack.push_async_callback(carrier.aclose)
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
        sms_sender=SMS_SENDER if texts else "",
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
