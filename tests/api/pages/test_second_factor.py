"""Setting up and removing second factors, and a hub that asks everybody for one."""

import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pyotp
import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.browsers import PROOF_LASTS
from records.tables import Hub, RecoveryCode, StaffSession, TotpSecret
from tests.api.pages.office import Browser, Office, said
from tests.api.pages.signers import (
    PASSWORD,
    Signer,
    hire,
    hire_with_codes,
    set_up_codes,
    trail,
)


@pytest.fixture
def rosa(office: Office) -> Signer:
    """Rosa, who has a password alone."""
    return hire(office)


@pytest.fixture(autouse=True)
def asks_nobody(office: Office) -> Iterator[None]:
    """The hub, which outlives each test, asks for nothing afterwards."""
    yield
    ask_everybody(office, wanted=False)


def ask_everybody(office: Office, *, wanted: bool = True) -> None:
    """The hub asks for second factors."""
    with office.house.records.writing(office.hub_id) as session:
        hub = session.get_one(Hub, office.hub_id)
        hub.second_factor_required = wanted
        session.add(hub)


def test_an_app_is_set_up_and_confirmed_by_a_code(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    other = rosa.browser()
    assert "Your password alone opens everything" in browser.words("/me")
    answer = set_up_codes(rosa, browser)
    assert "Your recovery codes" in said(answer)
    assert len(rosa.papers) == len(set(rosa.papers)) == 10
    assert "Set up. You are asked for one after your password." in browser.words("/me")
    assert other.get("/me").status_code == 303, "it was signed in by password alone"
    actions = [action for _, action, _ in trail(office)]
    assert actions[-2:] == ["set up codes of an app", "made recovery codes"]
    assert rosa.papers[0] not in browser.get("/me/recovery").text


def test_a_secret_counts_for_nothing_until_a_code_confirms_it(rosa: Signer) -> None:
    browser = rosa.browser()
    browser.post("/me/code", {"begin": "yes"})
    answer = browser.post("/me/code", {"code": "000000"})
    assert answer.status_code == 422
    assert "This code is not right" in said(answer)
    assert rosa.give(rosa.office.browser()).headers["location"] == "/cases"


def test_the_qr_code_says_what_is_written_below_it(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    assert browser.get("/me/code/qr.svg").status_code == 404
    browser.post("/me/code", {"begin": "yes"})
    answer = browser.get("/me/code/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    assert "style" not in answer.text
    assert ElementTree.fromstring(answer.text).tag.endswith("svg")
    page = browser.get("/me/code").text
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(TotpSecret)).one().secret == secret
    assert len(pyotp.TOTP(secret).byte_secret()) == 20


def test_reading_the_pages_changes_nothing(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    for page in ("/me", "/me/code", "/me/recovery", "/me/second-factor", "/me/proof"):
        assert browser.get(page).status_code == 200
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(TotpSecret)).all() == []
        assert session.exec(select(RecoveryCode)).all() == []


def test_moving_to_another_phone_keeps_the_old_codes_until_the_new_ones_are_there(
    office: Office, rosa: Signer
) -> None:
    browser = rosa.browser()
    set_up_codes(rosa, browser)
    old = Signer(office, rosa.id, rosa.name, rosa.secret)
    browser.post("/me/code", {"begin": "yes"})
    assert old.half().post("/sign-in/code", {"code": old.code()}).status_code == 303
    answer = set_up_codes(rosa, browser)
    assert answer.headers["location"].startswith("/me")
    assert old.half().post("/sign-in/code", {"code": old.code()}).status_code == 422
    assert rosa.half().post("/sign-in/code", {"code": rosa.code()}).status_code == 303
    assert rosa.half().post("/sign-in/code", {"recovery": rosa.papers[0]}).status_code == 303


@pytest.mark.parametrize("by", ["password", "code"])
def test_codes_are_removed_with_a_proof(office: Office, by: str) -> None:
    rosa = hire_with_codes(office)
    browser = rosa.browser()
    assert browser.post("/me/code/remove", {"proof": "wrong"}).status_code == 422
    assert browser.post("/me/code/remove").status_code == 422
    office.clock.at += timedelta(seconds=60)
    proof = PASSWORD if by == "password" else rosa.code()
    answer = browser.post("/me/code/remove", {"proof": proof})
    assert answer.headers["location"] == "/me?done=code-gone#second"
    assert rosa.give(office.browser()).headers["location"] == "/cases"
    assert trail(office)[-2][1] == "removed codes of an app"
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(RecoveryCode)).all() == []


def test_a_code_that_proved_something_signs_nobody_in(office: Office) -> None:
    rosa = hire_with_codes(office)
    browser = rosa.browser()
    office.clock.at += timedelta(seconds=60)
    code = rosa.code()
    assert browser.post("/me/proof", {"proof": code, "next": "/me/recovery"}).status_code == 303
    fresh = office.browser()
    rosa.give(fresh)
    assert fresh.post("/sign-in/code", {"code": code}).status_code == 422


PROVED_PAGES = [
    ("GET", "/me/code", "/me/code"),
    ("POST", "/me/code", "/me/code"),
    ("GET", "/me/code/qr.svg", "/me/code/qr.svg"),
    ("GET", "/me/recovery", "/me/recovery"),
    ("POST", "/me/recovery", "/me/recovery"),
    ("GET", "/me/passkeys/new", "/me/passkeys/new"),
    ("POST", "/me/passkeys/new", "/me/passkeys/new"),
]


@pytest.mark.parametrize(("method", "page", "back"), PROVED_PAGES)
def test_a_browser_that_was_left_open_adds_no_way_in(
    office: Office, method: str, page: str, back: str
) -> None:
    rosa = hire_with_codes(office)
    browser = rosa.browser()
    office.clock.at += PROOF_LASTS
    answer = browser.get(page) if method == "GET" else browser.post(page, {"begin": "yes"})
    where = answer.headers["location"]
    assert where == f"/me/proof?next={back.replace('/', '%2F')}"
    assert browser.post("/me/proof", {"proof": "guess"}).status_code == 422
    went = browser.post("/me/proof", {"proof": PASSWORD, "next": back})
    assert went.headers["location"] == back
    assert browser.get("/me/recovery").status_code == 200


def test_a_hub_that_asks_leads_everybody_there_before_anything_else(
    office: Office, rosa: Signer
) -> None:
    before = rosa.browser()
    ask_everybody(office)
    for browser in (before, rosa.browser()):
        for page in ("/", "/cases", "/me", "/calendar", "/inbox"):
            assert browser.get(page).headers["location"] == "/me/second-factor", page
        refused = browser.post("/cases/new", {"first_name": "Lena"})
        assert refused.status_code == 403
        assert "Set up your second factor first" in said(refused)
        assert browser.post("/me/password", {"password": PASSWORD}).status_code == 403
        page = browser.words("/me/second-factor")
        assert "Your hub asks everybody" in page
        assert "Calendar" not in page
    answer = set_up_codes(rosa, browser)
    assert "Your recovery codes" in said(answer)
    assert browser.get("/cases").status_code == 200


def test_who_has_one_notices_nothing(office: Office) -> None:
    rosa = hire_with_codes(office)
    ask_everybody(office)
    assert rosa.browser().get("/cases").status_code == 200


def test_without_the_last_one_they_are_led_there_again(office: Office) -> None:
    rosa = hire_with_codes(office)
    ask_everybody(office)
    browser = rosa.browser()
    assert "set up another one right away" in browser.words("/me/code/remove")
    browser.post("/me/code/remove", {"proof": PASSWORD})
    assert browser.get("/cases").headers["location"] == "/me/second-factor"


def test_an_administrator_decides_and_sees_who_has_none(office: Office) -> None:
    hire_with_codes(office)
    admin = hire(office, Role.HUB_ADMIN, "admin").browser()
    words = admin.words("/hub")
    assert "One person has none yet. You are one of them" in words
    saved = admin.post("/hub/signing", {"second_factor": "yes"})
    assert saved.headers["location"] == "/hub?done=signing#signing"
    assert trail(office)[-1][1] == "asked for second factors"
    assert admin.get("/hub").headers["location"] == "/me/second-factor"


def test_nobody_else_decides_it(office: Office) -> None:
    for role in (Role.ADVOCATE, Role.SUPERVISOR, Role.COUNSEL):
        browser: Browser = office.staff(role)
        assert browser.post("/hub/signing", {"second_factor": "yes"}).status_code == 403
    with office.house.records.reading(office.hub_id) as session:
        assert session.get_one(Hub, office.hub_id).second_factor_required is False


def test_a_session_of_another_hub_is_not_touched(office: Office, rosa: Signer) -> None:
    stranger = office.staff(hub_id=office.other_hub())
    ask_everybody(office)
    assert stranger.get("/me").status_code == 200
    with office.house.records.reading("") as session:
        assert session.exec(select(StaffSession)).one().revoked_at is None
