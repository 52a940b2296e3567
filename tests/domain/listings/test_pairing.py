"""Which lost hearing is which gained one: nearest in time first."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.listings.pairing import nearest_pairs

START = datetime(2027, 1, 1)
TIMES = st.lists(st.integers(0, 30).map(lambda days: START + timedelta(days=days)), max_size=9)


def plain_nearest(old: list[datetime], new: list[datetime]) -> list[timedelta]:
    """The same rule without a clever order: the distances, nearest pair first."""
    old, new, found = list(old), list(new), []
    while old and new:
        gap, one, other = min((abs(a - b), a, b) for a in old for b in new)
        old.remove(one)
        new.remove(other)
        found.append(gap)
    return found


@given(old=TIMES, new=TIMES)
def test_each_time_is_paired_at_most_once_and_one_side_is_used_up(
    old: list[datetime], new: list[datetime]
) -> None:
    pairs = nearest_pairs(old, new)
    assert len(pairs) == min(len(old), len(new))
    assert len({one for one, _ in pairs}) == len(pairs) == len({other for _, other in pairs})


@given(
    old=st.lists(st.integers(0, 10**6), max_size=8, unique=True),
    new=st.lists(st.integers(0, 10**6), max_size=8, unique=True),
)
def test_the_nearest_pair_comes_first(old: list[int], new: list[int]) -> None:
    # Distances that tie can be resolved either way, so only untied inputs are compared.
    gaps = [abs(a - b) for a in old for b in new]
    if len(set(gaps)) < len(gaps):
        return
    one = [START + timedelta(seconds=value) for value in old]
    other = [START + timedelta(seconds=value) for value in new]
    found = [abs(one[a] - other[b]) for a, b in nearest_pairs(one, other)]
    assert found == plain_nearest(one, other)


def test_of_equal_distances_the_earlier_pair_wins() -> None:
    day = timedelta(days=1)
    assert nearest_pairs([START + day], [START, START + 2 * day]) == [(0, 0)]
