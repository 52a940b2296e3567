"""A report lived through: counsel is written to, silence reaches an advocate, an approval holds."""

from datetime import timedelta

from sqlmodel import col, select

from activities.plan_reporting import (
    NotForThem,
    approve_report,
    ask_counsel,
    check_leaves,
    get_report,
    holds,
    make_report,
)
from domain.plan_reports import ReportKind
from domain.vocabulary import Channel, PlanState
from records.circle import NewContact
from records.counsel import NewCounsel, set_counsel
from records.plans import NewStep, add_evidence, discharge_plan, start_plan, steps_of
from records.tables import HumanTask, Message
from tests.houses import ROSA, a_case, a_hearing, hub_of
from tests.workflows.conftest import Life


async def test_counsel_reads_approves_and_new_evidence_ends_the_approval(life: Life) -> None:
    now = await life.now()
    records, store = life.house.records, life.house.store
    hub, case = hub_of(records), a_case(records, now)
    day = (now + timedelta(days=30)).date()
    hearing = a_hearing(records, case, f"{day} 09:00", now)
    with records.writing(hub) as session:
        mail = NewContact(Channel.EMAIL, "okafor@example.org", "Work address.", how="in person")
        set_counsel(session, case.id, NewCounsel("Miriam", "Okafor", contacts=(mail,)), ROSA, now)
        new = [NewStep("housing", "A room"), NewStep("employment", "Work")]
        plan = start_plan(session, case.id, new, ROSA, now)
        room, work = (step.id for step in steps_of(session, plan.id))
        add_evidence(session, room, "lease", "", ROSA, now, verified=True)
        row = make_report(session, store, plan.id, ReportKind.LETTER, hearing.id, ROSA, now)
        assert "A room: done" in row.content
        ask_counsel(session, row.id, ROSA, now)
        report_id, seen = row.id, row.content_hash
    await life.until(now + timedelta(hours=20))
    with records.reading(hub) as session:
        [message] = session.exec(select(Message).where(Message.step == "report_review")).all()
        assert "/report/" in message.body
    await life.until(now + timedelta(days=28, hours=20))
    with records.writing(hub) as session:
        task = session.exec(select(HumanTask).where(HumanTask.kind == "report_waits")).one()
        assert task.subject_id == report_id
        later = await life.now()
        check = get_report(session, report_id)
        try:
            check_leaves(session, check, later)
            raise AssertionError("a report left before counsel approved it")
        except NotForThem:
            pass
        approve_report(session, store, report_id, seen, "Miriam Okafor", ROSA, later)
        assert holds(session, get_report(session, report_id), later)
        session.flush()
        open_tasks = session.exec(
            select(HumanTask).where(
                HumanTask.subject_id == report_id, col(HumanTask.closed_at).is_(None)
            )
        ).all()
        assert open_tasks == []
        add_evidence(session, work, "pay_stub", "", ROSA, later, verified=False)
        assert holds(session, get_report(session, report_id), later), "nobody checked it"
        add_evidence(session, work, "pay_stub", "", ROSA, later, verified=True)
        assert not holds(session, get_report(session, report_id), later)


async def test_a_report_for_no_hearing_reaches_counsel_too_also_after_the_plan(life: Life) -> None:
    now = await life.now()
    records, store = life.house.records, life.house.store
    hub, case = hub_of(records), a_case(records, now)
    with records.writing(hub) as session:
        mail = NewContact(Channel.EMAIL, "okafor@example.org", "Work address.", how="in person")
        set_counsel(session, case.id, NewCounsel("Miriam", "Okafor", contacts=(mail,)), ROSA, now)
        plan = start_plan(session, case.id, [NewStep("housing", "A room")], ROSA, now)
        [room] = [step.id for step in steps_of(session, plan.id)]
        add_evidence(session, room, "lease", "", ROSA, now, verified=True)
        letter = make_report(session, store, plan.id, ReportKind.LETTER, None, ROSA, now)
        ask_counsel(session, letter.id, ROSA, now)
    await life.until(now + timedelta(hours=20))
    later = await life.now()
    with records.writing(hub) as session:
        discharge_plan(session, plan.id, PlanState.DISCHARGED_SUCCESSFUL, ROSA, later)
    await life.until(later + timedelta(days=20))
    at = await life.now()
    with records.writing(hub) as session:
        paper = make_report(session, store, plan.id, ReportKind.CERTIFICATE, None, ROSA, at)
        ask_counsel(session, paper.id, ROSA, at)
    await life.until(at + timedelta(hours=20))
    with records.reading(hub) as session:
        told = session.exec(
            select(col(Message.subject_id))
            .where(Message.step == "report_review")
            .order_by(col(Message.claimed_at))
        ).all()
        assert told == [letter.id, paper.id]
