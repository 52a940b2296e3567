"""`deploy/make-env.sh`: passwords for docker compose, made once and readable by one user."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.project import ROOT


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The .env that the script writes in an empty copy of the project."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "make-env.sh", tmp_path / "deploy")
    run(tmp_path)
    return tmp_path / ".env"


def run(folder: Path) -> None:
    script = folder / "deploy" / "make-env.sh"
    subprocess.run(["sh", script], check=True, capture_output=True, cwd="/")


def settings(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _equals, value in pairs}


def test_nobody_else_can_read_it(made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o600


def test_every_password_is_long_different_and_safe_in_an_address(made: Path) -> None:
    passwords = [value for name, value in settings(made).items() if name.endswith("PASSWORD")]

    assert len(set(passwords)) == 3
    assert all(re.fullmatch(r"[0-9a-f]{48}", password) for password in passwords)


def test_it_names_every_variable_that_the_compose_file_insists_on(made: Path) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    assert set(re.findall(r"\$\{([A-Z_]+):\?", text)) <= set(settings(made))
    assert set(settings(made)) == set(re.findall(r"\$\{([A-Z_]+):", text))


def test_a_second_run_changes_nothing(made: Path) -> None:
    before = made.read_text(encoding="utf-8")

    run(made.parent)

    assert made.read_text(encoding="utf-8") == before
