"""Killing the parts of a real house in turn, and one message's tries by hand."""

import asyncio
import random
import time
from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from activities.notifying import Notifying
from domain.agenda import AgendaItem, Doing, SubjectRef
from domain.vocabulary import Channel
from records.messages import attempts_of
from records.tables import Message
from tests.faults.desk import Desk
from tests.faults.house import RealHouse
from tests.faults.test_doubt import DiesAt, Killed

ROUNDS = 2
KILLED = ("temporal", "worker", "relay")
FORGOTTEN = 33.0
"""Seconds after which Temporal has given up on everything that a killed worker held."""


async def kill_in_turn(house: RealHouse, dice: random.Random) -> float:
    """Each part once a round, in another order, at another moment; when the worker was last."""
    killed = 0.0
    for _ in range(ROUNDS):
        for name in dice.sample(KILLED, len(KILLED)):
            await asyncio.sleep(dice.uniform(0.2, 1.4))
            house.kill(name)
            killed = time.monotonic() if name == "worker" else killed
            await asyncio.sleep(dice.uniform(0.0, 0.8))
            house.start(name)
    return killed


@dataclass
class Tries:
    """One subject at the desk, whose every try is made by hand."""

    desk: Desk
    subject: SubjectRef

    async def dies(self, item: AgendaItem, *, after_sending: bool) -> None:
        """A worker that is killed before, or after, the message left."""
        carrier = DiesAt(self.desk.house.carriers[Channel.SMS], after_sending=after_sending)
        with pytest.raises(Killed):
            await Notifying(self.desk.with_carrier(carrier)).send_message(Doing(self.subject, item))

    async def settles(self, item: AgendaItem) -> list[str]:
        """The next workers, until nobody is in doubt any more; what came of each try."""
        self.desk.later(seconds=21)
        await Notifying(self.desk.house).send_message(Doing(self.subject, item))
        with self.desk.house.records.reading(self.subject.hub_id) as session:
            row = session.exec(select(Message).where(col(Message.claim) == item.key)).one()
            return [attempt.outcome for attempt in attempts_of(session, row.id)]
