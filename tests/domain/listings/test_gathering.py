"""Rows put together: what is one hearing, what is a conflict, what the counts mean."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listings import Listing, Reason, Row, SetAside, gather
from domain.vocabulary import HearingKind
from tests.domain.listings.factories import MONDAY, listing

ROWS = st.lists(
    st.one_of(
        st.builds(
            listing,
            docket=st.sampled_from(["A1", "a1", "B2"]),
            days=st.integers(0, 2),
            jurisdiction=st.sampled_from(["", "Ada"]),
            room=st.sampled_from(["1", "2"]),
            kind=st.sampled_from([HearingKind.OTHER, HearingKind.TRIAL, HearingKind.MOTION]),
            row=st.integers(2, 99),
        ),
        st.builds(SetAside, st.integers(2, 99), st.just("A reason."), st.just(Reason.BAD_DATE)),
    ),
    max_size=25,
)


@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_rows_are_duplicates_set_aside_or_distinct_in_any_order(
    rows: list[Row], seed: random.Random
) -> None:
    calendar = gather(rows)
    assert calendar.rows == len(rows)
    assert calendar.rows == calendar.duplicates + len(calendar.set_aside) + len(calendar.listings)
    mixed = list(rows)
    seed.shuffle(mixed)
    again = gather(mixed)
    assert again.listings == calendar.listings
    assert again.conflicts == calendar.conflicts
    assert again.duplicates == calendar.duplicates


@given(rows=ROWS)
def test_conflicts_hide_nothing(rows: list[Row]) -> None:
    calendar = gather(rows)
    shown = sum(len(conflict.listings) - 1 for conflict in calendar.conflicts)
    minutes = {(one.case, one.local) for one in calendar.listings}
    assert len(calendar.listings) == len(minutes) + shown
    slots = {row.slot for row in rows if isinstance(row, Listing)}
    assert {one.slot for one in calendar.listings} == slots


def test_two_charges_at_one_minute_and_place_are_one_hearing_with_the_telling_kind() -> None:
    calendar = gather([listing(kind=HearingKind.OTHER), listing(kind=HearingKind.TRIAL)])
    (one,) = calendar.listings
    assert one.kind is HearingKind.TRIAL
    assert calendar.duplicates == 1
    assert calendar.conflicts == ()


def test_capital_letters_do_not_make_another_hearing() -> None:
    calendar = gather([listing("cr-1", court="MAIN Courthouse"), listing("CR-1")])
    assert len(calendar.listings) == 1


def test_one_number_in_two_counties_is_two_cases_and_no_conflict() -> None:
    calendar = gather(
        [listing(jurisdiction="Ada", room="1"), listing(jurisdiction="Gem", room="2")]
    )
    assert len(calendar.listings) == 2
    assert calendar.conflicts == ()


def test_two_places_at_one_minute_are_a_conflict_and_two_minutes_are_not() -> None:
    later = listing(at=MONDAY + timedelta(minutes=5), room="3")
    calendar = gather([listing(room="1"), listing(room="2"), later])
    (conflict,) = calendar.conflicts
    assert [one.courtroom for one in conflict.listings] == ["1", "2"]
    assert len(calendar.listings) == 3


def test_the_first_day_is_the_earliest_listed() -> None:
    assert gather([listing(days=3), listing(days=1)]).first_day == MONDAY.date() + timedelta(days=1)
    assert gather([]).first_day is None


def test_listings_say_wall_time_only() -> None:
    with pytest.raises(ValueError, match="naive"):
        replace(listing(), local=MONDAY.astimezone())
