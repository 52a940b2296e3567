"""Pairs what a case has lost with what it has gained: the likeliest moves of its hearings."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import datetime, timedelta

_Candidate = tuple[timedelta, int, int]


def nearest_pairs(old: Sequence[datetime], new: Sequence[datetime]) -> list[tuple[int, int]]:
    """Pairs of places in `old` and `new`, nearest in time first, until one side is used up.

    The nearest pair is always a pair of neighbours in time, so neighbours are all that is ever
    compared: n log n steps for n times. Of equal distances the earlier pair wins.

    Args:
        old, new: naive wall times, in any order.
    """
    if len(old) == len(new) == 1:
        return [(0, 0)]
    points = sorted(
        [(at, 0, place) for place, at in enumerate(old)]
        + [(at, 1, place) for place, at in enumerate(new)]
    )
    line = _Line(points)
    heap = [pair for left in range(len(points) - 1) for pair in line.candidate(left, left + 1)]
    heapq.heapify(heap)
    pairs: list[tuple[int, int]] = []
    while heap:
        _, left, right = heapq.heappop(heap)
        if not line.has(left, right):
            continue
        one, other = points[left], points[right]
        pairs.append((one[2], other[2]) if one[1] == 0 else (other[2], one[2]))
        for pair in line.take_out(left, right):
            heapq.heappush(heap, pair)
    return pairs


class _Line:
    """Points in time order that can be taken out, each knowing its neighbours."""

    __slots__ = ("_after", "_before", "_here", "_points")

    def __init__(self, points: Sequence[tuple[datetime, int, int]]) -> None:
        self._points = points
        self._before = list(range(-1, len(points) - 1))
        self._after = list(range(1, len(points) + 1))
        self._here = bytearray(b"\1" * len(points))

    def has(self, left: int, right: int) -> bool:
        """Whether neither point was taken out; then they are neighbours still."""
        return bool(self._here[left] and self._here[right])

    def candidate(self, left: int, right: int) -> list[_Candidate]:
        """The two neighbours as a possible pair, if one is old and the other new."""
        one, other = self._points[left], self._points[right]
        return [] if one[1] == other[1] else [(other[0] - one[0], left, right)]

    def take_out(self, left: int, right: int) -> list[_Candidate]:
        """Take two neighbours out; their outer neighbours become a possible pair."""
        self._here[left] = self._here[right] = 0
        before, after = self._before[left], self._after[right]
        if before >= 0:
            self._after[before] = after
        if after < len(self._points):
            self._before[after] = before
        if before < 0 or after >= len(self._points):
            return []
        return self.candidate(before, after)
