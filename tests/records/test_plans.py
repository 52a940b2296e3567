"""Support plans and packets in the records: steps, evidence, what got in the way, versions."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from domain.tracks import Track
from domain.vocabulary import Audience, PlanState, StepState
from records.casework import NotFound, get_case, move_track
from records.database import HubSession, Records
from records.outbox import pending
from records.packets import (
    PacketContent,
    change_packet,
    close_packet_tasks,
    content_of,
    get_packet,
    request_packet,
    versions_of,
)
from records.plan_facts import load_plan
from records.plans import (
    NewStep,
    StepClosed,
    add_evidence,
    add_step,
    discharge_plan,
    excuse_step,
    get_plan,
    get_step,
    miss_step,
    start_plan,
    steps_of,
    verify_step,
)
from records.tables import Evidence, HumanTask, PlanStep, SupportPlan
from tests.houses import ROSA, a_case, a_hearing, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=1)
STEPS = (
    NewStep("housing", "A room of his own", date(2026, 6, 1), mandated=True),
    NewStep("employment", "Call Mr. Reyes", date(2026, 5, 20)),
)


@pytest.fixture
def plan(records: Records, hub: str) -> SupportPlan:
    """A plan with two steps."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        return start_plan(session, case.id, STEPS, ROSA, NOW, goals="To be home with my girls")


def the_step(session: HubSession, plan: SupportPlan) -> PlanStep:
    """The step that is due first."""
    return steps_of(session, plan.id)[0]


def a_task(session: HubSession, step: PlanStep) -> None:
    """An advocate is asked about a step."""
    task = HumanTask(claim=f"task|{step.id}", kind="step_missed", subject_id=step.id, opened_at=NOW)
    session.add(task)
    session.flush()


