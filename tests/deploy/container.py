"""Running the image's health check as Docker would, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from tests.deploy.project import ROOT


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthcheck(part: str, **settings: str) -> int:
    """The exit status of `deploy/healthcheck.py` with these settings and no others."""
    return subprocess.run(
        [sys.executable, ROOT / "deploy" / "healthcheck.py", part],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | settings,
        capture_output=True,
        check=False,
        timeout=30,
    ).returncode
