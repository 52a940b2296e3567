"""An SMS provider that is away for a day: nothing lost, nothing useless, and a person knows."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from domain.court_time import wall_time
from domain.vocabulary import MessageState
from records.hearings import Setting, move_hearing
from tests.faults.books import HAS_IT, task_kinds
from tests.faults.lives import HardLife, hard_life
from tests.houses import ROSA, ZONE, a_case, a_hearing, a_mother, hub_of, wall

pytestmark = pytest.mark.faults

TEN, NOON = time(10, 0), time(12, 0)


async def _day(life: HardLife, days: int) -> date:
    return (await life.wall()).date() + timedelta(days=days)


async def test_a_day_without_provider(tmp_path: Path) -> None:
    """One reminder becomes useless meanwhile, another one does not."""
    async with hard_life(tmp_path, quiet=False) as life:
        records, now = life.house.records, await life.now()
        soon, later = await _day(life, 3), await _day(life, 5)
        first = a_case(records, now, phone="+13055550110")
        second = a_case(records, now, phone="+13055550112")
        a_hearing(records, first, f"{soon} 09:00", now)
        a_hearing(records, second, f"{later} 09:00", now)
        await life.until_wall(1, NOON)
        assert [step for step, _ in life.steps()] == ["enrolled", "enrolled"]

        # The day before the first hearing, three days before the second one.
        await life.until_wall(1, time(9, 0))
        await life.texts_go()
        await life.until_wall(0, time(10, 20))
        assert "channel_down" not in task_kinds(records)
        await life.until_wall(0, time(11, 0))
        assert task_kinds(records)["channel_down"] == 1
        await life.until_wall(0, time(21, 0))
        await life.texts_return()
        life.texts.behave(http_status=503)
        back = await life.until_wall(1, time(9, 0))
        assert task_kinds(records)["not_told"] == 1, "nobody told the first one of tomorrow"
        life.texts.behave()
        await life.until(back + timedelta(minutes=7))

        said = {(m.step, wall_time(m.claimed_at, ZONE).date()): m.state for m in life.said()}
        assert said[("before_3", soon)] in HAS_IT, "what was still useful left at once"
        assert said[("before_1", soon - timedelta(days=1))] == MessageState.WITHDRAWN
        assert len(life.texts.accepted()) == 3
        await life.until_wall(6, NOON)
        assert life.books().faults() == []
        left = [m.step for m in life.said() if m.state in HAS_IT]
        assert left == ["enrolled", "enrolled", "before_3", "before_1"]
        assert task_kinds(records)["channel_down"] == 2, "one a day"
        assert life.tries() < 2 * 330, "it asks ever more slowly"
        assert await life.events(f"case-{first.id}") < 120


async def test_in_the_quiet_hours_a_person_is_asked_to_call(tmp_path: Path) -> None:
    """A reminder that cannot wait for the morning is handed over in the evening."""
    async with hard_life(tmp_path) as life:
        records, now = life.house.records, await life.now()
        case = a_case(records, now, phone="")
        a_mother(records, case, now)
        a_hearing(records, case, f"{await _day(life, 3)} 09:00", now)
        await life.until_wall(2, time(9, 0))
        await life.texts_go()
        await life.until_wall(0, time(20, 0))
        assert task_kinds(records)["call_now"] == 0
        await life.until_wall(0, time(22, 0))
        assert task_kinds(records)["call_now"] == 1
        await life.texts_return()
        await life.until_wall(1, NOON)
        assert task_kinds(records)["not_told"] == 0, "one task, not two"
        assert len(life.texts.accepted()) == 1, "the first date, and no useless reminder"
        assert life.books().faults() == []


async def test_a_provider_that_asks_for_days_of_patience_delays_no_other_news(
    tmp_path: Path,
) -> None:
    """`Retry-After: forty hours`, and then the hearing moves to tomorrow."""
    async with hard_life(tmp_path) as life:
        records, now = life.house.records, await life.now()
        life.texts.behave(http_status=503, retry_after=40 * 3600, times=1)
        case = a_case(records, now, phone="")
        a_mother(records, case, now)
        hearing = a_hearing(records, case, f"{await _day(life, 9)} 09:00", now)
        await life.until(now + timedelta(minutes=5))
        assert life.steps() == [("enrolled", MessageState.WITHDRAWN)]
        with records.writing(hub_of(records)) as session:
            setting = Setting(wall(f"{await _day(life, 2)} 09:00"), ZONE, "3A")
            move_hearing(session, hearing.id, setting, ROSA, await life.now())
        await life.until(now + timedelta(minutes=10))
        assert len(life.texts.accepted()) == 1
        await life.until_wall(1, TEN)
        await life.until(await life.now() + timedelta(minutes=2))
        assert [step for step, state in life.steps() if state in HAS_IT] == ["enrolled", "before_1"]
        assert life.books().faults() == []
