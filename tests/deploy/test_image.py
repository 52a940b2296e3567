"""The Dockerfile and what reaches the builder, read as text: no Docker engine is needed."""

from __future__ import annotations

import re

import pytest

from tests.deploy.project import ROOT, pyproject

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = re.sub(r"\\\n\s*", " ", DOCKERFILE).splitlines()
FINAL_STAGE = INSTRUCTIONS[max(i for i, line in enumerate(INSTRUCTIONS) if line[:5] == "FROM ") :]


def instruction(name: str) -> str:
    """The last instruction of this name in the final stage, without the name."""
    return [line for line in FINAL_STAGE if line.startswith(name + " ")][-1].removeprefix(
        name + " "
    )


def test_every_stage_starts_from_one_exact_python() -> None:
    bases = {line.split()[1] for line in INSTRUCTIONS if line.startswith("FROM ")}

    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", bases.pop())


def test_the_packages_are_installed_by_hash() -> None:
    assert "pip install --require-hashes -r requirements.lock" in DOCKERFILE
    assert "pip install --no-deps --no-build-isolation ." in DOCKERFILE


def test_the_image_runs_as_an_ordinary_user() -> None:
    assert instruction("USER") == "homeward"


def test_health_is_asked_without_tools_that_the_image_lacks() -> None:
    assert '["healthcheck", "web"]' in instruction("HEALTHCHECK")
    assert "curl" not in DOCKERFILE


def test_packets_can_be_printed_in_the_image() -> None:
    for package in ("libreoffice-writer-nogui", "fonts-liberation", "fonts-crosextra-carlito"):
        assert package in DOCKERFILE


@pytest.mark.parametrize(
    "name", pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
)
def test_every_package_of_the_project_reaches_the_builder(name: str) -> None:
    assert f"!{name}/" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_nothing_private_reaches_the_builder() -> None:
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert patterns[1] == "*"
    assert not {"!var/", "!.env", "!.git/", "!tests/"} & set(patterns)


def test_the_health_check_that_the_image_copies_exists() -> None:
    assert "COPY deploy/healthcheck.py /opt/homeward/bin/healthcheck" in DOCKERFILE
    assert (ROOT / "deploy" / "healthcheck.py").stat().st_mode & 0o111
    assert pyproject()["project"]["scripts"]["homeward"]
