"""Every page's address, and whoever opens it: a page that has none fails the walk."""

import re
from collections.abc import Iterator, Mapping

from api.pages.access import PAGES, Open
from domain.vocabulary import Role
from tests.api.test_page_access import filled
from tests.browser.site import WALKERS

LANGUAGES = ("en", "es", "ht")
"""Of the pages behind private links, whose readers may have each; others are in English."""
NO_PAGES = re.compile(
    r"\.(css|js|svg|csv|ics)$|\.{(make|form)}$|/file$|/(mine|copy|docx|pdf)$|^/download/"
)
"""Addresses of files."""
LETTER_FORMS = "/letter/{token}/file"
LEADS_BACK = re.compile(r"{rest:path}$|^/(agree|refer|report|steps)/{token}/\w+$|^/f/{token}/\w+$")
"""Addresses that lead back to the front of their link, where a form was sent."""

THANKS = "/read/{token}/thanks"
"""Shown once something was sent; until then its address leads back, too."""


def pages() -> list[str]:
    """The path of every page that is shown to people."""
    found = [page.removeprefix("GET ") for page in PAGES if page.startswith("GET ")]
    shown = [path for path in found if path == LETTER_FORMS or not NO_PAGES.search(path)]
    return [path for path in shown if path != THANKS and not LEADS_BACK.search(path)]


def of_staff(ids: Mapping[str, str]) -> Iterator[tuple[Role, str, str]]:
    """Role, path and address of every page that asks for a sign-in."""
    for path in pages():
        access = PAGES[f"GET {path}"]
        if not isinstance(access, Open):
            yield (
                next(role for role in WALKERS if role in access),
                path,
                filled(f"GET {path}", ids)[1],
            )


def of_links(links: Mapping[str, str], ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path and address of every page that a private link opens."""
    for path in pages():
        if PAGES[f"GET {path}"] is Open.LINK:
            begin, _, rest = path.partition("/{token}")
            named = {**ids, "section": "ties", "key": "ties"}
            after = re.sub(r"{(\w+)}", lambda name: named[name[1].removesuffix("_id")], rest)
            yield path, links[begin] + after
