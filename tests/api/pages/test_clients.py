"""Counsel signed in: own clients alone, and the one way to read and approve."""

import re
from dataclasses import dataclass

import pytest
from sqlmodel import select

from domain.vocabulary import PacketState, Role
from records.casework import get_case
from records.clients import connect
from records.counsel import NewCounsel, set_counsel
from records.tables import CounselNote, Packet, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import Scene, a_packet
from tests.houses import ROSA, a_case


@dataclass
class Desk:
    """Elena's browser, and the packet of her client."""

    elena: Browser
    scene: Scene

    @property
    def url(self) -> str:
        return f"/clients/{self.scene.case_id}"


def account_of(office: Office, case_id: str, name: str) -> Browser:
    """A browser of the counsel of a case."""
    browser = office.staff(Role.COUNSEL, name=name)
    with office.house.records.writing(office.hub_id) as session:
        rows = session.exec(select(StaffMember)).all()
        member = next(one for one in rows if one.sign_in.startswith(name))
        connect(session, get_case(session, case_id).counsel_id or "", member.id)
    return browser


def asked(scene: Scene) -> None:
    """Counsel is asked to read version 1."""
    scene.build()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        packet = session.get_one(Packet, scene.packet_id)
        packet.state = PacketState.COUNSEL_REVIEW
        session.add(packet)


@pytest.fixture
def desk(office: Office) -> Desk:
    """Elena defends Marcus, and signs in."""
    scene = a_packet(office)
    return Desk(account_of(office, scene.case_id, "elena"), scene)


def replaced(office: Office, case_id: str) -> None:
    with office.house.records.writing(office.hub_id) as session:
        set_counsel(session, case_id, NewCounsel("Otto", "Stone"), ROSA, NOW)


def test_counsel_begins_with_their_clients(office: Office, desk: Desk) -> None:
    other = a_case(office.house.records, NOW)
    answer = desk.elena.get("/")
    assert answer.headers["location"] == "/clients"
    page = desk.elena.words("/clients")
    assert "Marcus Johnson" in page
    assert "Tue 8 Dec 2026, 9:00" in page
    assert page.count("Marcus Johnson") == 1
    assert desk.elena.get(f"/clients/{other.id}").status_code == 404
    assert "in 6 days" in desk.elena.words(desk.url)


def test_an_account_that_nobody_connected_sees_nobody(office: Office) -> None:
    a_packet(office)
    stranger = office.staff(Role.COUNSEL, name="otto")
    assert "No client is here yet" in stranger.words("/clients")


def test_what_waits_is_said_first_and_opened_on_counsels_own_page(desk: Desk) -> None:
    assert "at work on it" in desk.elena.words(desk.url)
    closed = desk.elena.post(f"{desk.url}/packets/{desk.scene.packet_id}/open")
    assert closed.status_code == 404
    asked(desk.scene)
    assert "one paper waits for you" in desk.elena.words("/clients")
    opened = desk.elena.post(f"{desk.url}/packets/{desk.scene.packet_id}/open")
    assert opened.headers["location"] == desk.scene.counsel_path()
    page = desk.elena.get(opened.headers["location"]).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert seen
    assert version
    desk.elena.post(
        f"{desk.scene.counsel_path()}/approve",
        {"seen": seen[1], "version": version[1], "signed_as": "Elena Ruiz"},
    )
    [approval] = desk.scene.approvals()
    assert approval.signed_as == "Elena Ruiz"
    assert "waits for you" not in desk.elena.words(desk.url)


def test_whoever_is_replaced_is_out_of_every_page_at_once(office: Office, desk: Desk) -> None:
    asked(desk.scene)
    path = desk.elena.post(f"{desk.url}/packets/{desk.scene.packet_id}/open").headers["location"]
    assert "version 1" in said(desk.elena.get(path)).lower()
    calendar = desk.elena.post("/clients/calendar")
    feed = re.search(r'value="[^"]*(/calendar/[\w-]+\.ics)"', calendar.text)
    assert feed
    replaced(office, desk.scene.case_id)
    assert "Marcus" not in desk.elena.words("/clients")
    assert desk.elena.get(desk.url).status_code == 404
    assert desk.elena.post(f"{desk.url}/notes", {"body": "x"}).status_code == 404
    assert desk.elena.post(f"{desk.url}/packets/{desk.scene.packet_id}/open").status_code == 404
    assert "version 1" not in said(desk.elena.get(path)).lower()


