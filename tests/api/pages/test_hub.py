"""The hub's own page: how messages leave, a trial, and the team."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.tables import Case, Hub, TeamContact
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case

LEADS = {
    "packet_letters_days": "28",
    "packet_draft_days": "14",
    "packet_counsel_days": "7",
    "packet_lead_days": "3",
}
SENDING = {"text_name": "LC Defense", "daily_cap": "40", "trial": "yes"}


@pytest.fixture
def admin(office: Office) -> Browser:
    """The administrator, alone in the hub."""
    return office.staff(Role.HUB_ADMIN, name="admin")


@pytest.fixture(autouse=True)
def as_before(office: Office) -> Iterator[None]:
    """The hub outlives the tests of this folder: it sends as it did before."""
    yield
    with office.house.records.everywhere() as session:
        hub = session.get_one(Hub, office.hub_id)
        hub.trial, hub.text_name, hub.daily_cap = False, "", 5000
        hub.packet_letters_days, hub.packet_draft_days = 21, 14
        hub.packet_counsel_days, hub.packet_lead_days = 7, 2
        session.add(hub)


def hub_of(office: Office) -> Hub:
    with office.house.records.reading(office.hub_id) as session:
        return session.get_one(Hub, office.hub_id)


def test_a_trial_is_said_on_every_page_until_it_ends(office: Office, admin: Browser) -> None:
    case = a_case(office.house.records, NOW)
    with office.house.records.reading(office.hub_id) as session:
        before = session.get_one(Case, case.id).revision
    saved = admin.post("/hub/sending", SENDING)
    assert saved.headers["location"] == "/hub?done=sending#sending"
    hub = hub_of(office)
    assert (hub.text_name, hub.daily_cap, hub.trial) == ("LC Defense", 40, True)
    for address in ("/", "/hub", "/cases", f"/cases/{case.id}", "/inbox", "/outbox"):
        assert "Trial: only your team gets messages." in admin.words(address), address
    assert "in this trial no message leaves at all" in admin.words("/hub")
    assert admin.post("/hub/sending", {**SENDING, "trial": ""}).status_code == 303
    assert "Trial: only your team" not in admin.words("/cases")
    with office.house.records.reading(office.hub_id) as session:
        assert session.get_one(Case, case.id).revision == before + 2, "planned anew"


def test_it_says_what_an_accent_in_the_name_costs(office: Office, admin: Browser) -> None:
    assert "All of its characters are in the phones’ alphabet" in admin.words("/hub")
    admin.post("/hub/sending", {"text_name": "Líberty", "daily_cap": "0"})
    page = admin.words("/hub")
    assert "With “Líberty” a reminder to a mother costs 2 parts in English" in page
    assert "“í” is not in the phones’ alphabet" in page


@pytest.mark.parametrize("cap", ["", "-1", "many", "1000001", "9" * 30, "1.5", "²"])
def test_a_cap_is_a_number(office: Office, admin: Browser, cap: str) -> None:
    answer = admin.post("/hub/sending", {"text_name": "Kept", "daily_cap": cap})
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.text
    assert 'value="Liberty City Defense"' in answer.text, "the other form is as it was"
    assert hub_of(office).daily_cap == 5000
    long = admin.post("/hub/sending", {"text_name": "x" * 41, "daily_cap": "1"})
    assert "Use 40 characters or fewer" in said(long)


def test_the_team_is_named_and_removed(office: Office, admin: Browser) -> None:
    phone = {"team_label": "Rosa’s phone", "team_channel": "sms", "team_address": "305-555-0188"}
    for _ in range(2):
        assert admin.post("/hub/team", phone).headers["location"] == "/hub?done=team#team"
    with office.house.records.reading(office.hub_id) as session:
        contact = session.exec(select(TeamContact)).one()
        assert contact.address == "+13055550188"
    assert "Rosa’s phone · text · 305-555-0188" in admin.words("/hub?done=team")
    wrong = admin.post("/hub/team", {**phone, "team_address": "12"})
    assert wrong.status_code == 422
    assert "write it like +1 305 555 0123" in said(wrong)
    assert admin.post("/hub/team", {}).status_code == 422
    assert admin.post(f"/hub/team/{contact.id}/remove").status_code == 303
    assert admin.post(f"/hub/team/{contact.id}/remove").status_code == 404
    assert "Nobody is named yet" in admin.words("/hub")


def test_nobody_else_changes_how_the_hub_sends(office: Office) -> None:
    for role in (Role.ADVOCATE, Role.SUPERVISOR, Role.COUNSEL):
        browser = office.staff(role)
        assert browser.post("/hub/sending", SENDING).status_code == 403
        assert browser.post("/hub/team", {}).status_code == 403
    assert hub_of(office).trial is False


def test_when_packets_are_wanted_is_the_hubs_own(office: Office, admin: Browser) -> None:
    saved = admin.post("/hub/packets", LEADS)
    assert saved.headers["location"] == "/hub?done=packets#packets"
    assert {name: str(getattr(hub_of(office), name)) for name in LEADS} == LEADS
    assert 'value="28"' in admin.get("/hub").text


@pytest.mark.parametrize(
    ("name", "days", "why"),
    [
        ("packet_draft_days", "soon", "Write a whole number of days"),
        ("packet_letters_days", "61", "Write a whole number of days"),
        ("packet_lead_days", "8", "Each part comes after the one above"),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_changes(
    office: Office, admin: Browser, name: str, days: str, why: str
) -> None:
    answer = admin.post("/hub/packets", {**LEADS, name: days})
    assert answer.status_code == 422
    assert why in said(answer)
    assert hub_of(office).packet_letters_days == 21
