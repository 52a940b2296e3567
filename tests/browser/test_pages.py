"""Every page, in every language it has, on a phone and a desk, in light and in dark."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from domain.vocabulary import Role
from tests.api.pages.signers import PASSWORD
from tests.browser import walk
from tests.browser.looking import looked_at
from tests.browser.screens import PHONE, Screen, screen
from tests.browser.site import WALKERS, Site, served

FOR_THUMBS = ("/f/", "/counsel/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Its pages."""
    with served(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.mark.parametrize("role", WALKERS)
def test_pages_of_staff(site: Site, browser: Browser, role: Role) -> None:
    with screen(browser, site.address, PHONE) as one:
        wrong = _sign_in(one, site, role)
        for walker, path, address in walk.of_staff({**site.ids, "passkey": site.passkeys[role]}):
            if walker is role:
                wrong += _open(one, path, address, "en")
        wrong += one.wrong
        one.wrong.clear()
    assert wrong == [], "\n".join(wrong)


def _sign_in(one: Screen, site: Site, role: Role) -> list[str]:
    """By name, password and an app's code, as people do."""
    signer = site.people[role]
    one.open("/sign-in")
    wrong = _look(one, "/sign-in", "en")
    one.fill("Name for signing in", signer.name)
    one.fill("Password", PASSWORD)
    one.press("Sign in")
    one.page.wait_for_url("**/sign-in/code**")
    wrong += _look(one, "/sign-in/code", "en")
    site.api.clock.at += timedelta(seconds=30)
    one.fill("Code from your app", signer.code())
    one.page.locator("form button.button").first.click()
    one.page.wait_for_url(lambda address: "/sign-in" not in address)
    return wrong


@pytest.mark.parametrize("language", walk.LANGUAGES)
def test_pages_behind_private_links(site: Site, browser: Browser, language: str) -> None:
    site.speak(language)
    wrong = []
    with screen(browser, site.address, PHONE) as one:
        for begin, front in site.links.items():
            one.open(front)
            spoken = "en" if begin == "/counsel" else language
            wrong += _look(one, f"{front} (the door)", spoken)
            if begin not in ("/u", "/f"):
                one.page.locator("form[method=post] button").first.click()
        for path, address in walk.of_links(site.links, site.ids):
            spoken = "en" if path.startswith("/counsel") else language
            wrong += _open(one, path, address, spoken)
        wrong += one.wrong
        one.wrong.clear()
    assert wrong == [], "\n".join(wrong)


def _open(one: Screen, path: str, address: str, language: str) -> list[str]:
    answer = one.page.goto(one.site + address)
    assert answer is not None
    if not answer.ok:
        return [f"{path}: {answer.status}"]
    if one.path != address:
        return [f"{path}: led to {one.path}"]
    return _look(one, path, language)


def _look(one: Screen, path: str, language: str) -> list[str]:
    thumbs = path.startswith(FOR_THUMBS)
    return [f"{path}: {what}" for what in looked_at(one.page, language, for_thumbs=thumbs)]
