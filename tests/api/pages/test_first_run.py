"""The first run on its pages: from the private address to the first followed case."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from api.pages.forms import NEVER_KEPT
from api.pages.throttle import MOST_FOR_NAME
from api.throttle import MOST_FAILURES
from records.access import who_knows
from records.first_run import ADDRESS_LASTS
from records.hubs import make_hub
from records.tables import (
    AuditEvent,
    Case,
    Court,
    Courtroom,
    Hearing,
    Hub,
    SetUpAddress,
    StaffMember,
    StaffSession,
)
from tests.admins import an_example
from tests.api.pages.empty import CASE, COURT, HUB, STEPS, WORDS, YOU, Empty, opened
from tests.api.pages.office import said
from tests.browser.home import Mailbox


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    """An empty installation."""
    made = opened(tmp_path)
    yield made
    made.records.close()


def test_from_the_address_to_a_followed_case(empty: Empty) -> None:
    browser, address = empty.browser(), empty.address()
    assert "Step 1 of 5" in browser.words(address)
    came = browser.post(address, YOU)
    assert came.headers["location"] == f"{STEPS}/about"
    assert "HttpOnly" in came.headers["set-cookie"]
    assert browser.get("/").headers["location"] == f"{STEPS}/about"
    assert "Step 2 of 5" in browser.words(f"{STEPS}/about")
    assert browser.post(f"{STEPS}/about", HUB).headers["location"] == f"{STEPS}/court"
    assert browser.post(f"{STEPS}/court", COURT).headers["location"] == f"{STEPS}/messages"
    words = browser.words(f"{STEPS}/messages")
    assert "Right now none does" in words
    assert "Send me a test" not in words
    assert browser.post(f"{STEPS}/messages").headers["location"] == "/cases/new"
    words = browser.words("/cases/new")
    assert "Step 5 of 5" in words
    assert "Example County Courthouse" in words
    court = empty.all(Court)[0]
    hearing = {"court": court.id, "kind": "arraignment", "date": "2026-12-08", "time": "09:00"}
    saved = browser.post("/cases/new", {**CASE, **hearing, "room": "3A", "zone": HUB["zone"]})
    case = empty.all(Case)[0]
    assert saved.headers["location"] == f"/cases/{case.id}?done=first"
    words = browser.words(saved.headers["location"])
    assert "Homeward is set up" in words
    assert "What will happen" in words
    assert "1 Example St" in words
    (hub,) = empty.all(Hub)
    assert (hub.name, hub.phone, hub.zone) == (HUB["name"], "+13055550100", "America/Chicago")
    assert (hub.default_language, hub.set_up_left) == ("es", [])
    (row,) = empty.all(Hearing)
    assert (row.court_id, row.zone, row.place) == (court.id, court.zone, COURT["address"])
    assert [room.name for room in empty.all(Courtroom)] == ["3A"]
    assert "The set-up is not done yet" not in browser.words("/")


def test_whoever_came_signs_in_with_what_they_chose(empty: Empty) -> None:
    empty.owner()
    member = who_knows(empty.records, "rosa", WORDS)
    assert member is not None
    assert (member.name, member.language) == ("Rosa Quill", "en")
    assert [deed.action for deed in empty.all(AuditEvent)] == [
        *("made a set-up address", "became the first administrator", "signed in"),
    ]


def test_looking_at_the_address_changes_nothing(empty: Empty) -> None:
    browser, address = empty.browser(), empty.address()
    before = empty.kept()
    for method in ("GET", "HEAD"):
        answer = browser.http.request(method, address)
        assert "set-cookie" not in answer.headers
    assert empty.kept() == before
    assert browser.post(address, YOU).status_code == 303


def test_a_form_of_another_site_makes_nobody(empty: Empty) -> None:
    browser, address = empty.browser(), empty.address()
    answer = browser.post(address, YOU, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert empty.all(StaffMember) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": " "}, "Enter your name"),
        ({"name": "x" * 81}, "Use 80 characters or fewer"),
        ({"sign_in": ""}, "Enter a name for signing in"),
        ({"sign_in": "Rosa Quill"}, "Use small letters"),
        ({"new_password": "short", "new_password_again": "short"}, "at least 12 characters"),
        ({"new_password": "password2026!", "new_password_again": "password2026!"}, "the first"),
        ({"new_password_again": WORDS + "!"}, "The two are not the same"),
        ({"new_password": "", "new_password_again": ""}, "at least 12 characters"),
    ],
)
def test_a_mistake_keeps_what_was_typed_but_the_password(
    empty: Empty, changed: dict[str, str], why: str
) -> None:
    browser, address = empty.browser(), empty.address()
    sent = {**YOU, **changed}
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    assert why in said(answer)
    kept = {name: value for name, value in sent.items() if name not in NEVER_KEPT}
    assert all(f'value="{value}"' in answer.text for value in kept.values())
    for secret in (WORDS, "password2026!", 'value="short"'):
        assert secret not in answer.text
    assert "set-cookie" not in answer.headers
    assert empty.all(StaffMember) == []
    assert browser.post(address, YOU).status_code == 303


def test_a_wrong_and_an_expired_and_a_replaced_address_look_the_same(empty: Empty) -> None:
    browser, first = empty.browser(), empty.address()
    second = empty.address()
    wrong = browser.get("/set-up/" + "A" * 43)
    replaced = browser.get(first)
    empty.clock.at += ADDRESS_LASTS
    expired = browser.get(second)
    assert {wrong.status_code, replaced.status_code, expired.status_code} == {404}
    assert said(wrong) == said(replaced) == said(expired)
    assert "homeward hub set-up-address" in said(wrong)
    for address in (first, second):
        assert browser.post(address, YOU).status_code == 404
    assert empty.all(StaffMember) == []


def test_once_there_is_an_administrator_it_is_an_address_like_any_unknown(empty: Empty) -> None:
    address = empty.address()
    browser = empty.browser()
    assert browser.post(address, YOU).status_code == 303
    stranger = empty.browser()
    unknown = stranger.get("/no-such-page")
    wrong = "/set-up/" + "A" * 43
    for answer in (stranger.get(address), stranger.post(address, YOU), stranger.get(wrong)):
        assert (answer.status_code, answer.text) == (404, unknown.text)
    for number in range(MOST_FAILURES + 2):
        assert stranger.get(f"/set-up/{number:043}").status_code == 404
    assert len(empty.all(StaffMember)) == 1


def test_of_two_forms_at_one_moment_one_comes_in(empty: Empty) -> None:
    address = empty.address()
    names = ("rosa", "sol")
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda one: empty.browser().post(address, {**YOU, "sign_in": one}), names)
        )
    assert sorted(answer.status_code for answer in answers) == [303, 404]
    assert len(empty.all(StaffMember)) == len(empty.all(StaffSession)) == 1
    assert len([row for row in empty.all(SetUpAddress) if row.used_at]) == 1


def test_guessing_addresses_is_slowed_down_and_the_right_one_is_heard_before(
    empty: Empty,
) -> None:
    browser, known = empty.browser(), empty.address()
    assert browser.get(known).status_code == 200
    for number in range(MOST_FAILURES):
        assert browser.get(f"/set-up/{number:043}").status_code == 404
    slowed = browser.get("/set-up/" + "A" * 43)
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "60"
    assert browser.post("/set-up/" + "A" * 43, YOU).status_code == 429
    assert browser.post(known, YOU).status_code == 303


def test_it_works_beside_an_example_whose_people_own_nothing(empty: Empty) -> None:
    an_example(empty.records)
    browser, address = empty.browser(), empty.address()
    assert browser.get(address).status_code == 200
    taken = browser.post(address, {**YOU, "sign_in": "example-admin"})
    assert taken.status_code == 422
    assert "Somebody signs in under this name already" in said(taken)
    assert browser.post(address, YOU).status_code == 303
    member = who_knows(empty.records, "rosa", WORDS)
    assert member is not None
    assert member.hub_id == empty.records.sole_hub()
    assert browser.get(f"{STEPS}/about").status_code == 200


def test_the_administrator_of_an_example_sends_no_test(tmp_path: Path) -> None:
    made = opened(tmp_path, sms_url="http://127.0.0.1:9", sms_account="AC0", sms_token="none")
    password = an_example(made.records)
    browser = made.browser()
    who = {"name": "example-admin", "password": password}
    assert browser.post("/sign-in", who).status_code == 303
    assert "Send me a test" not in browser.words(f"{STEPS}/messages")
    sent = browser.post(f"{STEPS}/messages/test", {"way": "sms", "address": "305-555-0123"})
    assert sent.status_code == 422
    made.records.close()


def test_it_speaks_as_the_browser_does(empty: Empty) -> None:
    browser, address = empty.browser("es-US,es;q=0.9,en;q=0.5"), empty.address()
    page = browser.get(address)
    assert '<html lang="es">' in page.text
    assert "¿Quién es usted?" in said(page)
    assert "Escriba" in said(browser.post(address, {}))
    assert browser.post(address, YOU).status_code == 303
    assert '<html lang="es">' in browser.get(f"{STEPS}/about").text
    assert [member.language for member in empty.all(StaffMember)] == ["es"]


def test_a_step_is_left_and_come_back_to(empty: Empty) -> None:
    browser = empty.owner()
    words = browser.words(STEPS)
    assert "Go on: Your hub" in words
    browser.post(f"{STEPS}/about", HUB)
    assert "Go on: The first court" in browser.words(STEPS)
    words = browser.words("/")
    assert "The set-up is not done yet: The first court, How messages leave" in words
    later = browser.post(f"{STEPS}/court/later")
    assert later.headers["location"] == f"{STEPS}/messages"
    assert browser.post(f"{STEPS}/messages").headers["location"] == "/cases/new"
    assert browser.post(f"{STEPS}/case/later").headers["location"] == STEPS
    assert "Nothing is waiting for you here" in browser.words(STEPS)
    assert "The set-up is not done yet" not in browser.words("/")
    assert browser.post(f"{STEPS}/court", COURT).headers["location"] == STEPS
    assert [court.name for court in empty.all(Court)] == [COURT["name"]]
    assert "Step 5 of 5" not in browser.words("/cases/new")


@pytest.mark.parametrize("step", ["about", "messages", "you", "no-such-step"])
def test_what_everything_rests_on_cannot_be_put_off(empty: Empty, step: str) -> None:
    browser = empty.owner()
    assert browser.post(f"{STEPS}/{step}/later").status_code == 404
    assert empty.all(Hub)[0].set_up_left[0] == "about"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": ""}, "Enter the name of your hub"),
        ({"phone": "12"}, "This is not a usable phone number"),
        ({"zone": ""}, "Choose the time zone of your courts"),
        ({"zone": "Mars/Olympus"}, "Choose a time zone from the list"),
        ({"language": "tlh"}, "Choose the language of most families"),
    ],
)
def test_a_mistake_about_the_hub_saves_nothing(
    empty: Empty, changed: dict[str, str], why: str
) -> None:
    browser = empty.owner()
    answer = browser.post(f"{STEPS}/about", {**HUB, **changed})
    assert answer.status_code == 422
    assert why in said(answer)
    assert empty.all(Hub)[0].phone == ""


def test_no_clock_is_chosen_for_a_new_hub(empty: Empty) -> None:
    page = empty.owner().get(f"{STEPS}/about").text
    zones = page[page.index('id="zone"') : page.index('id="language"')]
    assert " selected" not in zones


def test_a_court_that_is_known_begins_with_its_name_and_clock(empty: Empty) -> None:
    browser = empty.owner()
    browser.post(f"{STEPS}/about", HUB)
    listed = browser.get(f"{STEPS}/court").text
    assert "known=atlanta" in listed
    assert "known=icalendar" not in listed
    page = browser.get(f"{STEPS}/court?known=salt-lake").text
    assert 'value="Salt Lake' in page
    assert '<option value="America/Denver" selected>' in page
    assert browser.get(f"{STEPS}/court?known=nowhere").status_code == 200


def test_a_court_without_a_name_and_a_court_twice_are_refused(empty: Empty) -> None:
    browser = empty.owner()
    browser.post(f"{STEPS}/about", HUB)
    nameless = browser.post(f"{STEPS}/court", {**COURT, "name": ""})
    assert nameless.status_code == 422
    assert 'value="1 Example St, Exampleville"' in nameless.text
    browser.post(f"{STEPS}/court", COURT)
    twice = browser.post(f"{STEPS}/court", COURT)
    assert twice.status_code == 422
    assert "is there already" in said(twice)
    assert len(empty.all(Court)) == 1


def test_a_court_of_another_hub_is_not_offered_nor_taken(empty: Empty) -> None:
    other = make_hub(empty.records, name="Overtown", slug="overtown").id
    with empty.records.writing(other) as session:
        session.add(theirs := Court(name="Elsewhere", zone="America/Denver"))
    browser = empty.owner()
    browser.post(f"{STEPS}/about", HUB)
    assert "Elsewhere" not in browser.get("/cases/new").text
    answer = browser.post("/cases/new", {**CASE, "court": theirs.id})
    assert answer.status_code == 422
    assert "Choose a court from the list" in said(answer)


def test_a_chosen_court_alone_is_no_hearing(empty: Empty) -> None:
    browser = empty.owner()
    browser.post(f"{STEPS}/about", HUB)
    browser.post(f"{STEPS}/court", COURT)
    chosen = {"court": empty.all(Court)[0].id}
    assert browser.post("/cases/new", {**CASE, **chosen}).status_code == 303
    assert empty.all(Hearing) == []


def test_tests_are_few(tmp_path: Path) -> None:
    made = opened(tmp_path, smtp_host="127.0.0.1", smtp_port=9, smtp_sender="hub@example.org")
    browser = made.owner()
    browser.post(f"{STEPS}/about", HUB)
    mine = {"way": "email", "address": "rosa@example.org"}
    for _ in range(MOST_FOR_NAME):
        refused = browser.post(f"{STEPS}/messages/test", mine)
        assert refused.status_code == 422
        assert "The provider did not take it" in said(refused)
    assert browser.post(f"{STEPS}/messages/test", mine).status_code == 429
    made.clock.at += timedelta(minutes=11)
    assert browser.post(f"{STEPS}/messages/test", mine).status_code == 422
    made.records.close()


def test_a_test_arrives_and_its_address_is_kept_nowhere(tmp_path: Path) -> None:
    mailbox = Mailbox()
    mailbox.start()
    made = opened(
        tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=mailbox.server.port,
        smtp_sender="hub@example.org",
        smtp_starttls="never",
        smtp_password="not on any page",
    )
    browser = made.owner()
    browser.post(f"{STEPS}/about", HUB)
    page = browser.get(f"{STEPS}/messages")
    assert "leave through your provider" in said(page)
    assert "not on any page" not in page.text
    assert 'value="sms"' not in page.text
    mine = {"way": "email", "address": "rosa@example.org"}
    sent = browser.post(f"{STEPS}/messages/test", mine)
    assert sent.headers["location"] == f"{STEPS}/messages?done=sent"
    assert "The provider took it" in browser.words(sent.headers["location"])
    (mail,) = mailbox.to("rosa@example.org")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Liberty City Defense: this is a test" in body.get_content()
    deeds = {deed.action: deed.detail for deed in made.all(AuditEvent)}
    assert deeds["sent a test message"] == {"by": "email"}
    assert "rosa@example.org" not in str(made.kept())
    wrong = browser.post(f"{STEPS}/messages/test", {**mine, "way": "sms"})
    assert wrong.status_code == 422
    mailbox.stop()
    made.records.close()


@pytest.mark.parametrize("trial", [False, True])
def test_a_test_goes_to_nobody_in_a_case_and_in_a_trial_to_the_team_alone(
    tmp_path: Path, trial: bool
) -> None:
    made = opened(tmp_path, smtp_host="127.0.0.1", smtp_port=9, smtp_sender="hub@example.org")
    browser = made.owner()
    browser.post(f"{STEPS}/about", HUB)
    browser.post("/cases/new", {**CASE, "own_email": "marcus@example.org", "own_agreed": "yes"})
    if trial:
        with made.records.writing(made.records.sole_hub()) as session:
            session.get_one(Hub, session.hub_id).trial = True
    answers = {
        address: said(browser.post(f"{STEPS}/messages/test", {"way": "email", "address": address}))
        for address in ("marcus@example.org", "rosa@example.org")
    }
    assert "This belongs to somebody in a case" in answers["marcus@example.org"]
    assert ("only your team gets messages" in answers["rosa@example.org"]) == trial
    made.records.close()
