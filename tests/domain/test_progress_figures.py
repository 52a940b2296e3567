"""A hub's figures: what is counted, in which month, and that small parts cannot be worked out."""

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.progress_figures import (
    COUNTED,
    SMALL,
    Counted,
    Figure,
    HubProgress,
    Outcome,
    by_month,
    hide_small,
    months_until,
    outcome_of,
    percent,
)
from domain.progress_sheets import COLUMNS, figures_csv
from domain.vocabulary import StepState


def test_a_step_shown_before_it_was_missed_is_in_time_whatever_is_checked_later() -> None:
    assert outcome_of(StepState.EVIDENCED, was_missed=False) is Outcome.IN_TIME
    assert outcome_of(StepState.VERIFIED, was_missed=False) is Outcome.IN_TIME
    assert outcome_of(StepState.VERIFIED, was_missed=True) is Outcome.LATE
    assert outcome_of(StepState.CURED, was_missed=True) is Outcome.LATE
    assert outcome_of(StepState.ESCALATED, was_missed=True) is Outcome.MISSED
    for state in (StepState.ACTIVE, StepState.EXCUSED, StepState.CANCELLED, StepState.PROPOSED):
        assert outcome_of(state, was_missed=True) is None


def test_twelve_months_end_with_the_present_one() -> None:
    months = months_until(date(2026, 2, 28))
    assert (months[0], months[-1], len(months)) == (date(2025, 3, 1), date(2026, 2, 1), 12)


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(
    st.lists(st.tuples(days, st.sampled_from(Outcome), st.integers(1, 9))),
    st.lists(st.tuples(days, st.booleans())),
)
def test_everything_of_these_months_is_counted_once(
    steps: list[tuple[date, Outcome, int]], plans: list[tuple[date, bool]]
) -> None:
    firsts = months_until(date(2026, 12, 2))
    progress = HubProgress(by_month(firsts, steps, plans), 0, 0, 0, 0, [])
    shown = [count for day, _, count in steps if day >= firsts[0]]
    assert progress.steps.counted == sum(shown)
    assert progress.plans.ended == sum(day >= firsts[0] for day, _ in plans)
    assert progress.plans.completed == sum(done for day, done in plans if day >= firsts[0])


@st.composite
def parts(draw: st.DrawFn) -> list[Counted]:
    """Parts of a figure, each with its own name."""
    found = []
    for number in range(draw(st.integers(0, 7))):
        whole = draw(st.integers(0, 30))
        part = draw(st.integers(0, whole))
        found.append(Counted(f"part {number}", part, whole, draw(st.integers(min(1, whole), 12))))
    return found


@given(parts())
def test_no_small_part_is_shown_and_none_can_be_worked_out(found: list[Counted]) -> None:
    groups = hide_small(Figure.STEPS_IN_TIME, found)
    known = {one.name: one for one in found}
    assert [group.name for group in groups if known[group.name].whole] == [g.name for g in groups]
    shown = [known[group.name] for group in groups if group.whole is not None]
    hidden = [known[group.name] for group in groups if group.whole is None]
    for one in shown:
        assert one.people >= SMALL
        for count in (one.part, one.whole - one.part, one.whole):
            assert not 0 < count < SMALL
    if hidden and shown:
        assert len(hidden) > 1, "one alone is the whole without the others"
        assert sum(one.people for one in hidden) >= SMALL


def test_parts_that_are_large_enough_are_all_shown() -> None:
    large = [Counted("a", 10, 20, 8), Counted("b", 7, 14, 6), Counted("none", 0, 0, 0)]
    groups = hide_small(Figure.STEPS_IN_TIME, large)
    assert [(one.name, one.part, one.whole) for one in groups] == [("a", 10, 20), ("b", 7, 14)]


def test_one_hidden_part_takes_the_smallest_of_the_others_along() -> None:
    found = [Counted("a", 50, 90, 20), Counted("b", 10, 20, 8), Counted("c", 1, 2, 1)]
    groups = hide_small(Figure.STEPS_IN_TIME, found)
    assert [one.name for one in groups if one.whole is None] == ["b", "c"]


def test_nothing_has_no_share() -> None:
    assert percent(0, 0) is None
    assert percent(2, 3) == 67


def test_the_table_says_what_each_number_counts_and_hides_what_is_small() -> None:
    groups = hide_small(
        Figure.STEPS_IN_TIME, [Counted("=Drum circle", 1, 2, 1), Counted("Housing", 6, 12, 9)]
    )
    steps = [(date(2026, 11, 3), Outcome.IN_TIME, 7), (date(2026, 11, 4), Outcome.MISSED, 7)]
    months = by_month(months_until(date(2026, 12, 2)), steps, [(date(2026, 12, 1), True)])
    table = figures_csv(HubProgress(months, 3, 2, 7, 4, groups))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert tuple(rows[0]) == COLUMNS
    assert all(row["what is counted"] == COUNTED[Figure(row["figure"])] for row in rows)
    november = [row for row in rows if row["month"] == "2026-11"]
    assert [(row["count"], row["of"], row["percent"]) for row in november] == [
        ("0", "0", ""),
        ("7", "14", "50"),
    ]
    hidden = {row["group"]: row for row in rows if row["group"]}
    assert set(hidden) == {"'=Drum circle", "Housing"}
    assert {(row["count"], row["of"]) for row in hidden.values()} == {("", "")}
