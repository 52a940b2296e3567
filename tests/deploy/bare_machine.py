"""A made-up bare machine for the set-up scripts: a PATH on which each command is a stand-in.

The stand-ins write down how they were called; nothing is installed and nothing is downloaded.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.project import ROOT

ORDINARY = "cat chmod cp cut dirname env find mkdir mktemp rm sh sha256sum tail touch"
SETUP_FILES = ("pyproject.toml", "requirements.lock", "requirements-dev.lock")

PYTHON = """#!/bin/sh
[ "{works}" = yes ] || exit 127
case "$1 $2" in
    "-c import sys; sys.exit"*) exit {too_old} ;;
    "-c import ensurepip"*) [ -e "{ensurepip}" ] ;;
    "-c import sys; print"*) echo {name} ;;
    "--version "*) echo "Python of {name}" ;;
    "-m venv") mkdir -p .venv/bin && cp "{folder}/venv-python" .venv/bin/python
               echo "{name} $*" >>"{calls}" ;;
esac
"""

VENV_PYTHON = """#!/bin/sh
case "$*" in
    "-m pip --version") ;;
    *install*) echo "$*" >>"{calls}"; case "$*" in *" -e "*) cp "$0" .venv/bin/homeward ;; esac ;;
esac
"""

APT = """#!/bin/sh
echo "apt-get $*" >>"{calls}"
case "$*" in *" install "*) [ "{works}" = yes ] && touch "{ensurepip}" ;; esac
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """One folder with the project in it and one with the commands of the machine."""

    project: Path
    commands: Path

    @property
    def calls(self) -> list[str]:
        """What the stand-ins were asked to do, in order."""
        file = self.commands / "calls"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def command(self, name: str, text: str = "#!/bin/sh\n") -> None:
        """Puts a stand-in on the PATH; without text, one that succeeds and says nothing."""
        file = self.commands / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def python(
        self, name: str, *, works: bool = True, old: bool = False, ensurepip: bool = True
    ) -> None:
        """An interpreter: one that fails like a version manager's shim, or is old, or bare."""
        marker = self.commands / (f"{name}-ensurepip" if ensurepip else "ensurepip-from-apt")
        if ensurepip:
            marker.touch()
        self.command(
            name,
            PYTHON.format(
                works="yes" if works else "no",
                too_old=int(old),
                ensurepip=marker,
                name=name,
                folder=self.commands,
                calls=self.commands / "calls",
            ),
        )

    def apt(self, *, works: bool = True) -> None:
        """Debian's package manager, which may fail to install."""
        text = APT.format(
            calls=self.commands / "calls",
            works="yes" if works else "no",
            ensurepip=self.commands / "ensurepip-from-apt",
        )
        self.command("apt-get", text)

    def user(self, number: int) -> None:
        """Who runs the set-up: 0 is root."""
        self.command("id", f"#!/bin/sh\necho {number}\n")

    def setup(self, mode: str = "run", **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs `scripts/setup.sh` on this machine."""
        return subprocess.run(
            [self.project / "scripts" / "setup.sh", mode],
            env={"PATH": str(self.commands), "TMPDIR": str(self.commands)} | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )


def bare_machine(folder: Path) -> Machine:
    """A machine of an ordinary user with the project, LibreOffice, but no Python."""
    machine = Machine(folder / "project", folder / "commands")
    shutil.copytree(ROOT / "scripts", machine.project / "scripts")
    for name in SETUP_FILES:
        shutil.copy(ROOT / name, machine.project)
    machine.commands.mkdir()
    for name in ORDINARY.split():
        (machine.commands / name).symlink_to(str(shutil.which(name)))
    for name in ("soffice", "shellcheck", "initdb", "chromium"):
        machine.command(name)
    machine.command("venv-python", VENV_PYTHON.format(calls=machine.commands / "calls"))
    machine.user(1000)
    return machine
