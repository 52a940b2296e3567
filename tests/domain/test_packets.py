"""A packet is built when its inputs change, and a person learns when time runs out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act
from domain.facts import PacketFacts
from domain.packets import ENDED_PACKETS, READY, lead_time, plan_packet
from domain.vocabulary import PacketState
from tests.domain.lives import a_policy, wall

ASKED = wall("2026-05-01 12:00")
HEARING = wall("2026-05-11 09:00")

INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=ASKED.tzinfo)
)


def a_packet(state: PacketState = PacketState.DRAFTING, **more: object) -> PacketFacts:
    """A packet for a hearing in ten days, built and unchanged since."""
    facts = PacketFacts(
        id="p1",
        hub_id="hub",
        revision=1,
        state=state,
        policy=a_policy(packet_lead_days=2),
        requested_at=ASKED,
        hearing_at=HEARING,
        inputs_hash="a",
        built_hash="a",
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def test_what_changed_is_built_at_once_and_only_once() -> None:
    agenda = plan_packet(a_packet(built_hash=""), ASKED)
    [item] = agenda.items
    assert (item.act, item.due) == (Act.BUILD_PACKET, ASKED)
    assert agenda.then == HEARING - timedelta(days=2)
    changed = plan_packet(a_packet(inputs_hash="b"), ASKED).items[0]
    assert changed.key != item.key
    assert all(i.act is not Act.BUILD_PACKET for i in plan_packet(a_packet(), ASKED).items)


def test_two_days_before_the_hearing_somebody_is_asked() -> None:
    agenda = plan_packet(a_packet(), ASKED)
    [task] = agenda.items
    assert (task.act, task.step, task.due, task.until) == (
        Act.OPEN_TASK,
        "packet_not_ready",
        HEARING - timedelta(days=2),
        HEARING,
    )
    asked = a_packet(task_keys=frozenset({task.key}))
    assert plan_packet(asked, task.due).due is None


def test_lead_time_shrinks_when_less_is_left() -> None:
    soon = ASKED + timedelta(days=2)
    assert plan_packet(a_packet(hearing_at=soon), ASKED).due == ASKED + timedelta(days=1)


@pytest.mark.parametrize("state", sorted(READY - ENDED_PACKETS))
def test_nobody_is_asked_about_a_packet_that_is_ready(state: PacketState) -> None:
    assert plan_packet(a_packet(state), HEARING - timedelta(hours=1)).due is None


@pytest.mark.parametrize("state", sorted(ENDED_PACKETS))
def test_a_packet_that_ended_is_not_built_again(state: PacketState) -> None:
    assert plan_packet(a_packet(state, inputs_hash="b"), ASKED).ended


def test_after_the_hearing_nobody_is_asked_for_it_any_more() -> None:
    assert plan_packet(a_packet(), HEARING).due is None
    assert plan_packet(a_packet(hearing_at=None), ASKED).due is None


@given(INSTANTS, st.integers(0, 200 * 24 * 60), st.integers(0, 60))
def test_lead_time_is_never_before_the_request_nor_after_the_hearing(
    asked: datetime, minutes: int, days: int
) -> None:
    hearing = asked + timedelta(minutes=minutes)
    ready = lead_time(asked, hearing, days)
    assert asked <= ready <= hearing
    assert ready >= hearing - timedelta(days=days)
    assert ready - asked >= (hearing - asked) / 2
    assert lead_time(asked, hearing, days + 1) <= ready


@given(INSTANTS, st.sampled_from(list(PacketState)), st.booleans())
def test_an_agenda_never_holds_what_is_useless(
    now: datetime, state: PacketState, changed: bool
) -> None:
    for item in plan_packet(a_packet(state, built_hash="" if changed else "a"), now).items:
        assert item.until > now
        assert item.due < item.until
