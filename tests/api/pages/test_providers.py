"""The directory on the pages: searched, added to, changed, and chosen for a step."""

import pytest
from sqlmodel import select

from records.hsds_import import apply
from records.plans import steps_of
from records.tables import PlanStep, Provider, Service, SupportPlan
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case
from tests.records.directories import COUNTY, export

CLINIC = {"name": "Grove Center", "phone": "305-555-0110", "website": "https://example.org"}
CIRCLE = {
    "name": "Mentoring circle",
    "language-ht": "yes",
    "eligibility_description": "Young adults",
    "address_1": "4 Example Ct",
    "city": "Miami",
    "postal_code": "33136",
    "degrees": "25.7867, -80.2050",
    "hours": "Mon-Fri 9:00-17:00\nSat 10-2 pm",
}


@pytest.fixture
def directory(office: Office) -> None:
    """The county's directory, imported."""
    with office.house.records.writing(office.hub_id) as session:
        apply(session, export(), COUNTY, NOW)


def ids(office: Office, service: str) -> tuple[str, str]:
    """The ids of a service's provider and of the service."""
    with office.house.records.reading(office.hub_id) as session:
        row = session.exec(select(Service).where(Service.name == service)).one()
    return row.organization_id, row.id


def test_the_first_provider_is_added_with_what_it_does_and_is_found(
    office: Office, rosa: Browser
) -> None:
    assert "Add the first provider" in rosa.words("/providers")
    made = rosa.post("/providers/new", CLINIC)
    url = made.headers["location"].partition("?")[0]
    assert "so that it can be found" in rosa.words(made.headers["location"])
    saved = rosa.post(f"{url}/services/new", CIRCLE)
    assert saved.headers["location"] == f"{url}?done=service"
    page = rosa.words(url)
    assert "Mentoring circle For steps of this kind: Mentoring" in page
    assert "Open Mon-Fri 9:00-17:00; Sat 10:00-14:00" in page
    assert "Languages Haitian Creole" in page
    found = rosa.words("/providers?need=mentoring&language=ht&near=33136&open=yes")
    assert "1 service found" in found
    assert "0.0 miles · 4 Example Ct, Miami" in found
    assert "0 services found" in rosa.words("/providers?language=es")


def test_the_same_form_twice_adds_one(office: Office, rosa: Browser) -> None:
    sent = {**CLINIC, "once": "opened once"}
    assert (
        rosa.post("/providers/new", sent).headers["location"]
        == rosa.post("/providers/new", sent).headers["location"]
    )
    again = rosa.post("/providers/new", CLINIC)
    assert again.status_code == 422
    assert "There is a provider of this name already" in said(again)
    with office.house.records.reading(office.hub_id) as session:
        assert len(session.exec(select(Provider)).all()) == 1


@pytest.mark.usefixtures("directory")
def test_search_by_words_and_place_and_a_place_that_is_not_known(rosa: Browser) -> None:
    assert "Pantry Espwa Food House" in rosa.words("/providers?q=pántry")
    near = rosa.words("/providers?near=33136&miles=2")
    assert "Outpatient counseling" in near
    assert "Pantry" not in near
    assert "By phone or online" in near
    lost = rosa.get("/providers?near=Atlantis&q=pantry")
    assert lost.status_code == 422
    assert "The directory has no place there" in said(lost)
    assert 'value="Atlantis"' in lost.text
    assert "Nothing fits" in rosa.words("/providers?q=plumber")


@pytest.mark.usefixtures("directory")
def test_a_change_keeps_what_the_form_does_not_show(office: Office, rosa: Browser) -> None:
    provider, service = ids(office, "Health card desk")
    url = f"/providers/{provider}/services/{service}"
    form = rosa.get(url).text
    assert "Its hours are not the same every week" in form
    assert 'value="1 Example St"' in form
    same_place = {"address_1": "1 Example St", "city": "Miami", "state_province": "FL"}
    same_place |= {"postal_code": "33136", "degrees": "25.7867, -80.205"}
    kept = {**same_place, "name": "Health cards", "need-benefits": "yes", "language-es": "yes"}
    assert rosa.post(url, kept).status_code == 303
    page = rosa.words(f"/providers/{provider}")
    assert "Health cards" in page
    assert "Main office, 1 Example St" in page
    assert "Ask when it is open" in page
    assert "Spanish" in page


