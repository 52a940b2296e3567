"""What the staff's pages say and hold in Spanish, beside the same pages in English.

No text of a page may be the same in both unless somebody of the scene wrote it; forms answer empty
fields in Spanish; and what nobody reads, a field's name or an address, is the same in both.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from domain.vocabulary import Role
from records.tables import StaffMember
from tests.api.programs import Installation, installation
from tests.api.test_page_access import SIGNS_OUT, Staff, filled, for_staff, scene
from tests.api.test_page_attacks import opener
from tests.api.test_staff_spanish import outside_of_brackets, pseudo

ENDS_BROWSER = "POST /me/browsers/{browser_id}/end"
"""Sent last of all: whoever sends it is signed out."""
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
ENTIRELY = frozenset(
    {
        *("Liberty City Defense", "Riverside Shelter", "Northside Clinic", "Find a home"),
        *("Find a room", "Find a room.", "Where do I park?", "Yes, text me.", "At work"),
        *("He sings in the choir.", "Pastor Lee", "“Yes, tell them.”", "Ours.", "Ours"),
        *("Hi Denise, Marcus has court on Tuesday.", "list", "other list", "Counseling", "Miami"),
    }
)
"""What people wrote, said or named in the scene."""
__all__ = ["pseudo"]
KEPT = tuple(
    re.compile(pattern)
    for pattern in (
        r"(Marcus|Denise|Gloria|Ana|Rosa|Lee|Ines)( (Johnson|Ruiz|Brown|Mills))?",
        r"an? \w+'s program",
        r"[A-Za-z ]+ [0-9a-f]{32}",
        r"(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/\S+",
        r"[\w.]+@example\.org",
        # What a text or a letter says is shown as it leaves, in its reader's language.
        r"(Liberty City Defense: )?(Hi|Hola|Alo) Denise\b.*",
        # A consent is read in its signer's language: this is the paper itself.
        r"Whose information|Who may share it|What may be shared|My housing|With whom|What for",
        r"To help me with my plan and with getting to court|Until when|Until \w+, \w+ \d+, \d+\.",
        r"How to take it back|Tell Liberty City Defense in any way, .*",
        # What is asked of the court is the packet's own text, which is in English.
        r"We ask the court to consider release to the community, .*",
        # Rows of the calendar as the court wrote them, and of a plan's sheet as it is read.
        r"31/31/2027,.*|OAK, ANA.*|step,kind,due,.*|A room,Housing,.*|Mon, Wed 9:00-17:00",
        r"A felony of the third degree.",
        # Addresses, names of programs' calls, and what stands in a Word template.
        r"\{[%{].*|sections\.\w+|(name|step|writer|label|picture), [a-z_, ]+",
        r"[0-9a-f]{64}|\d+ kB|[A-Z]\d\d-\d+",
        # Zones of the United States by their places, and languages by their own names.
        r"(Alaska|Arizona|Puerto Rico) \([\w ]+\)?|English|Español",
        # Spelled alike in both.
        r"PDF|Word|Plan|Homeward|iCalendar \(RFC 5545",
        # Two people who share a telephone.
        r"Denise or Gloria",
    )
)
"""Texts that stay: names, what people wrote, and texts that are shown as they are elsewhere."""
NAMES = frozenset(
    {
        *("mother", "pastor", "rosa", "counsel", "helpers", "plan", "letters", "exhibits"),
        *("photographs", "charges", "conditions", "reminders"),
    }
)
"""What people are to each other, who signed in, and lists of a Word template."""
READ = frozenset({"aria-label", "title", "alt", "placeholder"})
UNREAD = ("id", "for", "name", "type", "href", "action", "method", "aria-describedby", "class")
CHANGES = re.compile(r"[0-9a-f]{32,}|[\w-]{16,}|\?v=\w+|(?<=^ask:)\w+")


class Page(HTMLParser):
    """The texts of a page, and what stands in its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.held: list[tuple[str, str, str]] = []
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        for name, value in attrs:
            if name in READ:
                self._note(value or "")
            if name in UNREAD or (name == "value" and tag in ("option", "button")):
                self.held.append((tag, name, CHANGES.sub("…", value or "")))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "svg", "code"} & set(self._within):
            self._note(data)

    def _note(self, text: str) -> None:
        words = " ".join(unescape(text).split()).strip("‹›·:,;() ")
        if re.search(r"[^\W\d_]{3,}", words):
            self.texts.add(words)


def kept(text: str) -> bool:
    """Whether a text may be the same in both languages."""
    pieces = [piece.strip() for piece in re.split(r" · |, (?=mother|pastor)", text)]
    return all(
        piece in ENTIRELY or piece in NAMES or any(one.fullmatch(piece) for one in KEPT)
        for piece in pieces
    )


