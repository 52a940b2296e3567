"""The parts of the demo's story: drawn from a seed, always in order, and checked honestly."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.demonstration.almanac import Almanac, almanac_of, first_night
from cli.demonstration.cast import Cast, cast_of
from cli.demonstration.court_days import holidays, on_or_before, sits
from cli.demonstration.expecting import Chronicle, Expected
from cli.demonstration.lived import Said
from cli.demonstration.message_checks import MESSAGE_CHECKS
from cli.demonstration.story import Story
from domain.segments import count_segments

SEEDS = st.integers(min_value=0, max_value=2**32)
TODAYS = st.dates(date(2026, 1, 1), date(2060, 12, 31))
MONDAY = datetime(2027, 6, 14, 9, 30)
KNOWN = datetime(2027, 5, 3, 15, 0)


def drawn(seed: int, today: date = date(2026, 11, 22)) -> tuple[Cast, Almanac]:
    random = Random(seed)
    friday = first_night(today)
    return cast_of(random, friday.year), almanac_of(random, friday)


@given(SEEDS, TODAYS)
def test_a_story_begins_after_today_and_keeps_its_order_whatever_the_seed(
    seed: int, today: date
) -> None:
    _, days = drawn(seed, today)
    moments = [getattr(days, field.name) for field in fields(days) if field.name != "steps"]
    assert moments == sorted(moments)
    assert len(set(moments)) == len(moments)
    assert days.arrest.date() > today
    assert timedelta(days=270) < days.end - days.arrest < timedelta(days=290)


@given(SEEDS, TODAYS)
def test_courts_sit_on_court_days_and_people_act_by_day(seed: int, today: date) -> None:
    _, days = drawn(seed, today)
    hearings = (
        *(days.bail_review, days.arraignment, days.pretrial_before, days.pretrial),
        *(days.status, days.review, days.reset, days.progress, days.final),
    )
    assert all(sits(hearing.date()) for hearing in hearings)
    assert days.calendar_published < days.pretrial_before - timedelta(days=3)
    assert days.calendar_published.date() >= days.pretrial_before.date() - timedelta(days=7)
    for step in days.steps:
        early = step.due - timedelta(days=2)
        assert step.shown.date() > early
        assert sits(step.shown.date())
        assert days.plan_started.date() < early
        assert step.shown < days.plan_done


@given(SEEDS, TODAYS)
def test_she_is_told_of_a_step_and_of_court_on_different_days(seed: int, today: date) -> None:
    """An hour lies between two reminders; which of them waits is nobody's promise."""
    _, days = drawn(seed, today)
    hearings = (
        *(days.arraignment, days.pretrial_before, days.pretrial, days.status),
        *(days.review, days.reset, days.progress, days.final),
    )
    court = {local.date() - timedelta(days=before) for local in hearings for before in (7, 3, 1)}
    assert court.isdisjoint(step.due - timedelta(days=2) for step in days.steps)


@given(SEEDS, TODAYS)
def test_a_packet_is_made_from_monday_to_thursday_for_a_friday(seed: int, today: date) -> None:
    _, days = drawn(seed, today)
    made = (
        *(days.packet_asked, days.pay_stub, days.letter_came, days.packet_read),
        *(days.packet_approved, days.packet_filed, days.bail_review),
    )
    assert [moment.weekday() for moment in made] == [0, 0, 1, 2, 2, 3, 4]
    story = Chronicle()
    story.asks_for_letter("writer", days.bail_review, days.packet_asked)
    story.letter_comes("writer", days.letter_came)
    assert [(one.step, one.at.time()) for one in story.expected()] == [
        ("letter_request", days.packet_asked.time()),
        ("letter_nudge", time(8, 0)),
    ]


@given(SEEDS)
def test_nobody_in_a_story_is_real(seed: int) -> None:
    cast, _ = drawn(seed)
    phones = [person.phone for person in cast.everyone if person.phone]
    assert len(set(phones)) == len(phones) == 4
    for phone in phones:
        assert phonenumbers.is_possible_number(phonenumbers.parse(phone))
        assert phone[5:10] == "55501"
    assert all(person.email.endswith("@example.org") for person in cast.everyone if person.email)
    names = [person.first_name for person in cast.everyone]
    assert len(set(names)) == len(names)
    assert {person.language for person in cast.people} == {"en", "es"}
    assert all(count_segments(name).encoding == "GSM-7" for name in names)


def test_the_same_seed_draws_the_same_story_and_another_seed_another() -> None:
    assert drawn(1) == drawn(1)
    assert len({str(drawn(seed)) for seed in range(50)}) == 50


def test_holidays_are_those_of_the_law() -> None:
    assert holidays(2027) == {
        *(date(2027, 1, 1), date(2027, 1, 18), date(2027, 2, 15), date(2027, 5, 31)),
        *(date(2027, 6, 18), date(2027, 7, 5), date(2027, 9, 6), date(2027, 10, 11)),
        *(date(2027, 11, 11), date(2027, 11, 25), date(2027, 11, 26), date(2027, 12, 24)),
    }
    assert on_or_before(date(2027, 7, 5)) == date(2027, 7, 2)


def chronicle() -> Chronicle:
    story = Chronicle()
    story.joins("mother", KNOWN - timedelta(days=1))
    story.sets("pretrial", MONDAY, KNOWN)
    return story


def told(story: Chronicle) -> list[tuple[str, str]]:
    return [(one.step, f"{one.at:%m-%d %H:%M}") for one in story.expected()]


