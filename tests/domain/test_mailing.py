"""One message: the first channel that has not failed, never at night, else a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act, AgendaItem
from domain.facts import AnswerFacts, ContactFacts, MessageFact, PersonFacts
from domain.ledger import Ledger, task_key
from domain.mailing import (
    SETTLE_AFTER,
    Wish,
    plan_answer,
    plan_message,
    plan_settling,
    spaced,
)
from domain.vocabulary import LEFT, Audience, Channel, MessageState
from tests.domain.lives import DENISE, EMAIL, SMS, VOICE, a_person, a_policy, said, utc, wall

NOON = wall("2026-05-05 12:00")
FAILED = (MessageState.FAILED, MessageState.UNDELIVERED)


def a_wish(
    due: datetime = NOON,
    until: datetime | None = None,
    *,
    person: PersonFacts | None = None,
) -> Wish:
    """That Denise be reminded three days before."""
    person = person or a_person(DENISE, NOON, SMS, EMAIL)
    return Wish(person, "h1", 1, "before_3", due, until or due + timedelta(days=2))


def planned(
    wish: Wish, now: datetime, *messages: MessageFact, asked: frozenset[str] = frozenset()
) -> list[AgendaItem]:
    """What is planned for a wish."""
    return list(plan_message(wish, Ledger(messages, asked), a_policy(), now))


def said_by(channel: Channel, state: MessageState) -> MessageFact:
    """The same message, tried before."""
    return said(DENISE, "before_3", NOON, channel=channel, state=state)


def test_the_first_channel_of_the_person_comes_first() -> None:
    [item] = planned(a_wish(), NOON)
    assert (item.act, item.channel, item.due) == (Act.SEND_MESSAGE, SMS, NOON)


@pytest.mark.parametrize("state", FAILED)
def test_a_failed_channel_gives_way_to_the_next(state: MessageState) -> None:
    [item] = planned(a_wish(), NOON, said_by(SMS, state))
    assert item.channel == EMAIL


def test_when_every_channel_failed_a_person_takes_over_once() -> None:
    failed = [said_by(channel, MessageState.FAILED) for channel in (SMS, EMAIL)]
    [task] = planned(a_wish(), NOON, *failed)
    assert (task.act, task.step, task.person_id) == (Act.OPEN_TASK, "not_reached", DENISE)
    assert planned(a_wish(), NOON, *failed, asked=frozenset({task.key})) == []


@given(st.sampled_from(sorted(LEFT)), st.sampled_from(FAILED))
def test_what_left_is_never_planned_again(state: MessageState, before: MessageState) -> None:
    assert planned(a_wish(), NOON, said_by(SMS, state)) == []
    assert planned(a_wish(), NOON, said_by(SMS, before), said_by(EMAIL, state)) == []


def test_a_withdrawn_message_may_be_planned_again_under_the_same_claim() -> None:
    withdrawn = said_by(SMS, MessageState.WITHDRAWN)
    [item] = planned(a_wish(), NOON, withdrawn)
    assert item.key == withdrawn.key


def test_nobody_without_a_contact_is_written_to() -> None:
    assert planned(a_wish(person=a_person(DENISE, NOON)), NOON) == []


def test_what_falls_due_at_night_waits_for_the_morning() -> None:
    late = wall("2026-05-05 22:30")
    [item] = planned(a_wish(late), NOON)
    assert item.due == wall("2026-05-06 08:00")


def test_what_would_be_useless_by_morning_goes_to_a_person_at_once() -> None:
    late = wall("2026-05-05 22:30")
    [task] = planned(a_wish(late, until=wall("2026-05-06 07:00")), late)
    assert (task.act, task.step, task.due) == (Act.OPEN_TASK, "call_now", late)


def test_what_is_useless_already_is_not_planned() -> None:
    assert planned(a_wish(NOON, until=NOON + timedelta(hours=1)), NOON + timedelta(hours=1)) == []


def failed_for_now(number: int, at: datetime, channel: Channel = SMS) -> MessageFact:
    """A try that a switched-off phone did not take."""
    return said(
        DENISE,
        "before_3",
        at,
        channel=channel,
        state=MessageState.UNDELIVERED,
        number=number,
        temporary=True,
    )


def test_a_phone_that_is_off_is_tried_twice_more_before_the_next_rung() -> None:
    person = a_person(DENISE, NOON, SMS, VOICE, EMAIL)
    wish = a_wish(person=person)
    first = failed_for_now(1, NOON)
    [again] = planned(wish, NOON, first)
    assert (again.channel, again.due) == (SMS, NOON + timedelta(minutes=30))
    assert again.key == f"{first.key}#2"
    second = failed_for_now(2, again.due)
    [last] = planned(wish, again.due, first, second)
    assert (last.channel, last.due) == (SMS, again.due + timedelta(hours=2))
    third = failed_for_now(3, last.due)
    [call] = planned(wish, last.due, first, second, third)
    assert (call.channel, call.key) == (VOICE, f"{DENISE}|h1|1|before_3|voice")


def test_where_time_is_short_a_phone_that_is_off_gives_way_at_once() -> None:
    person = a_person(DENISE, NOON, SMS, EMAIL)
    wish = a_wish(until=NOON + timedelta(hours=3), person=person)
    [item] = planned(wish, NOON, failed_for_now(1, NOON))
    assert (item.channel, item.due) == (EMAIL, NOON)


def test_a_second_phone_of_the_same_kind_is_a_rung_of_its_own() -> None:
    phones = (ContactFacts("home", SMS), ContactFacts("work", SMS))
    person = PersonFacts(DENISE, Audience.FAMILY, NOON, phones)
    landline = said(DENISE, "before_3", NOON, state=MessageState.FAILED, contact="home")
    [item] = planned(a_wish(person=person), NOON, landline)
    assert (item.contact_id, item.key) == ("work", f"{landline.key}#2")


def reminders_at(*dues: datetime, step: str = "before_3") -> list[AgendaItem]:
    """Reminders to Denise about different hearings."""
    return [
        item
        for number, due in enumerate(dues)
        for item in plan_message(
            Wish(
                a_person(DENISE, NOON, SMS),
                f"h{number}",
                1,
                step,
                due,
                due + timedelta(days=1),
            ),
            Ledger((), frozenset()),
            a_policy(),
            NOON,
        )
    ]


def test_two_reminders_of_the_same_hour_are_an_hour_apart() -> None:
    items = spaced(reminders_at(NOON, NOON, NOON), Ledger((), frozenset()), a_policy(), NOON)
    assert [item.due - NOON for item in items] == [timedelta(hours=hours) for hours in range(3)]


def test_a_reminder_waits_for_what_was_said_about_another_case() -> None:
    ledger = Ledger((), frozenset(), {DENISE: NOON - timedelta(minutes=10)})
    [item] = spaced(reminders_at(NOON), ledger, a_policy(), NOON)
    assert item.due == NOON + timedelta(minutes=50)


@pytest.mark.parametrize("step", ["changed", "cancelled", "enrolled", "ack_help", "answer"])
def test_what_changed_or_was_asked_waits_for_nothing(step: str) -> None:
    ledger = Ledger((), frozenset(), {DENISE: NOON - timedelta(minutes=10)})
    [item] = spaced(reminders_at(NOON, step=step), ledger, a_policy(), NOON)
    assert item.due == NOON


def test_a_reminder_that_cannot_wait_goes_rather_than_not_at_all() -> None:
    ledger = Ledger((), frozenset(), {DENISE: NOON})
    wish = a_wish(until=NOON + timedelta(minutes=45))
    items = plan_message(wish, ledger, a_policy(), NOON)
    [item] = spaced(items, ledger, a_policy(), NOON)
    assert item.due == NOON


MIDNIGHT = wall("2026-05-05 23:50")


def an_answer(step: str, asked: datetime | None, at: datetime = MIDNIGHT) -> AnswerFacts:
    """Something to say back to Denise."""
    until = at + timedelta(days=2)
    return AnswerFacts("a1", DENISE, "denise-sms", SMS, step, at, until, asked)


@pytest.mark.parametrize("step", ["ack_stop", "answer"])
def test_whoever_just_wrote_is_answered_at_any_hour(step: str) -> None:
    answer = an_answer(step, MIDNIGHT - timedelta(minutes=20))
    [item] = plan_answer(answer, Ledger((), frozenset()), a_policy(), MIDNIGHT)
    assert (item.due, item.contact_id) == (MIDNIGHT, "denise-sms")


@pytest.mark.parametrize("asked", [None, MIDNIGHT - timedelta(hours=5)])
def test_an_answer_to_somebody_who_may_sleep_waits_for_the_morning(asked: datetime | None) -> None:
    answer = an_answer("answer", asked)
    [item] = plan_answer(answer, Ledger((), frozenset()), a_policy(), MIDNIGHT)
    assert item.due == wall("2026-05-06 08:00")


def told_back(
    answer: AnswerFacts, at: datetime, *states: tuple[MessageState, bool]
) -> list[AgendaItem]:
    """What is planned for an answer after these tries, the last of them at `at`."""
    tries = [
        MessageFact(
            f"k{n}", DENISE, "a1", 0, answer.step, SMS, state, at, "denise-sms", at, for_now
        )
        for n, (state, for_now) in enumerate(states)
    ]
    return list(plan_answer(answer, Ledger(tries, frozenset()), a_policy(), at))


NOON_ANSWER = an_answer("answer", NOON, NOON)


def test_an_answer_that_arrived_or_may_have_is_not_said_again() -> None:
    assert told_back(NOON_ANSWER, NOON, (MessageState.SENT, False)) == []


def test_an_answer_that_never_arrives_is_said_by_a_person() -> None:
    [task] = told_back(NOON_ANSWER, NOON, (MessageState.FAILED, False))
    assert (task.act, task.step, task.person_id) == (Act.OPEN_TASK, "answer_unsaid", DENISE)
    [late] = told_back(NOON_ANSWER, NOON_ANSWER.until)
    assert late.step == "answer_unsaid"
    assert told_back(an_answer("ack_help", NOON, NOON), NOON, (MessageState.FAILED, False)) == []


def test_an_answer_to_a_phone_that_is_off_is_tried_twice_more() -> None:
    off = (MessageState.UNDELIVERED, True)
    [again] = told_back(NOON_ANSWER, NOON, off)
    assert (again.act, again.due) == (Act.SEND_MESSAGE, NOON + timedelta(minutes=30))
    assert again.key.endswith("|answer|sms#2")
    [task] = told_back(NOON_ANSWER, NOON, off, off, off)
    assert task.act is Act.OPEN_TASK


def test_nothing_is_said_where_it_is_barred() -> None:
    assert told_back(replace(an_answer("ack_received", NOON, NOON), barred=True), NOON) == []
    [task] = told_back(replace(NOON_ANSWER, barred=True), NOON)
    assert task.act is Act.OPEN_TASK


def test_an_acknowledgement_that_could_not_leave_wakes_nobody_at_night() -> None:
    evening = wall("2026-05-05 19:00")
    ack = replace(an_answer("ack_received", evening, evening))
    night = wall("2026-05-06 03:00")
    [item] = told_back(ack, night)
    assert item.due == wall("2026-05-06 08:00")


HOURS = st.integers(-100, 100).map(lambda hours: NOON + timedelta(hours=hours))


@given(HOURS, HOURS, st.integers(1, 90), st.times(), st.times())
def test_no_message_is_ever_due_in_quiet_hours(
    due: datetime, now: datetime, useful: int, start: time, end: time
) -> None:
    policy = a_policy(quiet=(start, end))
    wish = a_wish(due, due + timedelta(hours=useful))
    for item in plan_message(wish, Ledger((), frozenset()), policy, now):
        assert item.until > item.due
        if item.act is Act.SEND_MESSAGE:
            assert not policy.quiet.contains(item.due)
            assert not policy.quiet.contains(max(item.due, now))
            assert item.due >= due


@given(HOURS, HOURS, st.integers(1, 90))
def test_a_wish_is_a_message_or_a_task_until_it_is_useless(
    due: datetime, now: datetime, useful: int
) -> None:
    wish = a_wish(due, due + timedelta(hours=useful))
    items = planned(wish, now)
    assert len(items) == (1 if now < wish.until else 0)


def test_a_claim_without_a_fate_is_asked_about_after_a_minute_whatever_happened() -> None:
    claimed = said(DENISE, "before_3", utc("2026-05-05 12:00"), state=MessageState.CLAIMED)
    [item] = plan_settling([claimed])
    assert (item.key, item.due - claimed.claimed_at) == (claimed.key, SETTLE_AFTER)


def test_the_key_of_a_task_is_the_same_however_often_it_is_asked_for() -> None:
    assert task_key("call_now", "h1", 2, "p") == task_key("call_now", "h1", 2, "p")
    assert task_key("call_now", "h1", 2, "p") != task_key("call_now", "h1", 3, "p")
