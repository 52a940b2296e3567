"""Who is told what about a hearing, and when: stories that a hub would tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from domain.agenda import Act, AgendaItem
from domain.court_time import wall_time
from domain.facts import HearingFacts
from domain.reminders import plan_case
from domain.vocabulary import Appearance, Channel, MessageState
from tests.domain.lives import (
    DENISE,
    EMAIL,
    GLORIA,
    MARCUS,
    SMS,
    ZONE,
    World,
    a_case,
    a_hearing,
    a_person,
    a_policy,
    a_time,
    closes,
    detains,
    holds,
    joins,
    moves,
    reachable,
    releases,
    said,
    schedules,
    vacates,
    wall,
)

START = wall("2026-05-01 12:00")
HEARING = "2026-05-31 09:00"
"""A Sunday for once: thirty days ahead, which is all that matters."""
DAY = timedelta(days=1)
ALL = ["enrolled", "before_7", "before_3", "before_1"]


def denise(*channels: Channel) -> World:
    """A world with Denise and a hearing thirty days ahead."""
    return World(
        a_case(
            a_person(DENISE, START, *(channels or (SMS,))), hearings=[a_hearing(HEARING, START)]
        ),
        START,
    )


def at_wall(world: World, person: str, zone: str = ZONE) -> list[str]:
    """When a person was told, on the hub's wall clock."""
    return [f"{wall_time(at, zone):%m-%d %H:%M}" for at, _ in world.sent(person)]


def test_a_mother_is_told_at_once_and_7_3_and_1_days_before_at_ten() -> None:
    world = denise().live(START + 40 * DAY)
    assert world.told(DENISE) == ALL
    assert at_wall(world, DENISE) == ["05-01 12:00", "05-24 10:00", "05-28 10:00", "05-30 10:00"]
    assert world.tasks() == ["ask_outcome"]


@pytest.mark.parametrize(
    ("zone", "start", "hearing"),
    [
        ("America/New_York", "2026-02-10 12:00", "2026-03-11 09:00"),
        ("America/New_York", "2026-10-08 12:00", "2026-11-04 09:00"),
        ("America/Anchorage", "2026-02-10 12:00", "2026-03-09 09:00"),
        ("America/Boise", "2026-10-08 12:00", "2026-11-02 09:00"),
        ("Australia/Lord_Howe", "2026-09-08 12:00", "2026-10-05 09:00"),
        ("Pacific/Kiritimati", "2028-02-01 12:00", "2028-03-01 09:00"),
        ("Africa/Casablanca", "2025-02-01 12:00", "2025-02-24 09:00"),
    ],
)
def test_ten_o_clock_is_ten_o_clock_across_every_change_of_the_clocks(
    zone: str, start: str, hearing: str
) -> None:
    begin = wall(start, zone)
    world = World(
        a_case(
            a_person(DENISE, begin, SMS),
            hearings=[a_hearing(hearing, begin, zone=zone)],
            policy=a_policy(zone),
        ),
        begin,
    ).live(begin + 40 * DAY)
    day = datetime.fromisoformat(hearing).date()
    assert world.told(DENISE) == ALL
    assert at_wall(world, DENISE, zone)[1:] == [
        f"{day - timedelta(days=days):%m-%d} 10:00" for days in (7, 3, 1)
    ]


def test_a_held_defendant_is_told_nothing_and_his_mother_everything() -> None:
    world = denise()
    marcus = a_person(MARCUS, START, SMS)
    world.facts = replace(world.facts, people=(marcus, *world.facts.people), detained=True)
    world.live(START + 40 * DAY)
    assert world.told(MARCUS) == []
    assert world.told(MARCUS, subject="") == []
    assert world.told(DENISE) == ALL


def test_on_release_the_defendant_is_told_at_once_and_reminded_from_then_on() -> None:
    world = World(
        a_case(a_person(MARCUS, START, SMS), hearings=[a_hearing(HEARING, START)], detained=True),
        START,
    )
    world.live(START + 40 * DAY, (START + 25 * DAY, releases))
    assert world.told(MARCUS) == ["enrolled", "before_3", "before_1"]
    assert world.sent(MARCUS)[0][0] == START + 25 * DAY


def test_a_defendant_without_a_phone_needs_no_task_while_held_and_one_on_release() -> None:
    world = World(a_case(a_person(MARCUS, START), detained=True), START)
    assert world.live(START + 5 * DAY).tasks() == []
    assert world.live(START + 6 * DAY, (START + 5 * DAY, releases)).tasks() == ["no_contact"]


