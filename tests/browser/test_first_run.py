"""The first minutes of an installation, from the address that it prints to a followed case."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.api.pages.empty import WORDS, opened
from tests.browser.looking import looked_at
from tests.browser.screens import Kind, Screen, in_each_browser, screen
from tests.browser.site import listening


@in_each_browser
def test_from_the_address_to_a_followed_case(tmp_path: Path, browser: Browser, kind: Kind) -> None:
    made = opened(tmp_path)
    wrong: list[str] = []

    def look(one: Screen) -> None:
        if kind.script:  # axe is a script
            wrong.extend(f"{one.path} {why}" for why in looked_at(one.page, "en", for_thumbs=False))
            one.page.set_viewport_size(kind.size)

    with (
        listening(made.app) as site,
        screen(browser, site, kind.size, script=kind.script) as rosa,
    ):
        rosa.open(made.address())
        look(rosa)
        rosa.fill("Your name", "Rosa Quill")
        rosa.fill("Name for signing in", "rosa")
        for name in ("new_password", "new_password_again"):
            rosa.page.locator(f"#{name}").fill(WORDS)
        rosa.press("Begin")
        rosa.says("Step 2 of 5")
        look(rosa)
        rosa.follow("‹ All steps")
        look(rosa)
        rosa.follow("Go on: Your hub")
        rosa.fill("Name of the hub", "Liberty City Defense")
        rosa.fill("Phone that people can call", "305-555-0100")
        rosa.choose("Time zone of your courts", "Eastern (New York, Miami)")
        rosa.press("Save and go on")
        rosa.says("Step 3 of 5")
        look(rosa)
        rosa.page.locator("#name").fill("Example County Courthouse")
        rosa.fill("Address", "1 Example St, Exampleville")
        rosa.press("Save and go on")
        rosa.says("Right now none does")
        look(rosa)
        rosa.press("I know. Go on")
        rosa.says("Step 5 of 5")
        look(rosa)
        rosa.page.locator("#first_name").fill("Marcus")
        rosa.page.locator("#last_name").fill("Bell")
        rosa.tick("Released")
        rosa.page.locator("#kind").select_option("arraignment")
        rosa.page.locator("#date").fill("2026-12-08")
        rosa.page.locator("#time").fill("09:00")
        rosa.press("Open the case")
        rosa.says("Homeward is set up", "1 Example St, Exampleville", "What will happen")
        assert rosa.heading() == "Marcus Bell"
        assert not rosa.wrong
    made.records.close()
    assert not wrong, "\n".join(wrong)
