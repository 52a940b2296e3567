"""Elena Ruiz, counsel: an e-mail, a private page, her approval, the files; later all versions."""

import io

import pikepdf
import pytest
from docx import Document
from playwright.sync_api import Browser

from tests.browser import packets
from tests.browser.home import Home, path_in
from tests.browser.screens import Kind, Screen, in_each_browser, screen

DRAFT = "Draft, attorney work product"
MARK = "attorney work product"


@pytest.fixture(scope="module")
def waiting(home: Home) -> list[str]:
    """A packet for each browser, with counsel; their ids. They are built side by side."""
    made = [packets.begin(home, number) for number in range(4)]
    for packet_id in made:
        packets.ask_counsel(home, packet_id)
    return made


@in_each_browser
def test_counsel_reads_approves_and_takes_the_files(
    home: Home, browser: Browser, waiting: list[str], kind: Kind
) -> None:
    path = path_in(home.mail_to(packets.counsels(kind.number)))
    with screen(browser, home.site, kind.size, script=kind.script) as elena:
        elena.open(path)
        assert "Andre" not in elena.page.inner_text("body"), "before the button nothing is shown"
        elena.page.get_by_role("button").click()
        elena.says("The hub asks you to read version 1", f"every page says “{DRAFT}”")
        elena.follow("Read the text here, without downloading")
        elena.says("Marcus was born in Liberty City.", "He lives with his mother")
        elena.follow("Go to your answer")
        elena.fill("Your name, as you sign", "Elena Ruiz")
        elena.press("Approve version 1")
        elena.says("You approved it.")
        packets.final_version(home, waiting[kind.number])
        elena.open(path)
        elena.says("Approved and ready: version 2", "It carries no draft mark.")
        _takes(elena, 2)

    with screen(browser, home.site, kind.size, script=kind.script) as elena:
        elena.open(path)
        elena.page.get_by_role("button").click()
        elena.says("Approved and ready: version 2", "Earlier versions", "Version 1,")
        elena.page.locator("summary", has_text="Version 1, ").click()
        assert MARK in _words(_taken(elena, "Word file of version 1")).lower()


def _takes(elena: Screen, number: int) -> None:
    """Both files are real, and neither says that it is a draft."""
    pdf = _taken(elena, f"Bound PDF of version {number}")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 2
    words = _words(_taken(elena, f"Word file of version {number}")).lower()
    assert "release packet" in words
    assert MARK not in words


def _taken(elena: Screen, name: str) -> bytes:
    with elena.page.expect_download() as waiting:
        elena.press(name)
    return waiting.value.path().read_bytes()


def _words(docx: bytes) -> str:
    """What a Word file says, with its headers and footers."""
    found = Document(io.BytesIO(docx))
    edges = [edge for part in found.sections for edge in (part.header, part.footer)]
    bodies = [found, *edges]
    return "\n".join(line.text for body in bodies for line in body.paragraphs)
