"""Pages that stay up to date while somebody looks at them, and never under their hands."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from domain.vocabulary import Role
from records.circle import NewSupporter, enroll_supporter
from tests.api.pages.signers import PASSWORD
from tests.browser.screens import DESK, Screen, screen
from tests.browser.site import Site, served
from tests.houses import ROSA

ROUND = 5_100
"""Milliseconds after which a page asks for news."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One hub with a case."""
    with served(tmp_path_factory.mktemp("live")) as made:
        yield made


@pytest.fixture
def looking(site: Site, browser: Browser) -> Iterator[Screen]:
    """A supervisor who has the case on the screen, whose clock the test turns on."""
    with screen(browser, site.address, DESK) as one:
        signer = site.people[Role.SUPERVISOR]
        one.open("/sign-in")
        one.fill("Name for signing in", signer.name)
        one.fill("Password", PASSWORD)
        one.press("Sign in")
        site.api.clock.at += timedelta(seconds=30)  # a code is taken once
        one.fill("Code from your app", signer.code())
        one.press("Go on")
        one.page.wait_for_url(lambda address: "/sign-in" not in address)
        one.page.clock.install()
        one.open(f"/cases/{site.ids['case']}")
        yield one


def joins(site: Site, name: str) -> None:
    """Somebody else enrolls a friend."""
    with site.api.writing() as session:
        new = NewSupporter(name, "", "friend")
        enroll_supporter(session, site.ids["case"], new, ROSA, site.api.clock.at)


def a_round(page: Page) -> None:
    """Time goes on until the page has asked once more."""
    with page.expect_response(lambda answer: "/cases/" in answer.url):
        page.clock.fast_forward(ROUND)


def test_what_others_do_is_shown_without_reloading(site: Site, looking: Screen) -> None:
    page = looking.page
    opened = page.evaluate("window.kept = 'since it was opened'")
    joins(site, "Yolanda")
    a_round(page)
    looking.says("Yolanda joined the circle", "New at ")
    fresh = page.locator(".past .fresh")
    assert fresh.count() == 1
    assert "Yolanda joined" in fresh.inner_text()
    assert page.evaluate("window.kept") == opened
    a_round(page)
    assert page.locator(".past .fresh").count() == 1


def test_what_is_being_written_and_read_stays(site: Site, looking: Screen) -> None:
    page = looking.page
    summary = page.locator(".past details summary").first
    summary.click()
    summary.focus()
    page.evaluate("window.scrollTo(0, 200)")
    joins(site, "Zora")
    a_round(page)
    looking.says("Zora joined the circle")
    assert page.locator(".past details[open]").count() == 1
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_form_in_hand_is_not_taken_away_and_the_news_comes_after(
    site: Site, looking: Screen
) -> None:
    page = looking.page
    people = page.locator("[data-part=people]")
    people.locator("details", has_text="Leaves the circle").first.locator("summary").click()
    button = people.locator("details[open] button").first
    button.focus()
    joins(site, "Ximena")
    a_round(page)
    looking.says("Ximena joined the circle")
    assert button.is_visible()
    assert "Ximena" not in people.inner_text()
    people.locator("details[open] summary").first.click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    a_round(page)
    people.get_by_text("Ximena").first.wait_for()


def test_a_page_that_gets_no_answer_says_so_and_that_it_is_well_again(looking: Screen) -> None:
    page = looking.page
    page.route("**/cases/*", lambda route: route.fulfill(status=503, body=""))
    for _ in range(3):
        a_round(page)
    looking.says("Reload it before you rely on it")
    page.unroute("**/cases/*")
    page.clock.fast_forward(60_100)
    looking.says("Up to date again")
    looking.wrong[:] = [line for line in looking.wrong if "503" not in line]


def test_nothing_is_asked_while_nobody_looks(looking: Screen) -> None:
    page = looking.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.fast_forward(60_000)
    assert not [address for address in asked if "/cases/" in address]
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false})")
    with page.expect_response(lambda answer: "/cases/" in answer.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
