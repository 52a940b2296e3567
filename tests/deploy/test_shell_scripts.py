"""Every shell script passes shellcheck, can be run, and names nothing of one machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.project import ROOT, shell_scripts

EACH = pytest.mark.parametrize(
    "script", shell_scripts(), ids=lambda script: str(script.relative_to(ROOT))
)


@EACH
def test_shellcheck_finds_nothing(script: Path) -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed")

    result = subprocess.run([shellcheck, script], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, "")


@EACH
def test_a_script_can_be_run_and_stops_at_the_first_error(script: Path) -> None:
    text = script.read_text(encoding="utf-8")

    assert text.startswith("#!")
    assert os.access(script, os.X_OK)
    assert re.search(r"^set -eu", text, re.MULTILINE)


def test_ci_runs_the_static_half_and_then_the_tests() -> None:
    made = re.findall(r"^make .*$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)

    assert [line.split()[-1] for line in made] == ["static", "test"]
