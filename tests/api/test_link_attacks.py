"""Attacks on every page that asks for no sign-in, at once: private links, doors, webhooks, and
what programs only look at. A page of tomorrow is attacked from its first day."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlmodel import SQLModel

from api.pages.access import PAGES, Open
from api.pages.guard import HEADERS
from api.pages.throttle import Throttle
from api.throttle import Throttle as LinkThrottle
from domain.vocabulary import Role
from records.first_run import make_address
from records.invitations import NewMember, invite
from tests.api.links import every_link
from tests.api.pages.office import Office
from tests.api.programs import NOW, Installation
from tests.api.scenes import CALLS, everything
from tests.api.test_page_access import FIXED, scene
from tests.api.test_page_attacks import ALLOWED, FOREIGN, changed, everything_kept, spoil

WITHOUT_A_DOOR = {"/u", "/f", "/join", "/set-up"}
"""Links that are read at once; all others show a button first."""
FROM_ANYWHERE = {"POST /u/{token}"}
"""A mail program ends e-mail with one click: its form comes from no page (RFC 8058)."""
REST = {**FIXED, "section": "ties", "key": "ties", "rest:path": "no/such/page"}
KEPT_BY_BROWSERS = re.compile(r"\.(css|js|svg)$")
"""The same for everybody."""


@dataclass
class Doors:
    """Everything that opens without a sign-in, and a browser for each private link.

    Attributes:
        links: the path of a private link, by how its addresses begin.
        ids: of what stands behind them.
    """

    api: Installation
    links: dict[str, str]
    ids: dict[str, str]

    def browser(self) -> TestClient:
        """Somebody's who has opened nothing yet."""
        return TestClient(
            self.api.app, headers={"Accept": "text/html"}, follow_redirects=False,
            base_url="http://home",
        )  # fmt: skip

    def opened(self, begin: str) -> TestClient:
        """Somebody's who pressed the button of a private link, where it has one."""
        browser = self.browser()
        if begin not in WITHOUT_A_DOOR:
            answer = browser.post(self.links[begin], headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 303, begin
        return browser

    def address(self, path: str, token: str = "") -> str:
        """Where a page is; with a token, where it would be if that opened anything."""
        begin, mark, rest = path.partition("/{token}")
        if not mark:
            return path
        front = f"{begin}/{token}" if token else self.links[begin]
        names = {**self.ids, **REST}
        return front + re.sub(r"{([\w:]+)}", lambda one: names[one[1].removesuffix("_id")], rest)

    def rest(self) -> None:
        """Nobody has tried too often."""
        fresh = {"throttle": Throttle(), "links": LinkThrottle(), "asking": LinkThrottle()}
        self.api.app.state.pages = replace(self.api.app.state.pages, **fresh)


@pytest.fixture(scope="module")
def doors(api: Installation, tmp_path_factory: pytest.TempPathFactory) -> Doors:
    """One of everything, a private link of each kind and an invitation."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(api.house, api.clock, api.app, folder, {}, _hub_id=api.hub_id())
    set_up = make_address(api.house.records, "command line", NOW)
    ids = scene(api)
    links = {**every_link(api, office, ids), "/set-up": f"/set-up/{set_up}"}
    with api.writing() as session:
        _, token = invite(session, NewMember("Ines", "ines", Role.ADVOCATE, "en"), NOW)
    return Doors(api, {**links, "/join": f"/join/{token}"}, ids)


def open_pages(method: str) -> Iterator[tuple[str, str, str]]:
    """Page, path, and how its address begins, of all that asks for no sign-in."""
    for page, access in PAGES.items():
        verb, path = page.split(" ")
        if isinstance(access, Open) and verb == method:
            yield page, path, path.partition("/{token}")[0]


def with_links(method: str) -> Iterator[tuple[str, str, str]]:
    """Those whose address is the right to open them."""
    return (one for one in open_pages(method) if "/{token}" in one[1])


def everything_and_trail(api: Installation) -> dict[str, Any]:
    """Every row of every table."""
    with api.house.records.engine.connect() as connection:
        return {
            table.name: connection.execute(table.select().order_by(*table.primary_key)).all()
            for table in SQLModel.metadata.sorted_tables
        }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_opens_every_address_changes_nothing_at_all(
    doors: Doors, method: str
) -> None:
    """Mail programs and carriers open links before people do: not even the trail may know."""
    before = everything_and_trail(doors.api)
    scanner = doors.browser()
    for page, path, begin in open_pages("GET"):
        doors.rest()
        answer = scanner.request(method, doors.address(path))
        assert answer.status_code < 500, page
        assert "set-cookie" not in answer.headers, page
        if begin not in WITHOUT_A_DOOR and "/{token}" in path:
            assert "Marcus" not in answer.text, page
            assert "Denise" not in answer.text, page
    assert changed(before, everything_and_trail(doors.api)) == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_behind_a_link_changes_nothing_but_the_trail(doors: Doors, method: str) -> None:
    browsers = {begin: doors.opened(begin) for begin in doors.links}
    before = everything_kept(doors.api)
    read = 0
    for page, path, begin in with_links("GET"):
        answer = browsers[begin].request(method, doors.address(path))
        assert answer.status_code < 500, page
        read += answer.status_code == 200
    assert read > 20 or method == "HEAD"
    assert changed(before, everything_kept(doors.api)) == []


@pytest.mark.parametrize("headers", FOREIGN, ids=lambda one: "-".join(one.values()) or "none")
def test_no_form_of_another_site_changes_anything(doors: Doors, headers: dict[str, str]) -> None:
    """Not even from a browser in which the link is open. The family's page reads no cookie, so a
    form that says nothing of where it comes from proves nothing there and is let in."""
    says_where = headers not in ({}, {"Origin": "null"})
    browsers = {begin: doors.opened(begin) for begin in doors.links}
    before = everything_kept(doors.api)
    for page, path, begin in open_pages("POST"):
        if page in FROM_ANYWHERE or (begin == "/f" and not says_where):
            continue
        who = browsers.get(begin) or doors.browser()
        answer = who.post(doors.address(path), headers=headers)
        assert answer.status_code == 403, page
    assert changed(before, everything_kept(doors.api)) == []


def test_every_answer_has_safe_headers_and_is_kept_nowhere(doors: Doors) -> None:
    for page, path, begin in open_pages("GET"):
        for who in (doors.browser(), doors.opened(begin) if begin in doors.links else None):
            for token in ("", secrets.token_urlsafe(16)):
                if who is None:
                    continue
                doors.rest()
                answer = who.get(doors.address(path, token))
                assert answer.headers["content-security-policy"] in ALLOWED, page
                for name in HEADERS:
                    assert answer.headers[name], (page, name)
                assert "server" not in answer.headers
                if not KEPT_BY_BROWSERS.search(path):
                    assert answer.headers["cache-control"] == "no-store", page
                if "/{token}" in path:
                    # The address is the right to open it: it may not travel along.
                    assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}, page


def test_a_token_that_never_was_answers_the_same_whatever_the_page(doors: Doors) -> None:
    """Nobody learns which links exist, nor of what kind."""
    stranger = doors.browser()
    answers: dict[str, set[tuple[int, str]]] = {}
    for method in ("GET", "POST"):
        for page, path, begin in with_links(method):
            doors.rest()
            unknown = secrets.token_urlsafe(16)
            answer = stranger.request(
                method, doors.address(path, unknown), headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status_code in {303, 404, 410}, (page, answer.status_code)
            if answer.status_code == 303:
                assert unknown in answer.headers["location"], page
            answers.setdefault(begin, set()).add((answer.status_code, plain(answer, unknown)))
    for begin, said in answers.items():
        pages = {words for status, words in said if status != 303}
        assert len(pages) <= 2, (begin, pages)


def test_guessing_ends_in_a_wait_on_every_kind_of_link(doors: Doors) -> None:
    for begin in doors.links:
        doors.rest()
        stranger = doors.browser()
        statuses = [
            stranger.get(f"{begin}/{secrets.token_urlsafe(16)}").status_code for _ in range(200)
        ]
        if begin == "/u":
            assert set(statuses) <= {200, 404, 410, 429}
            continue
        assert statuses[-1] == 429, begin
    doors.rest()


def test_nobody_s_link_opens_what_stands_behind_another_kind(doors: Doors) -> None:
    for begin in doors.links:
        doors.rest()
        token = doors.links[begin].rpartition("/")[2]
        for other in doors.links:
            if other != begin:
                answer = doors.browser().get(f"{other}/{token}")
                assert answer.status_code in {404, 410}, (begin, other)
    doors.rest()


def test_counsel_s_link_opens_no_letter_of_another_packet(api: Installation, doors: Doors) -> None:
    browser = doors.opened("/counsel")
    team = api.program()
    elsewhere = everything(api)
    theirs = team.made(
        f"/packets/{elsewhere['packet']}/letters",
        {"first_name": "Lee", "last_name": "Grant", "relationship": "pastor"},
    )
    for letter in (theirs["id"], elsewhere["letter"], "A" * 32):
        answer = browser.get(f"{doors.links['/counsel']}/letters/{letter}")
        assert answer.status_code in {303, 404}, letter
        assert "Grant" not in answer.text


def test_whatever_people_write_is_shown_as_text(doors: Doors) -> None:
    assert spoil(doors.api) > 60
    seen = 0
    browsers = {begin: doors.opened(begin) for begin in doors.links}
    for page, path, begin in with_links("GET"):
        answer = browsers[begin].get(doors.address(path))
        assert answer.status_code < 500, page
        if answer.headers.get("content-type", "").startswith(("text/html", "image/svg")):
            for start in ("<i id=evil", "<script>evil", "<img src=x", "$49"):
                assert start not in answer.text, (page, start)
            seen += "evil" in answer.text
    assert seen > 8, seen


def test_what_programs_look_at_changes_nothing(api: Installation) -> None:
    ids = everything(api)
    programs = {role: api.program(role) for role in Role}
    before = everything_kept(api)
    looked = 0
    for name, call in CALLS.items():
        if call.method == "GET":
            path, more = call.about(ids)
            for method in ("GET", "HEAD"):
                status = programs[Role.SUPERVISOR].call(method, path, **more).status_code
                assert status < 500, name
            looked += 1
    assert looked > 30
    after = everything_kept(api)
    assert [one for one in changed(before, after) if one != "api_token"] == []


def test_a_browser_s_cookie_is_no_token_of_a_program(doors: Doors) -> None:
    """Nothing below /api is answered for a cookie, so no page elsewhere can send it there."""
    browser = doors.opened("/counsel")
    for call in CALLS.values():
        path = re.sub(r"{\w+}", "A" * 32, call.path)
        answer = browser.request(call.method, f"/api/v1{path}")
        assert answer.status_code == 401, call.path


def test_no_webhook_believes_what_is_not_signed(doors: Doors) -> None:
    before = everything_kept(doors.api)
    stranger = doors.browser()
    found = 0
    for path, item in doors.api.app.openapi()["paths"].items():
        if path.startswith("/webhooks/") and "post" in item:
            address = re.sub(r"{\w+}", "A" * 22, path)
            answer = stranger.post(address, content=b"From=%2B13055550111&Body=STOP")
            assert answer.status_code in {401, 403, 404, 503}, (path, answer.status_code)
            found += 1
    assert found >= 5
    assert changed(before, everything_kept(doors.api)) == []


def plain(answer: Response, token: str) -> str:
    """What an answer says, whatever token it was asked for."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.replace(token, "")).split())