def test_a_plan_keeps_its_goals_in_the_persons_own_words_and_its_steps_in_order(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.reading(hub) as session:
        assert get_plan(session, plan.id).goals == "To be home with my girls"
        assert [step.title for step in steps_of(session, plan.id)] == [
            "Call Mr. Reyes",
            "A room of his own",
        ]
        facts = load_plan(session, plan.id)
        assert facts is not None
        assert facts.state is PlanState.IN_PROGRESS
        assert facts.person is not None
        assert facts.person.audience is Audience.DEFENDANT
        assert len(facts.person.contacts) == 1
        assert [step.due for step in facts.steps] == [date(2026, 5, 20), date(2026, 6, 1)]


def test_evidence_is_checked_by_somebody_before_a_step_counts_as_done(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        step = the_step(session, plan)
        with pytest.raises(StepClosed):
            verify_step(session, step.id, ROSA, NOW)
        add_evidence(session, step.id, "letter", "Starts Monday", ROSA, NOW)
        assert step.state == StepState.EVIDENCED
        verify_step(session, step.id, ROSA, LATER)
        assert step.state == StepState.VERIFIED
        [evidence] = session.exec(select(Evidence)).all()
        assert (evidence.note, evidence.verified_by) == ("Starts Monday", "rosa")
        assert evidence.verified_at == LATER


def test_evidence_that_was_seen_is_verified_at_once(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        step = the_step(session, plan)
        add_evidence(session, step.id, "pay stub", "", ROSA, NOW, verified=True)
        assert step.state == StepState.VERIFIED


def test_a_missed_step_is_cured_by_evidence_and_nobody_is_asked_any_more(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        step = the_step(session, plan)
        miss_step(session, step.id, NOW)
        miss_step(session, step.id, LATER)
        assert (step.state, step.missed_at) == (StepState.MISSED, NOW)
        a_task(session, step)
        add_evidence(session, step.id, "letter", "", ROSA, LATER)
        assert step.state == StepState.CURED
        [task] = session.exec(select(HumanTask)).all()
        assert (task.closed_at, task.closed_by) == (LATER, "rosa")
        verify_step(session, step.id, ROSA, LATER)
        assert step.state == StepState.VERIFIED


def test_what_got_in_the_way_is_kept_and_excuses_the_step(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        step = the_step(session, plan)
        miss_step(session, step.id, NOW)
        a_task(session, step)
        excuse_step(session, step.id, "The bus line was cut", ROSA, LATER)
        assert (step.state, step.what_got_in_the_way) == (
            StepState.EXCUSED,
            "The bus line was cut",
        )
        with pytest.raises(StepClosed):
            excuse_step(session, step.id, "again", ROSA, LATER)
        [task] = session.exec(select(HumanTask)).all()
        assert task.closed_at == LATER


def test_a_step_that_is_done_cannot_be_missed(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        step = the_step(session, plan)
        add_evidence(session, step.id, "letter", "", ROSA, NOW)
        assert miss_step(session, step.id, LATER).state == StepState.EVIDENCED


def test_a_cancelled_step_takes_no_evidence(records: Records, hub: str, plan: SupportPlan) -> None:
    with records.writing(hub) as session:
        step = the_step(session, plan)
        step.state = StepState.CANCELLED
        with pytest.raises(StepClosed, match="cancelled"):
            add_evidence(session, step.id, "letter", "", ROSA, NOW)


def test_every_change_is_news_for_the_plans_workflow(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        add_step(session, plan.id, NewStep("check_in", "Call on Friday"), ROSA, NOW)
        add_evidence(session, the_step(session, plan).id, "letter", "", ROSA, NOW)
        discharge_plan(session, plan.id, PlanState.DISCHARGED_SUCCESSFUL, ROSA, LATER)
        assert get_plan(session, plan.id).discharged_at == LATER
    newest = {item.subject.id: item.revision for item in pending(records)}
    assert newest[plan.id] == 4
    with records.reading(hub) as session:
        facts = load_plan(session, plan.id)
        assert facts is not None
        assert (facts.state, facts.revision) == (PlanState.DISCHARGED_SUCCESSFUL, 4)


def test_custody_pauses_the_plan_and_release_starts_it_again(
    records: Records, hub: str, plan: SupportPlan
) -> None:
    with records.writing(hub) as session:
        case = get_case(session, plan.case_id)
        move_track(session, case, Track.CUSTODY, "detained", ROSA, NOW)
    with records.reading(hub) as session:
        facts = load_plan(session, plan.id)
        assert facts is not None
        assert (facts.paused, facts.released_at) == (True, None)
    with records.writing(hub) as session:
        case = get_case(session, plan.case_id)
        move_track(session, case, Track.CUSTODY, "released", ROSA, LATER)
    with records.reading(hub) as session:
        facts = load_plan(session, plan.id)
        assert facts is not None
        assert (facts.paused, facts.released_at) == (False, LATER)


def test_a_packet_keeps_what_the_advocate_wrote(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    content = PacketContent(
        ask="Release", conditions=("A call each week",), helpers={"p1": "Drives him"}
    )
    with records.writing(hub) as session:
        packet = request_packet(
            session, case.id, "release", content, ROSA, NOW, hearing_id=hearing.id
        )
        assert content_of(packet) == content
        changed = PacketContent(ask="Release with conditions", judge="Hon. A. Rivera")
        change_packet(session, packet.id, changed, ROSA, LATER)
        assert (packet.state, packet.revision) == ("collecting", 2)
        assert content_of(packet) == changed
        assert versions_of(session, packet.id) == []
        assert content_of(get_packet(session, packet.id)) == changed


def test_a_packet_is_for_a_hearing_of_its_own_case(records: Records, hub: str) -> None:
    case, stranger = (a_case(records, NOW, phone="") for _ in range(2))
    hearing = a_hearing(records, stranger, "2026-06-01 09:00", NOW)
    for hearing_id in (hearing.id, "nowhere"):
        with pytest.raises(NotFound), records.writing(hub) as session:
            request_packet(
                session, case.id, "release", PacketContent(), ROSA, NOW, hearing_id=hearing_id
            )


def test_tasks_about_a_packet_are_closed_together(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    with records.writing(hub) as session:
        packet = request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)
        task = HumanTask(claim="t1", kind="packet_not_ready", packet_id=packet.id, opened_at=NOW)
        session.add(task)
        session.flush()
        close_packet_tasks(session, packet.id, "rosa", LATER)
        assert task.closed_at == LATER


def test_plans_and_packets_of_another_hub_are_not_found(
    records: Records, plan: SupportPlan, hub: str, other: str
) -> None:
    with records.reading(hub) as session:
        step = the_step(session, plan)
    with records.writing(other) as session:
        for attempt in (
            lambda: get_plan(session, plan.id),
            lambda: get_step(session, step.id),
            lambda: add_evidence(session, step.id, "letter", "", ROSA, NOW),
            lambda: miss_step(session, step.id, NOW),
            lambda: start_plan(session, plan.case_id, (), ROSA, NOW),
            lambda: request_packet(session, plan.case_id, "release", PacketContent(), ROSA, NOW),
            lambda: get_packet(session, "nothing"),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert load_plan(session, plan.id) is None
