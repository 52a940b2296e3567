"""Rides: how many fit, and when one may leave."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.rides import LONGEST, leaves_in_time, seats_left

COURT = datetime(2026, 12, 8, 14, 0, tzinfo=UTC)


@given(seats=st.integers(1, 14), taken=st.integers(0, 30))
def test_there_are_never_fewer_seats_than_none_and_never_more_than_there_are(
    seats: int, taken: int
) -> None:
    left = seats_left(seats, taken)
    assert 0 <= left <= seats
    assert (left == 0) is (taken >= seats)


@given(before=st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_a_ride_leaves_before_the_hearing_and_on_the_same_journey(before: timedelta) -> None:
    assert leaves_in_time(COURT - before, COURT) is (timedelta(0) < before <= LONGEST)
