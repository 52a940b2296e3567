"""Attacks on every page of the table at once: foreign forms, pages that are only looked at, markup
in whatever people write. A page of tomorrow is attacked from its first day."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import String, Text
from sqlmodel import SQLModel, select

from api.pages.access import PAGES, Open
from api.pages.guard import HEADERS, POLICY, SCRIPT_POLICY
from domain.vocabulary import Role
from records.columns import Sealed
from records.tables.base import HubOwned
from tests.api.programs import Installation
from tests.api.scenes import everything
from tests.api.test_page_access import FIXED, SIGNS_OUT, Staff, filled, for_staff, scene

PAYLOAD = "\"'><i id=evil><script>evil()</script><img src=x onerror=evil()>{{7*7}}${7*7}"
ALLOWED = {POLICY, SCRIPT_POLICY, "default-src 'none'; sandbox"}
"""Of pages, of those with a script of our own, and of people's own files."""
TRAIL = {"audit_event", "audit_head"}
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.org"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://sub.home"},
    {"Origin": "null"},
    {"Origin": "http://home.evil.example.org"},
    {},
)
STRUCTURED = {
    ("letter", "answers"),
    ("support_plan", "goals"),
    ("defendant", "birth_date"),
    ("calendar_import", "format"),
}
"""Texts with a shape of their own, which no form lets anybody break."""