def test_somebody_released_before_any_date_is_told_who_will_write() -> None:
    world = World(a_case(a_person(MARCUS, START, SMS), detained=True), START)
    world.live(START + 12 * DAY, (START + 10 * DAY, releases))
    assert world.sent(MARCUS, subject="")[0][0] == START + 10 * DAY


def test_back_in_custody_the_reminders_stop() -> None:
    world = World(a_case(a_person(MARCUS, START, SMS), hearings=[a_hearing(HEARING, START)]), START)
    world.live(START + 40 * DAY, (START + 25 * DAY, detains))
    assert world.told(MARCUS) == ["enrolled", "before_7"]


def test_a_reminder_is_not_lost_to_a_release_minutes_before() -> None:
    ten = wall("2026-05-28 10:00")
    world = World(a_case(a_person(MARCUS, START, SMS), hearings=[a_hearing(HEARING, START)]), START)
    world.live(START + 40 * DAY, (START + DAY, detains), (ten - timedelta(minutes=10), releases))
    assert world.told(MARCUS) == ["enrolled", "before_3", "before_1"]


def test_a_moved_hearing_is_told_at_once_and_the_old_date_never_again() -> None:
    world = denise()
    world.live(START + 60 * DAY, (START + 25 * DAY, moves(a_time("2026-06-05 13:30"))))
    steps = [(item.step, item.revision) for _, item in world.sent(DENISE)]
    assert steps == [
        ("enrolled", 1),
        ("before_7", 1),
        ("changed", 2),
        ("before_7", 2),
        ("before_3", 2),
        ("before_1", 2),
    ]


def test_a_move_at_night_is_told_in_the_morning() -> None:
    world = denise()
    night = wall("2026-05-20 23:10")
    world.live(START + 20 * DAY, (night, moves(a_time("2026-06-05 13:30"))))
    assert world.sent(DENISE)[-1][0] == wall("2026-05-21 08:00")
    assert world.told(DENISE)[-1] == "changed"


def test_a_new_room_alone_is_a_change_too() -> None:
    world = denise()
    world.live(START + 3 * DAY, (START + DAY, moves(a_time(HEARING, place="5B"))))
    assert world.told(DENISE) == ["enrolled", "changed"]


def test_there_and_back_again_before_anybody_heard_tells_nothing() -> None:
    world = denise()
    night = wall("2026-05-20 22:00")
    world.live(
        START + 40 * DAY,
        (night, moves(a_time("2026-06-05 13:30"))),
        (night + timedelta(hours=1), moves(a_time(HEARING))),
    )
    assert world.told(DENISE) == ALL


def test_there_and_back_again_minutes_before_a_reminder_loses_no_reminder() -> None:
    ten = wall("2026-05-28 10:00")
    world = denise()
    world.fate = lambda item: (
        MessageState.WITHDRAWN if item.step == "changed" else MessageState.SENT
    )
    world.live(START + 26 * DAY)
    world.facts = moves(a_time("2026-06-05 13:30"))(world.facts, ten - timedelta(minutes=20))
    world.facts = moves(a_time(HEARING))(world.facts, ten - timedelta(minutes=10))
    world.live(START + 40 * DAY)
    assert world.told(DENISE) == ALL
    assert world.tasks() == ["ask_outcome"]


def test_there_and_back_again_after_a_reminder_does_not_repeat_it() -> None:
    world = denise()
    world.live(wall("2026-05-28 10:01"))
    later = wall("2026-05-28 10:02")
    world.facts = moves(a_time("2026-06-05 13:30"))(world.facts, later)
    world.facts = moves(a_time(HEARING))(world.facts, later)
    assert world.live(START + 40 * DAY).told(DENISE) == ALL


def test_who_heard_of_the_move_hears_of_the_way_back() -> None:
    world = denise()
    world.live(
        START + 40 * DAY,
        (START + 2 * DAY, moves(a_time("2026-06-05 13:30"))),
        (START + 3 * DAY, moves(a_time(HEARING))),
    )
    assert world.told(DENISE) == ["enrolled", "changed", "changed", *ALL[1:]]


def test_a_cancellation_goes_to_those_who_were_told_and_to_nobody_else() -> None:
    world = denise()
    world.facts = replace(world.facts, people=(*world.facts.people, a_person(GLORIA, START)))
    world.live(
        START + 40 * DAY,
        (START + 5 * DAY, vacates()),
        (START + 6 * DAY, reachable(GLORIA, SMS)),
    )
    assert world.told(DENISE) == ["enrolled", "cancelled"]
    assert world.told(GLORIA) == []


def test_a_cancellation_still_reaches_people_when_the_case_is_closed_at_once() -> None:
    world = denise()
    night = wall("2026-05-20 22:00")
    world.live(night + 2 * DAY, (night, vacates()), (night, closes))
    assert world.told(DENISE) == ["enrolled", "cancelled"]
    assert plan_case(world.facts, world.now).ended


