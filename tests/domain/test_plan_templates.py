"""Plan templates and spreadsheets of them: read whole or refused whole, dated as they say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import templates
from domain.plan_dates import Anchors, Dated
from domain.plan_sheets import read_sheet
from domain.plan_templates import (
    PlannedStep,
    PlanTemplate,
    TemplateProblem,
    load_templates,
    plan_template,
    read_template,
)
from domain.step_kinds import STEP_KINDS
from domain.vocabulary import StepOwner

START = date(2026, 5, 1)
BUILT_IN = {t.key: t for t in load_templates(Path(templates.__file__).parent / "plans")}
HEARINGS = (
    Dated("h1", "status", date(2026, 7, 1)),
    Dated("h2", "review", date(2026, 8, 3)),
)


def planned(template: PlanTemplate, start: date = START) -> tuple[PlannedStep, ...]:
    """What a template comes to."""
    return plan_template(template, Anchors(start, template.end(start), HEARINGS))


def one(**step: object) -> PlanTemplate:
    """A template with one step."""
    row = {"title": "A room", "kind": "housing", **step}
    return read_template({"name": "Ours", "length": "90d", "steps": [row]})


def test_there_is_a_template_for_each_of_the_common_mandates() -> None:
    assert set(BUILT_IN) == {
        *("pretrial-90-days", "diversion-one-year", "youth"),
        *("mental-health-court", "return-from-prison"),
    }


@pytest.mark.parametrize("key", sorted(BUILT_IN))
@pytest.mark.parametrize("start", [START, date(2028, 2, 29), date(2026, 12, 31)])
def test_each_comes_to_dates_inside_of_the_plan_whenever_it_starts(key: str, start: date) -> None:
    template = BUILT_IN[key]
    hearings = (
        Dated("h1", "status", start + timedelta(days=60)),
        Dated("h2", "review", start + timedelta(days=70)),
    )
    end = template.end(start)
    assert end is not None
    for step in plan_template(template, Anchors(start, end, hearings)):
        assert (step.problem, step.waits_for) == ("", "")
        assert step.days
        assert all(start <= day <= end for day in step.days)


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_a_template_is_kept_and_read_as_it_was(key: str) -> None:
    assert read_template(BUILT_IN[key].content(), key=key) == BUILT_IN[key]


def test_ninety_days_end_on_the_ninetieth() -> None:
    assert BUILT_IN["pretrial-90-days"].end(START) == date(2026, 7, 29)
    assert BUILT_IN["diversion-one-year"].end(START) == date(2027, 4, 30)


def test_what_counts_from_a_hearing_names_it_or_waits_for_it() -> None:
    [known] = planned(one(due="hearing:status-7d"))
    assert (known.days, known.due_rule, known.hearing_id) == (
        (date(2026, 6, 24),),
        "hearing:status-7d",
        "h1",
    )
    [waiting] = planned(one(due="hearing:sentencing-7d"))
    assert (waiting.days, waiting.waits_for, waiting.problem) == ((), "a sentencing hearing", "")
    [series] = planned(one(due="hearing:sentencing-7d", repeat="weekly"))
    assert "not known yet" in series.problem


def test_what_repeats_ends_with_the_plan_or_where_it_says() -> None:
    [weekly] = planned(one(repeat="weekly"))
    assert (weekly.days[0], weekly.days[-1], weekly.rule) == (
        START,
        date(2026, 7, 24),
        "FREQ=WEEKLY",
    )
    [short] = planned(one(repeat="weekly", until="start+10d"))
    assert short.days == (START, date(2026, 5, 8))
    [both] = planned(one(repeat="FREQ=WEEKLY;COUNT=3", until="end"))
    assert "not both" in both.problem


def test_what_would_be_due_before_the_plan_starts_is_said() -> None:
    [early] = planned(one(due="hearing:status-90d"))
    assert early.problem == "It is due before the plan starts."


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(TemplateProblem) as caught:
        read_template(
            {
                "name": " ",
                "length": "long",
                "steps": [
                    {"title": "", "kind": "juggling", "due": "soon", "colour": "red"},
                    {"title": "x", "kind": "housing", "until": "end", "owner": "court"},
                    {"title": "y", "kind": "housing", "repeat": "hourly"},
                ],
            }
        )
    said = "\n".join(caught.value.problems)
    for why in (
        "Give the template a name",
        "no length of a plan",
        "Step 1: there is no field 'colour'",
        "Step 1: say in a few words",
        "Step 1: there is no kind 'juggling'",
        "Step 1: 'soon' is no due date",
        "Step 2: only what repeats has an until",
        "Step 2: its owner is one of person, mentor, advocate, provider",
        "Step 3: This is no rule",
    ):
        assert why in said
    with pytest.raises(TemplateProblem, match="at least one step"):
        read_template({"name": "x", "steps": "none"})


KINDS = {**{str(key): words for key, words in STEP_KINDS.items()}, "own_drums": "Drum circle"}
SHEET = """\
Step,Kind,By when,How often,Until,Who,Ordered,Evidence,Mentor
Show where you live,Housing,start+14d,,,,yes,Lease,
"Drums, and talk",Drum circle,start+7d,weekly on Tue,end-1w,the hub,no,,no

Screen,drug_screen,start+1w,every 2 weeks,,provider,,,
"""


def test_a_spreadsheet_becomes_a_template() -> None:
    steps = read_sheet(SHEET.encode(), KINDS)
    template = read_template({"name": "Ours", "length": "90d", "steps": steps}, own_kinds=KINDS)
    room, drums, screen = template.steps
    assert (room.title, room.kind, room.due, room.mandated) == (
        "Show where you live",
        "housing",
        "start+14d",
        True,
    )
    assert (drums.title, drums.kind, drums.owner) == (
        "Drums, and talk",
        "own_drums",
        StepOwner.ADVOCATE,
    )
    assert (drums.mandated, drums.to_mentors, drums.until) == (False, False, "end-1w")
    assert screen.owner is StepOwner.PROVIDER


def test_semicolons_tabs_and_old_encodings_are_read_too() -> None:
    for sign in (";", "\t"):
        text = f"step{sign}kind\nCafé{sign}housing\n"
        for encoding in ("utf-8-sig", "cp1252"):
            [step] = read_sheet(text.encode(encoding), KINDS)
            assert step["title"] == "Café"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "choose “Save as”, then CSV"),
        (b"\xd0\xcf\x11\xe0rest", "choose “Save as”, then CSV"),
        (b"step,kind,color\nA,housing,red", "Column 'color' is not known"),
        (b"step,when\nA,start", "A column is missing"),
        (b"step,kind,what\nA,housing,B", "Two columns"),
        (b"step,kind,who\nA,housing,the judge", "Row 2: who does it"),
        (b"step,kind,ordered\nA,housing,maybe", "Row 2: 'maybe' is neither yes nor no"),
        (b"step,kind\n" + b"A,housing\n" * 70, "at most 60 steps"),
        (b"step,kind\n" + b"A" * 1_100_000, "more than a megabyte"),
        (b"step,kind\n\x00", "no CSV file"),
        (b"step,kind\n" + b"A" * 200_000, "no CSV file"),
    ],
)
def test_what_is_no_sheet_of_steps_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(TemplateProblem, match=why):
        read_sheet(content, KINDS)


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    for start in (b"", b"step,kind,due,repeat,until,who,ordered\n"):
        try:
            steps = read_sheet(start + content, KINDS)
            read_template({"name": "x", "steps": steps}, own_kinds=KINDS)
        except TemplateProblem as error:
            said = error.problems
        else:
            said = ("read",)
        assert said
