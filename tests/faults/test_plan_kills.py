"""Plans go on whatever is killed: each reminder and question leaves once, each task is opened
once, and no missed step is lost."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.planning import Planning
from domain.agenda import Act, AgendaItem, Doing, Subject, SubjectRef
from domain.ledger import message_key
from domain.tracks import Custody
from domain.vocabulary import Channel, MessageState, StepState
from records.casework import NewCase, open_case
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.plans import NewStep, add_evidence, miss_step, start_plan, steps_of
from records.tables import Defendant, HumanTask, PlanStep
from tests.faults.books import HAS_IT, compare, states
from tests.faults.desk import Desk
from tests.faults.house import RealHouse, listening, real_house
from tests.faults.killing import FORGOTTEN, KILLED, Tries, kill_in_turn
from tests.faults.people import AREAS, in_seconds, remind_at
from tests.houses import AGREED, ROSA, hub_of

SEED = int(os.environ.get("HOMEWARD_FAULTS_SEED", "5550142"))
REMINDED, ASKED, CLIMBED = 60, 40, 20
pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]


@dataclass(frozen=True, slots=True)
class Planned:
    """A person with one plan of one step."""

    person_id: str
    step_id: str

    def key(self, message: str) -> str:
        """The claim of a message about the step."""
        return message_key(self.person_id, self.step_id, 1, message, Channel.SMS)


def a_plan(session: HubSession, number: int, step: NewStep, earlier: datetime) -> Planned:
    """Somebody with a number of their own, and a plan of one step."""
    new = NewCase(f"Person{number}", "Johnson", custody=Custody.RELEASED)
    case = open_case(session, new, ROSA, earlier)
    person = session.get_one(Defendant, case.defendant_id).person_id
    phone = f"+1{AREAS[number // 100]}555{100 + number % 100:04d}"
    add_contact(session, person, NewContact(Channel.SMS, phone, AGREED), ROSA, earlier)
    plan = start_plan(session, case.id, (step,), ROSA, earlier)
    [row] = steps_of(session, plan.id)
    return Planned(person, row.id)


def add_plans(
    house: RealHouse, due: datetime
) -> tuple[list[Planned], list[Planned], list[Planned]]:
    """Plans with a reminder at `due`, with a step that is over, and with one missed long ago."""
    with house.records.writing(house.hub_id) as session:
        ahead = NewStep("food", "The pantry", due.date() + timedelta(days=2))
        over = NewStep("food", "The pantry", due.date() - timedelta(days=9))
        long_ago = NewStep("food", "The pantry", due.date() - timedelta(days=40), mandated=True)
        earlier = due - timedelta(days=50)
        reminded = [a_plan(session, n, ahead, earlier) for n in range(REMINDED)]
        first = REMINDED + ASKED
        asked = [a_plan(session, n, over, earlier) for n in range(REMINDED, first)]
        climbed = [a_plan(session, n, long_ago, earlier) for n in range(first, first + CLIMBED)]
        for one in climbed:
            miss_step(session, one.step_id, due - timedelta(days=30))
    return reminded, asked, climbed


def tasks(house: RealHouse, of: Sequence[Planned]) -> Counter[str]:
    """How many tasks of each kind there are about these steps."""
    ids = {one.step_id for one in of}
    with house.records.reading(house.hub_id) as session:
        rows = session.exec(select(col(HumanTask.kind), col(HumanTask.subject_id))).all()
    return Counter(kind for kind, subject in rows if subject in ids)


def step_states(house: RealHouse, of: Sequence[Planned]) -> Counter[str]:
    """How these steps stand."""
    with house.records.reading(house.hub_id) as session:
        return Counter(session.get_one(PlanStep, one.step_id).state for one in of)


async def test_plans_survive_kills_and_nobody_is_told_twice(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with real_house(tmp_path) as house:
        house.start("provider", *KILLED)
        due = in_seconds(7)
        remind_at(house.records, due)
        reminded, asked, climbed = add_plans(house, due)
        wanted = {one.key("plan_step") for one in reminded}
        wanted |= {one.key("plan_step_missed") for one in asked}
        await house.until(lambda: listening(house.sms_port), "the provider answering")
        house.behave(delay=2.0)
        await house.until(lambda: len(house.accepted()) > 5, "the first messages leaving")
        killed = await kill_in_turn(house, dice)
        house.behave()

        def settled() -> bool:
            seen = states(house.records)
            return all(seen.get(key) in HAS_IT for key in wanted) and not any(
                state == MessageState.CLAIMED for state in seen.values()
            )

        await house.until(settled, "every message being settled", seconds=150)
        told = {"step_missed": CLIMBED, "step_escalated": CLIMBED}
        await house.until(
            lambda: tasks(house, climbed) == told, "every rung being climbed", seconds=90
        )
        await asyncio.sleep(max(0.0, killed + FORGOTTEN - time.monotonic()))
        books = compare(house.records, house.accepted())
        assert books.faults() == []
        assert {key for key in wanted if len(books.texts_of(key)) != 1} == set()
        assert set(books.ours) == wanted
        assert step_states(house, reminded) == {StepState.ACTIVE: REMINDED}
        assert step_states(house, asked) == {StepState.MISSED: ASKED}
        assert step_states(house, climbed) == {StepState.ESCALATED: CLIMBED}
        assert tasks(house, climbed) == told
        assert tasks(house, [*reminded, *asked]) == {}
        print(f"seed {SEED}: kills {house.kills}, {len(books.theirs)} texts accepted")


@dataclass
class Step(Tries):
    """One plan at the desk, whose every try is made by hand."""

    planned: Planned

    @classmethod
    def at(cls, desk: Desk, due_in: int) -> "Step":
        """A plan with a step so many days ahead of us, or behind."""
        now = desk.clock.at
        step = NewStep("food", "The pantry", now.date() + timedelta(days=due_in))
        hub_id = hub_of(desk.house.records)
        with desk.house.records.writing(hub_id) as session:
            one = a_plan(session, 50, step, now - timedelta(days=60))
            plan_id = session.get_one(PlanStep, one.step_id).plan_id
        return cls(desk, SubjectRef(Subject.PLAN, plan_id, hub_id), one)

    def items(self, act: Act) -> list[AgendaItem]:
        """What is due now."""
        with self.desk.house.records.reading(self.subject.hub_id) as session:
            found = read_agenda(session, self.subject, self.desk.clock.at).items
        return [item for item in found if item.act is act and item.due <= self.desk.clock.at]

    @property
    def message(self) -> AgendaItem:
        """The one message that is due now."""
        [item] = self.items(Act.SEND_MESSAGE)
        return item

    async def miss(self) -> None:
        """The grace has passed; whoever wrote it down died before they could answer."""
        [item] = self.items(Act.MISS_STEP)
        for _ in range(2):
            await Planning(self.desk.house).miss_step(Doing(self.subject, item))


@pytest.mark.parametrize("after_sending", [True, False])
@pytest.mark.parametrize(("step", "due_in"), [("plan_step", 2), ("plan_step_missed", -9)])
async def test_a_worker_killed_between_claim_and_fate_leaves_one_text_about_a_step(
    desk: Desk, step: str, due_in: int, after_sending: bool
) -> None:
    plan = Step.at(desk, due_in)
    if due_in < 0:
        await plan.miss()
    item = plan.message
    assert item.step == step
    await plan.dies(item, after_sending=after_sending)
    tries = await plan.settles(item)
    assert tries == (["found"] if after_sending else ["started", "accepted"])
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []
    assert plan.items(Act.SEND_MESSAGE) == []
    assert plan.items(Act.MISS_STEP) == []


async def test_a_question_in_doubt_is_not_asked_any_more_once_the_step_was_done(
    desk: Desk,
) -> None:
    plan = Step.at(desk, -9)
    await plan.miss()
    item = plan.message
    await plan.dies(item, after_sending=False)
    with desk.house.records.writing(plan.subject.hub_id) as session:
        add_evidence(session, plan.planned.step_id, "letter", "", ROSA, desk.clock.at)
    assert await plan.settles(item) == ["denied"]
    assert desk.provider.accepted() == []
    assert desk.books().faults() == []
