"""Signing in and out, and the first minutes of a new hub."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from api.pages.throttle import MOST_FOR_NAME
from records.tables import StaffSession
from tests.admins import an_administrator
from tests.api.pages.office import Browser, Office, said


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    password = an_administrator(office.house.records)
    answer = office.browser().post("/sign-in", {"name": " Admin ", "password": password})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("homeward=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    assert office.audit() == ["signed in"]


def test_over_tls_the_cookie_is_for_this_host_and_tls_alone(tmp_path: Path) -> None:
    office = Office.at(tmp_path, public_url="https://hub.example.org")
    password = an_administrator(office.house.records)
    answer = office.browser().post("/sign-in", {"name": "admin", "password": password})
    assert answer.headers["set-cookie"].startswith("__Host-homeward=")
    assert "Secure" in answer.headers["set-cookie"]
    office.close()


def test_a_wrong_name_and_a_wrong_password_look_the_same(office: Office) -> None:
    an_administrator(office.house.records)
    browser = office.browser()
    wrong = browser.post("/sign-in", {"name": "admin", "password": "guess-1"})
    unknown = browser.post("/sign-in", {"name": "admim", "password": "guess-1"})
    assert wrong.status_code == unknown.status_code == 422
    assert said(wrong) == said(unknown)
    assert "guess-1" not in wrong.text
    assert "set-cookie" not in wrong.headers


def test_guessing_is_slowed_down_even_with_the_right_password(office: Office) -> None:
    password = an_administrator(office.house.records)
    browser = office.browser()
    for number in range(MOST_FOR_NAME):
        browser.post("/sign-in", {"name": "admin", "password": f"guess-{number}"})
    answer = browser.post("/sign-in", {"name": "admin", "password": password})
    assert answer.status_code == 429
    assert "Wait 10 minutes" in said(answer)
    office.clock.at += timedelta(minutes=11)
    answer = browser.post("/sign-in", {"name": "admin", "password": password})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/cases", "/cases"),
        ("https://elsewhere.example.org/", "/"),
        ("//elsewhere.example.org", "/"),
        ("/\\elsewhere.example.org", "/"),
        ("cases", "/"),
        ("/sign-out", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_never_lands_on_another_site(
    office: Office, wanted: str, led: str
) -> None:
    browser = office.staff()
    assert browser.http.get("/sign-in", params={"next": wanted}).headers["location"] == led


def test_signing_out_ends_the_session_on_the_server(office: Office, rosa: Browser) -> None:
    assert rosa.get("/").status_code == 200
    token = rosa.http.cookies["homeward"]
    assert rosa.post("/sign-out").headers["location"] == "/sign-in"
    stolen = office.browser()
    stolen.http.cookies.set("homeward", token)
    assert stolen.get("/").headers["location"].startswith("/sign-in")
    assert office.audit() == ["signed out"]


def test_a_session_ends_by_itself(office: Office, rosa: Browser) -> None:
    with office.house.records.writing(office.hub_id) as session:
        row = session.exec(select(StaffSession)).one()
        row.expires_at = office.clock.at + timedelta(hours=1)
        session.add(row)
    assert rosa.get("/").status_code == 200
    office.clock.at += timedelta(hours=1)
    assert rosa.get("/").status_code == 303


def test_whoever_is_signed_out_while_writing_is_told_that_nothing_was_saved(office: Office) -> None:
    answer = office.browser().post("/cases/new", {"first_name": "Lena"})
    assert answer.status_code == 401
    assert "Nothing was saved" in said(answer)
