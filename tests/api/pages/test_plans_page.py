"""All running plans on one page: what was missed first, then the reports that are due."""

import re
from datetime import date

import pytest
from sqlmodel import select

from domain.vocabulary import HearingKind, HearingStatus, PlanState, Role
from records.plans import NewStep, add_evidence, miss_step, start_plan, steps_of
from records.tables import Case, Hearing, HumanTask, ProgressReport, SupportPlan
from tests.api.pages.office import NOW, Browser, Office
from tests.api.pages.test_packets_page import counting
from tests.houses import ROSA, a_case, a_hearing

AHEAD, LATER = date(2026, 12, 20), date(2027, 1, 20)


def a_plan(office: Office, *due: date, missed: bool = False, mandated: bool = False) -> str:
    """A plan of a case of its own, a step for each day; with `missed` the first was. Its id."""
    case = a_case(office.house.records, NOW)
    steps = [NewStep("food", f"Pantry {n}", day, mandated=mandated) for n, day in enumerate(due)]
    with office.house.records.writing(office.hub_id) as session:
        plan = start_plan(session, case.id, steps, ROSA, NOW)
        if missed:
            miss_step(session, steps_of(session, plan.id)[0].id, NOW)
        return plan.id


def case_of(office: Office, plan_id: str) -> Case:
    with office.house.records.reading(office.hub_id) as session:
        plan = session.get_one(SupportPlan, plan_id)
        return session.get_one(Case, plan.case_id)


def wants_a_report(office: Office, plan_id: str, local: str) -> str:
    """The planner asked for a report for a date in court; the id of the hearing."""
    case = case_of(office, plan_id)
    hearing = a_hearing(office.house.records, case, local, NOW)
    with office.house.records.writing(office.hub_id) as session:
        row = session.get_one(Hearing, hearing.id)
        row.kind = HearingKind.STATUS
        session.add(row)
        session.add(
            HumanTask(
                claim=f"report|{hearing.id}",
                kind="progress_report_due",
                case_id=case.id,
                plan_id=plan_id,
                hearing_id=hearing.id,
                opened_at=NOW,
            )
        )
    return hearing.id


def detain(office: Office, plan_id: str) -> None:
    with office.house.records.writing(office.hub_id) as session:
        case = session.get_one(Case, session.get_one(SupportPlan, plan_id).case_id)
        case.custody = "detained"
        session.add(case)


def listed(browser: Browser, address: str = "/plans") -> list[str]:
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.findall(r'class="name" href="/cases/\w+/plans/(\w+)"', answer.text)


def test_missed_steps_come_first_then_reports_then_what_comes_next(
    office: Office, rosa: Browser
) -> None:
    held = a_plan(office, date(2026, 11, 1))
    detain(office, held)
    later, soon = a_plan(office, LATER), a_plan(office, AHEAD)
    report_later, report_soon = a_plan(office, LATER), a_plan(office, LATER)
    wants_a_report(office, report_later, "2026-12-14 09:00")
    wants_a_report(office, report_soon, "2026-12-10 09:00")
    missed = a_plan(office, date(2026, 11, 20), missed=True)
    longer = a_plan(office, date(2026, 11, 10), AHEAD)
    expected = [longer, missed, report_soon, report_later, soon, later, held]
    assert listed(rosa) == expected


def test_each_row_says_why_and_leads_to_the_missed_steps(office: Office, rosa: Browser) -> None:
    days = [date(2026, 11, day) for day in (10, 11, 12, 13, 14)]
    plan = a_plan(office, *days, mandated=True)
    page = rosa.words("/plans")
    assert "One plan has missed steps" in page
    assert "5 steps missed" in page
    assert "ordered by the court" in page
    assert "Pantry 0 · was due Tue 10 Nov 2026" in page
    assert "Pantry 3" not in page
    assert "2 more were missed." in page
    with office.house.records.reading(office.hub_id) as session:
        first = steps_of(session, plan)[0]
    assert f'/cases/{case_of(office, plan).id}/steps/{first.id}"' in rosa.get("/plans").text


