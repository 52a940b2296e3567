"""The pages that people rather not see: before signing in, refused forms, ended links, problems,
an office with nothing in it yet; and what strangers wrote, in a browser that would run it."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error

from api.pages.access import PAGES, Open
from api.pages.throttle import Throttle
from api.throttle import Throttle as LinkThrottle
from domain.vocabulary import Role
from records.invitations import NewMember, invite
from tests.api.pages.signers import PASSWORD, Signer, hire_with_codes
from tests.api.programs import NOW, OTHER
from tests.api.test_page_attacks import spoil
from tests.browser import walk
from tests.browser.looking import looked_at
from tests.browser.screens import Screen, screen
from tests.browser.site import WALKERS, Site, served

OF_NO_LANGUAGE = {"/u", "/f", "/report", "/counsel"}
"""Ended, these say nothing in the reader's language: it is not told who they are, or is English."""
_FIELDS = "input:not([type=hidden]), textarea, select"
_EMPTIED = """(n) => {
  const form = document.forms[n];
  form.noValidate = true;
  for (const one of form.elements) {
    if (one.matches("input[type=text], input[type=tel], input[type=email], input[type=date],"
        + "input[type=time], input[type=number], input[type=datetime-local], input:not([type]),"
        + "input[type=password], textarea")) one.value = "";
    if (one.matches("input[type=checkbox], input[type=radio]")) one.checked = false;
  }
  const button = form.querySelector("button:not([type=button])");
  form.requestSubmit(button);
}"""
_FORMS = f"""() => [...document.forms].map((form, n) => [n, form])
  .filter(([n, form]) => form.method === "post" && form.querySelector("{_FIELDS}"))
  .map(([n, form]) => n)"""


pytestmark = pytest.mark.timeout(900)
"""Many pages, each looked at several times, on a machine that has other things to do."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Its pages."""
    with served(tmp_path_factory.mktemp("site")) as made:
        yield made


def test_before_signing_in(site: Site, browser: Browser) -> None:
    with site.api.writing() as session:
        _, token = invite(session, NewMember("Ines", "ines", Role.ADVOCATE), NOW)
    wrong: list[str] = []
    with screen(browser, site.address) as one:
        for path, status in (
            ("/sign-in", 200),
            (f"/join/{token}", 200),
            (f"/join/{secrets.token_urlsafe(16)}", 404),
        ):
            wrong += _seen(one, path, status)
        one.open("/sign-in")
        one.fill("Name for signing in", "nobody")
        one.fill("Password", "not the password")
        one.press("Sign in")
        wrong += _looked(one, "/sign-in, refused")
        one.open(f"/join/{token}")
        one.page.locator("main form").first.evaluate("form => { form.noValidate = true }")
        one.page.locator("main form button").first.click()
        wrong += _looked(one, "/join, refused")
        _heard(one, wrong)
    assert not wrong, "\n".join(wrong)


def test_a_code_that_is_wrong(site: Site, browser: Browser) -> None:
    signer = hire_with_codes(site.office, "odette", Role.ADVOCATE)
    wrong: list[str] = []
    with screen(browser, site.address) as one:
        _password(one, signer)
        one.fill("Code from your app", "000000")
        one.press("Go on")
        wrong += _looked(one, "/sign-in/code, refused")
        _heard(one, wrong)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", WALKERS)
def test_every_form_that_is_sent_empty(site: Site, browser: Browser, role: Role) -> None:
    """What is wrong is said where it is wrong, in a page like any other."""
    wrong: list[str] = []
    refused = 0
    with screen(browser, site.address) as one:
        for path, problem in walk.pages_of_staff(one, site, role):
            if problem:
                continue
            address = one.path
            for number in one.page.evaluate(_FORMS):
                if _gone(one, address):
                    break
                if number not in one.page.evaluate(_FORMS):
                    continue
                status = _sent_empty(one, number)
                if status in {400, 409, 413, 422}:
                    refused += 1
                    wrong += _looked(one, f"{path}, form {number} sent empty: {status}")
        _heard(one, wrong)
    assert refused >= 3
    assert not wrong, "\n".join(dict.fromkeys(wrong))


@pytest.mark.parametrize("language", walk.LANGUAGES)
def test_links_that_open_nothing(site: Site, browser: Browser, language: str) -> None:
    site.speak(language)
    wrong: list[str] = []
    with screen(browser, site.address) as one:
        for begin in site.links:
            _rest(site)
            # Whether a family's page ever was is not told.
            status = 410 if begin == "/f" else 404
            wrong += _seen(one, f"{begin}/{secrets.token_urlsafe(16)}", status, "")
        before, site.api.clock.at = site.api.clock.at, site.api.clock.at.replace(year=2031)
        try:
            for begin, path in site.links.items():
                _rest(site)
                wrong += _seen(one, path, 0, "" if begin in OF_NO_LANGUAGE else language)
        finally:
            site.api.clock.at = before
        _heard(one, wrong)
    assert not wrong, "\n".join(wrong)