def everything_kept(api: Installation) -> dict[str, Any]:
    """Every row of every table but the audit trail."""
    with api.house.records.engine.connect() as connection:
        return {
            table.name: connection.execute(table.select().order_by(*table.primary_key)).all()
            for table in SQLModel.metadata.sorted_tables
            if table.name not in TRAIL
        }


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables in which something is other than it was."""
    return [name for name, rows in before.items() if rows != after[name]]


@pytest.fixture(scope="module")
def ours(api: Installation) -> dict[str, str]:
    """One of everything."""
    return scene(api)


@pytest.fixture(scope="module")
def browsers(api: Installation, ours: dict[str, str]) -> dict[Role, Staff]:
    """A browser of each role."""
    made = {role: Staff(api, role) for role in Role}
    made[Role.COUNSEL].defends(ours["case"])
    return made


def opener(browsers: dict[Role, Staff], page: str) -> Staff:
    """Somebody for whom the page is."""
    access = PAGES[page]
    assert not isinstance(access, Open)
    return browsers[next(role for role in (Role.SUPERVISOR, *Role) if role in access)]


@pytest.mark.parametrize("headers", FOREIGN, ids=lambda one: "-".join(one.values()) or "none")
def test_no_form_of_another_site_changes_anything(
    api: Installation,
    ours: dict[str, str],
    browsers: dict[Role, Staff],
    headers: dict[str, str],
) -> None:
    before = everything_kept(api)
    for page in (one for one in for_staff() if one.startswith("POST ")):
        who = opener(browsers, page)
        method, address = filled(page, {**who.own, **ours})
        answer = who.http.request(method, address, headers=headers)
        assert answer.status_code == 403, page
        assert "did not come from here" in answer.text, page
    assert changed(before, everything_kept(api)) == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_page_changes_nothing_but_the_trail(
    api: Installation, ours: dict[str, str], browsers: dict[Role, Staff], method: str
) -> None:
    before = everything_kept(api)
    for page in (one for one in for_staff() if one.startswith("GET ")):
        who = opener(browsers, page)
        answer = who.http.request(method, filled(page, {**who.own, **ours})[1])
        assert answer.status_code < 500, page
    assert changed(before, everything_kept(api)) == []


def test_every_answer_to_staff_has_safe_headers_and_is_kept_nowhere(
    api: Installation, ours: dict[str, str], browsers: dict[Role, Staff]
) -> None:
    for page in (one for one in for_staff() if one.startswith("GET ")):
        for who in (opener(browsers, page), Staff(api, None)):
            answer = who.http.get(filled(page, {**who.own, **ours})[1])
            assert answer.headers["content-security-policy"] in ALLOWED, page
            assert answer.headers["cache-control"] == "no-store", page
            for name in HEADERS:
                assert answer.headers[name], (page, name)
            assert "server" not in answer.headers
            assert "x-powered-by" not in answer.headers


def free_texts(api: Installation) -> Iterator[tuple[type[Any], str]]:
    """The columns in which people write what they want."""
    for mapper in SQLModel._sa_registry.mappers:
        if issubclass(mapper.class_, HubOwned) or mapper.class_.__name__ == "Hub":
            for column in mapper.columns:
                if isinstance(column.type, String | Text | Sealed) and not column.foreign_keys:
                    yield mapper.class_, column.key


def is_prose(table: str, name: str, value: object) -> bool:
    """Whether somebody may have written it: words with a space, or a name."""
    if not isinstance(value, str) or not value or (table, name) in STRUCTURED:
        return False
    if value[0] in "{[" or re.fullmatch(r"[\d\s:T.,+-]+", value):
        return False
    return " " in value or name in {"first_name", "last_name", "name", "title", "note", "label"}


def spoil(api: Installation) -> int:
    """Put markup behind every free text; how many were spoiled."""
    count = 0
    with api.writing() as session:
        for model, name in sorted(free_texts(api), key=lambda one: (one[0].__name__, one[1])):
            for row in session.exec(select(model)).all():
                value = getattr(row, name)
                if is_prose(model.__tablename__, name, value):
                    setattr(row, name, f"{value} {PAYLOAD}")
                    session.add(row)
                    count += 1
    return count


def test_whatever_people_write_is_shown_as_text(api: Installation) -> None:
    ids = scene(api)
    browsers = {role: Staff(api, role) for role in Role}
    browsers[Role.COUNSEL].defends(ids["case"])
    assert spoil(api) > 60
    seen = 0
    for page in (one for one in for_staff() if one.startswith("GET ")):
        who = opener(browsers, page)
        answer = who.http.get(filled(page, {**who.own, **ids})[1])
        kind = answer.headers.get("content-type", "")
        assert answer.status_code < 500, page
        if not kind.startswith(("text/html", "image/svg")):
            continue
        for begin in ("<i id=evil", "<script>evil", "<img src=x", "$49"):
            assert begin not in answer.text, (page, begin)
        seen += "evil" in answer.text
    assert seen > 40


def test_nothing_signs_out_by_being_looked_at(browsers: dict[Role, Staff]) -> None:
    who = browsers[Role.SUPERVISOR]
    for address in ("/sign-out", SIGNS_OUT.removeprefix("POST ")):
        assert who.http.get(address).status_code == 405
    assert who.http.get("/me").status_code == 200


@pytest.mark.parametrize(
    "trick",
    [
        {"X-HTTP-Method-Override": "POST"},
        {"X-Original-URL": "/conflicts"},
        {"X-Rewrite-URL": "/conflicts"},
        {"X-Forwarded-Host": "evil.example.org"},
        {"X-Forwarded-For": "127.0.0.1"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_headers_that_other_software_obeys_are_not_obeyed(
    browsers: dict[Role, Staff], trick: dict[str, str]
) -> None:
    advocate = browsers[Role.ADVOCATE]
    assert advocate.http.get("/conflicts", headers=trick).status_code == 403
    page = advocate.http.get("/cases", headers=trick)
    assert page.status_code == 200
    assert "evil.example.org" not in page.text
    nobody = advocate.http.post("/cases/find?_method=GET", headers=trick)
    assert nobody.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example.org",
        "/%2e%2e/conflicts",
        "/cases/..%2fconflicts",
        "/.//x",
        "/CONFLICTS",
    ],
)
def test_crooked_addresses_lead_nowhere(browsers: dict[Role, Staff], address: str) -> None:
    answer = browsers[Role.ADVOCATE].http.get(f"http://home{address}")
    assert answer.status_code in {403, 404}
    assert "evil" not in answer.headers.get("location", "")


def test_a_token_in_an_address_is_a_token_of_nobody(api: Installation) -> None:
    """Nothing but the cookie signs in: an address is kept in histories and logs."""
    with_cookie = Staff(api, Role.SUPERVISOR)
    token = with_cookie.http.cookies.get("homeward")
    stranger = Staff(api, None)
    for address in (f"/cases?homeward={token}", f"/cases?token={token}"):
        assert stranger.http.get(address).status_code == 303
    bearer = stranger.http.get("/cases", headers={"Authorization": f"Bearer {token}"})
    assert bearer.status_code == 303


def test_what_belongs_to_one_case_is_not_reached_through_another(
    api: Installation, ours: dict[str, str], browsers: dict[Role, Staff]
) -> None:
    """Every address that names a case and something of it, with another case of the same hub."""
    elsewhere = everything(api)["case"]
    before = everything_kept(api)
    tried = 0
    for page in for_staff():
        named = re.findall(r"{(\w+)}", page)
        if "case_id" not in named or set(named) - {"case_id"} <= FIXED.keys():
            continue
        who = opener(browsers, page)
        method, address = filled(page, {**who.own, **ours})
        crossed = address.replace(ours["case"], elsewhere)
        assert crossed != address, page
        headers = {"Sec-Fetch-Site": "same-origin"} if method == "POST" else {}
        answer = who.http.request(method, crossed, headers=headers)
        assert answer.status_code == 404, (page, answer.status_code)
        tried += 1
    assert tried > 60
    assert changed(before, everything_kept(api)) == []
