"""A shelter lived with for a month on the time-skipping server: what it heard, and when."""

from datetime import datetime, time, timedelta

from sqlmodel import col, select

from domain.court_time import instant_at, wall_time
from domain.vocabulary import ShareScope
from records.agency_shares import end_share
from records.hearings import Setting, move_hearing
from records.tables import Disclosure, HumanTask, Message
from tests.houses import ROSA, ZONE, a_case, a_hearing, a_share, a_shelter, hub_of, wall
from tests.workflows.conftest import Life

PLACE = "1351 NW 12th St, Miami"


def digests(life: Life) -> list[Message]:
    """All digests, in the order in which they left."""
    with life.house.records.reading(hub_of(life.house.records)) as session:
        statement = select(Message).where(Message.step == "digest")
        return list(session.exec(statement.order_by(col(Message.claimed_at))).all())


def told(life: Life) -> list[int]:
    """How many cases each digest told of."""
    counts = []
    with life.house.records.reading(hub_of(life.house.records)) as session:
        for message in digests(life):
            rows = session.exec(
                select(Disclosure).where(Disclosure.disclosed_at == message.claimed_at)
            ).all()
            counts.append(len(rows))
    return counts


async def first_monday(life: Life) -> datetime:
    """Let time pass to a Monday at eight, an hour before the digests."""
    now = await life.now()
    day = (wall_time(now, ZONE) + timedelta(days=1)).date()
    while day.weekday() != 0:
        day += timedelta(days=1)
    await life.until(instant_at(day, time(8), ZONE))
    return await life.now()


async def test_a_month_of_digests_with_a_share_taken_back_and_a_week_of_silence(
    life: Life,
) -> None:
    now = await first_monday(life)
    monday = wall_time(now, ZONE).date()
    records = life.house.records
    shelter = a_shelter(records, now)
    marcus, andre = a_case(records, now), a_case(records, now, phone="+13055550112")
    a_share(records, shelter, marcus, now)
    andres = a_share(records, shelter, andre, now, what=ShareScope.DATE)
    for days in (3, 10, 24, 31):
        a_hearing(records, marcus, f"{monday + timedelta(days=days)} 09:00", now)
    for days in (4, 11, 25):
        a_hearing(records, andre, f"{monday + timedelta(days=days)} 13:30", now)

    await life.until(now + timedelta(days=9))
    with records.writing(hub_of(records)) as session:
        end_share(session, andres.id, ROSA, await life.now(), how="by phone", words="Not any more.")
    await life.until(now + timedelta(days=34))

    left = [wall_time(message.claimed_at, ZONE) for message in digests(life)]
    assert [(at.date() - monday).days for at in left] == [0, 7, 21, 28]
    assert {(at.hour, at.minute) for at in left} == {(9, 0)}
    assert told(life) == [2, 2, 1, 1]
    first = digests(life)[0]
    assert (first.case_id, first.plan_id, first.subject_id) == (None, None, shelter.id)
    assert first.body.count("Marcus") == 2
    assert first.body.count(PLACE) == 1, "only one of the two lets the shelter know the place"
    assert (first.state, first.audience, first.template_version != "") == ("sent", "agency", True)
    assert all("1:30" not in message.body for message in digests(life)[2:])
    with records.reading(hub_of(records)) as session:
        assert session.exec(select(HumanTask).where(HumanTask.kind == "tell_agency")).all() == []


async def test_a_date_that_moves_after_the_digest_reaches_the_shelter_through_a_person(
    life: Life,
) -> None:
    now = await first_monday(life)
    monday = wall_time(now, ZONE).date()
    records = life.house.records
    shelter = a_shelter(records, now)
    case = a_case(records, now)
    a_share(records, shelter, case, now)
    hearing = a_hearing(records, case, f"{monday + timedelta(days=3)} 09:00", now)
    await life.until(now + timedelta(days=1))
    with records.writing(hub_of(records)) as session:
        setting = Setting(wall(f"{monday + timedelta(days=4)} 13:30"), ZONE, "3A", PLACE)
        move_hearing(session, hearing.id, setting, ROSA, await life.now())
    await life.until(now + timedelta(days=1, hours=1))
    with records.reading(hub_of(records)) as session:
        task = session.exec(select(HumanTask).where(HumanTask.kind == "tell_agency")).one()
        assert (task.case_id, task.hearing_id) == (case.id, hearing.id)
        assert task.person_id == shelter.person_id
    assert len(digests(life)) == 1