def test_problems_are_pages(site: Site, browser: Browser) -> None:
    wrong: list[str] = []
    with screen(browser, site.address) as one:
        wrong += _seen(one, "/no-such-page", 404)
        _password(one, signer := hire_with_codes(site.office, "paul", Role.COUNSEL))
        _code(one, site, signer)
        wrong += _seen(one, "/conflicts", 403)
        wrong += _seen(one, f"/cases/{'0' * 32}", 403)
        wrong += _seen(one, f"/clients/{'0' * 32}", 404)
        wrong += _seen(one, "/sign-out", 405)
        _heard(one, wrong)
    assert not wrong, "\n".join(wrong)


def test_an_office_with_nothing_in_it_yet(site: Site, browser: Browser) -> None:
    """Every page without an id in its address says what to do next."""
    office = replace(site.office, _hub_id=site.api.hub_id(OTHER))
    wrong: list[str] = []
    for role in WALKERS:
        signer = hire_with_codes(office, f"first_{role.value}", role)
        with screen(browser, site.address) as one:
            _password(one, signer)
            _code(one, site, signer)
            for path in walk.pages():
                access = PAGES[f"GET {path}"]
                if isinstance(access, Open) or role not in access or "{" in path:
                    continue
                wrong += _seen(one, path, 0)
            _heard(one, wrong)
    assert not wrong, "\n".join(wrong)


def test_what_strangers_write_runs_nowhere(tmp_path: Path, browser: Browser) -> None:
    """Every page, with markup behind every free text: no script of it runs, nothing is asked for,
    and the policy has nothing to refuse."""
    with served(tmp_path) as site, screen(browser, site.address) as one:
        assert spoil(site.api) > 60
        one.page.add_init_script("window.evil = () => { console.error('it ran') }")
        seen = 0
        for role in WALKERS:
            for path, problem in walk.pages_of_staff(one, site, role):
                assert not problem, (path, problem)
                assert one.page.locator("#evil").count() == 0, path
                seen += "evil()" in one.page.inner_text("body")
            one.page.context.clear_cookies()
        for path, problem in walk.pages_of_links(one, site):
            assert not problem, (path, problem)
            assert one.page.locator("#evil").count() == 0, path
            seen += "evil()" in one.page.inner_text("body")
        assert seen > 40
        assert one.wrong == []


def _gone(one: Screen, address: str) -> bool:
    """Whether the page is not there any more; where it is, it is opened afresh."""
    answer = one.page.goto(one.site + address)
    return answer is None or not answer.ok or one.path != address


def _sent_empty(one: Screen, number: int) -> int:
    """The status of the page that came of a form which was sent with nothing in it; 0 for a
    file."""
    try:
        with one.page.expect_navigation() as went:
            one.page.evaluate(_EMPTIED, number)
        answer = went.value
    except Error:
        return 0
    return answer.status if answer else 0


def _seen(one: Screen, path: str, status: int, language: str = "en") -> list[str]:
    """What is wrong with the page at an address, which may be a refusal (0: whatever it answers);
    without a language, it is of no matter."""
    answer = one.page.goto(one.site + path)
    assert answer is not None
    shown = f"/{path.split('/')[1]}, {answer.status}"
    if status and answer.status != status:
        return [f"{shown}: {status} was expected of {urlsplit(path).path}"]
    return _looked(one, shown, language)


def _looked(one: Screen, where: str, language: str = "en") -> list[str]:
    spoken = language or one.page.evaluate("document.documentElement.lang")
    return [
        f"{where}: {what}" for what in looked_at(one.page, spoken, for_thumbs=False, quick=True)
    ]


def _heard(one: Screen, wrong: list[str]) -> None:
    """What the browser said, but for the answers that were refusals on purpose."""
    wrong += [said for said in one.wrong if "responded with a status of 4" not in said]
    one.wrong.clear()


def _password(one: Screen, signer: Signer) -> None:
    one.open("/sign-in")
    one.fill("Name for signing in", signer.name)
    one.fill("Password", PASSWORD)
    one.press("Sign in")
    one.page.wait_for_url("**/sign-in/code**")


def _code(one: Screen, site: Site, signer: Signer) -> None:
    site.api.clock.at += walk.CODE_LASTS
    one.fill("Code from your app", signer.code())
    one.press("Go on")
    one.page.wait_for_url(lambda address: "/sign-in" not in address)


def _rest(site: Site) -> None:
    fresh = {"throttle": Throttle(), "links": LinkThrottle(), "asking": LinkThrottle()}
    site.api.app.state.pages = replace(site.api.app.state.pages, **fresh)
