"""After the password: codes that work once, halves that open nothing, paper for a lost phone."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlmodel import select

from api.pages.throttle import MOST_FOR_NAME
from records.access import hash_password, set_password
from records.half_sign_ins import HALF_LASTS, MOST_TRIES
from records.tables import HalfSignIn, StaffMember
from tests.api.pages.office import Browser, Office, said
from tests.api.pages.signers import PASSWORD, Signer, hire, hire_with_codes, trail

STEP = timedelta(seconds=30)


@pytest.fixture
def rosa(office: Office) -> Signer:
    """Rosa, who has an app and ten recovery codes."""
    return hire_with_codes(office)


def is_in(browser: Browser) -> bool:
    """Whether pages open for a browser."""
    return browser.get("/cases").status_code == 200


def forget_tries(office: Office) -> None:
    """As if the process had been started anew."""
    office.app.state.pages.throttle._failures.clear()


def test_a_code_after_the_password_signs_in(office: Office, rosa: Signer) -> None:
    browser = rosa.half()
    assert "Code from your app" in browser.words("/sign-in/code?next=/cases")
    answer = browser.post("/sign-in/code", {"code": rosa.code(), "next": "/cases"})
    assert answer.headers["location"] == "/cases"
    assert is_in(browser)
    assert "homeward-half" not in browser.http.cookies
    assert trail(office)[-1][:2] == (rosa.id, "signed in")
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(HalfSignIn)).all() == []


def test_a_code_is_typed_in_two_groups_as_the_app_shows_it(rosa: Signer) -> None:
    browser, code = rosa.half(), rosa.code()
    assert browser.post("/sign-in/code", {"code": f" {code[:3]} {code[3:]}"}).status_code == 303


def test_half_a_sign_in_opens_no_page(office: Office, rosa: Signer) -> None:
    browser = rosa.half()
    assert "homeward" not in browser.http.cookies
    assert not is_in(browser)
    half = browser.http.cookies["homeward-half"]
    for name in ("homeward", "__Host-homeward"):
        browser.http.cookies.set(name, half)
    for page in ("/", "/cases", "/me", "/me/code", "/me/second-factor"):
        assert browser.get(page).headers["location"].startswith("/sign-in"), page
    assert browser.post("/me/password", {"password": "x"}).status_code == 401
    assert browser.post("/me/browsers/end").status_code == 401


def test_a_code_works_once(rosa: Signer) -> None:
    first, second, code = rosa.half(), rosa.half(), rosa.code()
    assert first.post("/sign-in/code", {"code": code}).status_code == 303
    again = second.post("/sign-in/code", {"code": code})
    assert again.status_code == 422
    assert "was used before" in said(again)
    assert not is_in(second)


def test_the_code_that_confirmed_the_app_is_spent_too(office: Office, rosa: Signer) -> None:
    office.clock.at -= timedelta(minutes=1)
    browser = office.browser()
    rosa.give(browser)
    assert browser.post("/sign-in/code", {"code": rosa.code()}).status_code == 422


def test_with_a_newer_code_the_older_ones_are_spent(rosa: Signer) -> None:
    assert rosa.half().post("/sign-in/code", {"code": rosa.code(1)}).status_code == 303
    browser = rosa.half()
    rosa.office.clock.at -= STEP
    assert browser.post("/sign-in/code", {"code": rosa.code()}).status_code == 422


@pytest.mark.parametrize(("away", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_code_is_good_one_step_before_and_after(rosa: Signer, away: int, status: int) -> None:
    rosa.office.clock.at += timedelta(minutes=5)
    assert rosa.half().post("/sign-in/code", {"code": rosa.code(away)}).status_code == status


def test_another_accounts_code_opens_nothing(office: Office, rosa: Signer) -> None:
    ana = hire_with_codes(office, "ana")
    browser = rosa.half()
    assert browser.post("/sign-in/code", {"code": ana.code()}).status_code == 422
    assert browser.post("/sign-in/code", {"recovery": ana.papers[0]}).status_code == 422
    assert not is_in(browser)
    assert ana.half().post("/sign-in/code", {"code": ana.code()}).status_code == 303


def test_somebody_elses_half_planted_in_a_browser_takes_their_own_code_nowhere(
    office: Office, rosa: Signer
) -> None:
    mallory = hire_with_codes(office, "mallory")
    planted = mallory.half().http.cookies["homeward-half"]
    victim = office.browser()
    victim.http.cookies.set("homeward-half", planted)
    assert victim.post("/sign-in/code", {"code": rosa.code()}).status_code == 422
    assert not is_in(victim)


def test_a_session_that_was_planted_before_is_worth_nothing_after(
    office: Office, rosa: Signer
) -> None:
    browser = office.browser()
    browser.http.cookies.set("homeward", "planted", domain="testserver.local")
    rosa.give(browser)
    office.clock.at += STEP
    answer = browser.post("/sign-in/code", {"code": rosa.code()})
    assert "homeward=planted" not in answer.headers["set-cookie"]
    thief = office.browser()
    thief.http.cookies.set("homeward", "planted")
    assert not is_in(thief)


def test_signing_in_again_ends_the_session_before_it(office: Office) -> None:
    ana = hire(office, name="ana")
    browser = ana.browser()
    before = browser.http.cookies["homeward"]
    ana.give(browser)
    assert browser.http.cookies["homeward"] != before
    old = office.browser()
    old.http.cookies.set("homeward", before)
    assert not is_in(old)


def test_a_half_ends_after_ten_minutes(rosa: Signer) -> None:
    browser = rosa.half()
    rosa.office.clock.at += HALF_LASTS
    answer = browser.post("/sign-in/code", {"code": rosa.code()})
    assert answer.status_code == 401
    assert "Sign in again" in said(answer)
    assert browser.get("/sign-in/code").headers["location"] == "/sign-in"


def test_a_half_takes_few_wrong_codes_even_where_nobody_counts_in_memory(
    office: Office, rosa: Signer
) -> None:
    browser = rosa.half()
    for _ in range(MOST_TRIES):
        forget_tries(office)
        answer = browser.post("/sign-in/code", {"code": "000000"})
    assert answer.status_code == 401
    forget_tries(office)
    assert browser.post("/sign-in/code", {"code": rosa.code()}).status_code == 401


def test_codes_are_slowed_down_for_the_account_whatever_the_password_says(
    office: Office, rosa: Signer
) -> None:
    for number in range(MOST_FOR_NAME):
        field = "recovery" if number % 2 else "code"
        assert rosa.half().post("/sign-in/code", {field: "000000"}).status_code == 422
    browser = rosa.half()
    answer = browser.post("/sign-in/code", {"code": rosa.code()})
    assert answer.status_code == 429
    assert "Too many attempts. Wait 8 minutes, then sign in again." in said(answer)
    assert not is_in(browser)
    office.clock.at += timedelta(minutes=10)
    assert rosa.half().post("/sign-in/code", {"code": rosa.code()}).status_code == 303


def test_a_revoked_session_and_a_removed_member_are_out(office: Office, rosa: Signer) -> None:
    browser = rosa.half()
    inside = rosa.browser()
    with office.house.records.writing(office.hub_id) as session:
        member = session.get_one(StaffMember, rosa.id)
        member.active = False
        session.add(member)
    office.clock.at += STEP
    assert not is_in(inside)
    assert browser.post("/sign-in/code", {"code": rosa.code()}).status_code == 401
    assert not is_in(browser)


def test_unknown_wrong_and_removed_look_alike(office: Office, rosa: Signer) -> None:
    gone = hire_with_codes(office, "gone")
    bare = hire(office, name="bare")
    with office.house.records.writing(office.hub_id) as session:
        for signer, change in ((gone, {"active": False}), (bare, {"password_hash": ""})):
            member = session.get_one(StaffMember, signer.id)
            for name, value in change.items():
                setattr(member, name, value)
            session.add(member)
    answers = [
        rosa.give(office.browser(), "wrong wrong wrong"),
        gone.give(office.browser()),
        Signer(office, "", "nobody").give(office.browser()),
        bare.give(office.browser()),
        bare.give(office.browser(), "nobody's password"),
    ]
    texts = set()
    for name, answer in zip(
        (rosa.name, gone.name, "nobody", bare.name, bare.name), answers, strict=True
    ):
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
        texts.add(answer.text.replace(f'"{name}"', '"-"'))
    assert len(texts) == 1


def test_each_of_them_costs_one_slow_look(
    office: Office, rosa: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is not measured here: what takes it is counted."""
    looks: list[str] = []
    with office.house.records.writing(office.hub_id) as session:
        set_password(session, rosa.id, hash_password(PASSWORD))

    class Counted:
        def verify(self, password: str, hashed: str) -> bool:
            looks.append(hashed.rsplit("$", 2)[0])
            return False

    monkeypatch.setattr("records.access._passwords", Counted())
    for name in ("rosa", "nobody"):
        Signer(office, "", name).give(office.browser())
    assert len(looks) == 2
    assert looks[0] == looks[1], "the same algorithm at the same cost"


