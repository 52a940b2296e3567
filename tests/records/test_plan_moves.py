"""A plan in the records: what repeats, what moves along, who is told, how it ends."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from domain.agenda import Subject, SubjectRef
from domain.facts import PlanFacts
from domain.plan_course import PlanMoveRefused
from domain.plan_steps import plan_steps
from domain.recurrence import BadRule
from domain.tracks import CourtStage, Track
from domain.vocabulary import Audience, HearingKind, PlanState, Role, StepState
from records.casework import NotFound, get_case, move_track
from records.circle import end_supporter
from records.database import HubSession, Records
from records.hearings import Setting, move_hearing, vacate_hearing
from records.plan_facts import load_plan
from records.plan_moves import (
    advance_plan,
    begin_plan,
    carry_over,
    change_rule,
    name_mentor,
    redate_step,
)
from records.plans import (
    NewStep,
    StepClosed,
    StepRepeats,
    add_evidence,
    add_step,
    agreed_steps,
    cancel_step,
    discharge_plan,
    excuse_step,
    get_plan,
    get_step,
    miss_step,
    note_answer,
    occurrences_of,
    start_plan,
    steps_of,
)
from records.step_kinds import KindExists, UnknownKind, add_kind, check_kind, end_kind, kinds_of
from records.tables import Case, HumanTask, StaffMember, Supporter, SupportPlan
from records.tasks import open_task
from tests.houses import ROSA, ZONE, a_case, a_hearing, a_mother, utc, wall

NOW = utc("2026-05-01 14:00")
"""A Friday, ten in the morning in Miami."""
LATER = NOW + timedelta(days=1)
CIRCLE = NewStep("healing_circle", "Circle on Tuesdays", recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=3")
TUESDAYS = [date(2026, 5, 5), date(2026, 5, 12), date(2026, 5, 19)]


@pytest.fixture
def case(records: Records, hub: str) -> Case:
    """Marcus's case."""
    return a_case(records, NOW)


def a_plan(session: HubSession, case: Case, *steps: NewStep, **more: object) -> SupportPlan:
    """A plan that has begun, unless said otherwise."""
    return start_plan(session, case.id, steps, ROSA, NOW, **more)  # type: ignore[arg-type]


def facts_of(session: HubSession, plan: SupportPlan) -> PlanFacts:
    """The plan as its planner sees it."""
    facts = load_plan(session, plan.id)
    assert facts is not None
    return facts


def test_a_series_is_agreed_once_and_done_occurrence_by_occurrence(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE)
        [series] = agreed_steps(session, plan.id)
        found = occurrences_of(session, series.id)
        assert [one.due_on for one in found] == TUESDAYS
        assert [one.number for one in found] == [1, 2, 3]
        assert {one.title for one in found} == {"Circle on Tuesdays"}
        assert [step.id for step in steps_of(session, plan.id)] == [one.id for one in found]
        facts = facts_of(session, plan)
        assert [step.due for step in facts.steps] == TUESDAYS
        assert all(step.occurrence for step in facts.steps)
        add_evidence(session, found[0].id, "attendance", "", ROSA, LATER, verified=True)
        states = [one.state for one in occurrences_of(session, series.id)]
        assert states == ["verified", "active", "active"]
        for attempt in (
            lambda: add_evidence(session, series.id, "attendance", "", ROSA, LATER),
            lambda: excuse_step(session, series.id, "ill", ROSA, LATER),
            lambda: note_answer(session, series.id, "ill", ROSA, LATER),
        ):
            with pytest.raises(StepRepeats, match="Choose the day"):
                attempt()


def test_a_series_without_an_end_ends_with_its_plan_and_is_refused_without_one(
    records: Records, hub: str, case: Case
) -> None:
    weekly = NewStep("check_in", "Call Rosa", recurrence="weekly on Fri")
    with records.writing(hub) as session:
        plan = a_plan(session, case, weekly, ends_on=date(2026, 5, 20))
        days = [one.due_on for one in steps_of(session, plan.id)]
        assert days == [date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 15)]
    with pytest.raises(BadRule, match="until when"), records.writing(hub) as session:
        a_plan(session, case, weekly)


def test_another_rule_makes_room_and_keeps_what_was_done(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE)
        [series] = agreed_steps(session, plan.id)
        done = occurrences_of(session, series.id)[0]
        add_evidence(session, done.id, "attendance", "", ROSA, LATER)
        thursdays = "FREQ=WEEKLY;BYDAY=TH;COUNT=2"
        change_rule(session, series.id, thursdays, date(2026, 5, 6), ROSA, LATER)
        found = [(one.due_on, one.state) for one in occurrences_of(session, series.id)]
        assert found == [
            (date(2026, 5, 5), "evidenced"),
            (date(2026, 5, 7), "active"),
            (date(2026, 5, 12), "cancelled"),
            (date(2026, 5, 14), "active"),
            (date(2026, 5, 19), "cancelled"),
        ]
        with pytest.raises(StepClosed):
            change_rule(session, done.id, thursdays, date(2026, 5, 6), ROSA, LATER)


