"""`docker-compose.yml` against the Compose specification's own JSON schema."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.deploy.project import compose


def compose_specification() -> dict[str, Any]:
    """The schema as the package check-jsonschema carries it; skips where it does not."""
    package = importlib.util.find_spec("check_jsonschema")
    if package is None or package.origin is None:
        pytest.skip("check-jsonschema, which carries the Compose schema, is not installed")
    schemas = Path(package.origin).parent / "builtin_schemas" / "vendor"
    schema: dict[str, Any] = json.loads((schemas / "compose-spec.json").read_text(encoding="utf-8"))
    return schema


def complaints(document: dict[str, Any]) -> list[str]:
    schema = compose_specification()
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def test_the_compose_file_keeps_to_the_compose_specification() -> None:
    assert complaints(compose()) == []


@pytest.mark.parametrize(
    ("service", "key", "wrong"),
    [
        ("worker", "restart_policy", "always"),
        ("postgres", "healthcheck", {"tests": ["CMD", "true"]}),
        ("web", "depends_on", {"migrate": {"condition": "service_done"}}),
    ],
)
def test_the_specification_would_notice_a_mistake(service: str, key: str, wrong: object) -> None:
    document = compose()
    document["services"][service][key] = wrong

    assert complaints(document) != []
