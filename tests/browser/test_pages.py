"""Every page, in every language it has, on a phone and a desk, in light and in dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from domain.vocabulary import Role
from tests.browser import walk
from tests.browser.looking import looked_at
from tests.browser.screens import Screen, screen
from tests.browser.site import WALKERS, Site, served

FOR_THUMBS = tuple(f"{begin}/" for begin in walk.BEHIND_LINKS)
IN_ENGLISH = ("/counsel/", "/sign-in")
"""Counsel's by private link; and signing in, which speaks the browser's language."""
LONG = pytest.mark.timeout(900)
"""A hundred pages, each looked at several times, on a machine that has other things to do."""
UNSOUND = """<!doctype html><title> · Homeward</title><style>button { height: 20px }</style>
<p style="color: #999; width: 400px">Pale</p><button>Press</button><input>"""


def test_what_is_wrong_with_a_page_is_seen(browser: Browser) -> None:
    with screen(browser, "http://127.0.0.1") as one:
        one.page.set_content(UNSOUND)
        found = "\n".join(looked_at(one.page, "en", for_thumbs=True))
    for wrong in (
        "no title",
        "lang is ''",
        "0 h1",
        "wide at 320",
        "Press</button> is 20 high",
        "phone, light: color-contrast",
        "phone, light: label",
        "desk, dark: color-contrast",
    ):
        assert wrong in found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Its pages."""
    with served(tmp_path_factory.mktemp("site")) as made:
        yield made


@LONG
@pytest.mark.parametrize("role", WALKERS)
def test_pages_of_staff(site: Site, browser: Browser, role: Role) -> None:
    with screen(browser, site.address) as one:
        wrong = _wrong(one, walk.pages_of_staff(one, site, role), "en")
    assert not wrong, "\n".join(wrong)


@LONG
@pytest.mark.parametrize("role", WALKERS)
def test_pages_of_staff_in_spanish(site: Site, browser: Browser, role: Role) -> None:
    """Its words are longer, and each page says which language it is in."""
    site.read_in("es")
    try:
        with screen(browser, site.address) as one:
            wrong = _wrong(one, walk.pages_of_staff(one, site, role), "es", quick=True)
    finally:
        site.read_in("en")
    assert not wrong, "\n".join(wrong)


@LONG
@pytest.mark.parametrize("language", walk.LANGUAGES)
def test_pages_behind_private_links(site: Site, browser: Browser, language: str) -> None:
    site.speak(language)
    with screen(browser, site.address) as one:
        wrong = _wrong(one, walk.pages_of_links(one, site), language)
    assert not wrong, "\n".join(wrong)


def _wrong(
    one: Screen, walked: Iterator[tuple[str, str]], language: str, *, quick: bool = False
) -> list[str]:
    """What is wrong with each page, and what went wrong on the way."""
    wrong = []
    for path, problem in walked:
        in_english = path.startswith(IN_ENGLISH) or path == "/report/{token}"
        spoken = "en" if in_english else language
        for_thumbs = path.startswith(FOR_THUMBS)
        found = [problem] if problem else []
        found = found or looked_at(one.page, spoken, for_thumbs=for_thumbs, quick=quick)
        wrong += [f"{path}: {what}" for what in found]
    wrong += one.wrong
    one.wrong.clear()
    return wrong
