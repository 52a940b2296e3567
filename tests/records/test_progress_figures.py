"""Counting a hub's progress in both databases."""

from dataclasses import replace
from datetime import date, timedelta

from domain.progress_figures import Figure, HubProgress, StepCounts
from domain.progress_sheets import figures_csv
from domain.referrals import Setter
from domain.tracks import Custody, Track
from domain.vocabulary import PlanState
from domain.vocabulary import ReferralState as S
from records.casework import NewCase, get_case, move_track, open_case
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
from records.tables import Case, PlanStep, Referral, StaffMember, SupportPlan
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


class Asked:
    """Referrals of people in June, as a hub makes them."""

    def __init__(self, session: HubSession, house: str = "") -> None:
        self.session = session
        self.at = utc("2026-06-02 14:00")
        self.house = house or add_provider(session, NewProvider("Grove House")).id

    def a_person(self) -> str:
        """Somebody; their case."""
        return open_case(self.session, NewCase("Ana", "Reed"), ROSA, BEGAN).id

    def sent(self, need: str = "housing") -> Referral:
        """A provider is asked for somebody."""
        new = NewReferral(self.house, need, agreed_words="Yes", agreed_how="in person")
        row = draft_referral(self.session, self.a_person(), new, ROSA, self.at)
        return send_referral(self.session, row.id, ROSA, self.at)

    def moves(self, row: Referral, state: S, days: float) -> Referral:
        """It goes on, so many days later."""
        at = self.at + timedelta(days=days)
        return move_referral(self.session, row.id, state, Setter.SUPERVISOR, Answer(), ROSA, at)

    def met(self, row: Referral) -> Referral:
        """They met a week later."""
        at = utc("2026-06-09 20:00")
        note_visit(self.session, row.id, date(2026, 6, 9), ROSA, at, came=True)
        return row


def test_loops_count_every_provider_that_was_asked_by_month(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        assert hub_progress(session, NOW).loops is None
        asked = Asked(session)
        asked.sent()  # silent: NOW is more than twice three working days later
        asked.moves(asked.met(asked.moves(asked.sent(), S.ACCEPTED, 1)), S.COMPLETED, 9)
        asked.met(asked.moves(asked.sent(), S.ACCEPTED, 2))
        asked.moves(asked.moves(asked.sent(), S.ACCEPTED, 3), S.CANCELLED, 4)
        asked.moves(asked.moves(asked.sent(), S.ACCEPTED, 4), S.REJECTED, 5)
        asked.moves(asked.sent(), S.REJECTED, 10)
        asked.moves(asked.sent(), S.CANCELLED, 2)  # taken back in time: not silent
        asked.moves(asked.sent(), S.CANCELLED, 20)  # taken back because nobody answered
        asked.moves(asked.sent(), S.ENTERED_IN_ERROR, 1)
        new = NewReferral(asked.house, "housing", agreed_words="Yes", agreed_how="in person")
        draft_referral(session, asked.a_person(), new, ROSA, asked.at)
        asked.at = NOW - timedelta(hours=1)
        asked.sent()
    with records.reading(hub) as session:
        loops = hub_progress(session, NOW).loops
    assert loops is not None
    june = dict(loops.months)[date(2026, 6, 1)]
    assert (june.asked, june.accepted, june.silent) == (8, 3, 2)
    assert (june.met, june.finished, june.answered) == (2, 1, 5)
    assert june.days_to_answer == 3.0
    assert (loops.all.asked, loops.all.silent) == (9, 2)
    assert sum(counts.asked for _, counts in loops.months) == 9
    table = figures_csv(replace(_EMPTY, loops=loops))
    for line in (
        "loops_accepted,2026-06,,3,8,38",
        "loops_silent,2026-06,,2,8,25",
        "loops_met,2026-06,,2,8,25",
        "loops_closed,2026-06,,1,8,12",
        "days_to_answer,2026-06,,3.0,,,",
        "loops_closed,,,1,9,11",
    ):
        assert line in table
    for name in ("Grove", "Ana", "Reed"):
        assert name not in table


def what_for(session: HubSession) -> list[tuple[int | None, int | None]]:
    """How many met, of how many, by what they were for."""
    groups = hub_progress(session, NOW).groups
    return [(one.part, one.whole) for one in groups if one.figure == Figure.LOOPS_MET]


def test_what_referrals_are_for_is_shown_where_enough_people_stand_behind_it(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        asked = Asked(session)
        for number in range(12):
            row = asked.moves(asked.sent(), S.ACCEPTED, 1)
            if number < 6:
                asked.met(row)
        asked.sent("victim_survivor_advocacy")
    with records.reading(hub) as session:
        alone = what_for(session)
    assert alone == [(None, None)] * 2, "or it can be worked out"
    with records.writing(hub) as session:
        again = Asked(session, asked.house)
        for _ in range(5):
            again.sent("victim_survivor_advocacy")
    with records.reading(hub) as session:
        both = what_for(session)
        table = figures_csv(hub_progress(session, NOW))
    assert both == [(6, 12), (0, 6)]
    assert "loops_met,,Victim" in table or "loops_met,,Advocacy" in table


_EMPTY = HubProgress(months=(), running=0, overdue=0, missed=0, answered=0, groups=())
