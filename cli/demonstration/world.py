"""The world of the story: a time-skipping Temporal server, and providers on loopback.

Everything that runs is what runs in service: records, workflows, activities, words, channels.
Only three things are played: time, the SMS provider and the mail server. Nothing leaves loopback.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from temporalio.testing import WorkflowEnvironment

from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.house import House
from cli.demonstration.cast import Cast
from cli.demonstration.receipts import Receipts
from cli.demonstration.telling import Teller, Tone
from cli.demonstration.watching import Watcher
from domain.court_time import instant_of, wall_time
from engine.relay import relay_once
from records.database import HubSession
from records.packets import versions_of

T = TypeVar("T")

AT_ONCE = timedelta(minutes=1)
"""What is due at once has happened a minute later."""
_REST_AT = time(12, 0)
"""Time passes from noon to noon: nothing is ever due just then."""


class NeverHappened(Exception):
    """Something that the story waits for did not happen."""

    def __init__(self, what: str, seconds: float = 0.0) -> None:
        within = f" within {seconds:g} seconds of real time" if seconds else ""
        super().__init__(f"{what} did not come{within}.")


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
