"""How a hub's plans go, as its people see it: who sees which cases, and what leaves as a table."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from domain.referrals import Setter
from domain.vocabulary import ReferralState, Role
from records.directory import NewProvider, add_provider
from records.plans import NewStep, miss_step, note_answer, start_plan, steps_of
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    send_referral,
)
from records.tables import Case, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case


@pytest.fixture
def missed(office: Office) -> str:
    """A missed step with an answer; the id of its case."""
    case = a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        steps = [NewStep("food", "The pantry", date(2026, 12, 1))]
        plan = start_plan(session, case.id, steps, ROSA, NOW)
        [step] = steps_of(session, plan.id)
        miss_step(session, step.id, NOW)
        note_answer(session, step.id, "No bus came.", ROSA, NOW)
    return case.id


def test_a_supervisor_sees_the_whole_hub_with_links_and_words(office: Office, missed: str) -> None:
    keeper = office.staff(Role.SUPERVISOR)
    words = keeper.words("/progress")
    assert "How the hub’s plans go" in words
    assert "0 of 1 (0 %)" in words
    assert "The pantry · Marcus Johnson" in words
    assert "No bus came." in words
    page = keeper.get("/progress").text
    assert f'href="/cases/{missed}/steps/' in page
    assert page.count('role="img"') == 1
    assert "How the plans go" in keeper.words("/cases")


def test_an_advocate_sees_their_own_cases_alone(office: Office, rosa: Browser, missed: str) -> None:
    words = rosa.words("/progress")
    assert "How your plans go" in words
    assert "pantry" not in words
    with office.house.records.writing(office.hub_id) as session:
        case = session.get_one(Case, missed)
        case.advocate_id = session.exec(select(StaffMember.id)).one()
        session.add(case)
    assert "The pantry · Marcus Johnson" in rosa.words("/progress")
    refused = rosa.get("/progress/progress.csv")
    assert refused.status_code == 403
    assert "Take the table" not in words


def test_an_administrator_reads_numbers_and_nothing_about_a_case(
    office: Office, rosa: Browser, missed: str
) -> None:
    words = office.staff(Role.HUB_ADMIN).words("/progress")
    assert "0 of 1 (0 %)" in words
    for personal in ("Marcus", "pantry", "bus"):
        assert personal not in words


def test_counsel_reads_no_figures(office: Office) -> None:
    assert office.staff(Role.COUNSEL).get("/progress").status_code == 403


def test_the_table_holds_no_name_and_that_it_was_taken_is_written_down(
    office: Office, missed: str
) -> None:
    answer = office.staff(Role.SUPERVISOR).get("/progress/progress.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "steps_in_time,2026-12,,0,1,0" in answer.text
    for personal in ("Marcus", "pantry", "bus"):
        assert personal not in answer.text
    assert office.audit()[-1] == "took the hub's figures"


def test_a_hub_without_plans_is_told_so(office: Office) -> None:
    answer = office.staff(Role.SUPERVISOR).get("/progress")
    assert "none yet" in said(answer)
    assert "<svg" in answer.text
    assert 'role="img"' not in answer.text


def test_referrals_are_shown_by_month_in_numbers_alone(office: Office) -> None:
    case = a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        grove = add_provider(session, NewProvider("Grove House")).id
        new = NewReferral(grove, "housing", agreed_words="Yes", agreed_how="in person")
        row = draft_referral(session, case.id, new, ROSA, NOW)
        send_referral(session, row.id, ROSA, NOW - timedelta(days=1))
        move_referral(session, row.id, ReferralState.ACCEPTED, Setter.PROVIDER, Answer(), ROSA, NOW)
    keeper = office.staff(Role.SUPERVISOR)
    words = keeper.words("/progress")
    assert "Referrals that reached somebody 0 of 1 (0 %)" in words
    assert "1 said yes, 0 stayed silent, 0 finished." in words
    assert "Half of the answers came within 1.0 days." in words
    assert "Dec 2026 1 1 0 0 0 1.0" in words
    table = keeper.get("/progress/progress.csv").text
    assert "loops_accepted,2026-12,,1,1,100" in table
    assert "not shown" in table
    for name in ("Grove", "Marcus"):
        assert name not in table
