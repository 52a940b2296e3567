"""`make up` stands between a person's Ctrl-C, or a service manager's SIGTERM, and Homeward."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.deploy.project import ROOT

STAND_IN = """#!/bin/sh
trap 'echo stopped by INT; exit 0' INT
trap 'echo stopped by TERM; exit 0' TERM
echo started "$@"
while :; do sleep 0.05; done
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The Makefile with an empty set-up and a stand-in for the command that it starts."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, text in {"scripts/setup.sh": "#!/bin/sh\n", ".venv/bin/homeward": STAND_IN}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)
    return tmp_path


def outside() -> dict[str, str]:
    """The environment without what a `make test` around this test has put there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


def start(folder: Path) -> subprocess.Popen[str]:
    """`make up` as the leader of its own process group, as a terminal starts it."""
    make = subprocess.Popen(
        ["make", "up"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=outside(),
    )
    assert make.stdout is not None
    assert make.stdout.readline() == "started up\n"
    return make


def test_ctrl_c_reaches_homeward(project: Path) -> None:
    make = start(project)

    os.killpg(make.pid, signal.SIGINT)

    assert make.communicate(timeout=10)[0] == "stopped by INT\n"


def test_sigterm_to_make_reaches_homeward(project: Path) -> None:
    make = start(project)

    make.terminate()

    assert make.communicate(timeout=10)[0] == "stopped by TERM\n"


def test_make_alone_says_what_there_is(project: Path) -> None:
    said = subprocess.run(
        ["make"], cwd=project, capture_output=True, text=True, check=True, env=outside()
    ).stdout

    for job in ("setup", "up", "test", "static", "check", "format", "lock"):
        assert f"make {job} " in said
