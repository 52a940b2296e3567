"""Every part is killed at random moments while reminders fall due and hearings move."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select

from domain.vocabulary import MessageState
from records.tables import Hearing, MessageAttempt
from tests.faults.books import HAS_IT, Books, compare, states, task_kinds
from tests.faults.house import PARTS, RealHouse, listening, real_house
from tests.faults.people import PLACE, ROOM, ZONE, Someone, add_people, in_seconds, remind_at

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

SEED = int(os.environ.get("HOMEWARD_FAULTS_SEED", "5550142"))
"""Another seed kills at other moments."""
PEOPLE = 200
MOVED = 24
ROUNDS = 2
LATE = timedelta(seconds=5)
"""A process that slept longer than this after its claim asks before it sends."""
FORGOTTEN = 33.0
"""Seconds after which Temporal has given up on everything that a killed worker held."""


@dataclass
class Chaos:
    """What happened to the house."""

    house: RealHouse
    dice: random.Random
    worker_killed: float = 0.0
    moved: list[Someone] = field(default_factory=list)

    async def kill_everything_in_turn(self) -> None:
        """Each part once a round, in another order, at another moment."""
        for _ in range(ROUNDS):
            for name in self.dice.sample(PARTS, len(PARTS)):
                await asyncio.sleep(self.dice.uniform(0.2, 1.4))
                self.house.kill(name)
                if name == "worker":
                    self.worker_killed = time.monotonic()
                await asyncio.sleep(self.dice.uniform(0.0, 0.8))
                self.house.start(name)

    async def move(self, people: Sequence[Someone], during: float) -> None:
        """Move hearings to the next day through the API, whatever becomes of the API."""
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.house.web_port}/api/v1",
            headers={"Authorization": f"Bearer {self.house.secret}"},
            timeout=5.0,
            trust_env=False,
        ) as api:
            moments = [self.dice.uniform(0.0, during) for _ in people]
            await asyncio.gather(
                *(self._move(api, one, at) for one, at in zip(people, moments, strict=True))
            )

    async def _move(self, api: httpx.AsyncClient, one: Someone, wait: float) -> None:
        await asyncio.sleep(wait)
        asked = {
            "local_time": f"{one.day + timedelta(days=1):%Y-%m-%dT%H:%M}",
            "zone": ZONE,
            "room": ROOM,
            "place": PLACE,
        }
        once = {"Idempotency-Key": f"move-{one.hearing_id}"}
        while True:
            try:
                answer = await api.post(
                    f"/hearings/{one.hearing_id}/move", json=asked, headers=once
                )
            except httpx.HTTPError:
                await asyncio.sleep(0.2)
                continue
            if answer.status_code == 200:
                self.moved.append(one)
                return
            assert answer.status_code in (409, 503), answer.text
            await asyncio.sleep(0.2)


def _misbehave(house: RealHouse, people: Sequence[Someone]) -> None:
    """A slow provider, which for some hangs up after it accepted, for some before: whenever a
    worker is killed, it has fifty sends under way."""
    house.behave(delay=2.0)
    for one in people[20:40]:
        house.behave(one.phone, delay=0.3, drop="after", times=1)
    for one in people[40:50]:
        house.behave(one.phone, drop="before", times=1)
    for one in people[50:60]:
        house.behave(one.phone, http_status=503, times=1)


def _wanted(people: Sequence[Someone]) -> set[str]:
    """What everybody is to be told in the end: the reminder, or of the new date."""
    stayed, went = people[MOVED:], people[:MOVED]
    return {one.key for one in stayed} | {one.changed_key(2) for one in went}


def _settled(house: RealHouse, wanted: set[str]) -> bool:
    seen = states(house.records)
    return all(seen.get(key) in HAS_IT for key in wanted) and not any(
        state == MessageState.CLAIMED for state in seen.values()
    )


def _for_an_old_date(house: RealHouse, books: Books, moved: Sequence[Someone]) -> int:
    """How many reminders of an old date crossed with the move; none left later than that."""
    with house.records.reading(house.hub_id) as session:
        hearings = session.exec(select(Hearing).where(col(Hearing.revision) == 2)).all()
    announced = {hearing.id: hearing.announced_at for hearing in hearings}
    assert announced.keys() == {one.hearing_id for one in moved}
    crossed = 0
    for one in moved:
        for text in books.texts_of(one.key):
            late = text.date_created - announced[one.hearing_id]
            assert late < LATE, f"a reminder of an old date left {late} after the move"
            crossed += late > timedelta(0)
    return crossed


async def test_every_reminder_arrives_exactly_once_whatever_is_killed(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    began = time.monotonic()
    with real_house(tmp_path) as house:
        chaos = Chaos(house, dice)
        house.start()
        due = in_seconds(6)
        remind_at(house.records, due)
        people = add_people(house.records, PEOPLE, due)
        dice.shuffle(people)
        await house.until(lambda: listening(house.sms_port), "the provider answering")
        _misbehave(house, people)
        await house.until(lambda: len(house.accepted()) > 10, "the first reminders leaving")
        await asyncio.gather(
            chaos.kill_everything_in_turn(), chaos.move(people[:MOVED], during=8.0)
        )
        house.behave()
        wanted = _wanted(people)
        await house.until(
            lambda: _settled(house, wanted), "every reminder being settled", seconds=150
        )
        await asyncio.sleep(max(0.0, chaos.worker_killed + FORGOTTEN - time.monotonic()))
        books = compare(house.records, house.accepted())
        crossed = _for_an_old_date(house, books, people[:MOVED])
        assert books.faults() == []
        assert {key for key in wanted if len(books.texts_of(key)) != 1} == set()
        assert len(chaos.moved) == MOVED
        assert not task_kinds(house.records).keys() & {"not_told", "not_reached", "nobody_reached"}
        print(
            f"seed {SEED}: {sum(house.kills.values())} kills {house.kills}, {PEOPLE} people, "
            f"{MOVED} hearings moved, {len(books.theirs)} texts accepted, "
            f"{crossed} crossed with a move, tries {_tries(house)}, "
            f"{time.monotonic() - began:.0f} s"
        )


def _tries(house: RealHouse) -> dict[str, int]:
    """What came of all tries: "found" was in doubt and settled by asking."""
    with house.records.reading(house.hub_id) as session:
        return dict(Counter(session.exec(select(col(MessageAttempt.outcome))).all()))
