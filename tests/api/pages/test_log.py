"""The contact log on the pages: sent again without doubling, overdue first, nothing in the open."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.casework import NewCase, open_case
from records.plans import NewStep, start_plan
from records.tables import Case, ContactEntry, PlanStep
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case

FORM = {
    "held": "yes",
    "method": "in_person",
    "day": "2026-12-01",
    "clock": "16:30",
    "place": "street",
    "about": "mediation",
    "note": "Calm today.",
    "minutes": "25",
}


class Street:
    """Marcus's log, as Rosa keeps it on her phone."""

    def __init__(self, office: Office, rosa: Browser) -> None:
        self.office, self.rosa = office, rosa
        self.case: Case = a_case(office.house.records, NOW - timedelta(days=30))
        self.url = f"/cases/{self.case.id}/log"

    def entries(self) -> list[ContactEntry]:
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(ContactEntry)).all())


@pytest.fixture
def street(office: Office, rosa: Browser) -> Street:
    return Street(office, rosa)


def test_the_form_comes_with_this_moment_and_makes_one_entry_however_often_sent(
    street: Street,
) -> None:
    page = street.rosa.get(f"{street.url}/new").text
    [once] = re.findall(r'name="once" value="([^"]+)"', page)
    assert 'name="day" type="date" value="2026-' in page
    for _ in range(3):
        sent = street.rosa.post(f"{street.url}/new", {**FORM, "once": once})
        assert sent.headers["location"] == f"{street.url}?done=held", said(sent)
    [entry] = street.entries()
    assert (entry.minutes, entry.note) == (25, "Calm today.")
    assert entry.written_by.startswith("rosa")
    words = street.rosa.words(street.url)
    assert "In person, in the neighborhood" in words
    assert "25 minutes · mediation follow-up" in words
    assert "read a contact log" in street.office.audit()


def test_what_was_changed_after_it_was_saved_is_not_lost_in_silence(street: Street) -> None:
    street.rosa.post(f"{street.url}/new", {**FORM, "once": "a" * 32})
    again = street.rosa.post(f"{street.url}/new", {**FORM, "note": "Also:", "once": "a" * 32})
    assert again.headers["location"].endswith("?done=before")
    assert "is not saved" in street.rosa.words(again.headers["location"])
    assert len(street.entries()) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"held": ""}, "Say whether you were in touch."),
        ({"method": "pigeon"}, "Choose how you were in touch"),
        ({"day": "2027-12-01"}, "This lies ahead."),
        ({"day": ""}, "Say on which day it was."),
        ({"next_on": "2026-11-01"}, "cannot be before this one"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    street: Street, changed: dict[str, str], told: str
) -> None:
    answer = street.rosa.post(f"{street.url}/new", {**FORM, **changed})
    assert answer.status_code == 422
    assert told in said(answer)
    assert "Calm today." in answer.text
    assert street.entries() == []


def test_a_step_is_shown_and_open_again_once_the_entry_is_struck(street: Street) -> None:
    with street.office.house.records.writing(street.office.hub_id) as session:
        start_plan(session, street.case.id, (NewStep("check_in", "Talk"),), ROSA, NOW)
        step_id = session.exec(select(PlanStep.id)).one()

    def state() -> str:
        with street.office.house.records.reading(street.office.hub_id) as session:
            return session.get_one(PlanStep, step_id).state

    assert "Talk" in street.rosa.get(f"{street.url}/new").text
    street.rosa.post(f"{street.url}/new", {**FORM, "step": step_id, "once": "b" * 32})
    assert state() == "verified"
    again = street.rosa.post(f"{street.url}/new", {**FORM, "step": step_id, "once": "b" * 32})
    assert again.headers["location"].endswith("?done=held")
    [entry] = street.entries()
    without = street.rosa.post(f"{street.url}/{entry.id}/strike", {})
    assert "Say in a few words what was wrong." in said(without)
    street.rosa.post(f"{street.url}/{entry.id}/strike", {"why": "The wrong day."})
    assert state() == "active"
    words = street.rosa.words(street.url)
    assert re.search(r"struck by rosa\S*: The wrong day\.", words)


def test_the_caseload_shows_who_waits_first_and_only_ones_own(street: Street) -> None:
    assert "No open case is yours" in street.rosa.words("/caseload")
    everybody = street.rosa.words("/caseload?whose=all")
    assert "1 person waits longer than that" in everybody
    assert "no contact written down" in everybody
    street.rosa.post(f"{street.url}/new", {**FORM, "held": "no", "method": "call", "place": ""})
    assert "tried once" in street.rosa.words("/caseload?whose=all")
    street.rosa.post(f"{street.url}/new", FORM)
    seen = street.rosa.words("/caseload?whose=all")
    assert "last contact" in seen
    assert "waits for you" not in seen


def test_a_long_caseload_is_cut_into_pages(street: Street) -> None:
    with street.office.house.records.writing(street.office.hub_id) as session:
        for number in range(45):
            open_case(session, NewCase("Made", f"Up{number:02}"), ROSA, NOW)
    first = street.rosa.get("/caseload?whose=all").text
    second = street.rosa.get("/caseload?whose=all&page=2").text
    assert "Page 1 of 2" in first
    assert first.count('class="name"') == 40
    assert second.count('class="name"') == 6


def test_the_figures_are_for_supervisors_and_say_no_name(street: Street) -> None:
    street.rosa.post(f"{street.url}/new", FORM)
    assert street.rosa.get("/caseload/contacts.csv").status_code == 403
    sam = street.office.staff(Role.SUPERVISOR, name="sam")
    table = sam.get("/caseload/contacts.csv")
    assert "not shown: fewer than 5 people" in table.text
    assert "Marcus" not in table.text
    assert "took the figures of contacts" in street.office.audit()


def test_a_log_of_another_hub_or_case_is_not_found(street: Street) -> None:
    street.rosa.post(f"{street.url}/new", FORM)
    [entry] = street.entries()
    other = a_case(street.office.house.records, NOW, phone="")
    wrong = street.rosa.post(f"/cases/{other.id}/log/{entry.id}/strike", {"why": "x"})
    assert wrong.status_code == 404
    stranger = street.office.staff(hub_id=street.office.other_hub(), name="other")
    assert stranger.get(street.url).status_code == 404
    assert stranger.post(f"{street.url}/{entry.id}/strike", {"why": "x"}).status_code == 404