@pytest.mark.parametrize(
    "wanted", ["//evil.example.org", "/\\evil.example.org", "https:evil.example.org", "/%2F/evil"]
)
def test_no_way_in_leads_to_another_site(office: Office, rosa: Signer, wanted: str) -> None:
    browser = office.browser()
    assert rosa.give(browser, next=wanted).headers["location"] == "/sign-in/code?next=/"
    page = browser.get(f"/sign-in/code?next={quote(wanted, safe='')}").text
    assert "evil" not in page
    office.clock.at += STEP
    answer = browser.post("/sign-in/code", {"code": rosa.code(), "next": wanted})
    assert answer.headers["location"] == "/"
    used = browser.get(f"/me/recovery/used?next={quote(wanted, safe='')}").text
    assert "evil" not in used
    proof = browser.get(f"/me/proof?next={quote(wanted, safe='')}").text
    assert "evil" not in proof
    office.clock.at += STEP
    answer = browser.post("/me/proof", {"proof": rosa.code(), "next": wanted})
    assert answer.headers["location"] == "/"


def test_a_recovery_code_works_once_and_is_told_of(office: Office, rosa: Signer) -> None:
    browser = rosa.half()
    typed = rosa.papers[0].upper().replace("-", " ")
    answer = browser.post("/sign-in/code", {"recovery": typed, "next": "/cases"})
    assert answer.headers["location"] == "/me/recovery/used?next=%2Fcases"
    words = browser.words(answer.headers["location"])
    assert "You used a recovery code It works no more. 9 are left." in words
    assert is_in(browser)
    assert "used a recovery code" in [action for _, action, _ in trail(office)]
    again = rosa.half().post("/sign-in/code", {"recovery": rosa.papers[0]})
    assert again.status_code == 422


