"""The browser, and a whole installation for it: one for all tests of this folder.

Both end with the folder: Playwright keeps a loop running, in which no other test could start one.
"""

import shutil
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.home import Home, opened
from tests.chromium import launched


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The installation."""
    with opened(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser. On Linux it is a failure that there is none: `make test` installs it."""
    if sys.platform == "linux":
        found = shutil.which("chromium")
        assert found, "Chromium is not installed (Debian: apt-get install chromium)."
    with launched() as made:
        yield made
