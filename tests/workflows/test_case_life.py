"""A case lived through on the time-skipping server: who was told what, and when."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from domain.court_time import wall_time
from records.hearings import Setting, move_hearing
from records.tables import Message
from tests.houses import ROSA, ZONE, a_case, a_hearing, a_mother, hub_of, wall
from tests.workflows.conftest import Life


def said(life: Life) -> list[tuple[str, str, datetime]]:
    """What left, in order: step, state, and when on the hub's wall clock."""
    with life.house.records.reading(hub_of(life.house.records)) as session:
        rows = session.exec(select(Message).order_by(col(Message.claimed_at))).all()
    return [(row.step, row.state, wall_time(row.claimed_at, ZONE)) for row in rows]


async def test_a_mother_is_told_at_once_and_7_3_and_1_days_before(life: Life) -> None:
    now = await life.now()
    records = life.house.records
    day = (wall_time(now, ZONE) + timedelta(days=30)).date()
    case = a_case(records, now, phone="")
    a_mother(records, case, now)
    a_hearing(records, case, f"{day} 09:00", now)
    await life.until(now + timedelta(days=31))
    steps = [(step, at) for step, _, at in said(life)]
    assert [step for step, _ in steps] == ["enrolled", "before_7", "before_3", "before_1"]
    for (_, at), days in zip(steps[1:], (7, 3, 1), strict=True):
        assert at.date() == day - timedelta(days=days)
        assert (at.hour, at.minute) == (10, 0)


async def test_a_moved_hearing_is_told_at_once_and_the_old_date_is_never_mentioned_again(
    life: Life,
) -> None:
    now = await life.now()
    records = life.house.records
    day = (wall_time(now, ZONE) + timedelta(days=30)).date()
    case = a_case(records, now, phone="")
    a_mother(records, case, now)
    hearing = a_hearing(records, case, f"{day} 09:00", now)
    await life.until(now + timedelta(days=26))
    moved = await life.now()
    with records.writing(hub_of(records)) as session:
        setting = Setting(
            wall(f"{day + timedelta(days=1)} 13:30"), ZONE, "3A", "1351 NW 12th St, Miami"
        )
        move_hearing(session, hearing.id, setting, ROSA, moved)
    await life.until(moved + timedelta(days=7))
    steps = [step for step, _, _ in said(life)]
    assert steps == ["enrolled", "before_7", "changed", "before_3", "before_1"]
    changed = next(at for step, _, at in said(life) if step == "changed")
    assert changed - wall_time(moved, ZONE) < timedelta(hours=12)
