"""Signing in and out, and the first minutes of a new hub."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from api.pages.routes import install
from api.pages.throttle import MOST_FOR_NAME
from engine.building import open_the_records
from records.access import first_administrator
from records.tables import Hub, StaffSession
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import FixedClock, settings_in


def new_administrator(office: Office) -> str:
    """The password that the first start prints."""
    line = first_administrator(office.house.records, NOW)
    return line.split("password: ")[1].split()[0]


def test_a_new_hub_goes_from_sign_in_to_its_first_case(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    records = open_the_records(settings)
    app = FastAPI()
    install(app, settings, records, clock=FixedClock(NOW))
    line = first_administrator(records, NOW)
    password = line.split("password: ")[1].split()[0]
    with TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False) as http:
        browser = Browser(http)
        assert browser.get("/").headers["location"] == "/sign-in?next=%2F"
        signed = browser.post("/sign-in", {"name": "admin", "password": password, "next": "/"})
        assert signed.headers["location"] == "/"
        assert browser.get("/").headers["location"] == "/hub"
        assert "Who are you to the families?" in browser.words("/hub")
        assert browser.get("/cases/new").status_code == 409
        hub = {"name": "Liberty City Defense", "phone": "(305) 555-0100"}
        hub |= {"zone": "America/Chicago", "language": "es"}
        assert browser.post("/hub", hub).headers["location"] == "/?done=hub"
        assert "Open the first case" in browser.words("/")
        assert browser.get("/cases/new").status_code == 200
    with records.reading(records.sole_hub()) as session:
        kept = session.exec(select(Hub)).one()
    assert (kept.name, kept.phone) == ("Liberty City Defense", "+13055550100")
    assert (kept.zone, kept.default_language) == ("America/Chicago", "es")
    records.close()


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    password = new_administrator(office)
    answer = office.browser().post("/sign-in", {"name": " Admin ", "password": password})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("homeward=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    assert office.audit() == ["signed in"]


def test_over_tls_the_cookie_is_for_this_host_and_tls_alone(tmp_path: Path) -> None:
    office = Office.at(tmp_path, public_url="https://hub.example.org")
    password = new_administrator(office)
    answer = office.browser().post("/sign-in", {"name": "admin", "password": password})
    assert answer.headers["set-cookie"].startswith("__Host-homeward=")
    assert "Secure" in answer.headers["set-cookie"]
    office.close()


def test_a_wrong_name_and_a_wrong_password_look_the_same(office: Office) -> None:
    new_administrator(office)
    browser = office.browser()
    wrong = browser.post("/sign-in", {"name": "admin", "password": "guess-1"})
    unknown = browser.post("/sign-in", {"name": "admim", "password": "guess-1"})
    assert wrong.status_code == unknown.status_code == 422
    assert said(wrong) == said(unknown)
    assert "guess-1" not in wrong.text
    assert "set-cookie" not in wrong.headers


def test_guessing_is_slowed_down_even_with_the_right_password(office: Office) -> None:
    password = new_administrator(office)
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
