"""The lock files: exact, hashed, without a word of where a package was fetched from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.project import ROOT, pyproject

RUN = ROOT / "requirements.lock"
DEV = ROOT / "requirements-dev.lock"

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)(?: ; [^\\/@]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")

BOTH = pytest.mark.parametrize("lock", [RUN, DEV], ids=lambda lock: lock.name)


def pins(lock: Path) -> dict[str, str]:
    """Version by canonical name."""
    found = (PIN.fullmatch(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return {match["name"]: match["version"] for match in found if match}


def wanted(*files: str, extra: str | None = None) -> list[Requirement]:
    """What pyproject.toml, one of its extras and some requirement files ask for."""
    project = pyproject()["project"]
    lines = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    for name in files:
        lines += (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def unmet(lock: Path, requirements: list[Requirement]) -> list[str]:
    """Those that no pin of the lock satisfies."""
    locked = pins(lock)

    def met(requirement: Requirement) -> bool:
        version = locked.get(canonicalize_name(requirement.name))
        return version is not None and requirement.specifier.contains(version, prereleases=True)

    return [str(requirement) for requirement in requirements if not met(requirement)]


@BOTH
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not (PIN.fullmatch(line) or HASH.fullmatch(line))] == []


@BOTH
def test_every_pin_is_followed_by_a_hash(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()

    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PIN.fullmatch(line):
            assert HASH.fullmatch(following), line


def test_the_running_lock_has_what_the_project_asks_for() -> None:
    assert unmet(RUN, wanted("requirements-build.in")) == []
    assert "psycopg-binary" in pins(RUN)


def test_the_developing_lock_has_what_the_tests_ask_for_too() -> None:
    files = ("requirements-build.in", "requirements-dev.in")

    assert unmet(DEV, wanted(*files, extra="dev")) == []


def test_both_locks_agree_on_every_version() -> None:
    assert pins(RUN).items() <= pins(DEV).items()


def test_a_project_that_asks_for_more_than_the_lock_holds_is_noticed() -> None:
    asked = ["fastapi>=999", "a-package-that-is-not-locked", "ics<0.8"]

    assert unmet(RUN, [Requirement(line) for line in asked]) == asked[:2]