def test_mistakes_are_said_and_nothing_is_lost(office: Office, rosa: Browser) -> None:
    url = rosa.post("/providers/new", CLINIC).headers["location"].partition("?")[0]
    wrong = {**CIRCLE, "name": "", "degrees": "north", "hours": "mornings"}
    answer = rosa.post(f"{url}/services/new", wrong)
    assert answer.status_code == 422
    for why in ("Say in a few words", "Write it like 25.7867", "Write hours like Mon-Fri"):
        assert why in said(answer)
    assert "Young adults" in answer.text
    assert rosa.post("/providers/new", {"name": " "}).status_code == 422


@pytest.mark.usefixtures("directory")
def test_what_has_ended_is_not_found_any_more(office: Office, rosa: Browser) -> None:
    provider, service = ids(office, "Pantry")
    rosa.post(f"/providers/{provider}/services/{service}/end")
    assert "Nothing is written down that they do yet" in rosa.words(f"/providers/{provider}")
    assert rosa.get(f"/providers/{provider}/services/{service}").status_code == 404
    rosa.post(f"/providers/{provider}/end")
    assert "offered no more" in rosa.words(f"/providers/{provider}")
    assert rosa.get(f"/providers/{provider}/edit").status_code == 404


@pytest.mark.usefixtures("directory")
def test_a_provider_is_found_for_a_new_step(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    url = f"/cases/{case.id}"
    assert f'href="{url}/provider"' in rosa.get(f"{url}/steps/new").text
    found = rosa.post(f"{url}/provider", {"need": "food"})
    provider, _ = ids(office, "Pantry")
    assert "Who can help Marcus?" in said(found)
    assert f"{url}/steps/new?provider={provider}" in found.text
    assert "With Espwa Food House" in rosa.words(f"{url}/steps/new?provider={provider}")
    step = {"kind": "other", "title": "Fetch groceries", "provider": provider}
    assert rosa.post(f"{url}/steps/new", step).status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        made = session.exec(select(PlanStep)).one()
    assert made.provider_id == provider
    assert "With Espwa Food House" in rosa.words(f"{url}/steps/{made.id}")


@pytest.mark.usefixtures("directory")
def test_a_provider_is_chosen_for_a_step_that_is_there(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    url = f"/cases/{case.id}"
    rosa.post(f"{url}/steps/new", {"kind": "housing", "title": "A bed"})
    with office.house.records.reading(office.hub_id) as session:
        plan = session.exec(select(SupportPlan)).one()
        [step] = steps_of(session, plan.id)
    choice = rosa.words(f"{url}/provider?step={step.id}")
    assert "1 service found" in choice
    assert "Night shelter" in choice
    provider, _ = ids(office, "Night shelter")
    chosen = rosa.post(f"{url}/provider/{step.id}", {"provider": provider})
    assert chosen.headers["location"] == f"{url}/steps/{step.id}"
    assert "With Harbor Shelter" in rosa.words(f"{url}/steps/{step.id}")
    rosa.post(f"/providers/{provider}/end")
    assert "offered no more" in rosa.words(f"{url}/steps/{step.id}")
    assert rosa.post(f"{url}/provider/{step.id}", {"provider": ids(office, "Pantry")[0]})
    assert "With Espwa Food House" in rosa.words(f"{url}/steps/{step.id}")
    again = rosa.post(f"{url}/provider/{step.id}", {"provider": provider})
    assert again.status_code == 422


@pytest.mark.usefixtures("directory")
def test_another_hub_sees_none_of_it(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    provider, service = ids(office, "Pantry")
    stranger = office.staff(hub_id=office.other_hub())
    for address in (
        f"/providers/{provider}",
        f"/providers/{provider}/edit",
        f"/providers/{provider}/services/{service}",
        f"/cases/{case.id}/provider",
    ):
        assert stranger.get(address).status_code == 404, address
    assert "Pantry" not in stranger.words("/providers?q=pantry")
    assert stranger.post(f"/providers/{provider}/end").status_code == 404
