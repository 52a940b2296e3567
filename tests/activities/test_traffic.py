"""How fast messages go, and how patiently while a provider is away."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from activities.traffic import AWAY_AFTER, LONGEST_WAIT, LOOK_EVERY, SHORTEST_WAIT, Line, Pace
from domain.vocabulary import Channel
from tests.houses import utc

NOW = utc("2026-12-01 15:00")
SMS, EMAIL = Channel.SMS, Channel.EMAIL


def away() -> Line:
    """A provider that has not answered for some tries."""
    line = Line()
    for _ in range(AWAY_AFTER):
        line.silent(SMS, NOW)
    return line


def test_while_a_provider_is_away_one_message_looks_and_the_others_wait() -> None:
    line, later = away(), NOW + LOOK_EVERY
    assert line.wait(SMS, "k0", later) == 0
    waits = [line.wait(SMS, f"k{number}", later) for number in range(1, 300)]
    assert all(SHORTEST_WAIT <= wait < LONGEST_WAIT for wait in waits)
    assert len(set(waits)) > 50, "they do not all come back in the same second"
    assert line.wait(SMS, "k1", later + LOOK_EVERY) == 0


def test_one_answer_ends_the_waiting_and_other_channels_never_waited() -> None:
    line = away()
    assert line.wait(EMAIL, "k", NOW) == 0
    line.answered(SMS)
    assert line.wait(SMS, "k", NOW) == 0


def test_a_hiccup_is_no_outage() -> None:
    line = Line()
    for _ in range(50):
        line.silent(SMS, NOW)
        line.answered(SMS)
        assert line.wait(SMS, "k", NOW) == 0


class Seconds:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_each_message_gets_its_own_moment_and_goes_when_it_comes_back() -> None:
    clock = Seconds()
    pace = Pace({SMS: 4.0}, clock)
    waits = [pace.wait(SMS, f"k{number}") for number in range(9)]
    assert waits == [number / 4 for number in range(9)]
    clock.at += 2.0
    assert pace.wait(SMS, "k8") == 0
    assert pace.wait(SMS, "new") > 0, "nobody passes those who wait"


@given(st.lists(st.floats(0, 0.4), min_size=20, max_size=120), st.sampled_from([1.0, 4.0, 20.0]))
def test_never_more_in_a_second_than_the_provider_takes(gaps: list[float], rate: float) -> None:
    clock = Seconds()
    pace, went = Pace({SMS: rate}, clock), []
    for number, gap in enumerate(gaps):
        clock.at += gap
        wait = pace.wait(SMS, f"k{number}")
        if wait == 0:
            went.append(clock.at)
    for first in went:
        assert sum(first <= at < first + 1 for at in went) <= rate + 1


def test_without_a_rate_nobody_waits() -> None:
    pace = Pace({SMS: 0.0})
    assert {pace.wait(SMS, f"k{number}") for number in range(100)} == {0.0}


def test_a_wait_is_shorter_than_ten_minutes_after_the_provider_is_back() -> None:
    assert timedelta(seconds=LONGEST_WAIT) + LOOK_EVERY < timedelta(minutes=10)