def test_a_series_that_is_not_wanted_any_more_takes_what_is_to_come_along(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE)
        [series] = agreed_steps(session, plan.id)
        miss_step(session, occurrences_of(session, series.id)[0].id, LATER)
        cancel_step(session, series.id, ROSA, LATER)
        states = [one.state for one in occurrences_of(session, series.id)]
        assert states == ["missed", "cancelled", "cancelled"]


def test_a_missed_step_climbs_and_comes_down_again(records: Records, hub: str, case: Case) -> None:
    step = NewStep("employment", "Job fair", date(2026, 5, 4), mandated=True)
    with records.writing(hub) as session:
        supervisor = StaffMember(name="Ines", sign_in="ines", role=Role.SUPERVISOR)
        session.add(supervisor)
        plan = a_plan(session, case, step)
        [row] = steps_of(session, plan.id)
        miss_step(session, row.id, LATER)
        note_answer(session, row.id, "No bus", ROSA, LATER)
        assert (row.state, row.what_got_in_the_way) == ("missed", "No bus")
        at = LATER + timedelta(days=30)
        [escalate] = [
            i for i in plan_steps(facts_of(session, plan), at).items if i.step == "escalate"
        ]
        advance_plan(session, plan.id, escalate, at)
        advance_plan(session, plan.id, escalate, at + timedelta(days=1))
        assert (row.state, row.escalated_at) == ("escalated", at)
        [task] = [
            i for i in plan_steps(facts_of(session, plan), at).items if i.step == "step_escalated"
        ]
        opened = open_task(session, task, SubjectRef(Subject.PLAN, plan.id, hub), at)
        assert opened is not None
        assert opened.assigned_to_id == supervisor.id
        add_evidence(session, row.id, "letter", "", ROSA, at)
        assert (row.state, opened.closed_at) == ("cured", at)


def test_only_mentors_hear_of_a_plan_and_only_while_they_are_mentors(
    records: Records, hub: str, case: Case
) -> None:
    a_mother(records, case, NOW)
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE)
        assert facts_of(session, plan).mentors == ()
        supporter = session.exec(select(Supporter)).one()
        before = plan.revision
        name_mentor(session, supporter.id, True, ROSA, LATER)
        [mentor] = facts_of(session, plan).mentors
        assert (mentor.id, mentor.audience) == (supporter.person_id, Audience.FAMILY)
        assert len(mentor.contacts) == 1
        assert plan.revision > before
        end_supporter(session, supporter.id, ROSA, LATER)
        assert facts_of(session, plan).mentors == ()


