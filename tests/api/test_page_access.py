"""Who may open which page: every page, every role, the own hub and another, the own case and not.

A page without an entry in the table cannot be built, and one that this file has no address for
fails here.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response

from api.pages.access import PAGES, Open, access_of
from api.pages.guard import PageRoute
from api.pages.routes import OPEN_PARTS, PARTS, router
from api.throttle import Throttle
from domain.exposure import Term
from domain.vocabulary import Role
from records.access import hash_token
from records.clients import connect
from records.exposure import NewExposure, write_exposure
from records.tables import (
    Case,
    Counsel,
    CounselNote,
    CourtRide,
    CourtRideSeat,
    CourtSupport,
    Hearing,
    Hub,
    Passkey,
    StaffMember,
    StaffSession,
)
from tests.api.programs import NOW, OTHER, Installation
from tests.api.scenes import CONSENT, everything
from tests.houses import ROSA

UNKNOWN = "A" * 22
FIXED = {
    "step": "before_3",
    "track": "custody",
    "section": "ties",
    "make": "docx",
    "form": "docx",
    "key": "youth",
    "left": "court",
}
"""What stands in an address and is no row's id."""
NAMED = {
    "/templates": {"kind": "release", "template_id": "template"},
    "/plan-templates": {"template_id": "plan_template", "kind_id": "step_kind"},
    "/conflicts": {"conflict_id": "conflict"},
    "/clients": {"report_id": "waiting", "note_id": "counsel_note"},
    "/imports": {"review_id": "import_review"},
    "/hub/team": {"contact_id": "team_contact"},
    "/cases": {
        "person_id": "person",
        "consent_id": "own_consent",
        "entry_id": "contact_entry",
    },
}
"""Ids that are called differently in an address, by how the address begins."""
SIGNS_OUT = "POST /me/browsers/end"
"""After this page nobody is signed in any more."""


def routes() -> Iterator[tuple[str, APIRoute]]:
    """Method and path of every page."""
    own = [route for route in router.routes if isinstance(route, APIRoute)]
    parts = [route for part in (*PARTS, *OPEN_PARTS) for route in part.router.routes]
    for route in (*own, *parts):
        assert isinstance(route, APIRoute)
        for method in sorted(route.methods or ()):
            yield f"{method} {route.path}", route


def for_staff() -> dict[str, frozenset[Role]]:
    """The pages that ask who somebody is, and for whom they are."""
    return {page: access for page, access in PAGES.items() if not isinstance(access, Open)}


def filled(page: str, ids: Mapping[str, str]) -> tuple[str, str]:
    """Method and address of a page, with the ids in place."""
    method, path = page.split(" ")
    names = next((more for begin, more in NAMED.items() if path.startswith(begin)), {})

    def one(found: re.Match[str]) -> str:
        name = found[1]
        if name in FIXED and name not in names:
            return FIXED[name]
        known = names.get(name, name.removesuffix("_id"))
        return ids.get(known, known)

    return method, re.sub(r"{(\w+)}", one, path)


class Staff:
    """Somebody's browser; without a role, of somebody who is not signed in.

    `own` are the ids of what belongs to them alone: a passkey, and another browser.
    """

    own: Mapping[str, str] = {}

    def __init__(self, api: Installation, role: Role | None, hub: str = "") -> None:
        self.api, self.role, self.hub, self.id = api, role, hub, ""
        self.http = TestClient(
            api.app, headers={"Accept": "text/html"}, follow_redirects=False, base_url="http://home"
        )
        if role is not None:
            token = secrets.token_urlsafe(16)
            with api.writing(hub) as session:
                member = StaffMember(name="Ana", sign_in=secrets.token_hex(4), role=role)
                session.add(member)
                session.flush()
                ends = NOW + timedelta(days=1)
                hashes = (hash_token(token), secrets.token_hex(32))
                rows = [
                    StaffSession(staff_id=member.id, token_hash=one, expires_at=ends)
                    for one in hashes
                ]
                passkey = Passkey(staff_id=member.id, credential_hash=secrets.token_hex(32))
                session.add_all([*rows, passkey])
                session.flush()
                self.id = member.id
                self.own = {"passkey": passkey.id, "browser": rows[1].id}
            self.http.cookies.set("homeward", token)

    def open(self, page: str, ids: Mapping[str, str]) -> Response:
        """Open a page, or send its form with nothing in it."""
        if self.role is Role.COUNSEL:
            self.defends(ids["case"])
        method, address = filled(page, {**self.own, **ids})
        headers = {"Sec-Fetch-Site": "same-origin"} if method == "POST" else {}
        answer: Response = self.http.request(method, address, headers=headers)
        return answer

    def defends(self, case_id: str) -> None:
        """This account is that of the case's counsel, where the case is of this hub."""
        with self.api.writing(self.hub) as session:
            case = session.get(Case, case_id)
            if case is None:
                return
            counsel = session.get_one(Counsel, case.counsel_id)
            if counsel.staff_id != self.id:
                counsel.staff_id = None
                session.add(counsel)
                session.flush()
                connect(session, counsel.id, self.id)


