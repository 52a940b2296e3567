"""One's own sign-in: password, language, browsers."""

from datetime import timedelta

import pytest
from sqlmodel import select

from api.pages.throttle import MOST_FOR_NAME
from domain.vocabulary import Role
from records.tables import StaffMember, StaffSession
from tests.api.pages.office import Browser, Office, said
from tests.api.pages.signers import PASSWORD, Signer, hire, trail

NEW = "seven quiet otters"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def change(present: str = PASSWORD, wanted: str = NEW, again: str = "") -> dict[str, str]:
    """The fields of the form."""
    return {"password": present, "new_password": wanted, "new_password_again": again or wanted}


@pytest.fixture
def rosa(office: Office) -> Signer:
    """Rosa, who signs in by herself."""
    return hire(office)


@pytest.mark.parametrize("role", Role)
def test_everybody_who_signs_in_has_the_page(office: Office, role: Role) -> None:
    browser = hire(office, role, "ana").browser(FIREFOX)
    words = browser.words("/me")
    assert "You sign in as ana" in words
    assert "Firefox on a Linux computer · since Wed 2 Dec 2026, 10:00 this one" in words


def test_a_new_password_keeps_this_browser_and_ends_the_others(
    office: Office, rosa: Signer
) -> None:
    here, there = rosa.browser(), rosa.browser()
    copied = office.browser()
    copied.http.cookies.set("homeward", here.http.cookies["homeward"])
    assert here.post("/me/password", change()).headers["location"] == "/me?done=password"
    assert "Your password is changed" in here.words("/me?done=password")
    assert there.get("/me").status_code == 303
    assert copied.get("/me").status_code == 303, "a stolen cookie ends with the password"
    fresh = office.browser()
    assert rosa.give(fresh, PASSWORD).status_code == 422
    assert rosa.give(fresh, NEW).status_code == 303
    assert (rosa.id, "changed their password", office.clock.at) in trail(office)


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        (change(present="wrong wrong wrong"), "password", "not your present password"),
        (change(present=""), "password", "Enter your present password"),
        (change(wanted="elevenchars"), "new_password", "at least 12 characters"),
        (change(wanted="rosarosarosa"), "new_password", "your name for signing in"),
        (change(wanted="Password1234!"), "new_password", "anybody would try"),
        (change(again="seven quiet otter"), "new_password_again", "not the same"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(
    rosa: Signer, fields: dict[str, str], field: str, why: str
) -> None:
    browser = rosa.browser()
    answer = browser.post("/me/password", fields)
    assert answer.status_code == 422
    assert why in said(answer)
    assert f'id="{field}-error"' in answer.text
    for typed in {value for value in fields.values() if len(value) > 4}:
        assert f'"{typed}"' not in answer.text
    assert rosa.give(rosa.office.browser()).status_code == 303, "the old one holds"


def test_who_finds_an_open_browser_cannot_guess_the_password(rosa: Signer) -> None:
    browser = rosa.browser()
    for number in range(MOST_FOR_NAME):
        browser.post("/me/password", change(present=f"guess number {number}"))
    answer = browser.post("/me/password", change())
    assert "Too many attempts. Wait 10 minutes" in said(answer)
    rosa.office.clock.at += timedelta(minutes=10)
    assert browser.post("/me/password", change()).status_code == 303


def test_a_code_is_not_enough_to_change_the_password(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    answer = browser.post("/me/password", change(present="123456"))
    assert answer.status_code == 422


def test_a_language_is_chosen(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    assert browser.post("/me/language", {"language": "es"}).status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(StaffMember)).one().language == "es"
    assert '<option value="es" selected>' in browser.get("/me").text
    assert browser.post("/me/language", {"language": "tlh"}).status_code == 422
    assert trail(office)[-1][1] == "chose their language"


def test_one_browser_is_ended_from_another(office: Office, rosa: Signer) -> None:
    here, there = rosa.browser(), rosa.browser(FIREFOX)
    with office.house.records.reading(office.hub_id) as session:
        rows = session.exec(select(StaffSession)).all()
    other = next(row.id for row in rows if row.browser.startswith("firefox"))
    assert f"/me/browsers/{other}/end" in here.get("/me").text
    assert here.post(f"/me/browsers/{other}/end").status_code == 303
    assert there.get("/cases").status_code == 303
    assert "Firefox" not in here.words("/me")
    assert here.post(f"/me/browsers/{other}/end").status_code == 404, "it has ended"
    assert trail(office)[-1][1] == "signed a browser out"


def test_nobody_ends_another_persons_browser(office: Office, rosa: Signer) -> None:
    here = rosa.browser()
    with office.house.records.reading(office.hub_id) as session:
        mine = session.exec(select(StaffSession)).one().id
    stranger = hire(office, name="ana").browser()
    assert stranger.post(f"/me/browsers/{mine}/end").status_code == 404
    assert here.get("/me").status_code == 200


def test_signing_out_everywhere_leaves_nobody_in(office: Office, rosa: Signer) -> None:
    browsers: list[Browser] = [rosa.browser(), rosa.browser()]
    other = hire(office, name="ana").browser()
    answer = browsers[0].post("/me/browsers/end")
    assert answer.headers["location"] == "/sign-in"
    for browser in browsers:
        assert browser.get("/cases").headers["location"].startswith("/sign-in")
    assert other.get("/cases").status_code == 200
    assert trail(office)[-1][1] == "signed out everywhere"


def test_only_the_kind_of_a_browser_is_kept(office: Office, rosa: Signer) -> None:
    rosa.browser(FIREFOX)
    with office.house.records.reading(office.hub_id) as session:
        row = session.exec(select(StaffSession)).one()
    assert row.browser == "firefox linux"
    assert row.created_at == office.clock.at
