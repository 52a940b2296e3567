"""Counting a hub's progress in both databases."""

from dataclasses import replace
from datetime import date, timedelta

from domain.progress_figures import HubProgress, StepCounts
from domain.progress_sheets import figures_csv
from domain.referrals import Setter
from domain.tracks import Custody, Track
from domain.vocabulary import PlanState
from domain.vocabulary import ReferralState as S
from records.casework import get_case, move_track
from records.database import HubSession, Records
from records.directory import NewProvider, add_provider
from records.hubs import make_hub
from records.plans import (
    NewStep,
    add_evidence,
    discharge_plan,
    excuse_step,
    miss_step,
    note_answer,
    start_plan,
    steps_of,
)
from records.progress_figures import hub_progress, newest_answers, overdue_steps
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    note_visit,
    send_referral,
)
from records.tables import Case, PlanStep, StaffMember, SupportPlan
from tests.houses import ROSA, a_case, utc

BEGAN = utc("2026-05-01 14:00")
NOW = utc("2026-07-15 14:00")
STEPS = tuple(
    NewStep(kind, title, date(2026, month, 10), mandated=ordered)
    for kind, title, month, ordered in (
        ("housing", "In time", 5, True),
        ("housing", "Late", 5, False),
        ("food", "Missed", 6, True),
        ("food", "Excused", 6, False),
        ("food", "Open", 7, True),
        ("food", "To come", 8, True),
    )
)


def a_plan(records: Records, hub: str, *, phone: str = "+13055550110") -> SupportPlan:
    """A plan in which each thing that can happen to a step has happened."""
    case = a_case(records, BEGAN, phone=phone)
    with records.writing(hub) as session:
        plan = start_plan(session, case.id, STEPS, ROSA, BEGAN, mandated=True)
        rows = {step.title: step for step in steps_of(session, plan.id)}
        _happen(session, rows)
        return plan


def _happen(session: HubSession, rows: dict[str, PlanStep]) -> None:
    add_evidence(session, rows["In time"].id, "lease", "", ROSA, BEGAN)
    for title in ("Late", "Missed", "Excused"):
        miss_step(session, rows[title].id, utc("2026-06-13 14:00"))
    add_evidence(session, rows["Late"].id, "letter", "", ROSA, NOW, verified=True)
    note_answer(session, rows["Missed"].id, "No bus.", ROSA, NOW - timedelta(days=1))
    excuse_step(session, rows["Excused"].id, "Ill.", ROSA, NOW - timedelta(days=2))


def test_steps_are_counted_in_the_month_of_their_day(records: Records, hub: str) -> None:
    a_plan(records, hub)
    with records.reading(hub) as session:
        progress = hub_progress(session, NOW)
    assert [month.first for month in progress.months][-3:] == [
        date(2026, 5, 1),
        date(2026, 6, 1),
        date(2026, 7, 1),
    ]
    assert [month.steps for month in progress.months][-3:] == [
        StepCounts(in_time=1, late=1),
        StepCounts(missed=1),
        StepCounts(),
    ]
    assert (progress.missed, progress.answered, progress.running) == (3, 2, 1)
    assert {group.whole for group in progress.groups} == {None}


def test_what_is_overdue_is_what_somebody_has_to_look_at(records: Records, hub: str) -> None:
    plan = a_plan(records, hub)
    with records.writing(hub) as session:
        found = overdue_steps(session, NOW)
        assert [one.step.title for one in found] == ["Missed", "Open"]
        assert hub_progress(session, NOW).overdue == 2
        words = [one.step.what_got_in_the_way for one in newest_answers(session, NOW)]
        assert words == ["No bus.", "Ill."]
        case = get_case(session, plan.case_id)
        move_track(session, case, Track.CUSTODY, Custody.DETAINED, ROSA, NOW)
        assert overdue_steps(session, NOW) == []
        assert hub_progress(session, NOW).overdue == 0


def test_plans_that_never_began_do_not_count_as_ended(records: Records, hub: str) -> None:
    plan = a_plan(records, hub)
    with records.writing(hub) as session:
        proposed = start_plan(
            session, plan.case_id, (), ROSA, BEGAN, state=PlanState.PENDING, mandated=True
        )
        discharge_plan(session, proposed.id, PlanState.REFUSED, ROSA, NOW)
        discharge_plan(session, plan.id, PlanState.DISCHARGED_SUCCESSFUL, ROSA, NOW)
        progress = hub_progress(session, NOW)
    assert (progress.plans.completed, progress.plans.ended) == (1, 1)
    assert progress.months[-1].plans.ended == 1
    assert progress.overdue == 0