def test_a_date_is_told_at_once_and_7_3_and_1_days_before() -> None:
    assert told(chronicle()) == [
        ("enrolled", "05-03 15:00"),
        ("before_7", "06-07 10:00"),
        ("before_3", "06-11 10:00"),
        ("before_1", "06-13 10:00"),
    ]


def test_a_moved_date_is_told_again_and_the_old_one_ends() -> None:
    story = chronicle()
    story.moves("pretrial", MONDAY + timedelta(days=14), datetime(2027, 6, 9, 12, 0))
    assert told(story) == [
        ("enrolled", "05-03 15:00"),
        ("before_7", "06-07 10:00"),
        ("changed", "06-09 12:00"),
        ("before_7", "06-21 10:00"),
        ("before_3", "06-25 10:00"),
        ("before_1", "06-27 10:00"),
    ]


def test_a_vacated_date_ends_and_a_missed_one_is_answered_the_next_court_morning() -> None:
    off = chronicle()
    off.vacates("pretrial", datetime(2027, 6, 9, 15, 0))
    assert told(off)[-1] == ("cancelled", "06-09 15:00")
    missed = chronicle()
    missed.misses("pretrial", datetime(2027, 6, 17, 15, 0))
    assert told(missed)[-1] == ("post_miss", "06-21 10:00"), "Friday 18 June is Juneteenth, kept"


def test_what_becomes_known_at_night_is_told_in_the_morning() -> None:
    story = Chronicle()
    story.joins("mother", datetime(2027, 3, 6, 0, 40))
    story.sets("first appearance", datetime(2027, 3, 6, 13, 30), datetime(2027, 3, 6, 0, 40))
    assert told(story) == [("enrolled", "03-06 08:00")]


def test_a_letter_is_asked_for_and_asked_for_again_while_it_is_not_in() -> None:
    """Due halfway to the moment at which all is to be ready, 13 days ahead: that is later than
    the draft's moment. Reminders come at two fifths and at four fifths of the way, by day."""
    story = Chronicle()
    story.asks_for_letter("writer", MONDAY, MONDAY - timedelta(days=24))
    assert told(story) == [
        ("letter_request", "05-21 09:30"),
        ("letter_nudge", "05-25 19:06"),
        ("letter_nudge", "05-30 08:00"),
    ]


def test_counsel_is_told_once_when_it_is_their_turn_and_once_when_it_is_ready() -> None:
    story = Chronicle()
    story.goes_to_counsel(datetime(2027, 6, 9, 9, 20))
    story.is_approved(datetime(2027, 6, 9, 22, 5))
    assert told(story) == [("counsel_review", "06-09 09:20"), ("packet_ready", "06-10 08:00")]


def faults(name: str, story: Chronicle, said: list[Said]) -> list[str]:
    cast, days = drawn(1)
    whole = SimpleNamespace(chronicle=story, cast=cast, days=days)
    return list(MESSAGE_CHECKS[name](cast_story(whole), said))


def cast_story(story: Any) -> Story:
    return cast("Story", story)


def said_of(expected: Expected) -> Said:
    return Said(
        at=expected.at.replace(tzinfo=ZoneInfo("America/New_York")),
        role=expected.role,
        language="en",
        channel="sms",
        step=expected.step,
        text="words",
        segments=1,
        status="delivered",
        about=expected.about,
        revision=1,
        tries=("accepted",),
        provider_id=f"SM{expected.step}",
    )


EXACTLY = "every_message_once_at_its_hour_and_no_other"


def test_a_story_lived_as_it_should_be_has_no_fault() -> None:
    story = chronicle()
    assert faults(EXACTLY, story, [said_of(one) for one in story.expected()]) == []


@pytest.mark.parametrize("lost", range(4))
def test_a_missing_message_is_found(lost: int) -> None:
    story = chronicle()
    said = [said_of(one) for one in story.expected()]
    (fault,) = faults(EXACTLY, story, said[:lost] + said[lost + 1 :])
    assert fault.startswith("missing")


def test_a_message_too_many_or_an_hour_late_is_found() -> None:
    story = chronicle()
    said = [said_of(one) for one in story.expected()]
    assert faults(EXACTLY, story, [*said, said[0]])
    late = replace(said[1], at=said[1].at + timedelta(hours=1))
    assert len(faults(EXACTLY, story, [said[0], late, *said[2:]])) == 2


def test_a_failed_message_does_not_count_as_said() -> None:
    story = chronicle()
    said = [said_of(one) for one in story.expected()]
    said[0] = replace(said[0], status="failed")
    assert faults(EXACTLY, story, said)


def test_a_reminder_for_an_old_date_is_found() -> None:
    story = chronicle()
    story.moves("pretrial", MONDAY + timedelta(days=14), datetime(2027, 6, 9, 12, 0))
    old = said_of(Expected("mother", "pretrial", "before_3", datetime(2027, 6, 11, 10, 0)))
    assert faults("nothing_for_an_old_date", story, [old])
    assert not faults("nothing_for_an_old_date", story, [replace(old, revision=2)])


def test_a_message_in_quiet_hours_or_to_a_detained_defendant_is_found() -> None:
    night = said_of(Expected("mother", "", "enrolled", datetime(2027, 3, 6, 7, 59)))
    assert faults("nothing_in_quiet_hours", chronicle(), [night])
    held = said_of(Expected("defendant", "", "enrolled", datetime(2027, 3, 6, 9, 0)))
    assert faults("nothing_to_her_while_detained", chronicle(), [held])
