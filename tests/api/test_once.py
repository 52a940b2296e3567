"""Idempotency-Key: the same request twice is one deed with one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import func, select

from records.tables import ApiToken, Case, CourtClosure, IdempotencyKey
from tests.api.programs import NOW, Installation, Program, a_case, a_hearing

MARCUS = {"first_name": "Marcus", "last_name": "Johnson", "birth_date": "2001-02-03"}


def how_many(api: Installation, table: type) -> int:
    """Rows of a table in the first hub."""
    with api.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(
    api: Installation, rosa: Program
) -> None:
    first = rosa.post("/cases", MARCUS, key="one")
    before = how_many(api, Case)
    again = rosa.post("/cases", MARCUS, key="one")
    assert (
        (again.status_code, again.content)
        == (first.status_code, first.content)
        == (
            201,
            first.content,
        )
    )
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert how_many(api, Case) == before


def test_without_a_key_the_same_request_is_another_deed(rosa: Program) -> None:
    assert rosa.made("/cases", MARCUS)["id"] != rosa.made("/cases", MARCUS)["id"]


def test_a_key_belongs_to_one_request(rosa: Program) -> None:
    rosa.post("/cases", MARCUS, key="two")
    other_body = rosa.post("/cases", {**MARCUS, "first_name": "Marc"}, key="two")
    other_address = rosa.post("/case-searches", {"docket_number": "F26-1"}, key="two")
    for answer in (other_body, other_address):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:homeward:problem:idempotency-key-reused"


def test_a_key_belongs_to_one_token(api: Installation, rosa: Program) -> None:
    first = rosa.post("/cases", MARCUS, key="three").json()
    supervisor = api.program("supervisor").post("/cases", MARCUS, key="three").json()
    other_hub = api.program("advocate", "other").post("/cases", MARCUS, key="three").json()
    assert len({first["id"], supervisor["id"], other_hub["id"]}) == 3


def test_after_a_day_the_key_is_free_again(api: Installation, rosa: Program) -> None:
    first = rosa.post("/cases", MARCUS, key="four").json()
    api.clock.at = NOW + timedelta(days=1)
    later = rosa.post("/cases", {**MARCUS, "first_name": "Dre"}, key="four")
    api.clock.at = NOW
    assert later.status_code == 201
    assert later.json()["id"] != first["id"]


def test_many_at_the_same_moment_are_one_deed(api: Installation, rosa: Program) -> None:
    before = how_many(api, Case)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: rosa.post("/cases", MARCUS, key="five"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert how_many(api, Case) == before + 1


def test_a_refusal_is_the_answer_too(rosa: Program) -> None:
    case = a_case(rosa)
    move = {"track": "court", "to": "sealed"}
    first = rosa.post(f"/cases/{case['id']}/moves", move, key="six")
    again = rosa.post(f"/cases/{case['id']}/moves", move, key="six")
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert again.headers["content-type"] == "application/problem+json"


def test_a_validation_error_does_not_use_the_key_up(rosa: Program) -> None:
    assert rosa.post("/cases", {"first_name": "Marcus"}, key="seven").status_code == 422
    assert rosa.post("/cases", MARCUS, key="seven").status_code == 201


def test_a_failure_does_not_use_the_key_up_and_leaves_nothing_behind(
    api: Installation, rosa: Program, monkeypatch: object
) -> None:
    before = how_many(api, Case), how_many(api, IdempotencyKey)
    with monkeypatch.context() as broken:  # type: ignore[attr-defined]
        broken.setattr("api.v1.cases._one", lambda *_: 1 / 0)
        assert rosa.post("/cases", MARCUS, key="eight").status_code == 500
    assert (how_many(api, Case), how_many(api, IdempotencyKey)) == before
    assert rosa.post("/cases", MARCUS, key="eight").status_code == 201


def test_what_is_kept_is_sealed_and_the_key_itself_is_not_kept(
    api: Installation, rosa: Program
) -> None:
    rosa.post("/cases", MARCUS, key="a-very-recognisable-key")
    with api.reading() as session:
        rows = session.exec(select(IdempotencyKey)).all()
    for row in rows:
        kept = f"{row.key_hash} {row.request_hash} {row.answer!r}"
        for word in ("Marcus", "Johnson", "2001-02-03", "recognisable"):
            assert word not in kept


def test_a_move_that_is_sent_again_is_one_revision(rosa: Program) -> None:
    hearing = a_hearing(rosa, a_case(rosa))
    setting = {"local_time": "2026-12-16T13:30", "zone": "America/New_York"}
    for _ in range(3):
        answer = rosa.post(f"/hearings/{hearing['id']}/move", setting, key="nine")
        assert answer.json()["revision"] == 2


def test_a_secret_that_was_lost_on_the_way_is_told_again(api: Installation) -> None:
    admin = api.program("hub_admin")
    before = how_many(api, ApiToken)
    body = {"name": "intake", "role": "advocate"}
    secrets = {admin.post("/tokens", body, key="ten").json()["secret"] for _ in range(2)}
    assert len(secrets) == 1
    assert how_many(api, ApiToken) == before + 1


def test_a_key_is_printable_and_not_too_long(rosa: Program) -> None:
    for key in ("x" * 256, "two words", "\u00e9"):
        answer = rosa.call(
            "POST",
            "/cases",
            json=MARCUS,
            headers={b"Idempotency-Key": key.encode("latin-1")},
        )
        assert answer.status_code == 422, key


def test_every_post_takes_a_key(api: Installation) -> None:
    paths = api.http.get("/api/v1/openapi.json").json()["paths"]
    posts = [item["post"] for path, item in paths.items() if "post" in item and "/api/" in path]
    assert len(posts) > 20
    for post in posts:
        names = {parameter["name"].lower() for parameter in post.get("parameters", ())}
        assert "idempotency-key" in names, post["operationId"]


def test_a_closed_day_noted_twice_is_one(api: Installation) -> None:
    supervisor = api.program("supervisor")
    before = how_many(api, CourtClosure)
    for _ in range(2):
        supervisor.made("/closures", {"closed_on": "2026-12-25", "why": "Christmas Day"})
    assert how_many(api, CourtClosure) == before + 1
