"""A plan over time: every step that has a day is marked once, on that day, as it stands."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.plan_progress import CourtDay, Mark, Span, StepOnDay, mark_of, over_time
from domain.vocabulary import StepState

TODAY = date(2026, 12, 2)
KEPT = [state for state in StepState if state is not StepState.DUE]
steps = st.lists(
    st.builds(
        StepOnDay,
        id=st.uuids().map(lambda one: one.hex),
        row=st.sampled_from(["a", "b", "c"]),
        day=st.none() | st.dates(date(2024, 1, 1), date(2029, 12, 31)),
        state=st.sampled_from(KEPT),
    ),
    unique_by=lambda step: step.id,
    max_size=40,
)
bound = st.none() | st.dates(date(2024, 1, 1), date(2029, 12, 31))


@given(steps, bound, bound)
def test_each_step_with_a_day_is_marked_once_and_what_was_cancelled_is_not(
    given_steps: list[StepOnDay], first: date | None, last: date | None
) -> None:
    found = over_time({"a": "A"}, given_steps, (first, last), TODAY, 2)
    wanted = sorted(
        (step.id, step.day)
        for step in given_steps
        if step.day is not None and step.state is not StepState.CANCELLED
    )
    if found is None:
        assert not wanted
        return
    times = [time for row in found.rows for time in row.times]
    assert sorted((time.step_id, time.day) for time in times) == wanted
    assert sum(found.counts.values()) == len(times)
    assert all(found.whole.first <= time.day <= found.whole.last for time in times)
    assert first is None or found.whole.first <= first
    assert last is None or found.whole.last >= last
    assert all(list(row.times) == sorted(row.times, key=lambda one: one.day) for row in found.rows)


def test_a_step_stands_as_people_see_it() -> None:
    def mark(state: StepState, days: int = 0) -> Mark | None:
        return mark_of(state, TODAY + timedelta(days=days), TODAY, 2)

    assert mark(StepState.ACTIVE, 3) is Mark.TO_COME
    assert mark(StepState.ACTIVE, 2) is Mark.NOW
    assert mark(StepState.ACTIVE, -5) is Mark.NOW
    assert mark(StepState.PROPOSED, -5) is Mark.TO_COME
    assert mark(StepState.EVIDENCED) is Mark.SHOWN
    assert mark(StepState.VERIFIED) is Mark.DONE
    assert mark(StepState.CURED) is Mark.CURED
    assert mark(StepState.MISSED) is mark(StepState.ESCALATED) is Mark.MISSED
    assert mark(StepState.EXCUSED) is Mark.EXCUSED
    assert mark(StepState.CANCELLED) is None


def test_custody_lasts_until_today_and_stays_within_the_plan() -> None:
    step = StepOnDay("1", "a", TODAY, StepState.ACTIVE)
    found = over_time(
        {"a": "A"},
        [step],
        (TODAY - timedelta(days=30), TODAY + timedelta(days=30)),
        TODAY,
        2,
        held=[
            (TODAY - timedelta(days=40), TODAY - timedelta(days=25)),
            (TODAY - timedelta(days=3), None),
            (TODAY - timedelta(days=90), TODAY - timedelta(days=80)),
        ],
        court=[CourtDay(TODAY, "status"), CourtDay(TODAY + timedelta(days=31), "status")],
    )
    assert found is not None
    assert found.held == (
        Span(TODAY - timedelta(days=30), TODAY - timedelta(days=25)),
        Span(TODAY - timedelta(days=3), TODAY),
    )
    assert found.court == (CourtDay(TODAY, "status"),)
