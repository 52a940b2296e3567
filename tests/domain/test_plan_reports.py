"""Reports say what was checked, and where each line comes from; what was missed is counsel's."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan_reports import (
    NothingToReport,
    PlanRecord,
    PlanReport,
    Proof,
    ReportKind,
    ReportStep,
    build_report,
)
from domain.vocabulary import PlanState, StepState

OPEN_KINDS = (ReportKind.SUMMARY, ReportKind.LETTER, ReportKind.CERTIFICATE)
DONE = PlanState.DISCHARGED_SUCCESSFUL
DAY = date(2027, 3, 2)


def proof(name: str, by: str = "Rosa") -> Proof:
    return Proof(name, "attendance letter", DAY, DAY, by)


@st.composite
def steps(draw: st.DrawFn) -> tuple[ReportStep, ...]:
    """Steps and series in every state, with and without evidence that was checked."""
    made = []
    for number in range(draw(st.integers(0, 4))):
        times = draw(st.integers(0, 3))
        made.append(
            replace(
                _one(draw, f"s{number}"),
                repeats="every week" if times else "",
                times=tuple(_one(draw, f"s{number}t{time}") for time in range(times)),
            )
        )
    return tuple(made)


def _one(draw: st.DrawFn, name: str) -> ReportStep:
    proofs = tuple(proof(f"{name}e{n}") for n in range(draw(st.integers(0, 2))))
    return ReportStep(
        name,
        f"Title {name}",
        draw(st.sampled_from(StepState)),
        due=draw(st.none() | st.just(DAY)),
        why=draw(st.sampled_from(["", "My shift was changed"])),
        mandated=draw(st.booleans()),
        proofs=proofs,
        unchecked=draw(st.integers(0, 2)),
    )


def built(kind: ReportKind, made: tuple[ReportStep, ...]) -> PlanReport | None:
    try:
        return build_report(kind, PlanRecord(DONE, steps=made), "Marcus")
    except NothingToReport:
        return None


@given(st.sampled_from(ReportKind), steps())
def test_every_line_stands_on_something_that_is_listed(
    kind: ReportKind, made: tuple[ReportStep, ...]
) -> None:
    report = built(kind, made)
    if report is None:
        return
    numbers = [origin.number for origin in report.origins]
    assert numbers == list(range(1, len(numbers) + 1))
    named = [n for part in report.parts for line in part.lines for n in line.origins]
    assert set(named) == set(numbers)
    assert all(line.origins for part in report.parts for line in part.lines)
    assert all(part.lines for part in report.parts)


@given(st.sampled_from(OPEN_KINDS), steps())
def test_what_counts_as_done_was_checked_and_nothing_missed_is_told(
    kind: ReportKind, made: tuple[ReportStep, ...]
) -> None:
    report = built(kind, made)
    if report is None:
        return
    proofs = {p.id for step in made for one in (step, *step.times) for p in one.proofs}
    by_number = {origin.number: origin for origin in report.origins}
    for part in report.parts:
        for line in part.lines:
            stands_on = [by_number[n].evidence_id for n in line.origins]
            if part.heading != "What comes next":
                assert stands_on
                assert set(stands_on) <= proofs
            assert "My shift was changed" not in line.text
    missed = {
        one.id
        for step in made
        for one in (step.times or (step,))
        if one.state in (StepState.MISSED, StepState.ESCALATED) and not one.proofs
    }
    assert not missed & {origin.step_id for origin in report.origins}


@given(st.sampled_from(OPEN_KINDS), steps())
def test_evidence_that_nobody_checked_changes_nothing(
    kind: ReportKind, made: tuple[ReportStep, ...]
) -> None:
    more = tuple(
        replace(step, unchecked=9, times=tuple(replace(time, unchecked=9) for time in step.times))
        for step in made
    )
    assert built(kind, made) == built(kind, more)


def test_a_certificate_is_for_a_plan_that_was_completed() -> None:
    step = ReportStep("s", "A room", StepState.VERIFIED, proofs=(proof("e"),))
    for state in PlanState:
        record = PlanRecord(state, steps=(step,))
        if state is DONE:
            assert build_report(ReportKind.CERTIFICATE, record, "Marcus").parts
            continue
        with pytest.raises(NothingToReport, match="End the plan first"):
            build_report(ReportKind.CERTIFICATE, record, "Marcus")


def test_the_memo_counts_fairly_and_says_why() -> None:
    kept = tuple(
        ReportStep(f"k{n}", "Call", StepState.VERIFIED, DAY, proofs=(proof(f"e{n}"),))
        for n in range(3)
    )
    missed = ReportStep("m", "Call", StepState.MISSED, DAY, why="The bus never came", mandated=True)
    held = ReportStep("h", "Call", StepState.EXCUSED, DAY, why="In custody on that day.")
    series = ReportStep(
        "s", "Call", StepState.ACTIVE, repeats="every week", times=(*kept, missed, held)
    )
    report = build_report(ReportKind.MEMO, PlanRecord(DONE, steps=(series,)), "Marcus")
    said = {part.heading: [line.text for line in part.lines] for part in report.parts}
    assert said["Missed"] == [
        "Call (March 2, 2027), ordered by the court. What got in the way: “The bus never came”"
    ]
    assert said["Excused"] == ["Call (March 2, 2027): “In custody on that day.”"]
    assert said["Done"] == ["Call, every week: 3 of 4 that were due and not excused."]
    letter = build_report(ReportKind.LETTER, PlanRecord(DONE, steps=(series,)), "Marcus")
    assert letter.parts[0].lines[0].text == "Call, every week: kept 3 times, last on March 2, 2027."