def scene(api: Installation, hub: str = "") -> dict[str, str]:
    """One of everything, in a hub that is set up and not run by one person alone."""
    ids = everything(api, hub)
    team = api.program("advocate", hub)
    with api.writing(hub) as session:
        row = session.get_one(Hub, session.hub_id)
        row.phone = row.phone or "+13055550190"
        # Whoever is removed by a page of this walk is not the only one who works on cases.
        stays = StaffMember(name="Ines", sign_in=secrets.token_hex(4), role=Role.SUPERVISOR)
        session.add(stays)
        case = session.get_one(Case, ids["case"])
        note = CounselNote(case_id=case.id, counsel_id=case.counsel_id or "", written_at=NOW)
        session.add(note)
        session.flush()
        ids["counsel_note"] = note.id
        faced = NewExposure(Term(1826), "Ana Ruiz", "A felony of the third degree.")
        ids["snapshot"] = write_exposure(session, case.id, faced, ROSA, NOW).id
        hearing = session.get_one(Hearing, ids["hearing"])
        about: dict[str, Any] = {"hearing_id": hearing.id, "hearing_revision": hearing.revision}
        at: dict[str, Any] = {
            "leaves_local": hearing.local_time,
            "leaves_at": hearing.starts_at,
        }
        ride = CourtRide(**about, **at, zone=hearing.zone, seats=3, driver="Lee Mills")
        companion = CourtSupport(**about, name="Pastor Lee")
        session.add_all([ride, companion])
        session.flush()
        seat = CourtRideSeat(**about, ride_id=ride.id, person_id=ids["person"])
        session.add(seat)
        session.flush()
        ids |= {"ride": ride.id, "companion": companion.id, "seat": seat.id}
    ids["own_consent"] = team.made(f"/people/{ids['defendant']}/sharing", CONSENT)["id"]
    return ids


@pytest.fixture(scope="module")
def ours(api: Installation) -> dict[str, str]:
    """The first hub's."""
    return scene(api)


def test_every_page_is_in_the_table_and_nothing_else_is() -> None:
    found = [page for page, _ in routes()]
    assert len(found) == len(set(found))
    assert set(found) == set(PAGES)


def test_a_page_without_an_entry_cannot_be_built() -> None:
    def not_in_the_table() -> None:
        """Nothing."""

    with pytest.raises(KeyError):
        PageRoute("/not-there", not_in_the_table, methods=["GET"])


def test_no_page_has_one_rule_for_reading_and_none_for_writing() -> None:
    for _, route in routes():
        assert access_of(route.methods or set(), route.path) is not None


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_the_table_says_and_nothing_else(
    api: Installation, role: Role
) -> None:
    ids, browser = scene(api), Staff(api, role)
    for page, access in for_staff().items():
        answer = browser.open(page, ids)
        where = answer.headers.get("location", "")
        if role not in access:
            assert answer.status_code == 403, (page, answer.status_code)
            assert "Marcus" not in answer.text
        else:
            assert answer.status_code not in (401, 403, 500), (page, answer.status_code)
            assert page == SIGNS_OUT or not where.startswith("/sign-in"), page
        if page == SIGNS_OUT:
            browser = Staff(api, role)


@pytest.mark.parametrize("role", Role)
def test_what_is_read_is_there(api: Installation, ours: dict[str, str], role: Role) -> None:
    """Otherwise the tests above and below would be glad of pages that nobody gets."""
    browser = Staff(api, role)
    for page, access in for_staff().items():
        if page.startswith("GET ") and role in access:
            answer = browser.open(page, ours)
            assert answer.status_code in (200, 303), (page, answer.status_code)


def test_nobody_gets_in_without_signing_in(api: Installation, ours: dict[str, str]) -> None:
    browser = Staff(api, None)
    for page in for_staff():
        answer = browser.open(page, ours)
        if page.startswith("GET "):
            assert answer.status_code == 303, (page, answer.status_code)
            assert answer.headers["location"].startswith("/sign-in?next="), page
        else:
            assert answer.status_code == 401, (page, answer.status_code)
        assert "Marcus" not in answer.text


@pytest.mark.parametrize("role", Role)
def test_rows_of_another_hub_do_not_exist(
    api: Installation, ours: dict[str, str], role: Role
) -> None:
    stranger = Staff(api, role, OTHER)
    theirs = {**ours, **Staff(api, role).own}
    scene(api, OTHER)
    for page, access in for_staff().items():
        if "_id}" not in page:
            continue
        wanted = {404} if role in access else {403}
        answer = stranger.open(page, theirs)
        assert answer.status_code in wanted, (page, answer.status_code)


@pytest.mark.parametrize("role", Role)
def test_pages_of_another_hub_tell_nothing_of_ours(
    api: Installation, ours: dict[str, str], role: Role
) -> None:
    stranger = Staff(api, role, OTHER)
    for page in for_staff():
        if page.startswith("GET ") and "_id}" not in page:
            text = stranger.open(page, ours).text
            assert not [known for known in ours.values() if len(known) > 20 and known in text], page


def test_a_row_is_reached_through_its_own_case_alone(
    api: Installation, ours: dict[str, str]
) -> None:
    other = scene(api)
    crossed = {**ours, "case": other["case"]}
    supervisor, counsel = Staff(api, Role.SUPERVISOR), Staff(api, Role.COUNSEL)
    for page, access in for_staff().items():
        names = set(re.findall(r"{(\w+)}", page)) - set(FIXED)
        if "case_id" in names and len(names) > 1:
            browser = supervisor if Role.SUPERVISOR in access else counsel
            answer = browser.open(page, crossed)
            assert answer.status_code == 404, (page, answer.status_code)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_private_address_that_nobody_made_opens_nothing(
    api: Installation, ours: dict[str, str], method: str
) -> None:
    browser = Staff(api, None)
    for page, access in PAGES.items():
        if access is Open.LINK and page.startswith(method):
            api.app.state.pages = replace(api.app.state.pages, links=Throttle())
            answer = browser.open(page, {**ours, "token": UNKNOWN})
            if answer.status_code == 303:  # back to the front of the same link
                assert answer.headers["location"].split("?")[0].endswith(UNKNOWN), page
            else:
                assert answer.status_code in (404, 410), (page, answer.status_code)
            assert "Marcus" not in answer.text
