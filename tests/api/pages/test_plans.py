"""The support plan: steps, what shows that one was done, what got in the way."""

from datetime import date

import pytest
from sqlmodel import select

from records.outbox import pending
from records.plans import miss_step
from records.tables import Evidence, PlanStep, SupportPlan
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case

STEP = {"kind": "employment", "title": "Job interview", "due_on": "2026-12-05", "mandated": "yes"}


@pytest.fixture
def step(office: Office, rosa: Browser) -> PlanStep:
    """The first step of a plan."""
    case = a_case(office.house.records, NOW)
    assert rosa.post(f"/cases/{case.id}/steps/new", STEP).status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(PlanStep)).one()


def url_of(office: Office, step: PlanStep) -> str:
    with office.house.records.reading(office.hub_id) as session:
        plan = session.get_one(SupportPlan, step.plan_id)
    return f"/cases/{plan.case_id}/steps/{step.id}"


def state_of(office: Office, step: PlanStep) -> str:
    with office.house.records.reading(office.hub_id) as session:
        return session.get_one(PlanStep, step.id).state


def test_the_first_step_starts_the_plan_and_the_next_joins_it(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    case_url = url_of(office, step).rpartition("/steps")[0]
    assert step.due_on == date(2026, 12, 5)
    assert step.mandated
    rosa.post(f"{case_url}/steps/new", {"kind": "housing", "title": "Key to the flat"})
    page = rosa.words(case_url)
    assert "Job interview to do · by Sat 5 Dec 2026 · ordered by the court" in page
    assert "Key to the flat to do" in page
    assert "plan" in {news.subject.kind for news in pending(office.house.records)}
    with office.house.records.reading(office.hub_id) as session:
        assert len(session.exec(select(SupportPlan)).all()) == 1


def test_a_step_without_words_is_refused(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    answer = rosa.post(f"/cases/{case.id}/steps/new", {"kind": "juggling", "due_on": "soon"})
    assert answer.status_code == 422
    for why in ("Choose what kind", "Say in a few words", "This is not a date"):
        assert why in said(answer)


def test_what_was_shown_is_kept_and_then_checked(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    url = url_of(office, step)
    shown = {"kind": "call", "note": "The manager said yes.", "once": "opened once"}
    assert rosa.post(f"{url}/evidence", shown).status_code == 303
    assert rosa.post(f"{url}/evidence", shown).status_code == 303
    assert state_of(office, step) == "evidenced"
    page = rosa.words(url)
    assert "Call with the provider The manager said yes." in page
    assert "I checked it" in page
    rosa.post(f"{url}/verify")
    rosa.post(f"{url}/verify")
    assert state_of(office, step) == "verified"
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(Evidence)).one().verified_by.startswith("rosa")
    assert "I checked it" not in rosa.words(url)


def test_what_was_seen_with_own_eyes_is_done_at_once(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    rosa.post(f"{url_of(office, step)}/evidence", {"kind": "photo", "verified": "yes"})
    assert state_of(office, step) == "verified"


def test_nothing_can_be_checked_before_something_was_shown(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    answer = rosa.post(f"{url_of(office, step)}/verify")
    assert answer.status_code == 422
    assert state_of(office, step) == "active"


def test_a_missed_step_can_be_excused_with_what_got_in_the_way(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    with office.house.records.writing(office.hub_id) as session:
        miss_step(session, step.id, NOW)
    url = url_of(office, step)
    assert "missed" in rosa.words(url)
    assert rosa.post(f"{url}/excuse", {"why": " "}).status_code == 422
    assert rosa.post(f"{url}/excuse", {"why": "The bus did not come."}).status_code == 303
    assert state_of(office, step) == "excused"
    assert "The bus did not come." in rosa.words(url)
    assert "Something got in the way" not in rosa.words(url)


def test_a_step_is_reached_through_its_own_case_only(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    other = a_case(office.house.records, NOW, phone="+13055550120")
    assert rosa.get(f"/cases/{other.id}/steps/{step.id}").status_code == 404
