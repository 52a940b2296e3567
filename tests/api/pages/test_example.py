"""The example's page: loaded once, signed in to, and removed, by an administrator of real work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.example.people import SIGN_INS
from cli.doctor import examine
from domain.vocabulary import Role
from records.crypto import install as install_keys
from records.crypto import read_key_file
from records.example_loading import (
    SILENT,
    Loading,
    claim_loading,
    forget_failure,
    tell_loading,
)
from records.example_removing import find_example
from records.replies import receive_text
from records.tables import Hub, Message, Reply, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case

PAGE = "/hub/example"
ENDED = "/f/" + "A" * 22
"""The page of a family whose link does not open."""


@pytest.fixture(scope="module")
def plain_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose packets are Word files only: no LibreOffice is there."""
    folder: Path = tmp_path_factory.mktemp("example")
    office = Office.at(folder, soffice=str(folder / "nowhere"))
    yield office
    office.close()


@pytest.fixture
def office(plain_office: Office) -> Office:
    """The same, empty."""
    plain_office.empty()
    forget_failure(plain_office.house.records, NOW + 2 * SILENT)
    return plain_office


@dataclass(frozen=True)
class Shown:
    """An office beside which the example is loaded, and the passwords of its people."""

    office: Office
    admin: Browser
    passwords: Mapping[str, str]

    def as_(self, name: str) -> Browser:
        """Somebody of the example."""
        return signed_in(self.office, name, self.passwords[name])


@pytest.fixture(scope="module")
def shown_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """Loaded once for the tests that only look."""
    folder: Path = tmp_path_factory.mktemp("shown")
    office = Office.at(folder, soffice=str(folder / "nowhere"))
    office.empty()
    office.staff(Role.ADVOCATE)
    admin = office.staff(Role.HUB_ADMIN, name="admin")
    assert "(305) 555-0100" in said(office.browser().get(ENDED))
    loaded(admin)
    yield Shown(office, admin, passwords(admin))
    office.close()


@pytest.fixture
def shown(shown_once: Shown) -> Shown:
    """The same, with its own keys in place."""
    install_keys(read_key_file(shown_once.office.house_settings().keys_at))
    return shown_once


@pytest.fixture
def admin(office: Office) -> Browser:
    """The administrator of the real hub, beside somebody who works on its cases."""
    office.staff(Role.ADVOCATE)
    return office.staff(Role.HUB_ADMIN, name="admin")


def loaded(admin: Browser) -> None:
    """Load it by its page; here the answer waits until it is there."""
    assert admin.post(f"{PAGE}/load").headers["location"] == PAGE


def passwords(admin: Browser) -> dict[str, str]:
    """Make passwords by the page, and read them from the one answer that shows them."""
    answer = admin.post(f"{PAGE}/sign-ins")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    words = said(answer).split()
    return {one: words[words.index(one) + 2] for one in SIGN_INS}


def signed_in(office: Office, name: str, password: str) -> Browser:
    """Somebody of the example, in a browser of their own."""
    browser = office.browser()
    answer = browser.post("/sign-in", {"name": name, "password": password})
    assert answer.status_code == 303, said(answer)
    return browser


def test_looking_changes_nothing_and_says_what_it_is(office: Office, admin: Browser) -> None:
    assert PAGE in admin.get("/hub").text
    words = admin.words(PAGE)
    assert "Nothing of it ever leaves" in words
    assert "Load the example" in words
    assert "there is nothing to remove" in admin.words(f"{PAGE}/remove")
    assert admin.get(f"{PAGE}/load").status_code == 405
    assert admin.get(f"{PAGE}/sign-ins").status_code == 405
    assert find_example(office.house.records) == ""


def test_it_is_loaded_signed_in_to_and_removed(office: Office, admin: Browser) -> None:
    loaded(admin)
    assert "Look around in it" in admin.words(PAGE)
    made = passwords(admin)
    assert not any(word in admin.get(PAGE).text for word in made.values()), "shown once"
    ada = signed_in(office, "example-advocate", made["example-advocate"])
    today = ada.words("/")
    assert "An example: made-up people. Nothing ever leaves." in today
    assert "no puedo ir, trabajo" in today
    avery = signed_in(office, "example-counsel", made["example-counsel"])
    assert "Owen Marsh" in avery.words("/clients")
    assert "Remove the example?" in admin.words(f"{PAGE}/remove")
    assert find_example(office.house.records), "asking removes nothing"
    removed = admin.post(f"{PAGE}/remove")
    assert removed.headers["location"] == f"{PAGE}?done=removed"
    assert "Nothing of yours was touched." in admin.words(f"{PAGE}?done=removed")
    gone = ada.get("/cases")
    assert gone.status_code == 303
    assert gone.headers["location"].startswith("/sign-in"), "whoever looked is signed out"
    assert ada.post("/tasks/x/done").status_code == 401
    assert list(office.house.store.entries()) == []
    assert admin.post(f"{PAGE}/remove").headers["location"] == f"{PAGE}?done=gone"
    deeds = office.audit()
    for deed in ("loaded", "made passwords for", "removed"):
        assert f"{deed} the example hub" in deeds


def test_loading_twice_is_once_and_says_so(office: Office, admin: Browser) -> None:
    loaded(admin)
    hub = find_example(office.house.records)
    again = admin.post(f"{PAGE}/load")
    assert again.headers["location"] == f"{PAGE}?done=there"
    assert "loaded already" in admin.words(again.headers["location"])
    assert find_example(office.house.records) == hub


