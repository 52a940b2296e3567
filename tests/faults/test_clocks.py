"""Clocks that jump: nothing useless, nothing twice, nothing lost, and no loop that spins."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from temporalio import workflow

from domain.agenda import Act, Agenda, AgendaItem, Subject, SubjectRef
from domain.vocabulary import Channel
from records.tables import Case
from tests.faults.books import HAS_IT, task_kinds
from tests.faults.desk import Desk
from tests.faults.lives import HardLife, hard_life
from tests.faults.test_doubt import DiesAt, Killed
from tests.houses import a_case, a_hearing, a_mother, utc
from workflows.agenda import AgendaLoop, Follow

pytestmark = pytest.mark.faults

TEN = time(10, 0)


async def _a_hearing_in(life: HardLife, days: int) -> Case:
    """A mother who was told of a hearing at noon."""
    now = await life.now()
    case = a_case(life.house.records, now, phone="")
    a_mother(life.house.records, case, now)
    day = (await life.wall()).date() + timedelta(days=days)
    a_hearing(life.house.records, case, f"{day} 09:00", now)
    await life.until(now + timedelta(minutes=1))
    assert [step for step, _ in life.steps()] == ["enrolled"]
    return case


def _left(life: HardLife) -> list[str]:
    return [step for step, state in life.steps() if state in HAS_IT]


@pytest.mark.parametrize(
    "jump", [timedelta(days=2), timedelta(days=20), timedelta(hours=-3), timedelta(days=-400)]
)
async def test_a_worker_whose_clock_jumps_waits_and_loses_nothing(
    tmp_path: Path, jump: timedelta
) -> None:
    """Wrong from an hour before a reminder until two hours after it."""
    async with hard_life(tmp_path) as life:
        case = await _a_hearing_in(life, 4)
        await life.until_wall(1, time(9, 0))
        before = await life.events(f"case-{case.id}")
        life.clock.off_by = jump
        await life.until_wall(0, time(11, 0))
        assert _left(life) == ["enrolled"]
        assert task_kinds(life.house.records)["clock_wrong"] == 1
        assert await life.events(f"case-{case.id}") - before < 12, "tries leave no history"
        life.clock.off_by = timedelta(0)
        await life.until_wall(0, time(11, 2))
        assert _left(life) == ["enrolled", "before_3"]
        await life.until_wall(4, TEN)
        assert _left(life) == ["enrolled", "before_3", "before_1"]
        assert life.books().faults() == []
        assert not task_kinds(life.house.records).keys() & {"not_told", "call_now"}


async def test_a_change_that_is_heard_by_a_wrong_clock_is_planned_by_a_right_one(
    tmp_path: Path,
) -> None:
    """A plan made by a clock that is weeks ahead would sleep through every reminder."""
    async with hard_life(tmp_path) as life:
        life.clock.off_by = timedelta(days=20)
        now = await life.now()
        case = a_case(life.house.records, now, phone="")
        a_mother(life.house.records, case, now)
        day = (await life.wall()).date() + timedelta(days=4)
        a_hearing(life.house.records, case, f"{day} 09:00", now)
        await life.until(now + timedelta(hours=1))
        assert life.steps() == []
        life.clock.off_by = timedelta(0)
        await life.until(now + timedelta(hours=1, minutes=1))
        assert _left(life) == ["enrolled"]
        await life.until_wall(4, TEN)
        assert _left(life) == ["enrolled", "before_3", "before_1"]


@pytest.mark.parametrize("off_by", [timedelta(seconds=-90), timedelta(seconds=90)])
async def test_a_clock_that_is_a_minute_off_sends_once_and_does_not_spin(
    tmp_path: Path, off_by: timedelta
) -> None:
    async with hard_life(tmp_path) as life:
        case = await _a_hearing_in(life, 4)
        await life.until_wall(1, time(9, 0))
        before = await life.events(f"case-{case.id}")
        life.clock.off_by = off_by
        await life.until_wall(0, time(11, 0))
        assert _left(life) == ["enrolled", "before_3"]
        assert life.books().faults() == []
        assert await life.events(f"case-{case.id}") - before < 160


async def test_a_try_that_comes_a_month_late_says_nothing(desk: Desk) -> None:
    """The machine was off, or its clock was set forward past the hearing."""
    item = desk.due()
    desk.later(days=30)
    agenda = await desk.send(item)
    assert desk.provider.accepted() == []
    assert {left.step for left in agenda.items} == {"ask_outcome", "no_contact"}


async def test_a_clock_set_back_after_a_lost_answer_still_finds_the_text(desk: Desk) -> None:
    desk.provider.behave(drop="after", times=1)
    item = desk.due()
    await desk.fails(item)
    desk.later(hours=-3)
    await desk.send(item)
    assert desk.tries(item) == ["found"]
    assert desk.books().faults() == []


async def test_a_clock_set_back_after_a_worker_died_waits_before_it_asks(desk: Desk) -> None:
    dying = desk.with_carrier(DiesAt(desk.house.carriers[Channel.SMS], after_sending=True))
    item = desk.due()
    with pytest.raises(Killed):
        await desk.send(item, house=dying)
    desk.later(hours=-3)
    assert await desk.fails(item) == timedelta(minutes=15), "not for three hours at a stretch"
    desk.later(hours=3, seconds=20)
    await desk.send(item)
    assert desk.tries(item) == ["found"]
    assert desk.books().faults() == []


NOW = utc("2026-12-01 15:00")


def _loop_at(now: datetime, monkeypatch: pytest.MonkeyPatch) -> AgendaLoop:
    monkeypatch.setattr(workflow, "now", lambda: now)
    return AgendaLoop(Follow(SubjectRef(Subject.CASE, "c1", "h1")))


def _item(key: str, due: datetime) -> AgendaItem:
    return AgendaItem(Act.SEND_MESSAGE, key, due, due + timedelta(days=1))


def test_an_item_that_rested_is_not_looked_at_before_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server's clock was set back an hour after the item was tried: the rest is long over,
    its time is not here, and waking for the rest would mean waking a thousand times a second."""
    followed = _loop_at(NOW - timedelta(hours=1), monkeypatch)
    followed._resting["k"] = NOW - timedelta(hours=2)
    assert followed._wake_at(Agenda(1, NOW, (_item("k", NOW),))) == NOW


def test_a_plain_reminder_costs_no_timer_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    followed = _loop_at(NOW, monkeypatch)
    then = NOW + timedelta(days=2)
    followed._running["k"] = None  # type: ignore[assignment]
    followed._ends["k"] = then
    assert followed._wake_at(Agenda(1, NOW, (_item("k", NOW),), then)) is None


def test_what_comes_sooner_than_the_end_of_what_runs_is_woken_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    followed = _loop_at(NOW, monkeypatch)
    followed._running["k"] = None  # type: ignore[assignment]
    followed._ends["k"] = NOW + timedelta(days=4)
    sooner = NOW + timedelta(days=1)
    assert followed._wake_at(Agenda(2, NOW, (_item("k", NOW),), sooner)) == sooner
    assert followed._wake_at(Agenda(2, NOW, (_item("new", sooner),))) == sooner
