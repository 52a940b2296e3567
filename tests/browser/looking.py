"""What is asked of a page that stands in the browser: by axe, and by what axe does not measure."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from tests.browser.screens import DESK, PHONE

NARROW = 320
"""CSS pixels at which nothing may need scrolling sideways (WCAG 1.4.10)."""
THUMB = 44
"""CSS pixels of whatever is pressed on the pages of families and counsel; elsewhere axe asks for 24
(WCAG 2.5.8)."""
_AXE = """async () => {
  const found = await axe.run({
    resultTypes: ["violations"], rules: {"target-size": {enabled: true}}
  });
  return found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html).join(" | "));
}"""
_MEASURED = """() => ({
  title: document.title, lang: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
})"""
_WIDTH = "() => document.documentElement.scrollWidth"
_SMALL = """(least) => {
  const box = (el) => (el.closest("label") ?? el).getBoundingClientRect();
  const shown = (el) => el.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  // A link within a sentence is as large as its words (WCAG 2.5.8, inline).
  const spoken = (el) => el.tagName === "A" && getComputedStyle(el).display === "inline";
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(el => el.type !== "hidden" && shown(el) && !spoken(el))
    .filter(el => !el.matches(".skip, .unseen"))
    .filter(el => { const b = box(el); return b.height < least - 0.5 || b.width < 24; })
    .map(el => `${el.outerHTML.slice(0, 120)} is ${Math.round(box(el).height)} high`);
}"""


def looked_at(page: Page, language: str, *, for_thumbs: bool, quick: bool = False) -> list[str]:
    """What is wrong with the page that is open, in plain words; nothing when all is well.

    Args:
        language: of the document.
        for_thumbs: every target is to be as large as a thumb.
        quick: of a page whose colours were looked at before, on a desk and in the dark.
    """
    said = page.evaluate(_MEASURED)
    wrong = []
    if not said["title"].split("·")[0].strip():
        wrong.append("no title")
    if said["lang"] != language:
        wrong.append(f"lang is {said['lang']!r}")
    if said["headings"] != 1:
        wrong.append(f"{said['headings']} h1")
    wrong += _axe(page, "phone, light")
    if for_thumbs:
        wrong += page.evaluate(_SMALL, THUMB)
    page.set_viewport_size({"width": NARROW, "height": PHONE["height"]})
    if (width := page.evaluate(_WIDTH)) > NARROW:
        wrong.append(f"{width} wide at {NARROW}")
    if not quick:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="dark")
        wrong += _axe(page, "desk, dark")
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    return wrong


def _axe(page: Page, where: str) -> list[str]:
    page.evaluate(_script())
    found: list[Any] = page.evaluate(_AXE)
    return [f"{where}: {one}" for one in found]


@cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()
