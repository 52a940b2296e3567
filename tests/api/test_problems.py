"""Errors: one shape for all of them, saying what to do and never what was typed."""

import json
from collections.abc import MutableMapping

import pytest
from sqlalchemy.exc import OperationalError

from api.guards import MOST_BYTES, MOST_FILE_BYTES
from tests.api.programs import Installation, Program, a_case

PROBLEM = "application/problem+json"
BIRTH_DATE = "1999-13-77"
PHONE = "786 55 99"


def is_a_problem(answer: object, status: int) -> dict[str, object]:
    """The problem that an answer tells."""
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == PROBLEM  # type: ignore[attr-defined]
    told: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    assert told["status"] == status
    assert str(told["type"]).startswith("urn:homeward:problem:")
    assert told["title"]
    assert told["detail"]
    return told


def test_an_address_that_does_not_exist_is_told_as_a_problem(api: Installation) -> None:
    is_a_problem(api.http.get("/api/v1/nothing"), 404)
    is_a_problem(api.http.get("/nothing-at-all"), 404)


def test_a_wrong_method_names_the_right_ones(api: Installation) -> None:
    answer = api.http.delete("/healthz")
    is_a_problem(answer, 405)
    assert answer.headers["allow"] == "GET"
    assert api.http.delete("/api/v1/cases").headers["allow"] == "GET, POST"


