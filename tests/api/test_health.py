"""Health: alive at once, ready only when every part is, and nothing told that is nobody's."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text
from temporalio.testing import WorkflowEnvironment

from api import readiness
from domain.agenda import Subject
from engine.embedded import test_server as server_program
from records.outbox import announce
from records.tables import OutboxRow, PartBeat
from tests.api.programs import Installation, installation
from tests.s3_server import KEY_ID, SECRET, S3Server

PARTS = {"records", "keys", "temporal", "worker", "packets", "relay", "documents"}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation in which nothing but the web server runs."""
    with installation(tmp_path_factory.mktemp("var")) as made:
        yield made


@pytest.fixture
def house(standing: Installation) -> Installation:
    """The same, with nobody heard and no news waiting."""
    with standing.house.records.everywhere() as session:
        session.execute(delete(PartBeat))
        session.execute(delete(OutboxRow))
    return standing


def beat(house: Installation, *parts: str, ago: timedelta = timedelta(0)) -> None:
    """Parts that were heard."""
    with house.house.records.everywhere() as session:
        for part in parts:
            session.merge(PartBeat(part=part, beat_at=datetime.now(UTC) - ago))


def states(house: Installation) -> dict[str, bool]:
    """Which part is ready."""
    told = house.http.get("/readyz").json()
    return {name: part["ok"] for name, part in told["parts"].items()}


def test_it_lives(house: Installation) -> None:
    answer = house.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_alone_it_lives_but_is_not_ready_and_names_what_is_missing(house: Installation) -> None:
    started = time.monotonic()
    answer = house.http.get("/readyz")
    assert time.monotonic() - started < 5
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert set(answer.json()["parts"]) == PARTS
    missing = {name for name, ok in states(house).items() if not ok}
    assert missing == {"temporal", "worker", "packets", "relay"}


def test_it_tells_no_path_no_address_and_no_secret(house: Installation) -> None:
    said = house.http.get("/readyz").text
    for secret in (
        str(house.app.state.settings.data),
        "sqlite",
        "127.0.0.1",
        "homeward.key",
        "hw_",
    ):
        assert secret not in said


async def test_with_every_part_it_is_ready_and_without_temporal_it_is_not(tmp_path: Path) -> None:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server_program())
    )
    address = env.client.service_client.config.target_host
    with installation(tmp_path / "var", TEMPORAL_ADDRESS=address) as house:
        beat(house, "worker", "packets", "relay")
        answer = house.http.get("/readyz")
        assert answer.status_code == 200, answer.text
        assert answer.json()["ready"] is True
        assert house.http.get("/readyz").status_code == 200
        await env.shutdown()
        started = time.monotonic()
        gone = house.http.get("/readyz")
        assert time.monotonic() - started < 5
        assert gone.status_code == 503
        assert not gone.json()["parts"]["temporal"]["ok"]
        assert address not in gone.text


def test_a_part_that_was_not_heard_lately_is_not_ready(house: Installation) -> None:
    beat(house, "worker", "packets", "relay")
    assert states(house)["worker"]
    assert states(house)["relay"]
    beat(house, "worker", ago=timedelta(minutes=1))
    assert not states(house)["worker"]


def test_the_relay_is_not_ready_when_news_waits_for_more_than_a_minute(
    house: Installation,
) -> None:
    beat(house, "relay")
    with house.writing() as session:
        at = datetime.now(UTC) - timedelta(seconds=30)
        announce(session, Subject.CASE, "c" * 32, 1, at)
    relay = house.http.get("/readyz").json()["parts"]["relay"]
    assert relay["ok"] is True
    assert relay["rows"] == 1
    assert 29 < relay["seconds"] < 60
    with house.writing() as session:
        at = datetime.now(UTC) - timedelta(seconds=61)
        announce(session, Subject.CASE, "c" * 32, 1, at)
    relay = house.http.get("/readyz").json()["parts"]["relay"]
    assert relay["ok"] is False
    assert "2 changes wait" in relay["detail"]


def test_records_that_do_not_answer_are_not_ready_and_the_answer_still_comes(
    house: Installation,
) -> None:
    with house.house.records.everywhere() as session:
        session.execute(text("ALTER TABLE hub RENAME TO gone"))
    found = states(house)
    with house.house.records.everywhere() as session:
        session.execute(text("ALTER TABLE gone RENAME TO hub"))
    assert not found["records"]
    assert found["keys"]
    assert states(house)["records"]


def test_a_part_that_does_not_answer_in_time_is_not_ready(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.1)
    monkeypatch.setattr(readiness, "_keys", lambda _: time.sleep(0.4))
    found = house.http.get("/readyz").json()["parts"]["keys"]
    assert found == {"ok": False, "detail": "No answer within 0.1 s."}


def test_documents_are_not_ready_when_the_disk_is_nearly_full_or_takes_nothing(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 10**18)
    assert not states(house)["documents"]
    monkeypatch.undo()
    assert states(house)["documents"]
    folder = house.app.state.settings.documents_at
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    assert not states(house)["documents"]
    moved.rename(folder)
    assert states(house)["documents"]


def test_a_bucket_that_is_away_is_named_and_not_waited_for(tmp_path: Path) -> None:
    bucket = {
        "documents_s3_url": "s3://documents",
        "documents_s3_endpoint": "http://127.0.0.1:9",
        "documents_s3_key_id": "id",
        "documents_s3_secret": "secret",
    }
    with installation(tmp_path / "var", **bucket) as house:
        started = time.monotonic()
        answer = house.http.get("/readyz")
        assert time.monotonic() - started < 5
        assert not answer.json()["parts"]["documents"]["ok"]
        assert "127.0.0.1" not in answer.text


def test_a_bucket_that_answers_is_ready(tmp_path: Path, s3_server: S3Server) -> None:
    bucket = {
        "documents_s3_url": "s3://documents/ready",
        "documents_s3_endpoint": s3_server.url,
        "documents_s3_key_id": KEY_ID,
        "documents_s3_secret": SECRET,
    }
    with installation(tmp_path / "var", **bucket) as house:
        part = house.http.get("/readyz").json()["parts"]["documents"]
        assert part == {"ok": True, "detail": "The store takes documents."}