def test_with_few_recovery_codes_left_there_is_a_warning(rosa: Signer) -> None:
    for paper in rosa.papers[:6]:
        browser = rosa.half()
        browser.post("/sign-in/code", {"recovery": paper})
    assert "Make new ones now" not in browser.words("/me/recovery/used")
    assert "will lock you out" not in browser.words("/me")
    browser = rosa.half()
    browser.post("/sign-in/code", {"recovery": rosa.papers[6]})
    assert "Make new ones now" in browser.words("/me/recovery/used")
    assert "3 recovery codes are left." in browser.words("/me")


def test_new_recovery_codes_end_the_old_ones(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    answer = browser.post("/me/recovery")
    assert "Your recovery codes" in said(answer)
    for paper in rosa.papers:
        assert paper not in answer.text
    assert rosa.half().post("/sign-in/code", {"recovery": rosa.papers[0]}).status_code == 422
    assert trail(office)[-1][1] == "made recovery codes"


def test_neither_secret_nor_recovery_code_can_be_read_in_the_database(
    office: Office, rosa: Signer
) -> None:
    with office.house.records.engine.connect() as connection:
        rows = [
            *connection.exec_driver_sql("select secret from totp_secret").scalars(),
            *connection.exec_driver_sql("select code_hash from recovery_code").scalars(),
            *connection.exec_driver_sql("select token_hash from staff_session").scalars(),
        ]
    assert len(rows) > 11
    for paper in (rosa.secret, *rosa.papers):
        assert not [row for row in rows if paper in row or paper.replace("-", "") in row]
