"""The same promises on PostgreSQL, where two requests really run at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import func, select

from domain.vocabulary import Role
from records.tables import Case, IdempotencyKey
from tests.api.programs import OTHER, Installation, a_case, a_hearing, installation
from tests.api.scenes import CALLS, everything
from tests.postgres import Postgres, postgres

__all__ = ["postgres"]

MARCUS = {"first_name": "Marcus", "last_name": "Johnson"}
AT_ONCE = 8


@pytest.fixture(scope="module")
def api(
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """An installation whose records are in PostgreSQL."""
    postgres.run("CREATE DATABASE api")
    folder = tmp_path_factory.mktemp("var")
    with installation(folder, database_url=postgres.url("api")) as made:
        yield made


def cases(api: Installation) -> int:
    """How many cases there are."""
    with api.reading() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def test_many_at_the_same_moment_are_one_deed(api: Installation) -> None:
    rosa = api.program("advocate")
    for number in range(5):
        before = cases(api)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sent = [pool.submit(rosa.post, "/cases", MARCUS, key=f"k{number}") for _ in range(8)]
            answers = [one.result() for one in sent]
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert cases(api) == before + 1


def test_two_requests_with_one_key_at_the_same_moment_are_not_mixed_up(api: Installation) -> None:
    rosa = api.program("advocate")
    bodies = [{**MARCUS, "last_name": f"Number {number}"} for number in range(AT_ONCE)]
    before = cases(api)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(rosa.post, "/cases", body, key="mixed") for body in bodies]
        statuses = sorted(one.result().status_code for one in sent)
    assert statuses == [201] + [422] * (AT_ONCE - 1)
    assert cases(api) == before + 1


def test_a_failure_leaves_the_key_free(api: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    rosa = api.program("advocate")
    with monkeypatch.context() as broken:
        broken.setattr("api.v1.cases._one", lambda *_: 1 / 0)
        assert rosa.post("/cases", MARCUS, key="broken").status_code == 500
    with api.reading() as session:
        kept = session.exec(select(IdempotencyKey).where(IdempotencyKey.status == 0)).all()
    assert kept == []
    assert rosa.post("/cases", MARCUS, key="broken").status_code == 201


def test_two_people_who_move_one_hearing_at_once_break_nothing(api: Installation) -> None:
    rosa = api.program("advocate")
    hearing = a_hearing(rosa, a_case(rosa))
    settings = [
        {"local_time": f"2026-12-16T{hour:02}:00", "zone": "America/New_York"}
        for hour in range(8, 16)
    ]
    path = f"/hearings/{hearing['id']}/move"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda setting: rosa.post(path, setting), settings))
    moved = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert rosa.read(f"/hearings/{hearing['id']}")["revision"] == 1 + len(moved)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COUNSEL])
def test_every_operation_works_and_hubs_stay_apart(api: Installation, role: Role) -> None:
    ids = everything(api)
    mine, stranger = api.program(role), api.program(role, OTHER)
    for name, call in CALLS.items():
        path, more = call.about(ids)
        if "{" in call.path:
            assert stranger.call(call.method, path, **more).status_code in (403, 404), name
        answer = mine.call(call.method, path, **more)
        expected = (200, 201, 204, 403, 409) + ((422,) if name == "import_calendar" else ())
        assert answer.status_code in expected, (name, answer.text)