def test_a_person_who_follows_a_wrong_address_gets_a_page(api: Installation) -> None:
    answer = api.http.get("/nothing-at-all", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_a_validation_error_never_repeats_what_was_typed(rosa: Program) -> None:
    answer = rosa.post(
        "/cases", {"first_name": "", "last_name": 7, "birth_date": BIRTH_DATE, "Denise's": PHONE}
    )
    told = is_a_problem(answer, 422)
    fields = {tuple(error["where"]) for error in told["errors"]}  # type: ignore[attr-defined]
    assert {("body", "first_name"), ("body", "birth_date"), ("body",)} <= fields
    for typed in (BIRTH_DATE, PHONE, "Denise", "input", "ctx"):
        assert typed not in answer.text


@pytest.mark.parametrize(
    ("path", "body", "typed"),
    [
        ("/people/{person}/contacts", {"channel": "sms", "address": PHONE}, PHONE),
        ("/people/{person}/contacts", {"channel": "email", "address": "denise at x"}, "denise"),
        ("/cases/{case}/hearings", {"zone": "America/Liberty_City"}, "Liberty_City"),
        ("/cases/{case}/hearings", {"local_time": "2027-03-14T02:30"}, "02:30"),
        ("/cases/{case}/hearings", {"local_time": "2026-02-30T09:00"}, "02-30"),
        ("/cases/{case}/moves", {"track": "court", "to": "freedom"}, "freedom"),
        ("/cases/{case}/moves", {"track": "custody", "to": "sealed"}, "sealed"),
        ("/cases/{case}/packets", {"kind": "clemency-of-denise"}, "denise"),
    ],
)
def test_the_rules_of_the_house_do_not_repeat_it_either(
    rosa: Program, path: str, body: dict[str, str], typed: str
) -> None:
    case = a_case(rosa)
    whole = {
        "contacts": {"consent_words": "Yes, text me."},
        "hearings": {"local_time": "2026-12-15T09:00", "zone": "America/New_York"},
    }.get(path.rpartition("/")[2], {})
    address = path.format(case=case["id"], person=case["person_id"])
    answer = rosa.post(address, {**whole, **body})
    is_a_problem(answer, 422)
    assert typed not in answer.text.replace("2026-12-08T09:00", "")


def test_a_query_that_makes_no_sense_is_refused(rosa: Program) -> None:
    for query in ({"limit": 0}, {"limit": 201}, {"after": "x"}, {"closed": "perhaps"}):
        answer = rosa.get("/cases", **query)
        is_a_problem(answer, 422)
        assert "perhaps" not in answer.text


def test_what_is_not_json_is_told_as_a_problem(rosa: Program) -> None:
    json_type = {"Content-Type": "application/json"}
    broken = rosa.call("POST", "/cases", content=b'{"first_name": "Denise', headers=json_type)
    is_a_problem(broken, 422)
    assert "Denise" not in broken.text
    wrong_bytes = rosa.call("POST", "/cases", content=b'{"first_name": "\xff"}', headers=json_type)
    is_a_problem(wrong_bytes, 400)
    too_deep = rosa.call("POST", "/cases", content=b"[" * 100_000, headers=json_type)
    is_a_problem(too_deep, 400)
    without_type = rosa.call("POST", "/cases", content=b"{}", headers={"Content-Type": ""})
    is_a_problem(without_type, 422)


def test_numbers_and_texts_are_bounded_and_printable(rosa: Program) -> None:
    case = a_case(rosa)
    for name in ("Marcus\x00", "Mar\ncus", "x" * 121, "   ", "\ud800"):
        body = json.dumps({"first_name": name, "last_name": "Johnson"})
        answer = rosa.call(
            "POST", "/cases", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (400, 422), name
    number = rosa.get(f"/packets/{case['id']}/versions/{10**30}/pdf")
    is_a_problem(number, 422)


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(rosa: Program) -> None:
    answer = rosa.call("POST", "/cases", content=b" " * (MOST_BYTES + 1))
    is_a_problem(answer, 413)


async def test_a_body_that_grows_too_large_is_cut_off_while_it_is_read(
    api: Installation, rosa: Program
) -> None:
    chunk, sent, answered = b" " * 100_000, 0, []

    async def receive() -> dict[str, object]:
        nonlocal sent
        sent += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: MutableMapping[str, object]) -> None:
        answered.append(message)

    headers = {
        b"authorization": f"Bearer {rosa.secret}".encode(),
        b"content-type": b"application/json",
        b"transfer-encoding": b"chunked",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/cases",
        "query_string": b"",
        "headers": list(headers.items()),
        "client": ("testclient", 1),
    }
    await api.app(scope, receive, send)
    assert answered[0]["status"] == 413
    assert (b"content-type", PROBLEM.encode()) in answered[0]["headers"]  # type: ignore[operator]
    assert sent <= MOST_BYTES + len(chunk)


def test_an_import_may_be_larger_and_has_its_own_limit(rosa: Program) -> None:
    length = {"Content-Length": str(MOST_FILE_BYTES + 1)}
    is_a_problem(rosa.call("POST", "/imports", content=b"x", headers=length), 413)
    allowed = rosa.call("POST", "/imports", content=b" " * (MOST_BYTES + 1))
    assert allowed.status_code == 422


def test_a_fault_of_the_program_tells_no_more_than_a_number(
    api: Installation,
    rosa: Program,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("Denise's birth date is 1961-04-05")

    monkeypatch.setattr("api.v1.tasks.tasks_page", broken)
    answer = rosa.get("/tasks")
    told = is_a_problem(answer, 500)
    logged = capsys.readouterr()
    assert str(told["detail"]).rstrip(".").split()[-1] in logged.out + logged.err
    assert "RuntimeError" in logged.out + logged.err
    for place in (answer.text, logged.out, logged.err):
        assert "Denise" not in place


def test_records_that_are_busy_ask_to_come_back(
    rosa: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> object:
        raise OperationalError("SELECT 'Denise'", {}, Exception("database is locked"))

    monkeypatch.setattr("api.v1.tasks.tasks_page", locked)
    answer = rosa.get("/tasks")
    is_a_problem(answer, 503)
    assert answer.headers["retry-after"] == "5"
    assert "Denise" not in answer.text


def test_every_answer_has_the_safe_headers(api: Installation, rosa: Program) -> None:
    for answer in (
        api.http.get("/healthz"),
        api.http.get("/nothing"),
        api.http.get("/api/v1/cases"),
        rosa.get("/cases"),
        rosa.post("/cases", {}),
        api.http.get("/api/v1/openapi.json"),
        api.http.get("/calendar/unknown.ics"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers
