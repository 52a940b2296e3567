"""What came of the work: each measure by its definition, and what must hold whatever the facts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outcomes import (
    LIFE_DAYS,
    Saving,
    Share,
    before_hearings,
    hearings_appeared,
    loops_closed,
    notice_latency,
    packets_on_time,
    people_appeared,
    plans_completed,
    time_saved,
)
from domain.vocabulary import Appearance, PlanState, ReferralState

NINE = datetime(2026, 12, 8, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = st.integers(0, 60_000)
SAVINGS = st.lists(st.builds(Saving, DAYS, DAYS, st.booleans(), st.booleans()))
APPEARANCES = st.lists(st.sampled_from(Appearance))
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
PAIRS = st.lists(st.tuples(TIMES, st.none() | TIMES))


def test_a_case_that_cost_more_than_feared_lowers_the_raw_sum_alone() -> None:
    saved = time_saved([Saving(1000, 400), Saving(100, 300)])
    assert (saved.cases, saved.days, saved.raw_days) == (2, 600, 400)


def test_life_counts_as_seventy_years_and_stands_apart() -> None:
    saved = time_saved([Saving(0, 0, life_exposed=True), Saving(365, 0)])
    assert (saved.days, saved.life_cases, saved.life_equivalents) == (365, 1, 1.0)
    assert saved.raw_days == LIFE_DAYS + 365 == int(70 * 365.25) + 365
    assert time_saved([Saving(0, 0, life_exposed=True, life_received=True)]).raw_days == 0


@given(SAVINGS)
def test_totals_are_never_below_zero_nor_below_the_raw_sum(savings: list[Saving]) -> None:
    saved = time_saved(savings)
    assert saved.days >= 0 <= saved.life_days
    assert saved.days + saved.life_days >= saved.raw_days


@given(SAVINGS, DAYS, DAYS)
def test_one_more_case_never_lowers_a_total(savings: list[Saving], most: int, got: int) -> None:
    assert time_saved([*savings, Saving(most, got)]).days >= time_saved(savings).days


def test_days_below_zero_and_a_part_above_its_whole_are_refused() -> None:
    for wrong in ((-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="zero or more"):
            Saving(*wrong)
    for part in (-1, 3):
        with pytest.raises(ValueError, match="at most its whole"):
            Share(part, 2)


def test_by_hearing_everything_held_is_counted_and_nothing_has_no_share() -> None:
    assert hearings_appeared(Appearance) == Share(1, len(Appearance))
    assert hearings_appeared([]).value is None


def test_a_person_counts_as_appearing_only_by_making_every_hearing() -> None:
    came, missed, away = Appearance.APPEARED, Appearance.FAILED_TO_APPEAR, Appearance.NOT_BROUGHT
    made = people_appeared({"a": [came, came], "b": [came, missed], "c": [away], "d": [came, away]})
    assert made == Share(2, 3)


@given(APPEARANCES)
def test_an_appearance_more_never_lowers_the_share(outcomes: list[Appearance]) -> None:
    before = hearings_appeared(outcomes).value
    after = hearings_appeared([*outcomes, Appearance.APPEARED]).value
    assert after is not None
    assert 0 <= (before or 0) <= after <= 1


@given(st.dictionaries(st.text(max_size=3), APPEARANCES))
def test_people_are_never_more_than_there_are(outcomes: dict[str, list[Appearance]]) -> None:
    assert 0 <= people_appeared(outcomes).part <= people_appeared(outcomes).whole <= len(outcomes)


def test_word_that_came_as_the_hearing_began_came_too_late() -> None:
    assert before_hearings([(NINE, NINE - HOUR), (NINE, NINE), (NINE, None)]) == Share(1, 3)


def test_a_packet_approved_at_the_last_moment_is_on_time() -> None:
    assert packets_on_time([(NINE, NINE), (NINE, NINE + HOUR), (NINE, None)]) == Share(1, 3)


def test_half_of_the_changes_were_told_sooner_than_the_median() -> None:
    told = [(NINE, NINE + n * HOUR) for n in (1, 2, 9)]
    assert notice_latency([*told, (NINE, None)]) == 2 * HOUR
    assert notice_latency([(NINE, None)]) is None


@given(PAIRS)
def test_latency_is_never_below_zero(pairs: list[tuple[datetime, datetime | None]]) -> None:
    latency = notice_latency(pairs)
    assert latency is None or latency >= timedelta(0)


def test_only_plans_that_ended_and_referrals_that_were_asked_are_counted() -> None:
    assert plans_completed(PlanState) == Share(1, 3)
    assert loops_closed(ReferralState) == Share(1, len(ReferralState) - 2)


@given(st.lists(st.sampled_from(PlanState)), st.lists(st.sampled_from(ReferralState)))
def test_order_changes_no_figure(plans: list[PlanState], loops: list[ReferralState]) -> None:
    assert plans_completed(plans) == plans_completed(plans[::-1])
    assert loops_closed(loops) == loops_closed(loops[::-1])
