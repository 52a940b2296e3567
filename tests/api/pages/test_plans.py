"""The support plan: steps, what shows that one was done, what got in the way."""

from datetime import date

import pytest
from sqlmodel import select

from domain.tracks import Track
from domain.vocabulary import Role
from records.casework import get_case, move_track
from records.hubs import policy_of, the_hub
from records.outbox import pending
from records.plan_templates import HOMEWARDS, own_templates, template_of
from records.plans import miss_step, steps_of
from records.tables import Evidence, PlanStep, Supporter, SupportPlan
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_mother

WEEKLY = {
    "kind": "healing_circle",
    "title": "Circle",
    "due_on": "2026-12-01",
    "repeat": "weekly on Tue",
    "until": "2026-12-31",
}
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


def plan_of(office: Office) -> SupportPlan:
    """The only plan."""
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(SupportPlan)).one()


def page_of(office: Office) -> str:
    """The address of its page."""
    plan = plan_of(office)
    return f"/cases/{plan.case_id}/plans/{plan.id}"


def steps_at(office: Office) -> list[PlanStep]:
    """Everything that is done once, soonest first."""
    with office.house.records.reading(office.hub_id) as session:
        return steps_of(session, plan_of(office).id)


def test_the_plans_page_shows_next_missed_with_the_answer_and_each_step_over_time(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    case_url = url_of(office, step).rpartition("/steps")[0]
    assert rosa.post(f"{case_url}/steps/new", WEEKLY).status_code == 303
    first, interview, second, *_ = steps_at(office)
    with office.house.records.writing(office.hub_id) as session:
        miss_step(session, first.id, NOW)
    words = rosa.words(page_of(office))
    assert "Circle · healing circle · every week on Tue, until 31 Dec 2026" in words
    assert "Ask what got in the way" in words
    assert "0 of 1 so far, 1 missed" in words
    base = f"{case_url}/steps"
    answer = {"why": "My daughter was ill."}
    assert rosa.post(f"{base}/{first.id}/answer", answer).status_code == 303
    assert state_of(office, first) == "missed"
    words = rosa.words(page_of(office))
    assert "What got in the way My daughter was ill." in words
    rosa.post(f"{base}/{second.id}/evidence", {"kind": "attendance"})
    words = rosa.words(page_of(office))
    assert "To check Circle shown, not yet checked" in words
    rosa.post(f"{base}/{second.id}/verify")
    assert "To check" not in rosa.words(page_of(office))
    assert interview.title in words
    assert "Open the plan" in rosa.words(case_url)


def test_a_missed_step_gets_another_day_and_a_series_other_days(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    case_url = url_of(office, step).rpartition("/steps")[0]
    rosa.post(f"{case_url}/steps/new", WEEKLY)
    with office.house.records.writing(office.hub_id) as session:
        miss_step(session, step.id, NOW)
    url = url_of(office, step)
    assert rosa.post(f"{url}/move", {"day": "soon"}).status_code == 422
    assert rosa.post(f"{url}/move", {"day": "2026-12-20"}).status_code == 303
    assert state_of(office, step) == "active"
    series = f"{case_url}/steps/{steps_at(office)[0].parent_id}"
    assert "Tue 8 Dec 2026" in rosa.words(series)
    refused = rosa.post(f"{series}/rule", {"rule": "now and then", "first": "2026-12-05"})
    assert "This is no rule" in said(refused)
    rosa.post(f"{series}/rule", {"rule": "weekly on Fri", "first": "2026-12-05"})
    assert "Every week on Fri, until 31 Dec 2026, from Tue 1 Dec 2026" in rosa.words(series)
    rosa.post(f"{series}/cancel")
    assert {one.state for one in steps_at(office) if one.parent_id} == {"cancelled"}


def test_a_rule_that_cannot_be_used_is_refused_beside_its_field(
    office: Office, rosa: Browser, step: PlanStep
) -> None:
    case_url = url_of(office, step).rpartition("/steps")[0]
    for repeat, until, why in (
        ("weekly", "", "Say until when it repeats"),
        ("hourly", "2026-12-31", "This is no rule"),
        ("daily", "2030-01-01", "more than 400 days"),
    ):
        refused = rosa.post(f"{case_url}/steps/new", {**WEEKLY, "repeat": repeat, "until": until})
        assert refused.status_code == 422
        assert why in said(refused)
    assert len(steps_at(office)) == 1


CHOICE = {"template": "pretrial-90-days", "starts_on": "2026-12-07", "mandated": "yes"}


def test_the_dates_are_shown_before_the_plan_starts_with_exactly_them(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    url = f"/cases/{case.id}/plans/new"
    assert "90 days before trial" in rosa.words(url)
    shown = said(rosa.post(url, {**CHOICE, "goals": "To be home."}))
    assert "Mon 7 Dec 2026 to Sat 6 Mar 2027. Nothing has started yet." in shown
    assert "Every week: Mon 14 Dec 2026, Mon 21 Dec 2026" in shown
    assert "Gets its date when a status hearing is known." in shown
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(SupportPlan)).all() == []
    go = {**CHOICE, "goals": "To be home.", "go": "start", "once": "one"}
    started = rosa.post(url, go)
    assert rosa.post(url, go).headers["location"] == started.headers["location"]
    words = rosa.words(started.headers["location"])
    assert "Under way · Mon 7 Dec 2026 to Sat 6 Mar 2027 · ordered by the court" in words
    assert "To be home." in words
    assert "waits for a court date" in words


def test_a_plan_is_proposed_begun_and_ended(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    rosa.post(f"/cases/{case.id}/plans/new", {**CHOICE, "go": "propose"})
    url = page_of(office)
    assert "The plan begins" in rosa.words(url)
    rosa.post(f"{url}/begin")
    assert plan_of(office).state == "in_progress"
    assert rosa.post(f"{url}/end", {"outcome": "denied"}).status_code == 422
    ended = {"outcome": "discharged_successful", "because": "He has work and a home."}
    rosa.post(f"{url}/end", ended)
    words = rosa.words(url)
    assert "Completed" in words
    assert "He has work and a home." in words
    assert "The plan ends" not in words
    assert rosa.post(f"{url}/end", ended).status_code == 422


def test_custody_and_a_case_that_is_over_are_said_on_the_plans_page(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    rosa.post(f"/cases/{case.id}/plans/new", {**CHOICE, "go": "start"})
    with office.house.records.writing(office.hub_id) as session:
        move_track(session, get_case(session, case.id), Track.CUSTODY, "detained", ROSA, NOW)
    assert "In custody since Wed 2 Dec 2026: the plan rests." in rosa.words(page_of(office))
    with office.house.records.writing(office.hub_id) as session:
        row = get_case(session, case.id)
        move_track(session, row, Track.COURT, "dismissed", ROSA, NOW, override_reason="dropped")
    assert "The case is over." in rosa.words(page_of(office))
    rosa.post(f"{page_of(office)}/carry-over")
    words = rosa.words(page_of(office))
    assert "by choice" in words
    assert "The case is over." not in words


def test_a_supporter_becomes_a_mentor(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW)
    with office.house.records.reading(office.hub_id) as session:
        supporter = session.exec(select(Supporter)).one().id
    url = f"/cases/{case.id}"
    rosa.post(f"{url}/supporters/{supporter}/mentor", {"mentor": "yes"})
    assert "mentor: hears of the steps of the plan" in rosa.words(url)
    rosa.post(f"{url}/supporters/{supporter}/mentor", {"mentor": "no"})
    assert "mentor: hears" not in rosa.words(url)


def test_templates_are_edited_from_homewards_and_brought_as_a_sheet(office: Office) -> None:
    keeper = office.staff(Role.SUPERVISOR)
    page = keeper.get("/plan-templates/new?based_on=youth")
    assert "After-school programme,Youth after-school programme,start+7d" in page.text
    sheet = keeper.get("/plan-templates/youth/steps.csv").text.lstrip("\ufeff")
    kept = keeper.post(
        "/plan-templates/new", {"name": "Ours", "length": "90d", "rows": sheet, "based_on": "youth"}
    )
    assert kept.status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        [row] = own_templates(session)
        assert template_of(session, row).steps == HOMEWARDS["youth"].steps
    wrong = keeper.post(
        f"/plan-templates/{row.id}",
        {"name": "Ours", "rows": "step,kind\nA,juggling\n", "revision": "1"},
    )
    assert "Step 1: there is no kind" in said(wrong)
    good = {"name": "Ours", "rows": "step,kind\nA room,Housing\n", "revision": "1"}
    assert keeper.post(f"/plan-templates/{row.id}", good).status_code == 303
    assert "changed this template meanwhile" in said(keeper.post(f"/plan-templates/{row.id}", good))
    uploaded = keeper.http.post(
        "/plan-templates/new",
        data={"name": "Sheet", "rows": ""},
        files={"file": ("steps.csv", b"step;kind\nCaf\xe9;Food\n")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert uploaded.status_code == 303
    book = keeper.http.post(
        "/plan-templates/new",
        data={"name": "Sheet", "rows": ""},
        files={"file": ("steps.xlsx", b"PK\x03\x04")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert "This is a workbook" in said(book)
    words = keeper.words("/plan-templates")
    assert "Ours" in words
    assert "Sheet" in words
    keeper.post(f"/plan-templates/{row.id}/end")
    assert keeper.get(f"/plan-templates/{row.id}").status_code == 404


def test_kinds_of_ones_own_are_offered_with_the_others(office: Office, rosa: Browser) -> None:
    keeper = office.staff(Role.SUPERVISOR)
    case = a_case(office.house.records, NOW)
    assert keeper.post("/plan-templates/kinds", {"label": "Drum circle"}).status_code == 303
    assert "already" in said(keeper.post("/plan-templates/kinds", {"label": "drum circle"}))
    assert "Drum circle" in rosa.words(f"/cases/{case.id}/steps/new")
    assert rosa.get("/plan-templates").status_code == 403


def test_the_hub_says_how_plans_are_followed(office: Office) -> None:
    admin = office.staff(Role.HUB_ADMIN)
    days = {
        "step_notice_days": "3",
        "step_grace_days": "1",
        "rung_advocate": "2",
        "rung_supervisor": "4",
        "rung_counsel": "6",
        "referral_days": "5",
        "contact_days": "7",
    }
    assert admin.post("/hub/plans", days).status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        policy = policy_of(the_hub(session))
        assert the_hub(session).referral_days == 5
    assert (policy.step_notice_days, policy.step_grace_days) == (3, 1)
    assert policy.step_rung_days == (2, 4, 6)
    refused = admin.post("/hub/plans", {**days, "rung_advocate": "0"})
    assert "from 1 to 60" in said(refused)