def speaks(api: Installation, browsers: dict[Role, Staff], language: str) -> None:
    """Let everybody of the scene read a language."""
    with api.writing() as session:
        for one in browsers.values():
            member = session.get_one(StaffMember, one.id)
            member.language = language
            session.add(member)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(Path(tmp_path_factory.mktemp("spanish"))) as api:
        yield api


@pytest.fixture(scope="module")
def ours(place: Installation) -> dict[str, str]:
    return scene(place)


@pytest.fixture(scope="module")
def browsers(place: Installation, ours: dict[str, str]) -> dict[Role, Staff]:
    found = {role: Staff(place, role) for role in Role}
    found[Role.COUNSEL].defends(ours["case"])
    return found


@pytest.fixture(scope="module")
def both(
    place: Installation, ours: dict[str, str], browsers: dict[Role, Staff]
) -> dict[str, tuple[Page, Page]]:
    """Every page of the staff, in English and in Spanish."""
    read: dict[str, list[Page]] = {}
    for language in ("en", "es"):
        speaks(place, browsers, language)
        for page in (one for one in for_staff() if one.startswith("GET ")):
            who = opener(browsers, page)
            answer = who.http.get(filled(page, {**who.own, **ours})[1])
            if answer.headers.get("content-type", "").startswith("text/html"):
                read.setdefault(page, []).append(Page(answer.text))
    return {page: (english, spanish) for page, (english, spanish) in read.items()}


def test_nothing_of_a_page_is_the_same_in_english_and_in_spanish(
    both: dict[str, tuple[Page, Page]],
) -> None:
    assert len(both) > 100
    same = {
        text: page
        for page, (english, spanish) in both.items()
        for text in english.texts & spanish.texts
        if not kept(text)
    }
    assert not same, "\n".join(f"{page}: {text}" for text, page in same.items())


LITTLE = re.compile(
    r"\b(the|of|and|is|are|was|with|for|not|from|their|they|in|on|at|person|rows?|people"
    r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Apr|Aug|Dec)\b"
)
"""English words by which one sees that a sentence is Spanish only in parts."""
TYPED_IN_ENGLISH = re.compile(
    r"weekly on Tue|Mon-Fri 9:00-17:00|Certificate of completion|\{\{ person.name \}\}"
)
"""Examples within Spanish hints of what is written in English: rules, hours, a packet's words."""


def test_no_sentence_is_spanish_only_in_parts(both: dict[str, tuple[Page, Page]]) -> None:
    mixed = {
        text: page
        for page, (_, spanish) in both.items()
        for text in spanish.texts
        if LITTLE.search(TYPED_IN_ENGLISH.sub("", text)) and not kept(text)
    }
    assert not mixed, "\n".join(f"{page}: {text}" for text, page in mixed.items())


def test_a_field_a_link_and_a_button_hold_the_same_in_every_language(
    both: dict[str, tuple[Page, Page]],
) -> None:
    for page, (english, spanish) in both.items():
        # The trail grows with every page that is read.
        if page != "GET /audit":
            assert spanish.held == english.held, page


MISTAKE = re.compile(r'<p class="mistake"[^>]*>(.*?)</p>', re.DOTALL)
SUMMARY = re.compile(r'<div class="summary"[^>]*>(.*?)</div>', re.DOTALL)
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
QUOTED = re.compile(r'<(\w+)\b[^>]* lang="(?:en|ht)"[^>]*>.*?</\1>', re.DOTALL)
"""What a message says is shown as it leaves, in its reader's language, and the page says which."""


def complaints(status: int, html: str) -> Iterator[str]:
    """What an answer says is wrong: beside fields, above the form, or as a page of its own."""
    if status == 422:
        yield from (*MISTAKE.findall(html), *SUMMARY.findall(html))
    elif status >= 400:
        yield from (QUOTED.sub("", main) for main in MAIN.findall(html))


def test_forms_that_are_sent_empty_are_answered_in_spanish(
    place: Installation,
    ours: dict[str, str],
    browsers: dict[Role, Staff],
    both: dict[str, tuple[Page, Page]],
    pseudo: None,
) -> None:
    speaks(place, browsers, "es")
    found: dict[str, list[str]] = {}
    answered = 0
    forms = [one for one in for_staff() if one.startswith("POST ")]
    for page in sorted(set(forms) - {SIGNS_OUT}, key=lambda one: one == ENDS_BROWSER):
        who = opener(browsers, page)
        answer = who.http.post(filled(page, {**who.own, **ours})[1], headers=FROM_HERE)
        said = [*complaints(answer.status_code, answer.text)]
        answered += bool(said)
        english = [
            text for one in said for text in outside_of_brackets(one) if not kept(text.strip("· "))
        ]
        if english and page != ENDS_BROWSER:
            found[page] = english
    assert answered > 40
    assert not found, "\n".join(f"{page}: {texts}" for page, texts in found.items())
