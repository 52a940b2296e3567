"""Distances, and boxes that lose nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.distance import Point, box_around, km_between

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Point(25.7743, -80.1937), Point(40.7128, -74.0060), 1757),
        (Point(0, 0), Point(0, 180), 20015),
        (Point(51.5, 0), Point(51.5, 0), 0),
        (Point(0, 179.9), Point(0, -179.9), 22.2),
    ],
)
def test_known_distances(one: Point, other: Point, km: float) -> None:
    assert km_between(one, other) == pytest.approx(km, rel=0.01, abs=0.001)


@given(POINTS, POINTS, st.floats(0.1, 5000))
def test_whoever_is_within_the_distance_is_in_the_box(here: Point, there: Point, km: float) -> None:
    box = box_around(here, km)
    across = (
        box.west <= there.longitude <= box.east
        if box.west <= box.east
        else there.longitude >= box.west or there.longitude <= box.east
    )
    if km_between(here, there) < km * 0.999:
        assert box.south <= there.latitude <= box.north
        assert across
