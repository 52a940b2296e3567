"""The health check of the web server's and the relay's containers (the worker's needs Temporal)."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from records.database import open_records
from records.tables import PartBeat
from tests.deploy.container import free_port, healthcheck


class Web(BaseHTTPRequestHandler):
    """Answers `/healthz` with what the server was told to."""

    def do_GET(self) -> None:
        status = self.server.status if self.path == "/healthz" else 404  # type: ignore[attr-defined]
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def web() -> Iterator[HTTPServer]:
    """A web server on loopback that is well until told otherwise."""
    server = HTTPServer(("127.0.0.1", 0), Web)
    server.status = 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "verdict"), [(200, 0), (500, 1)])
def test_the_web_server_is_well_when_it_says_so(web: HTTPServer, status: int, verdict: int) -> None:
    web.status = status  # type: ignore[attr-defined]

    assert healthcheck("web", HOMEWARD_PORT=str(web.server_port)) == verdict


@pytest.mark.parametrize(("age", "verdict"), [(timedelta(0), 0), (timedelta(minutes=5), 1)])
def test_the_relay_is_well_while_its_heart_beats(
    tmp_path: Path, age: timedelta, verdict: int
) -> None:
    address = f"sqlite:///{tmp_path / 'homeward.db'}"
    records = open_records(address, tmp_path / "homeward.key")
    with records.everywhere() as session:
        session.add(PartBeat(part="relay", beat_at=datetime.now(UTC) - age))
    records.close()

    assert healthcheck("relay", HOMEWARD_DATABASE_URL=address) == verdict


@pytest.mark.parametrize("part", ["web", "worker", "packets", "relay"])
def test_a_part_that_reaches_nothing_is_not_well(part: str) -> None:
    nowhere = {
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "HOMEWARD_PORT": str(free_port()),
        "HOMEWARD_DATABASE_URL": f"postgresql+psycopg://x:y@127.0.0.1:{free_port()}/z",
    }

    assert healthcheck(part, **nowhere) == 1


def test_the_health_check_knows_its_parts_only() -> None:
    assert healthcheck("kitchen") == 2
