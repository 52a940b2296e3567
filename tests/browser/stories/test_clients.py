"""Elena Ruiz, counsel, with a sign-in of her own: invited, told which counsel she is, and at work
with her clients. The administrator who lets her in sees no case meanwhile."""

import pytest
from playwright.sync_api import Browser

from domain.vocabulary import Role
from records.access import hash_password
from records.tables import StaffMember
from tests.browser import packets
from tests.browser.home import PASSWORD, Home
from tests.browser.screens import DESK, PHONE, Kind, Screen, screen

CHIEF = "nadia"
FIRST = 20
"""The cases of this story are told by their numbers from those of others."""


@pytest.fixture(scope="module")
def chief(home: Home) -> str:
    """The name with which the hub's administrator signs in."""
    with home.records.writing(home.hub_id) as session:
        hashed = hash_password(PASSWORD)
        session.add(
            StaffMember(name="Nadia", sign_in=CHIEF, role=Role.HUB_ADMIN, password_hash=hashed)
        )
    return CHIEF


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(Kind(FIRST, PHONE, False), id="phone-without-scripts"),
        pytest.param(Kind(FIRST + 1, DESK, True), id="desk"),
    ],
)
def test_from_the_invitation_to_an_approved_packet(
    home: Home, browser: Browser, chief: str, kind: Kind
) -> None:
    packet_id = packets.begin(home, kind.number)
    packets.ask_counsel(home, packet_id)
    sign_in, name = f"elena{kind.number}", f"Elena Ruiz {kind.number}"
    with screen(browser, home.site, kind.size, script=kind.script) as nadia:
        _sign_in(nadia, chief)
        link = _invited(nadia, sign_in, name)
        with screen(browser, home.site, kind.size, script=kind.script) as elena:
            _joined(elena, link, name)
            elena.says("No client is here yet.")
            _told_who_she_is(nadia, name, kind.number)
            nadia.open("/")
            assert "Baker" not in nadia.page.inner_text("body")
            _at_work(elena, kind.number)
            packets.final_version(home, packet_id)
            elena.open("/clients")
            assert "waits for you" not in elena.page.inner_text("body")
    with screen(browser, home.site, kind.size, script=kind.script) as late:
        late.page.goto(link)
        late.says("This link opens nothing any more")
        late.wrong = [said for said in late.wrong if "status of 404" not in said]


def _sign_in(one: Screen, name: str) -> None:
    one.open("/sign-in")
    one.fill("Name for signing in", name)
    one.fill("Password", PASSWORD)
    one.press("Sign in")
    one.page.wait_for_url(lambda address: "/sign-in" not in address)


def _invited(nadia: Screen, sign_in: str, name: str) -> str:
    """Nadia asks her in; the address that she reads to her, which is shown this once."""
    nadia.open("/staff/new")
    nadia.page.get_by_label("Name", exact=True).fill(name)
    nadia.fill("Name for signing in", sign_in)
    nadia.tick("Counsel")
    nadia.press("Invite")
    nadia.says(f"The invitation of {name}")
    shown = nadia.page.get_by_label("Address").input_value()
    return nadia.site + "/join/" + shown.rpartition("/")[2]


def _joined(elena: Screen, link: str, name: str) -> None:
    elena.page.goto(link)
    elena.says(f"Welcome to Liberty City Defense, {name}")
    elena.page.get_by_label("Password", exact=True).fill("four green lamps here")
    elena.fill("Password, once more", "four green lamps here")
    elena.press("Begin")
    elena.page.wait_for_url(lambda address: "/join" not in address)
    elena.open("/clients")


def _told_who_she_is(nadia: Screen, name: str, number: int) -> None:
    """Of all who are called Elena Ruiz, she is the one with this mailbox."""
    nadia.open("/staff")
    nadia.follow(name)
    nadia.page.get_by_label(packets.counsels(number)).check()
    nadia.page.get_by_role("button", name="Save", exact=True).click()
    nadia.says("clients")


def _at_work(elena: Screen, number: int) -> None:
    elena.open("/clients")
    elena.says(f"Andre Baker{number}", "one paper waits for you")
    elena.follow(f"Andre Baker{number}")
    elena.says("In court", "waits for you")
    client = elena.path
    elena.fill("A new note", "Ask for the body camera video.")
    elena.press("Keep it")
    elena.says("Ask for the body camera video.")
    elena.open(client)
    elena.page.get_by_role("button", name="Open").first.click()
    elena.says("The hub asks you to read version 1")
    elena.fill("Your name, as you sign", "Elena Ruiz")
    elena.press("Approve version 1")
    elena.says("You approved it.")