def test_late_enrolment_is_one_notice_that_covers_what_lies_before_it() -> None:
    world = denise()
    late = wall("2026-05-28 09:30")
    world.live(START + 40 * DAY, (late, joins(a_person(GLORIA, late, SMS))))
    assert world.told(GLORIA) == ["enrolled", "before_1"]
    assert world.sent(GLORIA)[0][0] == late


def test_a_phone_found_late_gets_one_message_and_not_all_that_were_missed() -> None:
    world = denise()
    world.facts = replace(world.facts, people=(*world.facts.people, a_person(GLORIA, START)))
    world.live(START + 40 * DAY, (wall("2026-05-28 09:50"), reachable(GLORIA, SMS)))
    assert world.told(GLORIA) == ["enrolled", "before_1"]
    assert world.tasks() == ["no_contact", "ask_outcome"]


def test_a_notice_that_waited_for_the_morning_covers_the_reminder_right_after() -> None:
    policy = a_policy(quiet=(time(21), time(9, 30)))
    night = wall("2026-05-27 23:00")
    world = World(
        a_case(a_person(DENISE, night, SMS), hearings=[a_hearing(HEARING, night)], policy=policy),
        night,
    ).live(START + 40 * DAY)
    assert world.told(DENISE) == ["enrolled", "before_1"]
    assert world.sent(DENISE)[0][0] == wall("2026-05-28 09:30")


def test_a_step_that_could_not_leave_before_the_next_one_becomes_a_task() -> None:
    world = denise()
    world.down = (wall("2026-05-28 09:00"), wall("2026-05-30 09:40"))
    world.live(START + 40 * DAY)
    assert world.told(DENISE) == ["enrolled", "before_7", "before_1"]
    assert world.tasks() == ["not_told", "ask_outcome"]
    assert wall_time(world.log[2][0], ZONE) == datetime(2026, 5, 30, 9)


def test_no_two_steps_run_together_when_the_provider_comes_back_late() -> None:
    world = denise()
    world.down = (wall("2026-05-24 09:00"), wall("2026-05-28 09:10"))
    world.live(START + 40 * DAY)
    assert world.told(DENISE) == ["enrolled", "before_3", "before_1"]
    assert world.tasks() == ["not_told", "ask_outcome"]


def test_welcome_and_notice_are_one_message_when_a_date_comes_before_the_welcome_left() -> None:
    night = wall("2026-05-01 22:00")
    world = World(a_case(a_person(DENISE, night, SMS)), night)
    world.live(night + DAY, (wall("2026-05-02 07:00"), schedules(HEARING)))
    assert world.told(DENISE) == ["enrolled"]
    assert world.told(DENISE, subject="") == []


def test_before_any_date_the_circle_is_told_who_will_write() -> None:
    world = World(a_case(a_person(DENISE, START, SMS)), START).live(START + 5 * DAY)
    assert world.told(DENISE, subject="") == ["enrolled"]
    world.live(START + 40 * DAY, (START + 6 * DAY, schedules(HEARING)))
    assert world.told(DENISE) == ALL


def test_a_number_that_fails_gives_way_to_mail_and_then_to_a_person() -> None:
    world = denise(SMS, EMAIL)
    world.fate = lambda item: MessageState.FAILED if item.channel == SMS else MessageState.DELIVERED
    world.live(START + DAY)
    assert [item.channel for _, item in world.sent(DENISE)] == [SMS, EMAIL]
    world = denise(SMS, EMAIL)
    world.fate = lambda item: MessageState.FAILED
    world.live(START + DAY)
    assert [item.channel for _, item in world.sent(DENISE)] == [SMS, EMAIL]
    assert world.tasks() == ["not_reached"]


def test_a_failed_notice_leaves_every_reminder_as_another_chance() -> None:
    world = denise()
    world.fate = lambda item: (
        MessageState.UNDELIVERED if item.step == "enrolled" else MessageState.SENT
    )
    world.live(START + 40 * DAY)
    assert world.told(DENISE) == ALL
    assert world.tasks() == ["not_reached", "ask_outcome"]


def test_three_days_before_somebody_learns_that_nobody_knows() -> None:
    world = World(a_case(hearings=[a_hearing(HEARING, START)]), START).live(START + 40 * DAY)
    at, first = world.log[0]
    assert (first.step, wall_time(at, ZONE)) == ("nobody_reached", datetime(2026, 5, 28, 12))


def test_a_hearing_within_the_hour_asks_a_person_at_once() -> None:
    soon = START + timedelta(hours=1)
    world = World(a_case(hearings=[a_hearing(f"{wall_time(soon, ZONE)}", START)]), START).live(
        START + DAY
    )
    assert world.tasks() == ["nobody_reached", "ask_outcome"]
    assert world.log[0][0] == START


