"""The door: who is let in, who is not, and how often one may try."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.throttle import MOST_CLIENTS, MOST_FAILURES, SPAN, Throttle
from domain.vocabulary import Role
from records.access import make_token, revoke_token
from tests.api.programs import NOW, Installation, Program, installation


def test_without_a_token_nobody_is_let_in(api: Installation) -> None:
    for authorization in ("", "Bearer", "Bearer ", "Basic YTpi", "Bearer " + "x" * 5000):
        answer = api.http.get("/api/v1/cases", headers={"Authorization": authorization})
        assert answer.status_code == 401, authorization
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_scheme_may_be_written_in_any_case(api: Installation, rosa: Program) -> None:
    answer = api.http.get("/api/v1/cases", headers={"Authorization": f"bearer {rosa.secret}"})
    assert answer.status_code == 200


def test_a_token_ends_when_it_expires_and_at_once_when_it_is_revoked(api: Installation) -> None:
    with api.writing() as session:
        _, brief = make_token(session, "brief", Role.ADVOCATE, NOW + timedelta(days=1))
        row, lasting = make_token(session, "lasting", Role.ADVOCATE)
    assert Program(api.http, brief).get("/cases").status_code == 200
    assert Program(api.http, lasting).get("/cases").status_code == 200
    api.clock.at = NOW + timedelta(days=1)
    assert Program(api.http, brief).get("/cases").status_code == 401
    api.clock.at = NOW
    with api.writing() as session:
        revoke_token(session, row.id, NOW)
    assert Program(api.http, lasting).get("/cases").status_code == 401


def test_nothing_of_a_body_is_read_before_the_token_is_known(api: Installation) -> None:
    answer = api.http.post(
        "/api/v1/cases", content=b"{broken", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 401
    answer = api.program("hub_admin").call("POST", "/imports", content=b"{broken")
    assert answer.status_code == 403


@pytest.fixture
def tried(tmp_path: Path) -> object:
    """An installation at which a stranger tries tokens."""
    with installation(tmp_path) as made:
        yield made


def test_a_stranger_who_tries_tokens_has_to_wait(tried: Installation) -> None:
    door = tried.app.state.door
    seconds = [1000.0]
    door.throttle.clock = lambda: seconds[0]
    known = tried.program("advocate")
    assert known.get("/cases").status_code == 200
    stranger = Program(tried.http, "hw_guess")
    for _ in range(MOST_FAILURES):
        assert stranger.get("/cases").status_code == 401
    answer = stranger.get("/cases")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= SPAN
    assert Program(tried.http, "hw_another").get("/cases").status_code == 429
    assert known.get("/cases").status_code == 200, "a token that was valid is still heard"
    fresh = tried.program("counsel")
    assert fresh.get("/cases").status_code == 429, "one that was never seen waits like anyone"
    seconds[0] += SPAN
    assert fresh.get("/cases").status_code == 200
    assert stranger.get("/cases").status_code == 401


def test_a_token_that_stops_being_valid_loses_its_privilege() -> None:
    throttle = Throttle(clock=lambda: 0.0)
    throttle.succeeded("mine")
    for number in range(MOST_FAILURES):
        throttle.failed("here", f"guess {number}")
    assert throttle.wait("here", "mine") == 0.0
    throttle.failed("here", "mine")
    assert throttle.wait("here", "mine") > 0.0
    assert throttle.wait("elsewhere", "mine") == 0.0


def test_the_memory_of_strangers_is_bounded() -> None:
    throttle = Throttle(clock=lambda: 0.0)
    for number in range(MOST_CLIENTS + 50):
        throttle.failed(f"client {number}", "guess")
        throttle.succeeded(f"token {number}")
    assert len(throttle._failures) == MOST_CLIENTS
    assert len(throttle._proven) <= MOST_CLIENTS