def test_while_it_is_loaded_the_page_says_how_far_it_is(office: Office, admin: Browser) -> None:
    records = office.house.records
    mark = claim_loading(records, SIGN_INS, NOW)
    tell_loading(records, mark, Loading(NOW, 7, 52))
    page = admin.get(PAGE)
    assert "7 of 52 moments are lived." in said(page)
    assert 'value="7"' in page.text
    assert "Load the example" not in said(page)
    second = admin.post(f"{PAGE}/load")
    assert second.headers["location"] == f"{PAGE}?done=loading"
    assert admin.post(f"{PAGE}/remove").headers["location"] == f"{PAGE}?done=gone"
    tell_loading(records, mark, Loading(NOW, 8, 52))  # it goes on
    office.clock.at = NOW + SILENT
    assert "the program was stopped meanwhile" in admin.words(PAGE)
    assert "Load the example" in admin.words(PAGE)


def test_what_went_wrong_is_told_by_its_kind_alone(office: Office, admin: Browser) -> None:
    records = office.house.records
    mark = claim_loading(records, SIGN_INS, NOW)
    tell_loading(records, mark, Loading(NOW, 7, 52, problem="StoreFull"))
    assert "It could not be loaded (StoreFull)." in admin.words(PAGE)


def test_a_real_name_that_it_needs_is_left_alone(office: Office, admin: Browser) -> None:
    with office.house.records.writing(office.hub_id) as session:
        session.add(StaffMember(name="Ana", sign_in="example-admin", role=Role.ADVOCATE))
    answer = admin.post(f"{PAGE}/load")
    assert answer.status_code == 409
    assert "has a name that the example needs" in said(answer)
    assert find_example(office.house.records) == ""


def test_from_within_the_example_nobody_loads_or_removes_it(shown: Shown) -> None:
    ines = shown.as_("example-admin")
    assert PAGE not in ines.get("/hub").text
    for address in (PAGE, f"{PAGE}/remove"):
        answer = ines.get(address)
        assert answer.status_code == 403
        assert "You are in the example" in said(answer)
    for address in (f"{PAGE}/load", f"{PAGE}/remove", f"{PAGE}/sign-ins"):
        assert ines.post(address).status_code == 403, address
    assert find_example(shown.office.house.records)
    assert shown.as_("example-admin"), "the password still is what it was"


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.SUPERVISOR, Role.COUNSEL])
def test_it_is_for_administrators(office: Office, admin: Browser, role: Role) -> None:
    other = office.staff(role, name="other")
    assert other.get(PAGE).status_code == 403
    for deed in ("load", "sign-ins", "remove"):
        assert other.post(f"{PAGE}/{deed}").status_code == 403
    assert find_example(office.house.records) == ""


@pytest.mark.parametrize("deed", ["load", "sign-ins", "remove"])
def test_no_other_site_does_any_of_it(office: Office, admin: Browser, deed: str) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}, {}):
        assert admin.post(f"{PAGE}/{deed}", headers=headers).status_code == 403
    assert find_example(office.house.records) == ""


def test_an_account_of_the_example_reaches_nothing_of_real_work(shown: Shown) -> None:
    real = a_case(shown.office.house.records, NOW)
    for name in SIGN_INS:
        browser = shown.as_(name)
        assert browser.get(f"/cases/{real.id}").status_code in (403, 404), name
        pages = ("/", "/cases", "/inbox", "/staff", "/audit", "/hub", "/clients", "/outbox")
        for page in pages:
            assert "Marcus" not in browser.get(page).text, (name, page)
    rosa = shown.office.staff()
    assert "Marcus" in rosa.get("/cases").text
    assert "Owen" not in rosa.get("/cases").text, "nor the other way"


def test_an_ended_family_link_names_the_real_hub_while_an_example_is_there(shown: Shown) -> None:
    answer = shown.office.browser().get(ENDED)
    assert answer.status_code == 410
    assert "(305) 555-0100" in said(answer)
    assert "Liberty City Defense" in said(answer)
    assert "Example" not in said(answer)


def test_what_a_phone_writes_goes_to_real_work_alone(shown: Shown) -> None:
    records, work = shown.office.house.records, shown.office.hub_id
    example = find_example(records)
    with records.everywhere() as session:
        born = session.get_one(Hub, work).created_at
        session.get_one(Hub, example).created_at = born.replace(year=2020)
    for number in ("+13055550122", "+13055550177"):  # one that stands in the example, one nowhere
        receive_text(records, number, "Where is court?", f"SM{number}", NOW)
    with records.reading(work) as session:
        assert len(session.exec(select(Reply)).all()) == 2
    with records.reading(example) as session:
        assert "Where is court?" not in {one.body for one in session.exec(select(Reply)).all()}


def test_its_system_page_says_that_nothing_left(shown: Shown) -> None:
    records = shown.office.house.records
    with records.reading(find_example(records)) as session:
        since = NOW - timedelta(days=1)
        day = session.exec(select(Message).where(col(Message.claimed_at) > since)).all()
    assert day
    words = shown.as_("example-admin").words("/system")
    assert f"{len(day)} written, and kept here" in words
    assert "0 left" in words
    assert "This is an example: nothing of it leaves" in words
    assert "written, and kept here" not in shown.admin.words("/system")


def test_the_doctor_tells_the_example_from_real_work(shown: Shown) -> None:
    [check] = [one for one in examine(shown.office.house_settings()) if one.name == "hubs"]
    assert check.state == "ok"
    assert check.detail == "hub; beside it example: made-up people, of whom nothing ever leaves"


def test_an_answer_in_the_example_says_that_nobody_gets_it(shown: Shown) -> None:
    with shown.office.house.records.reading(find_example(shown.office.house.records)) as session:
        rosa = next(one for one in session.exec(select(Reply)).all() if "trabajo" in one.body)
    words = shown.as_("example-advocate").words(f"/inbox/{rosa.id}")
    assert "This is an example: the answer stays here, and nobody gets it." in words
