"""Somebody's phone or computer: a browser with nothing in it, and what went wrong on its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize

PHONE: ViewportSize = {"width": 375, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


@dataclass(frozen=True, slots=True)
class Kind:
    """A browser in which a story is lived. `number` tells what is made in it from all others."""

    number: int
    size: ViewportSize
    script: bool


in_each_browser = pytest.mark.parametrize(
    "kind",
    [
        pytest.param(Kind(0, PHONE, True), id="phone"),
        pytest.param(Kind(1, PHONE, False), id="phone-without-scripts"),
        pytest.param(Kind(2, DESK, True), id="desk"),
        pytest.param(Kind(3, DESK, False), id="desk-without-scripts"),
    ],
)
"""Every story is lived in each of them."""

PATIENCE = 30_000
"""Milliseconds in which a page must answer, on a machine that has other things to do."""
_SENT_BACK = "responded with a status of 422"


@dataclass
class Screen:
    """One page of one browser. `wrong` is what a page may never do: an error in its console, what
    the Content-Security-Policy refused, a request to another host."""

    page: Page
    site: str
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a page of ours, which must answer."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.ok, (path, answer.status)

    def fill(self, label: str, words: str, *, within: str = "") -> None:
        """Write into a field, named as people read it."""
        self._in(within).get_by_label(label).fill(words)

    def choose(self, label: str, words: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label).select_option(label=words)

    def tick(self, label: str, *, within: str = "") -> None:
        """Tick a box, or choose one of several."""
        self._in(within).get_by_label(label).check()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def says(self, *words: str) -> None:
        """The page says this, where people see it."""
        for one in words:
            self.page.get_by_text(one).locator("visible=true").first.wait_for()

    def heading(self) -> str:
        """What the page is about."""
        return self.page.locator("h1").inner_text()

    @property
    def path(self) -> str:
        """Which page it shows."""
        return urlsplit(self.page.url).path

    def _in(self, group: str) -> Page | Locator:
        return self.page.get_by_role("group", name=group) if group else self.page


@contextmanager
def screen(
    browser: Browser, site: str, size: ViewportSize = PHONE, *, script: bool = True
) -> Iterator[Screen]:
    """A screen that nobody used before; what went wrong on it is told at the end."""
    context = browser.new_context(
        viewport=size, java_script_enabled=script, accept_downloads=True, locale="en-US"
    )
    context.set_default_timeout(PATIENCE)
    try:
        made = Screen(context.new_page(), site)
        watch(made)
        yield made
    except Exception as failed:
        failed.add_note(f"{made.page.url} said:\n{made.page.inner_text('body')[:1500]}")
        raise
    finally:
        context.close()
    assert not made.wrong, made.wrong


def watch(made: Screen) -> None:
    """Write down what goes wrong on a screen's pages."""

    def heard(message: ConsoleMessage) -> None:
        # A form that is sent back with what is missing is an answer like others.
        if message.type in ("error", "warning") and _SENT_BACK not in message.text:
            made.wrong.append(f"{made.path}: {message.text} {message.location['url']}")

    def asked(request: Request) -> None:
        host = urlsplit(made.site).netloc
        if request.url.startswith("http") and urlsplit(request.url).netloc != host:
            made.wrong.append(f"{made.path}: asked {request.url}")

    made.page.on("console", heard)
    made.page.on("pageerror", lambda error: made.wrong.append(f"{made.path}: {error}"))
    made.page.on("request", asked)