def test_a_note_is_read_by_nobody_else_until_it_is_shared(
    office: Office, desk: Desk, rosa: Browser
) -> None:
    case = f"/cases/{desk.scene.case_id}"
    secret = "He told me about the second witness."
    desk.elena.post(f"{desk.url}/notes", {"body": secret})
    assert secret in desk.elena.words(desk.url)
    supervisor = office.staff(Role.SUPERVISOR, name="ines")
    for page in (case, "/", "/calendar", "/meeting", "/outbox", f"{case}/log"):
        for browser in (rosa, supervisor):
            assert secret not in said(browser.get(page)), page
    with office.house.records.reading(office.hub_id) as session:
        note = session.exec(select(CounselNote)).one()
    desk.elena.post(f"{desk.url}/notes/{note.id}/share", {"shared": "yes"})
    assert secret in rosa.words(case)
    desk.elena.post(f"{desk.url}/notes/{note.id}/share", {"shared": "no"})
    assert secret not in rosa.words(case)
    desk.elena.post(f"{desk.url}/notes/{note.id}/remove")
    assert secret not in desk.elena.words(desk.url)
    assert office.audit().count("wrote a note of counsel's") == 1


def test_an_empty_note_is_told_beside_its_field(desk: Desk) -> None:
    answer = desk.elena.post(f"{desk.url}/notes", {"body": " "})
    assert answer.status_code == 422
    assert "Write something first" in said(answer)


def test_the_hubs_own_notes_and_its_pages_are_not_counsels(office: Office, desk: Desk) -> None:
    for page in ("/cases", f"/cases/{desk.scene.case_id}", "/inbox", "/staff", "/conflicts"):
        assert desk.elena.get(page).status_code == 403, page


def test_nobody_else_opens_counsels_pages(office: Office, desk: Desk, rosa: Browser) -> None:
    for role, name in ((Role.SUPERVISOR, "ines"), (Role.HUB_ADMIN, "ada")):
        assert office.staff(role, name=name).get(desk.url).status_code == 403
    assert rosa.get("/clients").status_code == 403
    other = office.staff(Role.COUNSEL, name="otto")
    assert other.get(desk.url).status_code == 404
    assert other.post(f"{desk.url}/packets/{desk.scene.packet_id}/open").status_code == 404


def test_the_calendar_has_the_clients_dates_and_ends(office: Office, desk: Desk) -> None:
    page = desk.elena.post("/clients/calendar")
    assert page.status_code == 200
    assert "shown this once" in said(page)
    assert "Make a new address" in desk.elena.words("/clients")
    assert desk.elena.post("/clients/calendar/end").headers["location"] == "/clients?done=ended"
    assert "Make an address for my calendar" in desk.elena.words("/clients")


def test_an_administrator_says_which_counsel_an_account_is(office: Office) -> None:
    scene = a_packet(office)
    office.staff(Role.ADVOCATE, name="rosa")
    ada = office.staff(Role.HUB_ADMIN, name="ada")
    elena = office.staff(Role.COUNSEL, name="elena")
    with office.house.records.reading(office.hub_id) as session:
        members = session.exec(select(StaffMember)).all()
        counsel_id = get_case(session, scene.case_id).counsel_id or ""
    me = next(one.id for one in members if one.sign_in.startswith("elena"))
    assert "Which counsel is it?" in ada.words(f"/staff/{me}")
    assert ada.post(f"/staff/{me}/counsel", {"counsel": "0" * 32}).status_code == 422
    assert ada.post(f"/staff/{me}/counsel", {"counsel": counsel_id}).status_code == 303
    assert "Marcus Johnson" in elena.words("/clients")
    ada.post(f"/staff/{me}/counsel", {"counsel": "nobody"})
    assert "Marcus" not in elena.words("/clients")