def test_a_month_is_the_hubs_own(records: Records, hub: str) -> None:
    plan = a_plan(records, hub)
    night = utc("2026-07-01 02:00")
    with records.writing(hub) as session:
        discharge_plan(session, plan.id, PlanState.DISCHARGED_OTHER, ROSA, night)
        progress = hub_progress(session, NOW)
    assert [month.plans.ended for month in progress.months][-2:] == [1, 0]


def test_an_advocate_counts_their_own_cases_and_no_hub_counts_anothers(
    records: Records, hub: str
) -> None:
    mine = a_plan(records, hub)
    a_plan(records, hub, phone="+13055550111")
    with records.writing(hub) as session:
        member = StaffMember(name="Rosa", sign_in="rosa", role="advocate")
        session.add(member)
        session.flush()
        case = session.get_one(Case, mine.case_id)
        case.advocate_id = member.id
        session.add(case)
        session.flush()
        own = hub_progress(session, NOW, advocate_id=member.id)
        whole = hub_progress(session, NOW)
        assert (own.running, own.steps.counted, own.overdue) == (1, 3, 2)
        assert (whole.running, whole.steps.counted, whole.overdue) == (2, 6, 4)
        theirs = overdue_steps(session, NOW, advocate_id=member.id)
        assert {one.case_id for one in theirs} == {mine.case_id}
    other = make_hub(records, name="Overtown", slug="overtown").id
    with records.reading(other) as session:
        assert hub_progress(session, NOW).running == 0


def test_parts_are_shown_once_enough_people_stand_behind_them(records: Records, hub: str) -> None:
    for number in range(6):
        case = a_case(records, BEGAN, phone=f"+130555501{number:02}")
        with records.writing(hub) as session:
            steps = [
                NewStep("housing", "A room", date(2026, 6, 1), mandated=True),
                NewStep("food", "Pantry", date(2026, 6, 1)),
            ]
            plan = start_plan(session, case.id, steps, ROSA, BEGAN)
            for step in steps_of(session, plan.id):
                add_evidence(session, step.id, "letter", "", ROSA, BEGAN)
    with records.reading(hub) as session:
        groups = hub_progress(session, NOW).groups
    assert {(group.name, group.part, group.whole) for group in groups} == {
        ("Housing", 6, 6),
        ("Food", 6, 6),
        ("Ordered by the court", 6, 6),
        ("By choice", 6, 6),
    }


def test_loops_count_every_provider_that_was_asked_by_month(records: Records, hub: str) -> None:
    case = a_case(records, BEGAN)
    with records.writing(hub) as session:
        assert hub_progress(session, NOW).loops is None
        providers = [add_provider(session, NewProvider(f"House {n}")).id for n in range(4)]
        new = [
            NewReferral(one, "housing", agreed_words="Yes", agreed_how="in person")
            for one in providers
        ]
        rows = [draft_referral(session, case.id, one, ROSA, BEGAN) for one in new]
        asked = utc("2026-06-02 14:00")
        for row in rows[:3]:
            send_referral(session, row.id, ROSA, asked)
        for row, days in ((rows[0], 1), (rows[1], 3)):
            at = asked + timedelta(days=days)
            move_referral(session, row.id, S.ACCEPTED, Setter.TEAM, Answer(), ROSA, at)
        note_visit(session, rows[0].id, date(2026, 6, 9), ROSA, utc("2026-06-09 20:00"), came=True)
    with records.reading(hub) as session:
        loops = hub_progress(session, NOW).loops
    assert loops is not None
    assert (loops.requested, loops.answered, loops.met, loops.completed) == (3, 2, 1, 0)
    assert loops.days_to_answer == 2.0
    assert loops.months[-2] == (date(2026, 6, 1), 3, 1)
    assert sum(asked for _, asked, _ in loops.months) == 3
    assert "loops_closed,2026-06,,1,3,33" in figures_csv(replace(_EMPTY, loops=loops))


_EMPTY = HubProgress(months=(), running=0, overdue=0, missed=0, answered=0, groups=())
