"""What of a hub's outcomes can be shown, and the table that leaves the hub."""

import csv
import io
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.outcome_figures import (
    DEFINED,
    NO_CLAIM,
    SHARES,
    Measure,
    Notice,
    Of,
    Outcomes,
    Result,
    Saved,
    only_with,
    shown,
)
from domain.outcome_periods import Period
from domain.outcome_sheets import COLUMNS, outcomes_csv
from domain.outcomes import LIFE_DAYS, Saving, Share, time_saved
from domain.progress_figures import SMALL

PEOPLE = st.lists(st.integers(0, 12), min_size=1, max_size=24)
PERIOD = Period(date(2026, 10, 1), date(2026, 11, 27))


def result(people: list[int]) -> Result[int]:
    """Months in which as many as that were counted, nobody twice."""
    return shown(Of(sum(people), sum(people)), [Of(one, one) for one in people])


@given(PEOPLE)
def test_no_month_of_few_people_is_shown(people: list[int]) -> None:
    found = result(people)
    for one, kept in zip(people, found.months, strict=True):
        assert kept in (None, one)
        assert kept is None or not 0 < one < SMALL


@given(PEOPLE)
def test_what_is_not_shown_cannot_be_worked_out(people: list[int]) -> None:
    found = result(people)
    hidden = [one for one, kept in zip(people, found.months, strict=True) if kept is None]
    if found.whole is not None and hidden:
        # The whole less what is shown is of so many people, in more than one month.
        shown_months = sum(one for one in found.months if one is not None)
        assert found.whole - shown_months >= SMALL
        assert len(hidden) > 1 or not any(found.months)


@given(PEOPLE)
def test_a_whole_of_few_people_is_not_shown_and_neither_are_its_months(people: list[int]) -> None:
    found = result(people)
    assert (found.whole is None) == (0 < sum(people) < SMALL)
    if found.whole is None:
        assert set(found.months) == {None}


def test_months_of_nobody_are_shown_as_nothing() -> None:
    assert result([0, 7, 0, 9]).months == [0, 7, 0, 9]
    assert result([0, 0]) == Result(0, [0, 0])


@given(PEOPLE)
def test_a_sum_is_shown_where_all_of_its_parts_are(people: list[int]) -> None:
    part, other = result(people), result(people[::-1])
    both = only_with(Result(1, [1] * len(people)), part, other)
    assert (both.whole is None) == (part.whole is None or other.whole is None)
    for one, *parts in zip(both.months, part.months, other.months, strict=True):
        assert (one is None) == (None in parts)


def outcomes(savings: list[Saving], *, hidden: bool = False) -> Outcomes:
    """Everything of the last month; with `hidden`, nothing can be shown."""

    def of(value: object) -> Result:  # type: ignore[type-arg]
        return Result(None, [None, None]) if hidden else Result(value, [value, value])

    days = [one for one in savings if not one.life_exposed]
    life = [one for one in savings if one.life_exposed]
    return Outcomes(
        period=PERIOD,
        days=of(Saved(time_saved(days), len(days))),
        life=of(Saved(time_saved(life), 0)),
        every=of(Saved(time_saved(savings), len(days))),
        unknown=0,
        notice=of(Notice(Share(1, 2), timedelta(minutes=90))),
        shares={one: of(Share(3, 4)) for one in SHARES},
    )


def read(table: str) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(csv.DictReader(io.StringIO(table)))


def test_the_table_has_every_measure_with_what_it_counts() -> None:
    rows = read(outcomes_csv(outcomes([Saving(900, 400), Saving(0, 0, life_exposed=True)])))
    assert {row["measure"] for row in rows} == set(Measure)
    assert len(rows) == 3 * len(Measure)
    for row in rows:
        assert row["what is counted"].startswith(DEFINED[Measure(row["measure"])])
        assert row["what is counted"].endswith(NO_CLAIM) == row["measure"].endswith("_saved")
    assert {(row["from"], row["to"]) for row in rows} == {("2026-10-01", "2026-11-27")}
    assert [row["month"] for row in rows[:3]] == ["", "2026-10", "2026-11"]
    first = {row["measure"]: row for row in rows[::-1] if not row["month"]}
    assert first["time_saved"]["value"] == "500"
    assert (first["life_saved"]["value"], first["life_saved"]["unit"]) == ("1.0", "lives")
    assert first["raw_saved"]["value"] == str(500 + LIFE_DAYS)
    assert (first["notice"]["value"], first["notice"]["note"]) == ("1.5", "1 were told")
    assert (first["plans_completed"]["of"], first["plans_completed"]["percent"]) == ("4", "75")


def test_a_sum_below_zero_stays_a_number_and_the_total_is_zero() -> None:
    rows = read(outcomes_csv(outcomes([Saving(100, 400)])))
    values = {row["measure"]: row["value"] for row in rows if not row["month"]}
    assert (values["time_saved"], values["raw_saved"]) == ("0", "-300")


def test_the_table_says_what_is_not_shown_and_holds_no_number_of_it() -> None:
    rows = read(outcomes_csv(outcomes([Saving(100, 40)], hidden=True)))
    for row in rows:
        assert (row["value"], row["of"], row["percent"]) == ("", "", "")
        assert "fewer than 5" in row["note"]


@given(st.lists(st.builds(Saving, st.integers(0, 9000), st.integers(0, 9000), st.booleans())))
def test_no_text_of_the_table_is_taken_for_a_formula(savings: list[Saving]) -> None:
    for row in csv.reader(io.StringIO(outcomes_csv(outcomes(savings)))):
        assert len(row) == len(COLUMNS)
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or cell[1:].isdigit()
