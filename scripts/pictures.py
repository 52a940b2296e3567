"""A picture of every page on a phone and on a desk, in a folder, for people who look.

.venv/bin/python -m scripts.pictures FOLDER [LANGUAGE] [dark]
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from api.pages.translating import LANGUAGES as STAFF_LANGUAGES
from tests.browser import walk
from tests.browser.screens import DESK, PHONE, Screen, screen
from tests.browser.site import WALKERS, served
from tests.chromium import launched


def main(folder: Path, language: str = "en", light: str = "light") -> None:
    """Walk over all pages and take the pictures.

    Args:
        folder: where they go; made where it is not there.
        language: of the pages behind private links, and of the staff's where they have it.
        light: "light" or "dark".
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as site, launched() as browser:
        if language in STAFF_LANGUAGES:
            site.read_in(language)
        for role in WALKERS:
            with screen(browser, site.address) as one:
                _take(one, walk.pages_of_staff(one, site, role), folder, light)
        site.speak(language)
        with screen(browser, site.address) as one:
            _take(one, walk.pages_of_links(one, site), folder, light)


def _take(one: Screen, walked: Iterator[tuple[str, str]], folder: Path, light: str) -> None:
    for path, problem in walked:
        name = re.sub(r"\W+", "-", path).strip("-") or "today"
        for size, view in (("desk", DESK), ("phone", PHONE)):
            one.page.set_viewport_size(view)
            one.page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            one.page.screenshot(path=folder / f"{name}.{size}.png", full_page=True)
        if problem:
            sys.stderr.write(f"{path} {problem}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