def test_a_report_that_is_due_is_said_until_it_is_made_or_the_date_is_gone(
    office: Office, rosa: Browser
) -> None:
    plan = a_plan(office, AHEAD)
    hearing = wants_a_report(office, plan, "2026-12-10 09:00")
    words = "A report is due for court on Thu 10 Dec 2026, in 8 days, and none is made yet."
    assert words in rosa.words("/plans")
    with office.house.records.writing(office.hub_id) as session:
        row = session.get_one(Hearing, hearing)
        row.status = HearingStatus.VACATED
        session.add(row)
    assert words not in rosa.words("/plans")
    with office.house.records.writing(office.hub_id) as session:
        row = session.get_one(Hearing, hearing)
        row.status = HearingStatus.SCHEDULED
        task = session.exec(select(HumanTask).where(HumanTask.hearing_id == hearing)).one()
        task.closed_at = NOW
        session.add_all([row, task])
    assert words not in rosa.words("/plans")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asked", "A report waits for counsel to approve it."),
        ("sent_back", "Counsel sent a report back."),
    ],
)
def test_reports_in_counsels_hands_are_said(
    office: Office, rosa: Browser, state: str, words: str
) -> None:
    plan = a_plan(office, AHEAD)
    with office.house.records.writing(office.hub_id) as session:
        row = ProgressReport(plan_id=plan, kind="summary", state=state, asked_at=NOW, made_at=NOW)
        session.add(row)
        session.flush()
        report_id = row.id
    assert words in rosa.words("/plans")
    with office.house.records.writing(office.hub_id) as session:
        row = session.get_one(ProgressReport, report_id)
        row.ended_at = NOW
        session.add(row)
    assert words not in rosa.words("/plans")


def test_of_whoever_is_in_custody_nothing_counts_as_missed(office: Office, rosa: Browser) -> None:
    detain(office, a_plan(office, date(2026, 11, 1), missed=True))
    page = rosa.words("/plans")
    assert "paused in custody" in page
    assert "missed steps" not in page


def test_what_was_shown_as_done_is_not_missed_and_a_plan_that_ended_is_gone(
    office: Office, rosa: Browser
) -> None:
    plan, over = a_plan(office, date(2026, 11, 20), AHEAD), a_plan(office, AHEAD)
    with office.house.records.writing(office.hub_id) as session:
        step = steps_of(session, plan)[0]
        add_evidence(session, step.id, "receipt", "", ROSA, NOW, verified=True)
        row = session.get_one(SupportPlan, over)
        row.state = PlanState.DISCHARGED_SUCCESSFUL
        session.add(row)
    assert listed(rosa) == [plan]
    assert "goes on" in rosa.words("/plans")


def test_a_page_has_fifty_and_however_many_there_are_the_same_queries(
    office: Office, rosa: Browser
) -> None:
    a_plan(office, date(2026, 11, 20))
    listed(rosa)  # whose browser it is, is noted once
    with counting(office) as few:
        listed(rosa)
    for _ in range(51):
        a_plan(office, date(2026, 11, 20), AHEAD)
    with counting(office) as many:
        first = listed(rosa)
    assert len(many) == len(few)
    second = listed(rosa, "/plans?page=2")
    assert (len(first), len(second)) == (50, 2)
    assert not set(first) & set(second)


def test_another_hub_sees_none_of_it_and_whoever_sees_no_cases_is_refused(office: Office) -> None:
    a_plan(office, AHEAD)
    stranger = office.staff(hub_id=office.other_hub(), name="eve")
    assert "No plan is running." in stranger.words("/plans")
    assert office.staff(Role.COUNSEL, name="ana").get("/plans").status_code == 403


def test_the_list_of_cases_leads_there(office: Office, rosa: Browser) -> None:
    a_plan(office, AHEAD)
    assert 'href="/plans"' in rosa.get("/cases").text
