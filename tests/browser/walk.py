"""Every page's address, and whoever opens it: a page that has none fails the walk."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from api.pages.access import PAGES, Open
from domain.vocabulary import Role
from tests.api.pages.signers import PASSWORD
from tests.api.test_page_access import filled
from tests.browser.screens import Screen
from tests.browser.site import WALKERS, Site

LANGUAGES = ("en", "es", "ht")
"""Of the pages behind private links, whose readers may have each; others are in English."""
LETTER_FORM = "/letter/{token}/file"
"""A form for a file, and none itself."""
THANKS = "/read/{token}/thanks"
"""Shown once something was sent; until then its address leads back, like those of `_LEADS_BACK`."""
_FILES = re.compile(
    r"\.(css|js|svg|csv|ics)$|\.{(make|form)}$|/file$|/(mine|copy|docx|pdf)$|^/download/"
)
_LEADS_BACK = re.compile(r"{rest:path}$|^/(agree|refer|report|steps|f)/{token}/\w+$")
BEHIND_LINKS = ("/f", "/counsel", "/letter", "/tell", "/read", "/agree", "/refer", "/steps", "/u")
"""How the addresses begin of pages for whoever holds a phone in one hand."""
CODE_LASTS = timedelta(seconds=30)
"""How long an app shows one code."""
_NO_DOOR = ("/u", "/f")
"""Links that are read at once."""


def pages() -> list[str]:
    """The path of every page that is shown to people."""
    found = [page.removeprefix("GET ") for page in PAGES if page.startswith("GET ")]
    shown = [path for path in found if path == LETTER_FORM or not _FILES.search(path)]
    return [path for path in shown if path != THANKS and not _LEADS_BACK.search(path)]


def pages_of_staff(one: Screen, site: Site, role: Role) -> Iterator[tuple[str, str]]:
    """Signs somebody in, and opens every page that is theirs, one after another.

    Yields:
        Its path, and why it could not be opened; "" where it stands on the screen.
    """
    yield from _signing_in(one, site, role)
    ids = {**site.ids, "passkey": site.passkeys[role]}
    for path in pages():
        access = PAGES[f"GET {path}"]
        if not isinstance(access, Open) and role is next(one for one in WALKERS if one in access):
            yield path, _opened(one, filled(f"GET {path}", ids)[1])


def pages_of_links(one: Screen, site: Site) -> Iterator[tuple[str, str]]:
    """Opens every private link, and every page behind it, one after another.

    Yields:
        Its path, and why it could not be opened; "" where it stands on the screen.
    """
    for begin, front in site.links.items():
        if begin not in _NO_DOOR:
            yield f"{begin}/{{token}}, before its button", _opened(one, front)
            one.page.locator("form[method=post] button").first.click()
    for path in pages():
        if PAGES[f"GET {path}"] is Open.LINK:
            yield path, _opened(one, _behind(path, site))


def _signing_in(one: Screen, site: Site, role: Role) -> Iterator[tuple[str, str]]:
    """By name, password and an app's code, as people do."""
    signer = site.people[role]
    yield "/sign-in", _opened(one, "/sign-in")
    one.fill("Name for signing in", signer.name)
    one.fill("Password", PASSWORD)
    one.press("Sign in")
    one.page.wait_for_url("**/sign-in/code**")
    yield "/sign-in/code", ""
    site.api.clock.at += CODE_LASTS  # a code is taken once
    one.fill("Code from your app", signer.code())
    one.press("Go on")
    one.page.wait_for_url(lambda address: "/sign-in" not in address)


def _opened(one: Screen, address: str) -> str:
    answer = one.page.goto(one.site + address)
    assert answer is not None
    if not answer.ok:
        return f"answered {answer.status}"
    return "" if one.path == address else f"led to {one.path}"


def _behind(path: str, site: Site) -> str:
    begin, _, rest = path.partition("/{token}")
    return site.links[begin] + _named(rest, {**site.ids, "section": "ties", "key": "ties"})


def _named(path: str, ids: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda name: ids[name[1].removesuffix("_id")], path)
