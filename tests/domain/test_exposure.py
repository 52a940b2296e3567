"""Years, months and days of incarceration, as they are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exposure import MOST_DAYS, MOST_YEARS, BadTerm, Term, term_of
from domain.outcomes import LIFE_DAYS

SMALL = st.integers(0, 100)


def test_seventy_years_are_what_life_counts_as() -> None:
    assert term_of(70, 0, 0).days == LIFE_DAYS


def test_a_year_is_twelve_months_and_part_of_a_day_is_left_out() -> None:
    assert term_of(1, 0, 0) == term_of(0, 12, 0) == Term(365)
    assert term_of(4, 0, 0) == Term(1461)
    assert term_of(0, 1, 0) == Term(30)
    assert term_of(0, 0, 11) == Term(11)


@given(SMALL, SMALL, SMALL)
def test_more_of_anything_is_never_less(years: int, months: int, days: int) -> None:
    term = term_of(years, months, days).days
    assert term_of(years + 1, months, days).days - term in (365, 366)
    assert term_of(years, months + 1, days).days - term in (30, 31)
    assert term_of(years, months, days + 1).days == term + 1


@given(SMALL, SMALL, SMALL)
def test_it_is_never_longer_than_the_longest(years: int, months: int, days: int) -> None:
    assert 0 <= term_of(years, months, days).days <= MOST_DAYS


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (MOST_YEARS, 0, 1)])
def test_what_cannot_be_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(BadTerm):
        term_of(*wrong)
