"""Where the project's own files are, and how the deployment tests read them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def pyproject() -> dict[str, Any]:
    """The project's description, as packaging tools read it."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def compose() -> dict[str, Any]:
    """`docker-compose.yml` with its anchors and merges resolved."""
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def services() -> dict[str, dict[str, Any]]:
    """The services of `docker-compose.yml` by name."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def shell_scripts() -> list[Path]:
    """Every shell script that the project runs, on a laptop, in CI or in a container."""
    return [
        *sorted((ROOT / "scripts").glob("*.sh")),
        *sorted((ROOT / "deploy").glob("*.sh")),
        ROOT / ".ci" / "run",
    ]
