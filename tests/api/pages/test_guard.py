"""What every page passes through: origin, headers, sign-in, problems as pages."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.pages import case_list, routes
from api.pages.forms import MOST_BYTES
from api.pages.guard import HEADERS, POLICY, SCRIPT_POLICY
from tests.api.pages.office import OWN, Browser, Office, said
from tests.houses import a_case

OPEN_TO_ALL = {"/sign-in", "/sign-out", f"/join/{'0' * 32}", f"/set-up/{'0' * 32}"}


def addresses(method: str) -> Iterator[str]:
    """Every page's address, with ids that nobody has."""
    for part in routes.PARTS:
        for route in part.router.routes:
            if method in getattr(route, "methods", ()):
                yield re.sub(r"\{\w+\}", "0" * 32, getattr(route, "path", ""))


GETS = sorted(set(addresses("GET")) - OPEN_TO_ALL)
POSTS = sorted(addresses("POST"))


def test_the_pages_are_there() -> None:
    assert len(GETS) >= 17
    assert len(POSTS) >= 16


@pytest.mark.parametrize("address", GETS)
def test_every_page_needs_somebody_signed_in(office: Office, address: str) -> None:
    answer = office.browser().get(address)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("address", POSTS)
def test_no_other_site_can_send_a_form(office: Office, address: str) -> None:
    answer = office.staff().post(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "did not come from here" in said(answer)


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "https://elsewhere.example.org"}, False),
        ({"Origin": "null"}, False),
        ({"X-Nothing": "1"}, False),
    ],
)
def test_where_a_form_may_come_from(
    office: Office, headers: dict[str, str], accepted: bool
) -> None:
    answer = office.staff().post("/sign-out", headers=headers)
    assert answer.status_code == (303 if accepted else 403)


def test_behind_a_proxy_the_public_address_is_ours(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    office = Office.at(tmp_path_factory.mktemp("var"), public_url="https://hub.example.org")
    answer = office.browser().post("/sign-out", headers={"Origin": "https://hub.example.org"})
    assert answer.status_code == 303
    office.close()


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere", "/cases/nothing", "/style.css"])
def test_every_answer_carries_safe_headers(office: Office, address: str) -> None:
    answer = office.staff().get(address)
    assert answer.headers["content-security-policy"] == (
        SCRIPT_POLICY if address == "/" else POLICY
    )
    for name in HEADERS.keys() - {"Cache-Control"}:
        assert answer.headers[name]
    kept = "immutable" if address == "/style.css" else "no-store"
    assert kept in answer.headers["cache-control"]


def test_pages_hold_no_script_and_no_style_of_their_own(rosa: Browser) -> None:
    for address in ("/", "/cases", "/cases/new", "/outbox"):
        page = rosa.get(address).text
        assert not re.search(r'<script(?! src="/live\.js\?v=[0-9a-f]{12}" defer></script>)', page)
        assert " style=" not in page
        assert not re.search(r"\son\w+=", page)


def test_a_wrong_address_says_what_to_do_to_people_and_stays_plain_for_programs(
    office: Office,
) -> None:
    browser = office.browser()
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert "Find a case" in said(answer)
    for address, accept in (("/nowhere", "application/json"), ("/api/v1/nowhere", "text/html")):
        program = browser.http.get(address, headers={"Accept": accept})
        assert program.status_code == 404
        assert "<html" not in program.text


def test_opening_a_forms_address_is_told_kindly(rosa: Browser) -> None:
    answer = rosa.get("/sign-out")
    assert answer.status_code == 405
    assert "only takes forms" in said(answer)


def test_a_fault_of_ours_tells_a_number_and_nothing_else(
    rosa: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Marcus Johnson, +13055550110")

    monkeypatch.setattr(case_list, "find_cases", fail)
    answer = rosa.post("/cases/find", {"q": "Marcus"})
    assert answer.status_code == 500
    number = re.search(r"this number: (\w+)", said(answer))
    assert number is not None
    captured = capsys.readouterr()
    log = captured.out + captured.err
    assert number[1] in log
    assert "RuntimeError" in log
    assert "Marcus" not in answer.text + log


def test_busy_records_are_told_as_busy(rosa: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    monkeypatch.setattr(case_list, "find_cases", locked)
    answer = rosa.post("/cases/find", {"q": "x"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Nothing was changed" in said(answer)


def test_a_form_with_far_too_much_text_is_refused(rosa: Browser) -> None:
    answer = rosa.post("/cases/new", {"first_name": "x" * (MOST_BYTES + 1)})
    assert answer.status_code == 413
    many = {f"field{number}": "1" for number in range(300)}
    assert rosa.post("/cases/new", many).status_code == 413


def test_the_pages_leave_the_rest_of_an_application_alone(office: Office) -> None:
    app = FastAPI()

    @app.get("/readyz")
    def ready() -> dict[str, bool]:
        return {"ok": True}

    routes.install(app, office.house_settings(), office.house.records)
    with TestClient(app) as http:
        answer = http.get("/readyz")
        assert answer.json() == {"ok": True}
        assert "content-security-policy" not in answer.headers
        assert http.post("/readyz", headers=OWN).status_code == 405


def test_what_people_typed_is_shown_as_text_never_as_markup(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, office.clock.at)
    fields = {"first_name": "<b>Ann</b>", "relationship": '"><script>x()</script>'}
    fields |= {"language": "en", "may_know": "yes"}
    assert rosa.post(f"/cases/{case.id}/supporters/new", fields).status_code == 303
    page = rosa.get(f"/cases/{case.id}").text
    assert "<script>" not in page
    assert "<b>Ann" not in page
    assert "&lt;b&gt;Ann" in page


def test_the_character_that_no_database_takes_is_nowhere(rosa: Browser) -> None:
    assert rosa.get("/cases/%00").status_code == 404
    assert "\x00" not in rosa.post("/cases/find", {"q": "A\x00nn"}).text
    page = rosa.post("/cases/new", {"first_name": "A\x00nn", "last_name": ""})
    assert 'value="Ann"' in page.text


def test_when_every_connection_is_taken_it_is_busy(
    rosa: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object) -> None:
        raise PoolTimeout("QueuePool limit of size 5 overflow 15 reached")

    monkeypatch.setattr(case_list, "find_cases", none_left)
    assert rosa.post("/cases/find", {"q": "x"}).status_code == 503
