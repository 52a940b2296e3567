"""A house on the time-skipping server whose providers can be taken away for a day."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlmodel import col, select
from temporalio.testing import WorkflowEnvironment

from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.house import House
from domain.court_time import instant_of, wall_time
from engine.codec import data_converter
from engine.embedded import free_port, test_server
from engine.skipping import SkippingClock, register_search_attributes
from engine.worker import build_workers
from records.crypto import keys
from records.tables import Hub, Message, MessageAttempt
from tests.faults.books import Books, compare
from tests.houses import ZONE, hub_of, make_house
from tests.workflows.conftest import Life

SENDER = "+13055550199"


class WrongClock(SkippingClock):
    """The server's clock, as a worker sees it whose own clock is wrong."""

    def __init__(self) -> None:
        self.off_by = timedelta(0)

    async def now(self) -> datetime:
        """The server's present, and what this clock is off by."""
        return await super().now() + self.off_by


@dataclass
class HardLife(Life):
    """Time passes when the test says so; providers come and go."""

    clock: WrongClock
    texts: LoopbackSmsProvider
    mail: LoopbackMailServer
    state: Path

    async def wall(self) -> datetime:
        """The present on the hub's wall clock."""
        return wall_time(await self.now(), ZONE)

    async def until_wall(self, days: int, at: time) -> datetime:
        """Let time pass until the hub's wall clock shows `at`, so many days from today."""
        day = (await self.wall()).date() + timedelta(days=days)
        moment = instant_of(datetime.combine(day, at), ZONE)
        await self.until(moment)
        return moment

    async def texts_go(self) -> None:
        """Nothing listens at the provider's address any more."""
        await self.texts.stop()

    async def texts_return(self) -> None:
        """The provider listens again, and remembers."""
        self.texts = await _texts(self.texts.url, self.state, self.env)

    async def mail_returns(self) -> None:
        """A mail server listens again where the old one did."""
        self.mail = LoopbackMailServer(port=self.mail.port)
        await self.mail.start()

    def books(self) -> Books:
        """Our records and the SMS provider's, side by side."""
        return compare(self.house.records, self.texts.accepted())

    def said(self) -> list[Message]:
        """Every message, in the order of its claim."""
        with self.house.records.reading(hub_of(self.house.records)) as session:
            return list(session.exec(select(Message).order_by(col(Message.claimed_at))).all())

    def steps(self) -> list[tuple[str, str]]:
        """Step and state of every message, in the order of its claim."""
        return [(message.step, message.state) for message in self.said()]

    def tries(self) -> int:
        """How many tries were ever made."""
        with self.house.records.reading(hub_of(self.house.records)) as session:
            return len(session.exec(select(col(MessageAttempt.id))).all())

    async def events(self, workflow_id: str) -> int:
        """How long a workflow's history is."""
        handle = self.env.client.get_workflow_handle(workflow_id)
        return len((await handle.fetch_history()).events)


async def _texts(url: str, state: Path, env: WorkflowEnvironment) -> LoopbackSmsProvider:
    """The provider, listening there; its clock is right, whatever the house believes."""
    port = int(url.rpartition(":")[2])
    texts = LoopbackSmsProvider(port=port, state=state, clock=env.get_current_time)
    await texts.start()
    return texts


@asynccontextmanager
async def hard_life(
    folder: Path,
    *,
    quiet: bool = True,
    changed: Callable[[House], House] = lambda house: house,
    **more: object,
) -> AsyncIterator[HardLife]:
    """A whole house from noon on, with an SMS provider and a mail server on loopback.

    Args:
        folder: where the records are.
        quiet: whether the hub has quiet hours.
        changed: what is different about this house.
        more: further settings.
    """
    clock = WrongClock()
    async with AsyncExitStack() as stack:
        url = f"http://127.0.0.1:{free_port()}"
        mail = LoopbackMailServer()
        await mail.start()
        house = make_house(
            folder / "var",
            clock,
            sms_url=url,
            sms_account=ACCOUNT,
            sms_token=AUTH_TOKEN,
            sms_sender=SENDER,
            smtp_host="127.0.0.1",
            smtp_port=mail.port,
            smtp_sender="Hub <hub@example.org>",
            smtp_starttls="never",
            soffice="/nowhere/soffice",
            **more,
        )
        stack.callback(house.records.close)
        _hub(house, quiet=quiet)
        env = await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(test_server()), data_converter=data_converter(keys())
        )
        await stack.enter_async_context(env)
        clock.env = env
        await register_search_attributes(env.client)
        state = folder / "texts.jsonl"
        texts = await _texts(url, state, env)
        life = HardLife(env, changed(house), clock, texts, mail, state)
        await life.until_wall(1, time(12, 0))
        for worker in build_workers(env.client, life.house):
            await stack.enter_async_context(worker)
        try:
            yield life
        finally:
            await life.mail.stop()
            await life.texts.stop()


def _hub(house: House, *, quiet: bool) -> None:
    with house.records.everywhere() as session:
        hub = session.get_one(Hub, hub_of(house.records))
        if not quiet:
            hub.quiet_from = hub.quiet_to = time(0, 0)
        session.add(hub)