def test_health_care_is_kept_from_mentors_whatever_was_asked(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        own = add_kind(session, "Equine therapy", treatment=True)
        plan = a_plan(
            session,
            case,
            NewStep("drug_screen", "Screen", date(2026, 5, 4), to_mentors=True),
            NewStep(own.key, "Horses", date(2026, 5, 5), to_mentors=True),
            NewStep("housing", "Room", date(2026, 5, 6), to_mentors=True),
        )
        assert [step.to_mentors for step in facts_of(session, plan).steps] == [False, False, True]
        assert [s.consent_needed for s in steps_of(session, plan.id)] == [True, True, False]


def test_a_date_that_counts_from_a_hearing_waits_for_it_and_moves_along(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        step = NewStep("employment_verification", "Pay stubs", due_rule="hearing:status-7d")
        plan = a_plan(session, case, step)
        [row] = steps_of(session, plan.id)
        step_id = row.id
        assert row.due_on is None
    hearing = a_hearing(records, case, "2026-06-20 09:00", LATER, kind=HearingKind.STATUS)
    with records.writing(hub) as session:
        row = get_step(session, step_id)
        assert (row.due_on, row.hearing_id, row.revision) == (date(2026, 6, 13), hearing.id, 2)
        setting = Setting(wall("2026-07-20 09:00"), ZONE, "3A", "")
        move_hearing(session, hearing.id, setting, ROSA, LATER)
        assert (row.due_on, row.revision) == (date(2026, 7, 13), 3)
        vacate_hearing(session, hearing.id, ROSA, LATER)
        assert row.due_on == date(2026, 7, 13)
        assert [h.id for h in facts_of(session, get_plan(session, plan.id)).hearings] == []


def test_a_missed_step_gets_another_day_and_is_open_again(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, NewStep("housing", "See the room", date(2026, 5, 4)))
        [row] = steps_of(session, plan.id)
        miss_step(session, row.id, LATER)
        task = HumanTask(claim="t", kind="step_missed", subject_id=row.id, opened_at=LATER)
        session.add(task)
        session.flush()
        redate_step(session, row.id, date(2026, 6, 1), ROSA, LATER)
        assert (row.state, row.due_on, row.missed_at) == ("active", date(2026, 6, 1), None)
        assert (row.revision, task.closed_at) == (2, LATER)


def test_a_proposed_plan_asks_nothing_until_it_begins(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE, state=PlanState.PENDING, mandated=True)
        assert {step.state for step in steps_of(session, plan.id)} == {StepState.PROPOSED}
        assert plan_steps(facts_of(session, plan), LATER).items == ()
        begin_plan(session, plan.id, ROSA, LATER)
        assert (plan.state, plan.began_at) == (PlanState.IN_PROGRESS, LATER)
        assert {step.state for step in agreed_steps(session, plan.id)} == {StepState.ACTIVE}
        assert plan_steps(facts_of(session, plan), LATER).due is not None
        with pytest.raises(PlanMoveRefused, match="After in_progress"):
            begin_plan(session, plan.id, ROSA, LATER)


def test_a_plan_that_ends_cancels_what_is_to_come_and_nothing_else(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE)
        [series] = agreed_steps(session, plan.id)
        done, missed, _ = occurrences_of(session, series.id)
        add_evidence(session, done.id, "attendance", "", ROSA, LATER)
        miss_step(session, missed.id, LATER)
        discharge_plan(
            session, plan.id, PlanState.DISCHARGED_OTHER, ROSA, LATER, because="He moved away."
        )
        states = [one.state for one in occurrences_of(session, series.id)]
        assert states == ["evidenced", "missed", "cancelled"]
        assert plan.ended_because == "He moved away."
        with pytest.raises(PlanMoveRefused, match="start a new plan"):
            discharge_plan(session, plan.id, PlanState.DISCHARGED_SUCCESSFUL, ROSA, LATER)


def test_a_dismissed_case_lets_an_ordered_plan_rest_and_it_goes_on_only_by_choice(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        step = NewStep("education", "GED class", date(2026, 6, 10), mandated=True)
        plan = a_plan(session, case, step, mandated=True)
        override = "dropped"
        move_track(
            session,
            get_case(session, case.id),
            Track.COURT,
            CourtStage.DISMISSED,
            ROSA,
            LATER,
            override_reason=override,
        )
        facts = facts_of(session, plan)
        assert (facts.stage, facts.stage_since) == (CourtStage.DISMISSED, LATER)
        items = plan_steps(facts, LATER + timedelta(days=40)).items
        assert {item.step for item in items} == {"plan_case_over", "end"}
        carry_over(session, plan.id, ROSA, LATER)
        assert not plan.mandated
        after = plan_steps(facts_of(session, plan), LATER)
        assert [item.step for item in after.items] == ["plan_step"]
        assert after.due is not None
        assert after.due > LATER
        end = next(item for item in items if item.step == "end")
        advance_plan(session, plan.id, end, LATER)
        assert plan.state == PlanState.DISCHARGED_OTHER
        assert "case ended" in plan.ended_because


def test_custody_is_known_with_its_days(records: Records, hub: str, case: Case) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case, CIRCLE)
        row = get_case(session, case.id)
        move_track(session, row, Track.CUSTODY, "detained", ROSA, NOW)
        move_track(session, row, Track.CUSTODY, "released", ROSA, LATER)
        session.flush()
        [held] = facts_of(session, plan).held
        assert (held.since, held.until) == (NOW, LATER)


def test_a_hub_has_kinds_of_its_own(records: Records, hub: str, other: str) -> None:
    with records.writing(hub) as session:
        kind = add_kind(session, "Drum circle")
        assert (kind.key, kinds_of(session)[kind.key]) == ("own_drum_circle", "Drum circle")
        assert check_kind(session, kind.key) == kind.key
        with pytest.raises(KindExists):
            add_kind(session, "Drum  Circle!")
        end_kind(session, kind.id, NOW)
        with pytest.raises(UnknownKind, match="housing"):
            check_kind(session, kind.key)
        assert kind.key in kinds_of(session, ended_too=True)
        assert add_kind(session, "Drum circle").id == kind.id
    with records.writing(other) as session:
        assert kind.key not in kinds_of(session)
        with pytest.raises(NotFound):
            end_kind(session, kind.id, NOW)


def test_a_step_joins_a_running_plan_with_its_occurrences(
    records: Records, hub: str, case: Case
) -> None:
    with records.writing(hub) as session:
        plan = a_plan(session, case)
        add_step(session, plan.id, CIRCLE, ROSA, NOW)
        assert len(steps_of(session, plan.id)) == 3