def test_supporters_without_a_contact_are_one_task_each() -> None:
    world = World(
        a_case(
            a_person(DENISE, START),
            a_person(GLORIA, START),
            hearings=[a_hearing(HEARING, START), a_hearing(HEARING, START, name="h2")],
        ),
        START,
    ).live(START + 2 * DAY)
    assert world.tasks() == ["no_contact", "no_contact"]


def test_after_the_hearing_nobody_hears_anything_until_a_person_confirmed_a_miss() -> None:
    world = denise().live(START + 60 * DAY)
    assert world.told(DENISE) == ALL
    confirmed = wall("2026-07-01 16:00")
    world.live(confirmed + 9 * DAY, (confirmed, holds(Appearance.FAILED_TO_APPEAR)))
    assert world.told(DENISE) == [*ALL, "post_miss"]
    assert world.sent(DENISE)[-1][0] == wall("2026-07-02 10:00")


@pytest.mark.parametrize(
    "outcome", [Appearance.APPEARED, Appearance.EXCUSED, Appearance.NOT_BROUGHT]
)
def test_no_other_outcome_is_followed_by_a_message(outcome: Appearance) -> None:
    world = denise()
    world.live(START + 60 * DAY, (wall("2026-06-01 12:00"), holds(outcome)))
    assert world.told(DENISE) == ALL


def test_a_miss_on_friday_is_answered_on_monday() -> None:
    friday = wall("2026-06-05 15:00")
    world = denise().live(friday + 5 * DAY, (friday, holds(Appearance.FAILED_TO_APPEAR)))
    assert world.sent(DENISE)[-1][0] == wall("2026-06-08 10:00")


def test_a_miss_that_was_confirmed_by_mistake_is_followed_by_nothing() -> None:
    friday = wall("2026-06-05 15:00")
    world = denise().live(
        friday + 5 * DAY,
        (friday, holds(Appearance.FAILED_TO_APPEAR)),
        (friday + timedelta(hours=2), holds(Appearance.APPEARED)),
    )
    assert world.told(DENISE) == ALL


def test_the_morning_itself_where_the_hub_wants_it() -> None:
    policy = a_policy(quiet=(time(21), time(6)), morning_at=time(7))
    world = World(
        a_case(a_person(DENISE, START, SMS), hearings=[a_hearing(HEARING, START)], policy=policy),
        START,
    ).live(START + 40 * DAY)
    assert world.told(DENISE) == [*ALL, "morning"]
    assert world.sent(DENISE)[-1][0] == wall("2026-05-31 07:00")


def test_tomorrow_is_never_said_on_the_day_itself() -> None:
    world = denise()
    world.down = (wall("2026-05-30 09:00"), wall("2026-05-31 08:30"))
    world.live(START + 40 * DAY)
    assert world.told(DENISE) == ALL[:-1]
    assert world.tasks() == ["call_now", "ask_outcome"]


def test_a_policy_that_gains_a_step_asks_nobody_about_the_past() -> None:
    world = denise().live(wall("2026-05-26 12:00"))
    policy = replace(world.facts.policy, reminder_days=(10, 7, 3, 1))
    world.facts = replace(world.facts, policy=policy)
    world.live(START + 40 * DAY)
    assert world.told(DENISE) == ALL
    assert world.tasks() == ["ask_outcome"]


def test_a_closed_case_first_learns_the_fate_of_every_claim() -> None:
    claimed = said(DENISE, "before_3", START, state=MessageState.CLAIMED)
    facts = replace(denise().facts, messages=(claimed,), stage="closed")
    agenda = plan_case(facts, START)
    assert not agenda.ended
    assert [item.key for item in agenda.items] == [claimed.key]
    settled = replace(claimed, state=MessageState.WITHDRAWN)
    assert plan_case(replace(facts, messages=(settled,)), START).ended


def test_two_hearings_are_told_each_for_itself() -> None:
    world = denise()
    second: HearingFacts = a_hearing("2026-06-20 09:00", START, name="h2")
    world.facts = replace(world.facts, hearings=(*world.facts.hearings, second))
    world.live(START + 60 * DAY)
    assert world.told(DENISE) == ALL
    assert world.told(DENISE, subject="h2") == ALL


def test_a_task_is_due_before_it_is_useless() -> None:
    items: list[AgendaItem] = [item for _, item in denise().live(START + 40 * DAY).log]
    assert all(item.due < item.until for item in items)
    assert {item.act for item in items} == {Act.SEND_MESSAGE, Act.OPEN_TASK}
