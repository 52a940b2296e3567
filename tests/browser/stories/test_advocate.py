"""Rosa's first day with a case: from signing in to a packet that counsel is asked to read."""

import time
from datetime import datetime, timedelta

from playwright.sync_api import Browser

from domain.court_time import zone_of
from tests.browser.home import NAME, PASSWORD, Home, path_in
from tests.browser.screens import Kind, Screen, in_each_browser, screen
from tests.houses import ZONE

AGREED = "They agreed, when asked by the hub, to messages"


@in_each_browser
def test_from_intake_to_counsel(home: Home, browser: Browser, kind: Kind) -> None:
    number = kind.number
    writer, counsel = f"lee{number}@example.org", f"ana{number}@example.org"
    with screen(browser, home.site, kind.size, script=kind.script) as rosa:
        sign_in(rosa)
        case = _intake(rosa, f"Johnson{number}")
        _hearing(rosa)
        _mother(rosa, f"305-555-012{number}")
        text = home.text_to(f"+1305555012{number}")
        assert "Hi Denise" in text
        assert "9:00 AM" in text
        assert path_in(text).startswith("/f/")
        _counsel(rosa, counsel)
        packet = _packet(rosa, case)
        _letter(rosa, packet, writer)
        assert "/letter/" in path_in(home.mail_to(writer))
        _draft(rosa, packet)
        _to_counsel(rosa)
        asked = home.mail_to(counsel)
        assert "We have prepared a packet for Marcus" in asked
        assert path_in(asked).startswith("/counsel/")


def sign_in(rosa: Screen) -> None:
    """Rosa signs in, and sees her day."""
    rosa.open("/sign-in")
    rosa.fill("Name for signing in", NAME)
    rosa.fill("Password", PASSWORD)
    rosa.press("Sign in")
    rosa.page.wait_for_url(f"{rosa.site}/")
    assert rosa.heading().startswith("Today")


def _intake(rosa: Screen, last: str) -> str:
    rosa.follow("Cases")
    rosa.follow("Open a case")
    rosa.fill("First name", "Marcus", within="Who is it?")
    rosa.fill("Last name", last, within="Who is it?")
    rosa.press("Open the case")
    rosa.says("Something is missing or not right")
    rosa.tick("Released")
    rosa.press("Open the case")
    rosa.page.wait_for_url("**/cases/*done=opened*")
    assert rosa.heading() == f"Marcus {last}"
    return rosa.path


def _hearing(rosa: Screen) -> None:
    rosa.follow("Add a court date")
    rosa.choose("What for", "Arraignment")
    rosa.fill("Date", (datetime.now(zone_of(ZONE)).date() + timedelta(days=40)).isoformat())
    rosa.fill("Time on the court's clock", "09:00")
    rosa.fill("Courtroom", "3A")
    rosa.fill("Address", "1351 NW 12th St, Miami")
    rosa.press("See who will be told")
    rosa.says("No message", "in 40 days")
    rosa.press("Save the new date")
    rosa.says("Next in court")


def _mother(rosa: Screen, phone: str) -> None:
    rosa.follow("Add someone who stands by Marcus")
    rosa.fill("First name", "Denise")
    rosa.fill("Who they are to Marcus", "mother")
    rosa.fill("Phone", phone)
    rosa.tick(AGREED)
    rosa.choose("How they agreed", "In person")
    rosa.tick("Marcus agrees that they hear of court dates")
    rosa.press("Add to the circle")
    rosa.says("Added to the circle.", "Welcome and date to Denise by text")


def _counsel(rosa: Screen, email: str) -> None:
    rosa.follow("Name counsel")
    rosa.fill("First name", "Ana")
    rosa.fill("Last name", "Ruiz")
    rosa.fill("Work e-mail", email)
    rosa.press("Save")
    rosa.says("Ana Ruiz")


def _packet(rosa: Screen, case: str) -> str:
    rosa.open(case)
    rosa.follow("Ask for a packet")
    rosa.page.get_by_role("radio").first.check()
    rosa.press("Begin the packet")
    rosa.says("Collect: the interview, letters, exhibits")
    return rosa.path


def _letter(rosa: Screen, packet: str, email: str) -> None:
    rosa.open(f"{packet}/letters")
    rosa.follow("Ask for a letter")
    rosa.fill("First name", "Lee")
    rosa.fill("Who they are to Marcus", "pastor")
    rosa.fill("E-mail", email)
    rosa.tick("They agreed, when asked")
    rosa.choose("How they agreed", "By phone")
    rosa.press("Ask them")
    rosa.page.wait_for_url("**/letters/*done=*")


def _draft(rosa: Screen, packet: str) -> None:
    rosa.open(packet)
    rosa.press("Enough is collected: begin drafting")
    rosa.says("Finish the draft, then let Marcus read it")
    ends = time.monotonic() + 60
    while not rosa.page.get_by_role("link", name="Send it to counsel").count():
        assert time.monotonic() < ends, "the first version was not made"
        time.sleep(0.3)
        rosa.open(packet)
    rosa.says("Version 1")


def _to_counsel(rosa: Screen) -> None:
    rosa.follow("Send it to counsel")
    rosa.fill("Why Marcus has not read it", "He is away at work until Friday.")
    rosa.press("Send it to counsel")
    rosa.says("Ana Ruiz is asked to read it")
