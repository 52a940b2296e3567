"""A step of a support plan: a reminder before, a grace after, a hand when it was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act, AgendaItem
from domain.court_time import wall_time
from domain.facts import HubPolicy, MessageFact, PlanFacts, StepFacts
from domain.plan_steps import ENDED_PLANS, missed_from, plan_steps
from domain.vocabulary import MessageState, PlanState, StepState
from tests.domain.lives import MARCUS, SMS, ZONE, a_person, a_policy, said, wall

START = wall("2026-05-01 12:00")
DUE = date(2026, 5, 20)
MISSED = wall("2026-05-23 09:00")


def a_plan(*steps: StepFacts, **more: object) -> PlanFacts:
    """Marcus's plan."""
    facts = PlanFacts(
        id="plan",
        hub_id="hub",
        revision=1,
        state=PlanState.IN_PROGRESS,
        policy=a_policy(),
        paused=False,
        person=a_person(MARCUS, START, SMS),
        steps=steps,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def a_step(state: StepState = StepState.ACTIVE, due: date | None = DUE) -> StepFacts:
    """A step that was agreed at the start."""
    return StepFacts("s1", 1, state, due, START)


def planned(facts: PlanFacts, now: datetime = START) -> list[tuple[str, datetime]]:
    """What is to come, one after the other: its step or act, and when."""
    found: list[tuple[str, datetime]] = []
    done: set[str] = set()
    while True:
        agenda = plan_steps(facts, now)
        items = [item for item in agenda.items if item.key not in done]
        found += [(item.step or item.act, item.due) for item in items]
        done |= {item.key for item in items}
        facts = replace(facts, messages=(*facts.messages, *sent(items, now)))
        moments = [agenda.due, agenda.then]
        later = [moment for moment in moments if moment is not None and moment > now]
        if not later:
            return found
        now = later[0]


def sent(items: list[AgendaItem], now: datetime) -> list[MessageFact]:
    """Messages that went out."""
    return [
        MessageFact(
            item.key,
            item.person_id,
            item.subject_id,
            item.revision,
            item.step,
            item.channel,
            MessageState.SENT,
            now,
        )
        for item in items
        if item.act is Act.SEND_MESSAGE
    ]


def test_a_reminder_two_days_before_and_missed_after_two_days_of_grace() -> None:
    assert planned(a_plan(a_step())) == [
        ("plan_step", wall("2026-05-18 10:00")),
        (Act.MISS_STEP, MISSED),
    ]


def test_a_step_that_was_agreed_late_is_reminded_of_an_hour_later() -> None:
    late = wall("2026-05-19 15:00")
    step = replace(a_step(), announced_at=late)
    assert planned(a_plan(step), late)[0] == ("plan_step", late + timedelta(hours=1))


def test_a_step_without_a_date_is_never_due() -> None:
    assert plan_steps(a_plan(a_step(due=None)), START).due is None


@pytest.mark.parametrize(
    "state",
    [
        StepState.PROPOSED,
        StepState.EVIDENCED,
        StepState.VERIFIED,
        StepState.EXCUSED,
        StepState.CURED,
        StepState.CANCELLED,
        StepState.DUE,
    ],
)
def test_whatever_is_not_active_any_more_is_left_alone(state: StepState) -> None:
    assert plan_steps(a_plan(a_step(state)), MISSED).due is None


def test_in_custody_nothing_is_asked_and_nothing_missed() -> None:
    paused = a_plan(a_step(), paused=True)
    for now in (START, wall("2026-05-18 10:00"), MISSED, MISSED + timedelta(days=90)):
        assert plan_steps(paused, now).due is None


def test_whoever_was_held_on_the_day_has_the_whole_grace_after_release() -> None:
    released = wall("2026-06-10 17:00")
    facts = a_plan(a_step(), released_at=released)
    assert missed_from(facts, a_step()) == wall("2026-06-13 09:00")
    assert [item.act for item in plan_steps(facts, released).items] == [Act.MISS_STEP]
    assert plan_steps(facts, released).due == wall("2026-06-13 09:00")
    early = a_plan(a_step(), released_at=wall("2026-05-02 09:00"))
    assert missed_from(early, a_step()) == MISSED


@pytest.mark.parametrize("state", sorted(ENDED_PLANS))
def test_a_plan_that_ended_asks_nothing(state: PlanState) -> None:
    assert plan_steps(a_plan(a_step(), state=state), START).ended


def test_a_plan_that_ended_first_learns_the_fate_of_its_claims() -> None:
    claimed = said(MARCUS, "plan_step", START, subject="s1", state=MessageState.CLAIMED)
    facts = a_plan(a_step(), state=PlanState.REFUSED, messages=(claimed,))
    agenda = plan_steps(facts, START)
    assert not agenda.ended
    assert [item.key for item in agenda.items] == [claimed.key]


def test_a_plan_that_waits_for_the_court_asks_nothing_yet() -> None:
    agenda = plan_steps(a_plan(a_step(), state=PlanState.PENDING), START)
    assert (agenda.due, agenda.ended) == (None, False)


def test_nobody_to_write_to_still_counts_what_was_missed() -> None:
    assert planned(a_plan(a_step(), person=None)) == [(Act.MISS_STEP, MISSED)]


POLICIES = st.builds(
    a_policy,
    st.sampled_from([ZONE, "America/Anchorage", "Australia/Lord_Howe"]),
    step_notice_days=st.integers(0, 14),
    step_grace_days=st.integers(0, 14),
    reminder_at=st.sampled_from([time(10), time(18), time(22)]),
)


@given(
    POLICIES,
    st.integers(-10, 60),
    st.integers(0, 70 * 24),
    st.one_of(st.none(), st.integers(0, 70 * 24)),
)
def test_the_reminder_never_comes_at_night_nor_after_the_day_and_the_grace_is_kept(
    policy: HubPolicy, due_in: int, hours: int, released: int | None
) -> None:
    day = (wall_time(START, policy.zone) + timedelta(days=due_in)).date()
    came_out = None if released is None else START + timedelta(hours=released)
    facts = a_plan(a_step(due=day), policy=policy, released_at=came_out)
    now = START + timedelta(hours=hours)
    agenda = plan_steps(facts, now)
    for item in agenda.items:
        assert item.due < item.until
        local = wall_time(item.due, policy.zone)
        if item.act is Act.SEND_MESSAGE:
            assert not policy.quiet.contains(item.due)
            assert local.date() <= day
            assert item.due > START
        if item.act is Act.MISS_STEP:
            assert (local.date() - day).days > policy.step_grace_days
            assert came_out is None or item.due > came_out
